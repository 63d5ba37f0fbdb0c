// Package superid is the client of SuperID, SuperOffice's identity provider (OpenID Connect): sign-in
// through the system browser and a loopback listener, validation of every token, refresh, and the
// exchange of a system user token for a ticket.
//
// A reader finds: the provider's description in metadata.go and keyset.go, the certificate that may take the
// key set's place in certificate.go; the list of checks that a token must pass in idtoken.go and
// tokensteps.go, what a failed one means in refusedtoken.go, the same list for any token in inspect.go;
// sign-in in signin.go and loopback.go, renewal in refresh.go, the end in revoke.go; what a diagnosis asks in
// discover.go and clientcheck.go; and the system user in privatekey.go, systemuser.go and exchange.go, with one
// file for each of the two protocols of the exchange and authorizeerror.go for its reasons.
//
// Every error is a [tenant.Problem] with words for people, and wraps one of the sentinels of errors.go
// where a caller may want to decide. No token, ticket, code, state or nonce is ever part of an error.
package superid

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// Options are what a client is built from; the zero value works.
type Options struct {
	// HTTP makes the requests; nil means one with sensible time limits. Redirects to other hosts are
	// never followed, whatever it says.
	HTTP *http.Client
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Client speaks with the identity providers of any number of registrations. It keeps their metadata and
// key sets, is safe for many goroutines, and starts none that outlive a call.
type Client struct {
	http *http.Client
	now  func() time.Time
	// firstPause is how long to wait before a public document is asked for a second time.
	firstPause time.Duration

	mu        sync.Mutex
	providers map[string]*provider // by base
	signers   map[signerID]signer
}

// New makes a client.
func New(o Options) *Client {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	c := &Client{firstPause: firstPause, providers: map[string]*provider{}, signers: map[signerID]signer{}}
	// The wall clock's time only: Go would rather compare monotonic times, which stand still while the machine
	// sleeps, and do not show that the clock was set. Keys are taken back all the same.
	c.now = func() time.Time { return now().Round(0) }
	c.http = newHTTPClient(o.HTTP, c.now)
	return c
}

// Close lets go of idle connections. The client remains usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Tokens is what the token endpoint gave, validated.
type Tokens struct {
	AccessToken       secret.Text
	AccessTokenExpiry time.Time
	// RefreshToken is the new one, or after a refresh without a new one, the old.
	RefreshToken secret.Text
	// Claims is the zero value where a refresh brought no id token.
	Claims Claims
	// Checks is the list of steps by which the id token was validated. It is there after a failed
	// validation too, with the reason in the step that failed.
	Checks []Check
	// Skew is the server's clock minus this machine's, to the second.
	Skew time.Duration
}

// SignedIn is what a sign-in gave.
type SignedIn = Tokens

// oauthConfig is the registration in the words of the OAuth library.
func oauthConfig(reg tenant.Registration, m metadata, redirectURI string) *oauth2.Config {
	style := m.authStyle()
	if reg.ClientSecret.Empty() {
		style = oauth2.AuthStyleInParams // a public client names itself in the body (RFC 6749 section 3.2.1)
	}
	return &oauth2.Config{
		ClientID:     reg.ClientID,
		ClientSecret: reg.ClientSecret.Reveal(),
		RedirectURL:  redirectURI,
		Scopes:       []string{"openid"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   m.AuthorizationEndpoint,
			TokenURL:  m.TokenEndpoint,
			AuthStyle: style,
		},
	}
}

// baseOf is the registration's address as tokens name it: without a trailing slash.
func baseOf(reg tenant.Registration) string { return strings.TrimSuffix(reg.Base, "/") }
