package superid

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

var encode = base64.RawURLEncoding.EncodeToString

func signRaw(key *rsa.PrivateKey, header, claims []byte) string {
	signed := encode(header) + "." + encode(claims)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return signed + "." + encode(signature)
}

// variant makes one token from the honest header and claims, which it may change.
type variant func(f *fake, header, claims map[string]any) string

func with(changes map[string]any) variant {
	return func(f *fake, header, claims map[string]any) string {
		return signJWT(f.signer, header, over(claims, changes))
	}
}

func withHeader(changes map[string]any) variant {
	return func(f *fake, header, claims map[string]any) string {
		return signJWT(f.signer, over(header, changes), claims)
	}
}

// rawClaims appends text to the claims' JSON, which a map could not hold.
func rawClaims(extra string) variant {
	return func(f *fake, header, claims map[string]any) string {
		j := string(mustJSON(claims))
		return signRaw(f.signer, mustJSON(header), []byte(strings.TrimSuffix(j, "}")+extra))
	}
}

// tokenCase is a token, and the step that must refuse it; nil where it is accepted.
type tokenCase struct {
	name string
	make variant
	want error
}

func unixAt(d time.Duration) int64 { return time.Now().Add(d).Unix() }

// acceptedTokens are honest, each in a way of its own.
func acceptedTokens() []tokenCase {
	return []tokenCase{
		{"honest", with(nil), nil},
		{"audience as a list", with(map[string]any{"aud": []string{testClientID}}), nil},
		{"several audiences and azp", with(map[string]any{"aud": []string{"x", testClientID}, "azp": testClientID}), nil},
		{"issued at as a quoted number", with(map[string]any{"iat": fmt.Sprint(unixAt(0))}), nil},
		{"no nbf", with(map[string]any{"nbf": nil}), nil},
		{"no optional SuperOffice claims", with(map[string]any{identity + "email": nil, identity + "upn": nil, identity + "associateid": nil, identity + "system_token": nil}), nil},
		{"serial as a number", with(map[string]any{identity + "serial": 1801550193}), nil},
		{"unknown claims", with(map[string]any{"x": map[string]any{"y": []any{1, nil, true}}}), nil},
		{"expired four minutes ago", with(map[string]any{"exp": unixAt(-4 * time.Minute)}), nil},
		{"begins in four minutes", with(map[string]any{"nbf": unixAt(4 * time.Minute)}), nil},
		{"no kid, one key", withHeader(map[string]any{"kid": nil, "x5t": nil}), nil},
		{"kid unknown, x5t known", withHeader(map[string]any{"kid": "other"}), nil},
		{"kid unknown, one key", withHeader(map[string]any{"kid": "other", "x5t": nil}), nil},
		{"no typ", withHeader(map[string]any{"typ": nil}), nil},
		{"fractional times", with(map[string]any{"exp": float64(unixAt(time.Minute)) + 0.5}), nil},
	}
}

// malformedTokens are none, or ones that two readers would read differently.
func malformedTokens() []tokenCase {
	return []tokenCase{
		{"empty", func(*fake, map[string]any, map[string]any) string { return "" }, ErrForm},
		{"no dots", func(*fake, map[string]any, map[string]any) string { return "abc" }, ErrForm},
		{"five parts", func(f *fake, h, c map[string]any) string { return signJWT(f.signer, h, c) + ".a.b" }, ErrForm},
		{"not base64", func(f *fake, h, c map[string]any) string { return "*" + signJWT(f.signer, h, c) }, ErrForm},
		{"padded", func(f *fake, h, c map[string]any) string { return signJWT(f.signer, h, c) + "==" }, ErrForm},
		{"claims not JSON", func(f *fake, h, _ map[string]any) string { return signRaw(f.signer, mustJSON(h), []byte("{")) }, ErrForm},
		{"claims null", func(f *fake, h, _ map[string]any) string { return signRaw(f.signer, mustJSON(h), []byte("null")) }, ErrForm},
		{"claims a list", func(f *fake, h, _ map[string]any) string { return signRaw(f.signer, mustJSON(h), []byte("[]")) }, ErrForm},
		{"header null", func(f *fake, _, c map[string]any) string { return signRaw(f.signer, []byte("null"), mustJSON(c)) }, ErrForm},
		{"claims twice", rawClaims(`,"aud":"x"}`), ErrForm},
		{"claims twice, deep inside", rawClaims(`,"x":[{"a":1,"a":2}]}`), ErrForm},
		{"something after the claims", rawClaims(`}{}`), ErrForm},
		{"a bracket after the claims", rawClaims(`}]`), ErrForm},
		{"nested a hundred deep", rawClaims(`,"x":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`), ErrForm},
		{"200 KB", with(map[string]any{"x": strings.Repeat("x", 200<<10)}), ErrForm},
		{"2 MB", func(*fake, map[string]any, map[string]any) string { return strings.Repeat("a", 2<<20) }, ErrForm},
		{"crit", withHeader(map[string]any{"crit": []string{"exp"}}), ErrForm},
		{"empty crit", withHeader(map[string]any{"crit": []string{}}), ErrForm},
		{"kid a number", withHeader(map[string]any{"kid": 7}), ErrForm},
		{"x5t a list", withHeader(map[string]any{"x5t": []int{1}}), ErrForm},
	}
}

// unsignedTokens are made with another algorithm, another key, or none.
func unsignedTokens() []tokenCase {
	return []tokenCase{
		{"alg none", func(_ *fake, h, c map[string]any) string {
			return encode(mustJSON(over(h, map[string]any{"alg": "none"}))) + "." + encode(mustJSON(c)) + "."
		}, ErrAlgorithm},
		{"alg none in capitals", withHeader(map[string]any{"alg": "NONE"}), ErrAlgorithm},
		{"alg absent", withHeader(map[string]any{"alg": nil}), ErrAlgorithm},
		{"alg a number", withHeader(map[string]any{"alg": 256}), ErrAlgorithm},
		{"alg RS512", withHeader(map[string]any{"alg": "RS512"}), ErrAlgorithm},
		{"alg PS256", withHeader(map[string]any{"alg": "PS256"}), ErrAlgorithm},
		{"alg rs256 in small letters", withHeader(map[string]any{"alg": "rs256"}), ErrAlgorithm},
		{"HS256 with the public key", func(f *fake, h, c map[string]any) string {
			signed := encode(mustJSON(over(h, map[string]any{"alg": "HS256"}))) + "." + encode(mustJSON(c))
			mac := hmac.New(sha256.New, x509.MarshalPKCS1PublicKey(&f.signer.PublicKey))
			mac.Write([]byte(signed))
			return signed + "." + encode(mac.Sum(nil))
		}, ErrAlgorithm},

		{"no kid, two keys", func(f *fake, h, c map[string]any) string {
			f.setKeys(jwk(f.signer), jwk(otherKey()))
			return signJWT(f.signer, over(h, map[string]any{"kid": nil, "x5t": nil}), c)
		}, ErrKey},
		{"unknown kid, two keys", func(f *fake, h, c map[string]any) string {
			f.setKeys(jwk(f.signer), jwk(otherKey()))
			return signJWT(f.signer, over(h, map[string]any{"kid": "other", "x5t": nil}), c)
		}, ErrKey},
		{"no keys at all", func(f *fake, h, c map[string]any) string {
			f.setKeys()
			return signJWT(f.signer, h, c)
		}, ErrKey},
		{"only keys for encryption", func(f *fake, h, c map[string]any) string {
			f.setKeys(over(jwk(f.signer), map[string]any{"use": "enc"}))
			return signJWT(f.signer, h, c)
		}, ErrKey},
		{"a key of 512 bits", func(f *fake, h, c map[string]any) string {
			f.setKeys(map[string]any{"kty": "RSA", "kid": h["kid"], "n": encode(make([]byte, 64)), "e": "AQAB"})
			return signJWT(f.signer, h, c)
		}, ErrKey},

		{"another's key", func(_ *fake, h, c map[string]any) string { return signJWT(otherKey(), h, c) }, ErrSignature},
		{"own key in the header", func(_ *fake, h, c map[string]any) string {
			return signJWT(otherKey(), over(h, map[string]any{"jwk": jwk(otherKey()), "x5c": jwk(otherKey())["x5c"], "jku": "https://example.com"}), c)
		}, ErrSignature},
		{"no signature", func(f *fake, h, c map[string]any) string {
			whole := signJWT(f.signer, h, c)
			return whole[:strings.LastIndexByte(whole, '.')+1]
		}, ErrSignature},
		{"claims changed after signing", func(f *fake, h, c map[string]any) string {
			p := strings.Split(signJWT(f.signer, h, c), ".")
			return p[0] + "." + encode(mustJSON(over(c, map[string]any{"sub": "eve"}))) + "." + p[2]
		}, ErrSignature},
	}
}

// foreignTokens were genuine for somebody else, or at another time.
func foreignTokens() []tokenCase {
	return []tokenCase{
		{"another issuer", with(map[string]any{"iss": "https://sod.superoffice.com.example"}), ErrIssuer},
		{"issuer with /login", func(f *fake, h, c map[string]any) string {
			return signJWT(f.signer, h, over(c, map[string]any{"iss": f.URL + "/login"}))
		}, ErrIssuer},
		{"issuer with a slash", func(f *fake, h, c map[string]any) string {
			return signJWT(f.signer, h, over(c, map[string]any{"iss": f.URL + "/"}))
		}, ErrIssuer},
		{"issuer absent", with(map[string]any{"iss": nil}), ErrIssuer},
		{"issuer a list", with(map[string]any{"iss": []string{"x"}}), ErrIssuer},
		{"another audience", with(map[string]any{"aud": "x"}), ErrAudience},
		{"audience absent", with(map[string]any{"aud": nil}), ErrAudience},
		{"audience empty", with(map[string]any{"aud": []string{}}), ErrAudience},
		{"aud:[1]", with(map[string]any{"aud": []int{1}}), ErrAudience},
		{"aud:[null]", with(map[string]any{"aud": []any{nil}}), ErrAudience},
		{"aud an object", with(map[string]any{"aud": map[string]any{testClientID: true}}), ErrAudience},
		{"several audiences, no azp", with(map[string]any{"aud": []string{testClientID, "x"}}), ErrAudience},
		{"another azp", with(map[string]any{"azp": "x"}), ErrAudience},
		{"azp a number", with(map[string]any{"azp": 1}), ErrAudience},
		{"expired six minutes ago", with(map[string]any{"exp": unixAt(-6 * time.Minute)}), ErrExpiry},
		{"exp absent", with(map[string]any{"exp": nil}), ErrExpiry},
		{"exp as text", with(map[string]any{"exp": fmt.Sprint(unixAt(time.Hour))}), ErrExpiry},
		{"exp negative", with(map[string]any{"exp": -1}), ErrExpiry},
		{"exp beyond all time", rawClaims(`,"exp ":1}`), nil}, // another name, not another exp
		{"exp 1e400", func(f *fake, h, c map[string]any) string {
			delete(c, "exp")
			return rawClaims(`,"exp":1e400}`)(f, h, c)
		}, ErrExpiry},
		{"begins in six minutes", with(map[string]any{"nbf": unixAt(6 * time.Minute)}), ErrNotBefore},
		{"nbf true", with(map[string]any{"nbf": true}), ErrNotBefore},
		{"issued in six minutes", with(map[string]any{"iat": unixAt(6 * time.Minute)}), ErrIssuedAt},
		{"iat absent", with(map[string]any{"iat": nil}), ErrIssuedAt},
		{"iat words", with(map[string]any{"iat": "now"}), ErrIssuedAt},
		{"iat an object", with(map[string]any{"iat": map[string]any{}}), ErrIssuedAt},
		{"another nonce", with(map[string]any{"nonce": "canary"}), ErrNonce},
		{"nonce absent", with(map[string]any{"nonce": nil}), ErrNonce},
		{"nonce a number", with(map[string]any{"nonce": 1}), ErrNonce},
		{"subject absent", with(map[string]any{"sub": nil}), ErrSubject},
		{"subject blank", with(map[string]any{"sub": " "}), ErrSubject},
		{"subject a number", with(map[string]any{"sub": 5}), ErrSubject},
	}
}

// strangeTokens say of SuperOffice's own claims what nobody can use.
func strangeTokens() []tokenCase {
	return []tokenCase{
		{"ctx absent", with(map[string]any{identity + "ctx": nil}), ErrClaims},
		{"ctx a path", with(map[string]any{identity + "ctx": "../Cust1"}), ErrClaims},
		{"ctx a list", with(map[string]any{identity + "ctx": []string{"Cust12345"}}), ErrClaims},
		{"serial words", with(map[string]any{identity + "serial": "12a"}), ErrClaims},
		{"administrator maybe", with(map[string]any{identity + "is_administrator": "Maybe"}), ErrClaims},
		{"administrator a number", with(map[string]any{identity + "is_administrator": 1}), ErrClaims},
		{"system token an object", with(map[string]any{identity + "system_token": map[string]any{"canary": 1}}), ErrClaims},
		{"another tenant", with(map[string]any{identity + "ctx": "Cust99999"}), ErrTenant},
	}
}
