package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// draft is a token before it is signed. It is written out here rather than taken from the client's library,
// so that a mistake of the library cannot hide on both sides.
type draft struct {
	header, claims map[string]any
	// rewrite changes the encoded claims where no map can say what is wanted; it may be nil.
	rewrite func(payload []byte) []byte
	// seal makes the signature over header and claims.
	seal func(text string) ([]byte, error)
}

// draftJWT begins a compact RS256 token.
func (s signer) draftJWT(claims map[string]any) *draft {
	return &draft{
		header: map[string]any{"alg": algRS256, "kid": s.kid(), "x5t": s.x5t(), "typ": "JWT"},
		claims: claims,
		seal:   s.sealRS256,
	}
}

func (s signer) sealRS256(text string) ([]byte, error) {
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return nil, fmt.Errorf("sign the token: %w", err)
	}
	return signature, nil
}

// sign finishes the token.
func (d *draft) sign() (string, error) {
	header, err := json.Marshal(d.header)
	if err != nil {
		return "", fmt.Errorf("encode the token's header: %w", err)
	}
	payload, err := json.Marshal(d.claims)
	if err != nil {
		return "", fmt.Errorf("encode the token's claims: %w", err)
	}
	if d.rewrite != nil {
		payload = d.rewrite(payload)
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	signature, err := d.seal(text)
	if err != nil {
		return "", err
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// timeClaims are iat, nbf and exp as numbers.
func timeClaims(now time.Time, life time.Duration) map[string]any {
	return map[string]any{
		"iat": now.Unix(), "nbf": now.Add(-idTokenEarlier).Unix(), "exp": now.Add(life).Unix(),
	}
}

// idToken makes the id token of a sign-in, or of a refresh where nonce is empty.
func (s *Sandbox) idToken(u user, t tenant, nonce string) (string, error) {
	c, err := s.store.consent(t.Ctx)
	if err != nil {
		return "", err
	}
	a, ok := u.in(t.Ctx)
	if !ok {
		return "", fmt.Errorf("make the id token: %s is not in %s", u.Login, t.Ctx)
	}
	claims := timeClaims(s.now(), idTokenLife)
	claims["iss"], claims["aud"], claims["sub"] = s.base, s.app.ClientID, u.Login
	if nonce != "" {
		claims[paramNonce] = nonce
	}
	s.addTenantClaims(claims, t, a)
	claims[claimPrefix+"is_administrator"] = capitalised(u.Administrator)
	claims[claimPrefix+"email"] = u.Login
	claims[claimPrefix+"so_primary_email_address"] = u.Login
	claims[claimPrefix+"identityprovider"] = "central-superid"
	if c.State == consentApproved {
		claims[claimPrefix+"system_token"] = c.Token
	}
	d := s.keys.signer().draftJWT(claims)
	for _, f := range s.faults.on(t.Ctx) {
		f.idToken.apply(s, t, d)
	}
	return d.sign()
}

// addTenantClaims adds what the id token and the exchange's token have in common.
func (s *Sandbox) addTenantClaims(claims map[string]any, t tenant, a associate) {
	for name, value := range map[string]string{
		"ctx":           t.Ctx,
		"company_name":  t.CompanyName,
		"serial":        t.Serial,
		"associateid":   strconv.Itoa(a.ID),
		"upn":           a.Login,
		"initials":      a.Name,
		"netserver_url": s.endpoint(t) + "/Remote/Services88/",
		"webapi_url":    s.endpoint(t) + "/api/",
	} {
		claims[claimPrefix+name] = value
	}
}

// capitalised writes a truth as .NET does.
func capitalised(b bool) string {
	if b {
		return "True"
	}
	return "False"
}
