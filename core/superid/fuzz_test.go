package superid

import (
	"context"
	"crypto/rsa"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
)

// knownKeys is a client that needs no server: it has the key set already, and its clock stands still, so
// that it never asks for another.
func knownKeys(base string, key *rsa.PublicKey) *Client {
	now := time.Unix(1.8e9, 0)
	c := New(Options{Now: func() time.Time { return now }})
	p := c.provider(base)
	p.keys, p.keysAt, p.askedAgain = keySet{{kid: "k", key: key}}, now, now
	return c
}

func FuzzIDToken(f *testing.F) {
	const base = "https://sod.superoffice.com"
	key := providerKey()
	header := map[string]any{"alg": "RS256", "kid": "k"}
	claims := map[string]any{"iss": base, "aud": testClientID, "sub": "x", "iat": 1, "exp": 5e9, identity + "ctx": "Cust1"}
	f.Add(signJWT(key, header, claims))
	f.Add(signJWT(key, header, over(claims, map[string]any{"aud": []int{1}})))
	f.Add(signJWT(key, map[string]any{"alg": "none", "crit": []string{"x"}}, claims))
	f.Add(signJWT(key, over(map[string]any{"kid": nil, "x5t": "F"}, header), over(claims, map[string]any{"aud": []string{testClientID}, "iat": "1"})))
	f.Add(signJWT(key, map[string]any{"alg": "HS256", "kid": strings.Repeat("AB", 20)}, claims))
	f.Add(string(signRaw(key, []byte(`{"alg":"RS256","alg":"none"}`), []byte(`{"iss":"a","iss":"b"}`))))
	f.Add("a.b.c")
	f.Add("eyJhbGciOiJub25lIn0.eyJhdWQiOlsxXX0.")
	c := knownKeys(base, &key.PublicKey)
	f.Fuzz(func(t *testing.T, token string) {
		v, err := c.validate(context.Background(), base, secret.New(token), expectation{issuer: base, idToken: true, ticket: true,
			audience: func(object) string { return testClientID }})
		if (err == nil) != (v.claims.Subject != "") {
			t.Errorf("error %v, and yet claims %+v", err, v.claims)
		}
	})
}

// FuzzClaims gets behind the signature, which no mutation passes.
func FuzzClaims(f *testing.F) {
	f.Add([]byte(`{"sub":"x","aud":[1],"` + identity + `ctx":"Cust1","` + identity + `serial":1}`))
	f.Add([]byte(`{"iat":"1","exp":1e400,"nbf":null}`))
	f.Add([]byte(`{"a":{"a":[{"a":1,"a":2}]}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := parseObject(raw)
		if err != nil {
			return
		}
		var c Claims
		if c.read(o) == nil && c.ContextID == "" {
			t.Error("read without ctx")
		}
		_, _ = o.texts("aud")
		for _, name := range []string{"iat", "exp", "nbf"} {
			if at, err := o.time(name, true); err == nil && (at.Year() > 9999 || at.Unix() < 0 && !at.IsZero()) {
				t.Errorf("%s is %s", name, at)
			}
		}
	})
}

func FuzzXMLKey(f *testing.F) {
	f.Add(xmlKey(appKey(), true))
	f.Add(xmlKey(appKey(), false))
	f.Add(inUTF16("\uFEFF"+xmlKey(appKey(), true), binary.LittleEndian))
	f.Add("\uFEFF<RSAKeyValue><Modulus>AQ==</Modulus></RSAKeyValue>")
	fuzzKey(f)
}

func FuzzPEMKey(f *testing.F) {
	f.Add(pemText("PRIVATE KEY", pkcs8(appKey())))
	f.Add(pemText("RSA PUBLIC KEY", []byte{0x30, 0x03, 0x02, 0x01, 0x01}))
	f.Add(oldEncrypted("AES-128-CBC,00"))
	plain := pemText("PRIVATE KEY", pkcs8(appKey()))
	for _, args := range []string{
		"rsa -traditional -aes256", "rsa -traditional -des3", "pkcs8 -topk8 -iter 1", "pkcs8 -topk8 -v2 des3 -iter 1 -v2prf hmacWithSHA512",
		"pkcs8 -topk8 -v2 aes-128-cbc -scrypt -scrypt_N 2 -scrypt_r 1 -scrypt_p 1",
	} {
		f.Add(openssl(f, plain, append(fields(args), "-passout", "env:KEY_PASSPHRASE")...))
	}
	fuzzKey(f)
}

func fuzzKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		cheap := KeyFingerprint(secret.New(text))
		key, err := ReadPrivateKey(secret.New(text), secret.New(testPassphrase))
		if err != nil {
			return
		}
		if _, err := SignSystemUserToken(secret.New("x"), key.RSA, time.Unix(0, 0)); err != nil {
			t.Errorf("a key that cannot sign was accepted: %v", err)
		}
		if full := key.Fingerprint(); !key.Encrypted && cheap != full {
			t.Errorf("the fingerprint is %s in a list, and %s elsewhere", cheap, full)
		}
	})
}

func FuzzCallback(f *testing.F) {
	f.Add("code=x&state=y")
	f.Add("error=access_denied&error_description=%C3%A6&state=y")
	f.Add("state=a&state=b")
	f.Add("%zz;&=")
	f.Fuzz(func(t *testing.T, raw string) {
		params, err := parseCallback(raw)
		if err != nil {
			return
		}
		for name, values := range params {
			if len(values) != 1 {
				t.Errorf("%q has %d values", name, len(values))
			}
		}
		findAuthorizeError(serverWords(params.Get("error_description")))
	})
}

func FuzzCertificate(f *testing.F) {
	f.Add(certificateOf(jwk(providerKey())))
	f.Add([]byte(pemCertificateOf(jwk(appKey()))))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))
	f.Add([]byte{0x30, 0x80})
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := ParseCertificate(raw)
		if err != nil {
			return
		}
		again, err := ParseCertificate([]byte(c.PEM))
		if err != nil || again.Thumbprint != c.Thumbprint || again.PEM != c.PEM {
			t.Errorf("the normalised certificate is another: %v", err)
		}
		if found, err := c.find(c.Thumbprint, ""); err != nil || found.key == nil || found.key.N.BitLen() < minSigningBits {
			t.Errorf("it does not name itself: %v", err)
		}
	})
}

func FuzzKeySet(f *testing.F) {
	f.Add(mustJSON(map[string]any{"keys": []any{jwk(providerKey()), jwk(appKey())}}))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"},null,1]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var keys keySet
		if keys.UnmarshalJSON(raw) != nil {
			return
		}
		for _, k := range keys {
			if k.key == nil || k.key.N.BitLen() < minSigningBits {
				t.Error("an unusable key was kept")
			}
		}
	})
}
