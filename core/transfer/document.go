package transfer

import (
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// line is one value of the document; one field is set.
type line struct {
	Head         *head         `json:"head,omitempty"`
	Settings     *settings     `json:"settings,omitempty"`
	Registration *registration `json:"registration,omitempty"`
	Tenant       *customer     `json:"tenant,omitempty"`
}

type head struct {
	Format    string    `json:"format"`
	Version   int       `json:"version"`
	WrittenAt time.Time `json:"written_at"`
}

// revealed is a secret that encoders write out, as what they write is encrypted. It prints a mask like any
// other.
type revealed struct{ secret.Text }

// MarshalText reveals the secret.
func (r revealed) MarshalText() ([]byte, error) { return []byte(r.Reveal()), nil }

type settings struct {
	Registration  string `json:"registration"`
	PollInterval  string `json:"poll_interval"`
	Demonstration bool   `json:"demonstration"`
	// A backup from before these two leaves them out, and means the defaults.
	RequestBudget *int                `json:"request_budget,omitempty"`
	Maintenance   *tenant.Maintenance `json:"maintenance,omitempty"`
	UpdateAddress string              `json:"update_address,omitempty"`
}

func packSettings(s tenant.Settings) *settings {
	return &settings{s.Registration, s.PollInterval.String(), s.Demonstration, &s.RequestBudget, &s.Maintenance, s.UpdateAddress}
}

// unpack leaves an interval that cannot be read at zero, which is refused.
func (s settings) unpack() tenant.Settings {
	all := tenant.DefaultSettings()
	all.Registration, all.Demonstration, all.UpdateAddress = s.Registration, s.Demonstration, s.UpdateAddress
	all.PollInterval, _ = time.ParseDuration(s.PollInterval)
	if s.RequestBudget != nil {
		all.RequestBudget = *s.RequestBudget
	}
	if s.Maintenance != nil {
		all.Maintenance = *s.Maintenance
	}
	return all
}

type registration struct {
	Name         string   `json:"name"`
	Environment  string   `json:"environment"`
	Base         string   `json:"base_url"`
	ClientID     string   `json:"client_id"`
	ClientSecret revealed `json:"client_secret,omitzero"`
	PrivateKey   revealed `json:"private_key,omitzero"`
	RedirectURI  string   `json:"redirect_uri"`
	Exchange     string   `json:"exchange,omitempty"`
	Certificate  string   `json:"certificate,omitempty"`
}

func packRegistration(r tenant.Registration) *registration {
	return &registration{
		Name: r.Name, Environment: string(r.Environment), Base: r.Base, ClientID: r.ClientID,
		ClientSecret: revealed{r.ClientSecret}, PrivateKey: revealed{r.PrivateKey},
		RedirectURI: r.RedirectURI, Exchange: string(r.Exchange), Certificate: r.Certificate,
	}
}

func (r registration) unpack() tenant.Registration {
	return tenant.Registration{
		Name: r.Name, Environment: tenant.Environment(r.Environment), Base: r.Base, ClientID: r.ClientID,
		ClientSecret: r.ClientSecret.Text, PrivateKey: r.PrivateKey.Text,
		RedirectURI: r.RedirectURI, Exchange: tenant.ExchangeProtocol(r.Exchange), Certificate: r.Certificate,
	}
}

type customer struct {
	Registration    string    `json:"registration"`
	ContextID       string    `json:"ctx"`
	CompanyName     string    `json:"company_name"`
	Serial          string    `json:"serial"`
	SystemUserToken revealed  `json:"system_user_token,omitzero"`
	Active          bool      `json:"active"`
	AddedAt         time.Time `json:"added_at,omitzero"`
	SignedInAt      time.Time `json:"signed_in_at,omitzero"`
	SignedInAs      string    `json:"signed_in_as,omitempty"`
	LogOnAt         time.Time `json:"log_on_at,omitzero"`
	Login           *login    `json:"login,omitempty"`
}

type login struct {
	UserName          string    `json:"user_name"`
	AssociateID       string    `json:"associate_id"`
	Administrator     bool      `json:"administrator"`
	AccessToken       revealed  `json:"access_token,omitzero"`
	AccessTokenExpiry time.Time `json:"access_token_expiry,omitzero"`
	RefreshToken      revealed  `json:"refresh_token,omitzero"`
}

func packTenant(t tenant.PortableTenant) *customer {
	c := customer{
		Registration: t.Registration, ContextID: t.ContextID, CompanyName: t.CompanyName, Serial: t.Serial,
		SystemUserToken: revealed{t.SystemUserToken}, Active: t.Active,
		AddedAt: t.AddedAt.UTC(), SignedInAt: t.SignedInAt.UTC(), SignedInAs: t.SignedInAs, LogOnAt: t.LogOnAt.UTC(),
	}
	if l := t.Login; l != nil {
		c.Login = &login{
			UserName: l.UserName, AssociateID: l.AssociateID, Administrator: l.Administrator,
			AccessToken: revealed{l.AccessToken}, AccessTokenExpiry: l.AccessTokenExpiry.UTC(), RefreshToken: revealed{l.RefreshToken},
		}
	}
	return &c
}

func (c customer) unpack() tenant.PortableTenant {
	key := tenant.Key{Registration: c.Registration, ContextID: c.ContextID}
	t := tenant.PortableTenant{LogOnAt: c.LogOnAt, Tenant: tenant.Tenant{
		Key: key, CompanyName: c.CompanyName, Serial: c.Serial, SystemUserToken: c.SystemUserToken.Text, Active: c.Active,
		AddedAt: c.AddedAt, SignedInAt: c.SignedInAt, SignedInAs: c.SignedInAs,
	}}
	if l := c.Login; l != nil {
		t.Login = &tenant.Login{
			Key: key, UserName: l.UserName, AssociateID: l.AssociateID, Administrator: l.Administrator,
			AccessToken: l.AccessToken.Text, AccessTokenExpiry: l.AccessTokenExpiry, RefreshToken: l.RefreshToken.Text,
		}
	}
	return t
}
