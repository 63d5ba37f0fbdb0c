package tenant

import "time"

// Company is what the tenant answered about a company. The API calls it Contact.
type Company struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Owner is the associate that the tenant's preferences made "our contact".
	Owner string `json:"owner"`
}

// Principal is the user for whom a tenant takes a credential (User/currentPrincipal).
type Principal struct {
	AssociateID int    `json:"associate_id"`
	Associate   string `json:"associate"`
	FullName    string `json:"full_name"`
	UserType    string `json:"user_type"`
	UserName    string `json:"user_name"`
	ContextID   string `json:"ctx"`
}

// Actor says as whom a tenant is called.
type Actor string

// The two actors that the tutorial contrasts.
const (
	LoginUser  Actor = "login-user"
	SystemUser Actor = "system-user"
)

// Label is the actor's name for people.
func (a Actor) Label() string {
	if a == SystemUser {
		return "system user"
	}
	return "login user"
}
