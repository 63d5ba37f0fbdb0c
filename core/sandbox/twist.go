package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// twist changes a token before it is signed.
type twist func(s *Sandbox, t tenant, d *draft)

// apply does nothing where the fault leaves this token alone.
func (f twist) apply(s *Sandbox, t tenant, d *draft) {
	if f != nil {
		f(s, t, d)
	}
}

// hugeClaim makes a token larger than a client should read.
const hugeClaim = 2 << 20

// wrongHour is how far the times of a token are off that has expired or is not valid yet.
const wrongHour = time.Hour

func setClaim(name string, value any) twist {
	return func(_ *Sandbox, _ tenant, d *draft) { d.claims[name] = value }
}

func padded(_ *Sandbox, _ tenant, d *draft) { d.claims["padding"] = strings.Repeat("x", hugeClaim) }

func dropClaims(names ...string) twist {
	return func(_ *Sandbox, _ tenant, d *draft) {
		for _, name := range names {
			delete(d.claims, name)
			delete(d.claims, claimPrefix+name)
		}
	}
}

// issuedByLogin is the trap of the metadata's address turned round: the issuer with /login.
func issuedByLogin(s *Sandbox, _ tenant, d *draft) { d.claims["iss"] = s.base + "/login" }

// audienceList names two audiences, and azp as the one that the token was made for.
func audienceList(azp func(*Sandbox) string) twist {
	return func(s *Sandbox, _ tenant, d *draft) {
		d.claims["aud"] = []string{s.app.ClientID, strangeClient}
		d.claims["azp"] = azp(s)
	}
}

// strangeClient is a client id that nobody has.
const strangeClient = "00000000000000000000000000000000"

// otherTenant makes the token say another tenant than was asked for: of the sandbox's own where it has
// another, else one that is made up.
func otherTenant(s *Sandbox, t tenant, d *draft) {
	other := tenant{Ctx: t.Ctx + "0", CompanyName: "Another company", Serial: t.Serial + "0"}
	for _, candidate := range s.people.tenants {
		if candidate.Ctx != t.Ctx {
			other = candidate
			break
		}
	}
	for name, value := range map[string]string{
		"ctx": other.Ctx, "company_name": other.CompanyName, "serial": other.Serial,
		"netserver_url": s.endpoint(other) + "/Remote/Services88/", "webapi_url": s.endpoint(other) + "/api/",
	} {
		d.claims[claimPrefix+name] = value
	}
}

// otherSerial makes a token that agrees with itself, but not with the tenant.
func otherSerial(_ *Sandbox, t tenant, d *draft) {
	d.claims[claimPrefix+"serial"] = t.Serial + "0"
	d.claims["aud"] = "spn:" + t.Serial + "0"
}

func algNone(_ *Sandbox, _ tenant, d *draft) {
	d.header["alg"] = "none"
	d.seal = func(string) ([]byte, error) { return nil, nil }
}

// algHS256 signs with the public key as if it were a shared secret, which anybody can.
func algHS256(s *Sandbox, _ tenant, d *draft) {
	d.header["alg"] = "HS256"
	d.seal = func(text string) ([]byte, error) {
		der, err := x509.MarshalPKIXPublicKey(&s.keys.signer().key.PublicKey)
		if err != nil {
			return nil, fmt.Errorf("encode the public key: %w", err)
		}
		mac := hmac.New(sha256.New, []byte(toPEM("PUBLIC KEY", der)))
		mac.Write([]byte(text))
		return mac.Sum(nil), nil
	}
}

func badSignature(_ *Sandbox, _ tenant, d *draft) {
	seal := d.seal
	d.seal = func(text string) ([]byte, error) {
		signature, err := seal(text)
		if len(signature) > 0 {
			signature[len(signature)-1] ^= 1
		}
		return signature, err
	}
}

// shifted moves iat, nbf and exp.
func shifted(by time.Duration) twist {
	return func(_ *Sandbox, _ tenant, d *draft) {
		for _, name := range []string{"iat", "nbf", "exp"} {
			if at, ok := d.claims[name].(int64); ok {
				d.claims[name] = at + int64(by/time.Second)
			}
		}
	}
}

func quotedIat(_ *Sandbox, _ tenant, d *draft) {
	if at, ok := d.claims["iat"].(int64); ok {
		d.claims["iat"] = strconv.FormatInt(at, 10)
	}
}

// wrongTypes puts JSON of the wrong kind where a client expects a text or a number.
func wrongTypes(_ *Sandbox, _ tenant, d *draft) {
	d.claims["aud"] = []any{1}
	d.claims["sub"] = map[string]any{}
	d.claims["exp"] = "soon"
	d.claims[claimPrefix+"ctx"] = []any{true}
	d.claims[claimPrefix+"is_administrator"] = 1
}

func critical(_ *Sandbox, _ tenant, d *draft) {
	d.header["crit"], d.header["b64x"] = []string{"b64x"}, true
}

// doubled says sub and ctx twice, first as somebody else. JSON readers disagree on which one counts.
func doubled(_ *Sandbox, _ tenant, d *draft) {
	d.rewrite = func(payload []byte) []byte {
		first := `{"sub":"somebody@else.example","` + claimPrefix + `ctx":"Cust1",`
		return append([]byte(first), payload[1:]...)
	}
}

func unnamedKey(_ *Sandbox, _ tenant, d *draft) { delete(d.header, "kid") }

// keyWithoutHint leaves a client nothing to choose a key by.
func keyWithoutHint(_ *Sandbox, _ tenant, d *draft) {
	delete(d.header, "kid")
	delete(d.header, "x5t")
}

func unknownKey(_ *Sandbox, _ tenant, d *draft) {
	stranger := signer{certificate: []byte("no certificate")}
	d.header["kid"], d.header["x5t"] = stranger.kid(), stranger.x5t()
}
