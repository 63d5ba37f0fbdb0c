package superid

import (
	"context"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/MicahParks/jwkset"

	"partnerdesk/core/tenant"
)

const (
	// refetchPause is the least time between two readings of a key set because of an unknown key: a
	// stream of tokens with invented keys must not become a stream of requests.
	refetchPause = 10 * time.Second
	// staleLife is how long a key set is used whose hour is over while the provider cannot be asked for a
	// new one. Tenants then stay reachable through an outage of that one service; a key that SuperOffice
	// has taken back is not believed for ever.
	staleLife = 24 * time.Hour
	maxKeys   = 64
	// minSigningBits is what RS256 asks of a provider's key (RFC 7518 section 3.3).
	minSigningBits = 2048
	maxKeyBits     = 8192
)

// keySet is a provider's signing keys (RFC 7517).
type keySet []signingKey

type signingKey struct {
	kid, x5t string
	key      *rsa.PublicKey
}

// UnmarshalJSON keeps the RSA keys that may sign with RS256. A key of another kind, or one that cannot
// be read, is passed over: a set may hold keys that are for others (RFC 7517 section 5).
func (s *keySet) UnmarshalJSON(b []byte) error {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(b, &set); err != nil {
		return err
	}
	*s = nil
	for _, raw := range set.Keys[:min(len(set.Keys), maxKeys)] {
		if k, ok := readKey(raw); ok {
			*s = append(*s, k)
		}
	}
	return nil
}

// readKey leaves the reading to the library, which also holds the certificate against the key. The
// certificate's own signature (SHA-1 in SuperOffice's case) is nobody's proof here: the key set came
// from the provider over TLS.
func readKey(raw json.RawMessage) (signingKey, bool) {
	jwk, err := jwkset.NewJWKFromRawJSON(raw, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return signingKey{}, false
	}
	m := jwk.Marshal()
	key, ok := jwk.Key().(*rsa.PublicKey)
	if !ok || m.USE == jwkset.UseEnc || m.ALG != "" && m.ALG != jwkset.AlgRS256 {
		return signingKey{}, false
	}
	if bits := key.N.BitLen(); bits < minSigningBits || bits > maxKeyBits {
		return signingKey{}, false
	}
	return signingKey{kid: m.KID, x5t: m.X5T, key: key}, true
}

// named finds the key that a token's header names: by kid, else by x5t. SuperOffice's kid is the certificate's
// thumbprint in hexadecimal, in older key sets the x5t, which is the same bytes in base64url; so thumbprints
// are compared in one form.
func (s keySet) named(kid, x5t string) *rsa.PublicKey {
	for _, k := range s {
		if kid != "" && k.kid == kid {
			return k.key
		}
	}
	for _, name := range []string{thumbprint(kid), x5t} {
		for _, k := range s {
			if name != "" && (k.x5t == name || thumbprint(k.kid) == name) {
				return k.key
			}
		}
	}
	return nil
}

// thumbprint turns a kid that is a SHA-1 thumbprint, in either of its forms, into the x5t of the same
// certificate (RFC 7515 section 4.1.7); any other is "".
func thumbprint(kid string) string {
	raw, err := hex.DecodeString(kid)
	if err != nil {
		raw, err = base64.RawURLEncoding.DecodeString(kid)
	}
	if err != nil || len(raw) != sha1.Size {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// find returns the key for a token: the one that its header names, by kid, else by x5t; failing that, the
// only key of a set that has no other (OpenID Connect Core 1.0 section 10.1: the kid may be absent then).
// The signature decides in each case.
func (s keySet) find(kid, x5t string) (candidate, error) {
	if key := s.named(kid, x5t); key != nil {
		return candidate{key, errSignature}, nil
	}
	switch {
	case len(s) != 1:
		return candidate{}, fmt.Errorf("the key set has %d keys for RS256, and the token's header names none of them", len(s))
	case kid != "" || x5t != "":
		return candidate{s[0].key, fmt.Errorf("%w: the header names a key that the key set does not hold, and its only key did not make it", ErrKey)}, nil
	}
	return candidate{s[0].key, errSignature}, nil
}

// candidate is a key that may have signed a token, and what it means if it has not.
type candidate struct {
	key   *rsa.PublicKey
	unfit error
}

var errSignature = errors.New("it was not made with the provider's key")

// signingKey finds the key for a token, after one look at whether the provider has a new key where the
// header names one that is not known.
func (c *Client) signingKey(ctx context.Context, base, kid, x5t string) (candidate, error) {
	p := c.provider(base)
	if err := p.take(ctx); err != nil {
		return candidate{}, err
	}
	defer p.release()
	asked, err := c.keysLocked(ctx, p)
	if err != nil {
		return candidate{}, err
	}
	if p.keys.named(kid, x5t) != nil || kid == "" && x5t == "" {
		return p.keys.find(kid, x5t)
	}
	if !asked && c.mayAskAgain(p) {
		if err := c.fetchKeys(ctx, p); err != nil {
			if ctx.Err() == nil { // who gives up has learned nothing for the others
				p.askedAgain, p.trouble = c.now(), err
			}
			return candidate{}, err
		}
		p.askedAgain = c.now()
	}
	if p.trouble != nil {
		return candidate{}, p.trouble // the new key set may well have the key
	}
	return p.keys.find(kid, x5t)
}

// haveKeys makes sure that an answer could be validated, before anything is asked for that leaves a trace:
// every exchange writes a row in the customer's database, and a refresh may use its token up. With a pinned certificate nobody needs to be
// asked.
func (c *Client) haveKeys(ctx context.Context, reg tenant.Registration) error {
	if reg.Certificate != "" {
		_, err := ParseCertificate([]byte(reg.Certificate))
		return err
	}
	p := c.provider(baseOf(reg))
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.release()
	_, err := c.keysLocked(ctx, p)
	return err
}

// keysLocked makes sure that p.keys can be used: read within the hour, or, while the provider does not
// answer, within the day. It reports whether the provider was asked just now.
func (c *Client) keysLocked(ctx context.Context, p *provider) (asked bool, err error) {
	if c.fresh(p.keysAt) {
		return false, nil
	}
	stale := !p.keysAt.IsZero() && c.now().Sub(p.keysAt).Abs() < staleLife
	if stale && p.trouble != nil && !c.mayAskAgain(p) {
		return false, nil
	}
	err = c.fetchKeys(ctx, p)
	if stale && errors.Is(err, ErrUnavailable) {
		p.askedAgain, p.trouble = c.now(), err
		return true, nil
	}
	return true, err
}

func (c *Client) mayAskAgain(p *provider) bool {
	since := c.now().Sub(p.askedAgain)
	return since < 0 || since >= refetchPause
}

func (c *Client) fetchKeys(ctx context.Context, p *provider) error {
	known := c.fresh(p.metaAt)
	m, err := c.metadataLocked(ctx, p)
	if err != nil {
		return err
	}
	keys, err := c.readKeys(ctx, m.JWKSURI)
	if err != nil {
		p.metaAt = time.Time{} // perhaps the keys have moved
		if known && errors.Is(err, ErrAnswer) {
			if moved, again := c.metadataLocked(ctx, p); again == nil && moved.JWKSURI != m.JWKSURI {
				keys, err = c.readKeys(ctx, moved.JWKSURI)
			}
		}
	}
	if err != nil {
		return err
	}
	p.keys, p.keysAt, p.trouble = keys, c.now(), nil
	return nil
}

func (c *Client) readKeys(ctx context.Context, address string) (keySet, error) {
	var keys keySet
	const op, what = "read the key set", "SuperOffice's keys could not be read, so nothing can be validated."
	if err := c.getJSON(ctx, op, what, address, &keys); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		// Better said now than after an exchange, whose answer nobody could validate.
		return nil, &tenant.Problem{Op: op, Err: fmt.Errorf("%w: it holds no key for RS256", ErrAnswer),
			Explanation: tenant.CauseKeyUnknown.Explain(what, "SuperOffice's key set holds no key that can be used.", "")}
	}
	return keys, nil
}
