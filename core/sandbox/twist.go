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

// idTokenFaults are about the token of a sign-in or a refresh.
func idTokenFaults() []fault {
	return []fault{
		{name: "id-token-wrong-issuer", about: "The id token's issuer ends in /login.", idToken: issuedByLogin},
		{name: "id-token-wrong-audience", about: "The id token is meant for another client.", idToken: setClaim("aud", strangeClient)},
		{name: "id-token-audience-list", about: "The audience is a list of two, and azp names the app; this is allowed.",
			idToken: audienceList(func(s *Sandbox) string { return s.app.ClientID })},
		{name: "id-token-wrong-azp", about: "The audience is a list of two, and azp names the other client.",
			idToken: audienceList(func(*Sandbox) string { return strangeClient })},
		{name: "id-token-wrong-nonce", about: "The id token has another sign-in's nonce.", idToken: setClaim(paramNonce, "another sign-in's nonce")},
		{name: "id-token-no-nonce", about: "The id token has no nonce.", idToken: dropClaims(paramNonce)},
		{name: "id-token-other-tenant", about: "The id token is about another tenant than the one that was asked for.", idToken: otherTenant},
		{name: "id-token-alg-none", about: "The id token is not signed, and its header says alg none.", idToken: algNone},
		{name: "id-token-alg-hs256", about: "The id token is signed with HS256, with the public key as the secret.", idToken: algHS256},
		{name: "id-token-bad-signature", about: "One bit of the id token's signature is wrong.", idToken: badSignature},
		{name: "id-token-expired", about: "All times of the id token lie an hour back.", idToken: shifted(-wrongHour)},
		{name: "id-token-not-yet-valid", about: "All times of the id token lie an hour ahead.", idToken: shifted(wrongHour)},
		{name: "id-token-iat-quoted", about: "iat is a number in quotes, as some real tokens have it; this is to be accepted.", idToken: quotedIat},
		{name: "id-token-no-iat", about: "The id token has no iat.", idToken: dropClaims("iat")},
		{name: "id-token-no-exp", about: "The id token has no exp.", idToken: dropClaims("exp")},
		{name: "id-token-no-sub", about: "The id token has no sub.", idToken: dropClaims("sub")},
		{name: "id-token-no-ctx", about: "The id token names no tenant.", idToken: dropClaims("ctx")},
		{name: "id-token-wrong-types", about: "aud is [1], and four other claims are JSON of the wrong kind.", idToken: wrongTypes},
		{name: "id-token-crit", about: "The header demands an extension that nobody knows.", idToken: critical},
		{name: "id-token-duplicate-claims", about: "sub and ctx stand in the id token twice, first with other values.", idToken: doubled},
		{name: "id-token-no-kid", about: "The header has no kid, but an x5t.", idToken: unnamedKey},
		{name: "id-token-no-kid-no-x5t", about: "The header does not say which key has signed; there is one only.", idToken: keyWithoutHint},
		{name: "id-token-unknown-kid", about: "The header names a key that is not in the key set.", idToken: unknownKey},
		{name: "id-token-huge", about: "The id token is larger than 2 MB.", idToken: padded},
		{name: "id-token-no-api-addresses", about: "The id token names no addresses of web services, as SuperOffice has announced.",
			idToken: dropClaims("netserver_url", "webapi_url")},
		{name: "id-token-old-api-addresses", about: "The addresses of web services are old ones: another host, with :443.",
			idToken: func(_ *Sandbox, t tenant, d *draft) {
				d.claims[claimPrefix+"webapi_url"] = "https://online1.superoffice.example:443/" + t.Ctx + "/api/"
				d.claims[claimPrefix+"netserver_url"] = "https://online1.superoffice.example:443/" + t.Ctx + "/Remote/Services88/"
			}},
		{name: "id-token-sparse", about: "Every claim that may be absent is.",
			idToken: dropClaims("upn", "email", "initials", "so_primary_email_address", "identityprovider", "netserver_url", "webapi_url")},
		{name: "id-token-unknown-claims", about: "The id token has claims that no document names, of every kind.",
			idToken: func(_ *Sandbox, _ tenant, d *draft) {
				d.claims[claimPrefix+"licence"] = map[string]any{"seats": 12, "modules": []any{"sales", nil}}
				d.claims["amr"] = []string{"pwd"}
			}},
	}
}

// exchangeTokenFaults are about the token that an exchange returns.
func exchangeTokenFaults() []fault {
	return []fault{
		{name: "exchange-token-wrong-issuer", about: "The returned token's issuer is the sign-in's, not SuperOffice AS.",
			exchanged: func(s *Sandbox, _ tenant, d *draft) { d.claims["iss"] = s.base }},
		{name: "exchange-token-wrong-audience", about: "The audience is spn: and another serial number than the token's own.",
			exchanged: func(_ *Sandbox, t tenant, d *draft) { d.claims["aud"] = "spn:" + t.Serial + "0" }},
		{name: "exchange-token-other-tenant", about: "The token's ctx is another tenant's.",
			exchanged: func(_ *Sandbox, t tenant, d *draft) { d.claims[claimPrefix+"ctx"] = t.Ctx + "0" }},
		{name: "exchange-token-other-serial", about: "Audience and serial number agree with each other, but not with the tenant.",
			exchanged: otherSerial},
		{name: "exchange-token-alg-none", about: "The returned token is not signed, and its header says alg none.", exchanged: algNone},
		{name: "exchange-token-bad-signature", about: "One bit of the returned token's signature is wrong.", exchanged: badSignature},
		{name: "exchange-token-expired", about: "All times of the returned token lie an hour back.", exchanged: shifted(-wrongHour)},
		{name: "exchange-token-no-ticket", about: "The returned token holds no ticket.", exchanged: dropClaims("ticket")},
		{name: faultNewSystemToken, about: "Each exchange replaces the system user token; the one that was sent is refused from then on."},
	}
}
