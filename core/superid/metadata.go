package superid

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"partnerdesk/core/tenant"
)

const (
	// metadataPath is fixed by SuperOffice: the authority is {base}/login (docs.superoffice.com, "OpenID
	// Connect discovery").
	metadataPath = "/login/.well-known/openid-configuration"
	// documentLife is how long metadata and key set are believed without asking again.
	documentLife = time.Hour
)

// metadata is what the provider says of itself (OpenID Connect Discovery 1.0 section 3).
type metadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	TokenEndpointAuth     []string `json:"token_endpoint_auth_methods_supported"`
	// RevocationEndpoint (RFC 8414 section 2) and EndSessionEndpoint (OpenID Connect RP-Initiated Logout 1.0
	// section 2.1) may be absent: SuperOffice's own addresses are known then.
	RevocationEndpoint string `json:"revocation_endpoint"`
	EndSessionEndpoint string `json:"end_session_endpoint"`
	// ResponseIssuer: the authorization answer carries the issuer (RFC 9207 section 3).
	ResponseIssuer bool `json:"authorization_response_iss_parameter_supported"`
}

// check holds the metadata against the address that it was read from. SuperOffice's issuer is the base
// without /login, unlike what discovery says; exactly that is accepted, and nothing else.
func (m metadata) check(base string) error {
	if m.Issuer != base {
		return fmt.Errorf("%w: its issuer is %q, and must be %q", ErrIssuer, clip(m.Issuer, 200), base)
	}
	for _, e := range []struct {
		name, address string
		optional      bool
	}{
		{"authorization_endpoint", m.AuthorizationEndpoint, false},
		{"token_endpoint", m.TokenEndpoint, false},
		{"jwks_uri", m.JWKSURI, false},
		{"revocation_endpoint", m.RevocationEndpoint, true},
		{"end_session_endpoint", m.EndSessionEndpoint, true},
	} {
		if e.optional && e.address == "" {
			continue
		}
		if err := checkEndpoint(base, e.address); err != nil {
			return fmt.Errorf("its %s %w", e.name, err)
		}
	}
	return nil
}

// checkEndpoint demands https, or http on a literal loopback address where the base is there too.
func checkEndpoint(base, endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return errors.New("is missing or no usable address")
	}
	b, err := url.Parse(base)
	if err != nil {
		return errors.New("cannot be compared with the base")
	}
	if u.Scheme == "https" || u.Scheme == "http" && b.Scheme == "http" && tenant.IsLoopback(u.Hostname()) {
		return nil
	}
	return errors.New("is not https")
}

// authStyle prefers the secret in the body, as SuperOffice documents it, and uses the header only where
// the metadata offers nothing else.
func (m metadata) authStyle() oauth2.AuthStyle {
	if slices.Contains(m.TokenEndpointAuth, "client_secret_basic") && !slices.Contains(m.TokenEndpointAuth, "client_secret_post") {
		return oauth2.AuthStyleInHeader
	}
	return oauth2.AuthStyleInParams
}

// provider is what is known of one base. Only the holder of turn may touch the other fields, so that
// however many ask at once, one fetches and the others find the result.
type provider struct {
	base string
	turn chan struct{} // holds one element while taken

	meta   metadata
	metaAt time.Time // zero: not known
	keys   keySet
	keysAt time.Time // zero: not known
	// askedAgain is when the key set was last asked for out of turn, because of an unknown key, or in
	// vain; trouble is why that was in vain, nil since it was read again.
	askedAgain time.Time
	trouble    error
}

// take waits for the provider's turn.
func (p *provider) take(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return cancelled(ctx, "wait for the identity provider's description")
	}
}

func (p *provider) release() { <-p.turn }

func (c *Client) provider(base string) *provider {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.providers[base]
	if p == nil {
		p = &provider{base: base, turn: make(chan struct{}, 1)}
		c.providers[base] = p
	}
	return p
}

// metadata returns the provider's description, read at most once an hour.
func (c *Client) metadata(ctx context.Context, base string) (metadata, error) {
	p := c.provider(base)
	if err := p.take(ctx); err != nil {
		return metadata{}, err
	}
	defer p.release()
	return c.metadataLocked(ctx, p)
}

func (c *Client) metadataLocked(ctx context.Context, p *provider) (metadata, error) {
	if c.fresh(p.metaAt) {
		return p.meta, nil
	}
	const op, what = "read the identity provider's metadata", "SuperOffice's sign-in service could not be found."
	if err := tenant.CheckBaseURL(p.base); err != nil {
		return metadata{}, unusableRegistration(op, "Its address is not usable: "+err.Error()+".", "Correct the registration's address.")
	}
	var m metadata
	if err := c.getJSON(ctx, op, what, p.base+metadataPath, &m); err != nil {
		return metadata{}, err
	}
	if err := m.check(p.base); err != nil {
		return metadata{}, &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrMetadata, err), Explanation: tenant.CauseAddress.Explain(
			what, "What answers at "+p.base+" does not describe itself as SuperOffice does.",
			"Check the registration's address. Do not sign in there before it is clear who answers.")}
	}
	p.meta, p.metaAt = m, c.now()
	return m, nil
}

// forget makes the next call read the metadata again: its endpoints have just failed.
func (c *Client) forget(ctx context.Context, base string) {
	p := c.provider(base)
	if p.take(ctx) != nil {
		return // the caller is leaving; the hour will end by itself
	}
	defer p.release()
	p.metaAt = time.Time{}
}

// fresh also distrusts a time that lies ahead: the clock has been set back since.
func (c *Client) fresh(at time.Time) bool {
	age := c.now().Sub(at)
	return !at.IsZero() && age >= 0 && age < documentLife
}
