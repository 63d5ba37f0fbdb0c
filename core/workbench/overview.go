package workbench

import (
	"cmp"
	"context"
	"time"

	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Overview is all that a window or a list shows, read from the store in one piece. It holds no secret.
type Overview struct {
	Registrations []RegistrationView
	Tenants       []TenantView
	Poller        PollerView
	// Damaged tells of the records that cannot be trusted. All others are there.
	Damaged []DamageView
	// Revision changes whenever anything in it but the poller's lease does, by this program or the other one.
	Revision uint64
}

// Pulse is what of an overview changes all the time while somebody polls.
type Pulse struct {
	// Revision is that of [Overview]: as long as it is the same, all but the poller is.
	Revision uint64
	// Poller comes without its settings, which change with the revision.
	Poller PollerView
}

// RegistrationView is a registration without its secrets.
type RegistrationView struct {
	Name        string             `json:"name"`
	Environment tenant.Environment `json:"environment"`
	Base        string             `json:"base_url"`
	ClientID    string             `json:"client_id"`
	RedirectURI string             `json:"redirect_uri"`
	// SecretFingerprint and KeyFingerprint are "none" where there is none. The key's is that of the key, not of
	// its text: the same for XML and PEM.
	SecretFingerprint string `json:"client_secret_fingerprint"`
	KeyFingerprint    string `json:"private_key_fingerprint"`
	// Exchange is how system user tokens are exchanged for tickets.
	Exchange tenant.ExchangeProtocol `json:"exchange"`
	// CertificatePinned is true where tokens are validated with a certificate instead of the key set.
	CertificatePinned bool `json:"certificate_pinned"`
	// Certificate is the pinned one, nil without one.
	Certificate *CertificateView `json:"certificate,omitempty"`
	// Current is true for the one that sign-in uses when none is named.
	Current bool `json:"current"`
}

// TenantView is a tenant as a list shows it: what is stored, what the poller learned, and the verdict.
type TenantView struct {
	tenant.Key
	Environment tenant.Environment `json:"environment"`
	CompanyName string             `json:"company_name"`
	Serial      string             `json:"serial"`
	Active      bool               `json:"active"`
	// SignedIn is true where a login is stored, and false after a sign-out. SignedInAs and SignedInAt are then
	// about the last one.
	SignedIn   bool      `json:"signed_in"`
	SignedInAs string    `json:"signed_in_as"`
	SignedInAt time.Time `json:"signed_in_at"`
	// TokenFingerprint is the system user token's, "none" without one.
	TokenFingerprint string         `json:"system_user_token_fingerprint"`
	Verdict          tenant.Verdict `json:"verdict"`
	State            tenant.State   `json:"-"`
	StateName        string         `json:"state"`
	LogOnAt          time.Time      `json:"log_on_at,omitzero"`
	LogOnAs          string         `json:"log_on_as,omitempty"`
	// TicketUntil is when the cached ticket ends unless it is used before; zero without a ticket.
	TicketUntil time.Time `json:"ticket_until,omitzero"`
	// ExchangesToday is how often the system user token was exchanged since midnight UTC, by either program.
	ExchangesToday int `json:"exchanges_today"`
	// ExchangesMost is the day with the most exchanges of the last three months; zero where there were none.
	ExchangesMost DayCount  `json:"exchanges_most,omitzero"`
	Failures      int       `json:"failures"`
	RetryAt       time.Time `json:"retry_at,omitzero"`
	// Awaited is true while a person waits for a visit that has not been there yet.
	Awaited bool                `json:"visit_awaited,omitempty"`
	Trouble *tenant.Explanation `json:"trouble,omitempty"`
	// Proofs are what the verdict is made from: status, exchange, log-on and last company created.
	Proofs []tenant.Proof `json:"proofs"`
}

// DayCount is how often something happened on a day of UTC.
type DayCount struct {
	Day   time.Time `json:"day"`
	Count int       `json:"count"`
}

// HasSystemUser reports whether the customer has approved the app's system user.
func (t TenantView) HasSystemUser() bool { return t.TokenFingerprint != "none" }

// PollerView says who polls, and how the last tick went.
type PollerView struct {
	Settings tenant.Settings
	// Lease is the running poller's; its zero value means that nobody polls.
	Lease tenant.Lease
	// Here is true when the lease is this process's.
	Here bool
	// AskedBy is another process than the one that polls, which has asked it to hand over and waits until
	// AskedUntil; zero where none does. Asking is true when it is this process.
	AskedBy    tenant.Owner
	AskedUntil time.Time
	Asking     bool
}

// Pulse tells who polls, and whether there is more to be read. It is cheap to ask.
func (w *Workbench) Pulse(ctx context.Context) (Pulse, error) {
	signals, err := w.Store.Signals(ctx)
	if err != nil {
		return Pulse{}, err
	}
	p := Pulse{Revision: signals.Revision}
	p.Poller.show(signals.Lease, w.Owner, w.Now())
	return p, nil
}

// Overview reads all that a window or a list shows.
func (w *Workbench) Overview(ctx context.Context) (Overview, error) {
	s, err := w.Store.Snapshot(ctx)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Revision: s.Revision, Poller: PollerView{Settings: s.Settings}, Damaged: damageViews(s.Damaged)}
	o.Poller.show(s.Lease, w.Owner, w.Now())
	environments := make(map[string]tenant.Environment, len(s.Registrations))
	for _, r := range s.Registrations {
		environments[r.Name] = r.Environment
		o.Registrations = append(o.Registrations, RegistrationView{
			Name: r.Name, Environment: r.Environment, Base: r.Base, ClientID: r.ClientID, RedirectURI: r.RedirectURI,
			SecretFingerprint: r.ClientSecret.Fingerprint(), KeyFingerprint: superid.KeyFingerprint(r.PrivateKey),
			Exchange: cmp.Or(r.Exchange, tenant.REST), CertificatePinned: r.Certificate != "",
			Certificate: certificateView(r, w.Now()),
			Current:     r.Name == s.Settings.Registration,
		})
	}
	o.Tenants = make([]TenantView, 0, len(s.Tenants))
	for _, t := range s.Tenants {
		o.Tenants = append(o.Tenants, w.viewOf(t, environments[t.Registration], s))
	}
	return o, nil
}

func (p *PollerView) show(l tenant.Lease, self tenant.Owner, now time.Time) {
	if !l.Held(now) {
		return
	}
	p.Lease, p.Here = l, l.Same(self)
	if l.Asked(now) {
		p.AskedBy, p.AskedUntil, p.Asking = l.AskedBy, l.AskedUntil, l.AskedBy.Same(self)
	}
}

// certificateView is nil also for a certificate that cannot be read, which was never stored by this program:
// the next validation says so.
func certificateView(r tenant.Registration, now time.Time) *CertificateView {
	if r.Certificate == "" {
		return nil
	}
	view, err := CheckCertificate([]byte(r.Certificate), now)
	if err != nil {
		return nil
	}
	return &view
}

func (w *Workbench) viewOf(t tenant.Tenant, e tenant.Environment, s tenant.Snapshot) TenantView {
	v, ticket, exchanges := s.Visits[t.Key], s.Tickets[t.Key], s.Exchanges[t.Key]
	proofs := tenant.ProofsOf(v, exchanges)
	view := TenantView{
		Key: t.Key, Environment: e, CompanyName: t.CompanyName, Serial: t.Serial, Active: t.Active,
		SignedIn: s.Logins[t.Key], SignedInAs: t.SignedInAs, SignedInAt: t.SignedInAt, TokenFingerprint: t.SystemUserToken.Fingerprint(),
		Verdict: t.Verdict(proofs, w.Now()), Proofs: proofs.All(), State: v.State, StateName: v.State.String(),
		LogOnAt: v.LogOnAt, LogOnAs: v.LogOnAs, Failures: v.Failures, RetryAt: v.RetryAt, Trouble: v.Trouble,
		Awaited:        t.Active && v.Awaited(),
		ExchangesToday: exchanges.On(w.Now()),
	}
	view.ExchangesMost.Day, view.ExchangesMost.Count = exchanges.Most()
	if !ticket.UsedAt.IsZero() {
		view.TicketUntil = ticket.UsedAt.Add(tenant.TicketLife)
	}
	return view
}

// Tenant returns one tenant as a list shows it.
func (w *Workbench) Tenant(ctx context.Context, k tenant.Key) (TenantView, error) {
	o, err := w.Overview(ctx)
	if err != nil {
		return TenantView{}, err
	}
	for _, t := range o.Tenants {
		if t.Key == k {
			return t, nil
		}
	}
	return TenantView{}, explainNoTenant(k, tenant.ErrNotFound)
}
