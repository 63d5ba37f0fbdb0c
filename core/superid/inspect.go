package superid

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// TokenKind is what a token is for, and so what it must say.
type TokenKind string

// The kinds that SuperOffice issues.
const (
	IDToken       TokenKind = "id token"
	ExchangeToken TokenKind = "exchange token"
)

// InspectOptions say what a token is held against. One of the key sources must be there; the registration is
// one too.
type InspectOptions struct {
	// Registration supplies what is left open below: its key set or pinned certificate, and for an id token
	// its address as issuer and its client id as audience. Nil means none.
	Registration *tenant.Registration
	// KeySet is a key set's JSON (RFC 7517), KeySetURL where to read one (https, or http on a literal
	// loopback address), Certificate a certificate as [ParseCertificate] takes it.
	KeySet      []byte
	KeySetURL   string
	Certificate []byte
	// Issuer and Audience are what the token must name. An exchange token has its own where they are empty.
	Issuer, Audience string
	// Nonce is the one of the sign-in; empty leaves the step out.
	Nonce secret.Text
	// At is the time to validate for; zero means now.
	At time.Time
}

// Inspection is a token taken apart: every step with its outcome, then what it says, believed or not.
type Inspection struct {
	Kind TokenKind
	At   time.Time
	// KeySource says in words whose key the signature was held against.
	KeySource string
	// Warning is what is odd about the key source; empty where nothing is.
	Warning string
	// Algorithm, KeyID and X5T are the header's.
	Algorithm, KeyID, X5T string
	Checks                []Check
	// Genuine is true where the signature fits; without it anybody may have written the claims.
	Genuine bool
	Claims  []Claim
	// Err is a [tenant.Problem] about the first step that refused the token, nil where none did. Steps
	// for which nothing was given to compare with refuse nothing.
	Err error
}

// Inspect carries out the same steps on any token as a sign-in or an exchange would, without acting on it.
// The error is about the options; what is wrong with the token is in the result.
func (c *Client) Inspect(ctx context.Context, raw secret.Text, o InspectOptions) (Inspection, error) {
	source, err := c.keySource(o)
	if err != nil {
		return Inspection{}, err
	}
	i := Inspection{Kind: IDToken, At: cmp.Or(o.At, c.now()), KeySource: source.words}
	if source.warning != nil {
		i.Warning = source.warning(i.At)
	}
	in := &inspection{client: c, ctx: ctx, now: i.At}
	if in.parse(raw.Reveal()) == nil {
		i.Kind = tokenKindOf(in.claims)
		i.Algorithm, _ = in.header.text("alg")
		i.KeyID, _ = in.header.text("kid")
		i.X5T, _ = in.header.text("x5t")
		i.Claims = in.claims.list()
	}
	in.want = expectationOf(i.Kind, o)
	in.want.keys = source.find
	v, err := in.carryOut(raw)
	i.Checks = v.checks
	i.Genuine = slices.ContainsFunc(v.checks, func(k Check) bool { return k.Name == stepSignature && k.Err == nil })
	if err != nil {
		i.Err = inspectProblem(ctx, i.Kind, err)
	}
	return i, nil
}

func inspectProblem(ctx context.Context, kind TokenKind, err error) error {
	const op, what = "inspect the token", "The token did not pass its checks."
	if ctx.Err() != nil {
		return cancelled(ctx, op)
	}
	p := refusedToken(op, what, err, 0)
	if kind == IDToken {
		p = refusedIDToken(op, what, err, 0)
	}
	// Nobody has just received it: trying again is no advice.
	switch p.Cause {
	case tenant.CauseTokenRefused:
		p.Next = "See which step refused it, and ask whoever made the token."
	case tenant.CauseTokenTimes:
		p.Next = "A token lives for minutes: validate it for the time at which it was received."
	}
	return p
}

// tokenKindOf recognises the exchange's token by what only it has.
func tokenKindOf(claims object) TokenKind {
	if issuer, _ := claims.text("iss"); issuer == exchangeIssuer || claims[identity+"ticket"] != nil {
		return ExchangeToken
	}
	return IDToken
}

func expectationOf(kind TokenKind, o InspectOptions) expectation {
	want := expectation{open: true, issuer: o.Issuer, audience: func(object) string { return o.Audience }}
	if kind == ExchangeToken {
		want.issuer, want.ticket = cmp.Or(o.Issuer, exchangeIssuer), true
		if o.Audience == "" {
			want.audience = ownAudience
		}
		return want
	}
	want.idToken = true
	if !o.Nonce.Empty() {
		want.nonce = &o.Nonce
	}
	if reg := o.Registration; reg != nil {
		want.issuer = cmp.Or(o.Issuer, baseOf(*reg))
		audience := cmp.Or(o.Audience, reg.ClientID)
		want.audience = func(object) string { return audience }
	}
	return want
}

// ownAudience is what an exchange's token must name as its audience: the serial number that it carries.
func ownAudience(claims object) string {
	serial, _ := claims.digits(identity + "serial")
	return exchangeAudience + serial
}

// keySource is where an inspection takes its key from.
type keySource struct {
	words   string
	warning func(time.Time) string
	find    func(ctx context.Context, kid, x5t string) (candidate, error)
}

func (c *Client) keySource(o InspectOptions) (keySource, error) {
	switch {
	case o.Certificate != nil:
		return pinnedSource(o.Certificate)
	case o.KeySet != nil:
		return givenKeySet(o.KeySet)
	case o.KeySetURL != "":
		return c.keySetAt(o.KeySetURL)
	case o.Registration == nil:
		return keySource{}, refusedOption(errors.New("neither a registration nor a key is given"))
	case o.Registration.Certificate != "":
		return pinnedSource([]byte(o.Registration.Certificate))
	}
	base := baseOf(*o.Registration)
	return keySource{words: "the key set of " + base, find: func(ctx context.Context, kid, x5t string) (candidate, error) {
		return c.signingKey(ctx, base, kid, x5t)
	}}, nil
}

func pinnedSource(b []byte) (keySource, error) {
	pinned, err := ParseCertificate(b)
	if err != nil {
		return keySource{}, err
	}
	return keySource{"the certificate " + pinned.Thumbprint, pinned.Warning,
		func(_ context.Context, kid, x5t string) (candidate, error) { return pinned.find(kid, x5t) }}, nil
}

func givenKeySet(b []byte) (keySource, error) {
	var keys keySet
	if json.Unmarshal(b, &keys) != nil || len(keys) == 0 {
		return keySource{}, refusedOption(errors.New("the key set is no JSON with keys for RS256"))
	}
	return keySource{words: fmt.Sprintf("the given key set (keys for RS256: %d)", len(keys)),
		find: func(_ context.Context, kid, x5t string) (candidate, error) { return keys.find(kid, x5t) }}, nil
}

// keySetAt reads a key set once, when its key is asked for.
func (c *Client) keySetAt(address string) (keySource, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && tenant.IsLoopback(u.Hostname())) {
		return keySource{}, refusedOption(errors.New("the key set's address must begin with https:// (http:// is for 127.0.0.1 and [::1] only)"))
	}
	return keySource{words: "the key set at " + clip(serverWords(u.Scheme+"://"+u.Host+u.EscapedPath()), 200),
		find: func(ctx context.Context, kid, x5t string) (candidate, error) {
			keys, err := c.readKeys(ctx, address)
			if err != nil {
				return candidate{}, err
			}
			return keys.find(kid, x5t)
		}}, nil
}

func refusedOption(err error) error {
	return &tenant.Problem{Op: "inspect the token", Err: err, Explanation: tenant.CauseInput.Explain(
		"There is no key to hold the token against.", tenant.Sentence(err), "Give a key set, a certificate or a registration.")}
}
