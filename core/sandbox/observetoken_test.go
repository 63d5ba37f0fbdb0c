package sandbox_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha1" // the thumbprint of a certificate
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
)

func seeIDToken(w *world, ctx string) string {
	return seeToken(w, text(w.signIn(ctx)["id_token"]), w.tenant(ctx).Ctx, w.tenant(ctx).Serial)
}

func seeExchangeToken(w *world, ctx string) string {
	a, err := w.tryExchange(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return seeToken(w, text(a.object(w.t)["Token"]), w.tenant(ctx).Ctx, w.tenant(ctx).Serial)
}

// seeToken takes a token apart without believing any of it.
func seeToken(w *world, token, ctx, serial string) string {
	w.t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		w.t.Fatalf("a token of %d parts", len(parts))
	}
	header := answer{body: unbase64(w.t, parts[0])}.object(w.t)
	claims := answer{body: unbase64(w.t, parts[1])}.object(w.t)
	from := func(name string) string {
		number, ok := claims[name].(json.Number)
		if !ok {
			return fmt.Sprintf("%T", claims[name])
		}
		n, _ := number.Int64()
		return fmt.Sprint(n - w.clock.now().Unix())
	}
	certificate := w.certificate()
	payload := unbase64(w.t, parts[1])
	if len(payload) > 2<<20 {
		payload = []byte("huge")
	}
	return fmt.Sprintf("header=%s header-missing=%s kid-known=%t signature=%s missing=%s iat=%s exp=%s ctx-as-asked=%t serial-as-known=%t aud-of-serial=%t claims=%s",
		unbase64(w.t, parts[0]), missing(header, "alg", "kid", "x5t"), header["kid"] == fmt.Sprintf("%X", sha1Of(certificate.Raw)),
		sealOf(w, certificate, parts), missing(claims, "iss", "aud", "sub", "nonce", "iat", "nbf", "exp", prefix+"ctx", prefix+"serial",
			prefix+"ticket", prefix+"upn", prefix+"webapi_url"),
		from("iat"), from("exp"), claims[prefix+"ctx"] == ctx, claims[prefix+"serial"] == serial,
		claims["aud"] == "spn:"+text(claims[prefix+"serial"]), payload)
}

func sha1Of(b []byte) []byte {
	sum := sha1.Sum(b)
	return sum[:]
}

func (w *world) certificate() *x509.Certificate {
	w.t.Helper()
	block, _ := pem.Decode([]byte(w.ready.CertificatePEM))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		w.t.Fatal(err)
	}
	return certificate
}

// sealOf says how a token is signed.
func sealOf(w *world, certificate *x509.Certificate, parts []string) string {
	w.t.Helper()
	signature, signed := unbase64(w.t, parts[2]), []byte(parts[0]+"."+parts[1])
	public, _ := certificate.PublicKey.(*rsa.PublicKey)
	sum := sha256.Sum256(signed)
	if rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) == nil {
		return "good"
	}
	if len(signature) == 0 {
		return "none"
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		w.t.Fatal(err)
	}
	mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	mac.Write(signed)
	if hmac.Equal(mac.Sum(nil), signature) {
		return "hmac"
	}
	return "bad"
}

// seeKeysAndToken looks at both sides of the search for a key.
func seeKeysAndToken(w *world, ctx string) string {
	keys, _ := w.get("/login/.well-known/jwks").object(w.t)["keys"].([]any)
	var kinds []string
	for _, k := range keys {
		key, _ := k.(map[string]any)
		kid := "other"
		switch key["kid"] {
		case fmt.Sprintf("%X", sha1Of(w.certificate().Raw)):
			kid = "hex"
		case base64.RawURLEncoding.EncodeToString(sha1Of(w.certificate().Raw)):
			kid = "x5t"
		}
		kinds = append(kinds, text(key["kty"])+":"+kid)
	}
	return fmt.Sprintf("keys=%v %s", kinds, seeToken(w, text(w.signIn(ctx)["id_token"]), ctx, ""))
}
