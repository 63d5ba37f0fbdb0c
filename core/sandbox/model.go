package sandbox

import (
	"slices"
	"time"
)

// tenant is a customer's installation. It never changes after the first start.
type tenant struct {
	Ctx         string `json:"ctx"`
	CompanyName string `json:"company_name"`
	// Serial is the serial number of the tenant's database: digits.
	Serial string `json:"serial"`
	// SystemUser is the associate that the app's system user acts as.
	SystemUser associate `json:"system_user"`
	// Country is what the tenant's preferences put into a new company.
	Country country `json:"country"`
}

// associate is a user as the tenant's database knows him.
type associate struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	FullName string `json:"full_name"`
	PersonID int    `json:"person_id"`
	Login    string `json:"login"`
	// System marks the app's system user.
	System        bool `json:"system,omitempty"`
	Administrator bool `json:"administrator,omitempty"`
}

// country is a row of the tenant's country list.
type country struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Code     string `json:"code"`
	Currency string `json:"currency"`
	Dial     string `json:"dial"`
}

// user is a person with a SuperID. It never changes after the first start.
type user struct {
	Login    string `json:"login"`
	FullName string `json:"full_name"`
	Initials string `json:"initials"`
	// Administrator is true for a user who administers every tenant he belongs to.
	Administrator bool         `json:"administrator"`
	Memberships   []membership `json:"memberships"`
}

// membership is a user's place in one tenant.
type membership struct {
	Ctx         string `json:"ctx"`
	AssociateID int    `json:"associate_id"`
	PersonID    int    `json:"person_id"`
}

// in returns the associate that u is in the tenant with the context identifier ctx.
func (u user) in(ctx string) (associate, bool) {
	i := slices.IndexFunc(u.Memberships, func(m membership) bool { return m.Ctx == ctx })
	if i < 0 {
		return associate{}, false
	}
	return associate{
		ID: u.Memberships[i].AssociateID, Name: u.Initials, FullName: u.FullName,
		PersonID: u.Memberships[i].PersonID, Login: u.Login, Administrator: u.Administrator,
	}, true
}

// The states of a consent.
const (
	consentNone     = "not asked"
	consentApproved = "approved"
	consentRevoked  = "revoked"
)

// consent is what an app may do in a tenant, and the system user token that stands for it.
type consent struct {
	State string `json:"state"`
	// Token is the system user token, in every state.
	Token string `json:"token"`
	// Former are tokens that were revoked and then replaced, newest last; they are refused as revoked.
	Former []string `json:"former,omitempty"`
	// Generation counts the revocations. A refresh token of an older generation is dead.
	Generation int       `json:"generation"`
	ApprovedBy string    `json:"approved_by,omitempty"`
	ApprovedAt time.Time `json:"approved_at,omitzero"`
}

// formerTokens bounds what a consent remembers of its past.
const formerTokens = 20

// approve gives the consent in the name of login. After a revocation the tenant gets a new token.
func (c *consent) approve(login string, at time.Time) {
	if c.State == consentRevoked {
		c.reissue()
	}
	c.State, c.ApprovedBy, c.ApprovedAt = consentApproved, login, at.UTC()
}

// reissue replaces the system user token.
func (c *consent) reissue() {
	c.Former = append(c.Former, c.Token)
	if over := len(c.Former) - formerTokens; over > 0 {
		c.Former = slices.Delete(c.Former, 0, over)
	}
	c.Token = newSystemUserToken()
}

// revoke ends the consent.
func (c *consent) revoke() {
	c.State = consentRevoked
	c.Generation++
}

// refreshGrant is what a refresh token stands for. The token itself is stored only as its hash.
type refreshGrant struct {
	ClientID   string    `json:"client_id"`
	Login      string    `json:"login"`
	Ctx        string    `json:"ctx"`
	Generation int       `json:"generation"`
	IssuedAt   time.Time `json:"issued_at"`
}

// company is a contact that somebody created, as the page of companies and the search show it.
type company struct {
	ID         uint64    `json:"id"`
	Name       string    `json:"name"`
	CreatedBy  associate `json:"created_by"`
	CreatedAt  time.Time `json:"created_at"`
	Credential string    `json:"credential"`
}
