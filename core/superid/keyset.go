package superid

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/MicahParks/jwkset"
)

const (
	// refetchPause is the least time between two readings of a key set because of an unknown key: a
	// stream of tokens with invented keys must not become a stream of requests.
	refetchPause = 10 * time.Second
	maxKeys      = 64
	minKeyBits   = 1024
	maxKeyBits   = 8192
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
	if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return signingKey{}, false
	}
	return signingKey{kid: m.KID, x5t: m.X5T, key: key}, true
}

// named finds the key that a token's header names: by kid, else by x5t. An older SuperOffice key set has
// the x5t as its kid, and a kid is the certificate's thumbprint in hexadecimal where an x5t is the same
// bytes in base64url, so both are compared in one form.
func (s keySet) named(kid, x5t string) *rsa.PublicKey {
	for _, k := range s {
		if kid != "" && k.kid == kid {
			return k.key
		}
	}
	if x5t == "" {
		x5t = thumbprint(kid)
	}
	for _, k := range s {
		if x5t != "" && (k.x5t == x5t || k.kid == x5t || thumbprint(k.kid) == x5t) {
			return k.key
		}
	}
	return nil
}

// thumbprint turns a kid of 40 hexadecimal digits into the x5t of the same certificate.
func thumbprint(kid string) string {
	raw, err := hex.DecodeString(kid)
	if err != nil || len(raw) != 20 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// only is the key of a set that has no other (OpenID Connect Core 1.0 section 10.1: the kid may be
// absent then).
func (s keySet) only() *rsa.PublicKey {
	if len(s) != 1 {
		return nil
	}
	return s[0].key
}

// signingKey finds the key for a token: the one that its header names; failing that, after one look at
// whether the provider has a new key, the provider's only key. The signature decides in each case.
func (c *Client) signingKey(ctx context.Context, base, kid, x5t string) (*rsa.PublicKey, error) {
	p := c.provider(base)
	if err := p.take(ctx); err != nil {
		return nil, err
	}
	defer p.release()
	stale := !c.fresh(p.keysAt)
	if stale {
		if err := c.fetchKeys(ctx, p); err != nil {
			return nil, err
		}
	}
	key := p.keys.named(kid, x5t)
	if named := kid != "" || x5t != ""; key == nil && named && !stale && c.mayRefetch(p) {
		p.refetchedAt = c.now()
		if err := c.fetchKeys(ctx, p); err != nil {
			return nil, err
		}
		key = p.keys.named(kid, x5t)
	}
	if key == nil {
		key = p.keys.only()
	}
	if key == nil {
		return nil, fmt.Errorf("the key set has %d keys for RS256, and the token's header names none of them", len(p.keys))
	}
	return key, nil
}

// haveKeys makes sure that an answer could be validated, before anything is asked for that leaves a trace:
// every exchange writes a row in the customer's database.
func (c *Client) haveKeys(ctx context.Context, base string) error {
	p := c.provider(base)
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.release()
	if c.fresh(p.keysAt) {
		return nil
	}
	return c.fetchKeys(ctx, p)
}

func (c *Client) mayRefetch(p *provider) bool {
	since := c.now().Sub(p.refetchedAt)
	return since < 0 || since >= refetchPause
}

func (c *Client) fetchKeys(ctx context.Context, p *provider) error {
	m, err := c.metadataLocked(ctx, p)
	if err != nil {
		return err
	}
	var keys keySet
	err = c.getJSON(ctx, "read the key set", "SuperOffice's keys could not be read, so nothing can be validated.", m.JWKSURI, &keys)
	if err != nil {
		p.metaAt = time.Time{} // perhaps the keys have moved
		return err
	}
	p.keys, p.keysAt = keys, c.now()
	return nil
}
