package workbench

import (
	"time"

	"partnerdesk/core/tenant"
)

// SignInRequest says where and how to sign in.
type SignInRequest struct {
	// Registration is the name of the app's registration; empty means the current one.
	Registration string
	// LoginHint is a SuperID user name to propose on the sign-in page.
	LoginHint string
	// ContextID asks for one tenant; if the answer is about another, the sign-in has failed.
	ContextID string
	// Timeout bounds the wait for the browser; zero means [DefaultSignInTimeout].
	Timeout time.Duration
}

// DefaultSignInTimeout is how long a person has to sign in and approve.
const DefaultSignInTimeout = 3 * time.Minute

// SignInHooks is how a sign-in talks to the person in front of it. A nil func is not called.
type SignInHooks struct {
	// Waiting is called once the loopback listener is up: the URL to open, and when the wait ends. The
	// URL carries the state and must not be logged.
	Waiting func(url string, until time.Time)
	// Returned is called when the browser has come back, before the code is exchanged.
	Returned func()
}

// SignedIn is what a sign-in achieved.
type SignedIn struct {
	Tenant TenantView `json:"tenant"`
	// New is true for a tenant that was not stored before.
	New bool `json:"new"`
	// NoSystemUser says why there is no system user token; nil when there is one.
	NoSystemUser *tenant.Explanation `json:"no_system_user,omitempty"`
}
