package superid

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

// certificateOf is the certificate of a key set's entry, as DER.
func certificateOf(entry map[string]any) []byte {
	der, err := base64.StdEncoding.DecodeString(entry["x5c"].([]string)[0])
	if err != nil {
		panic(err)
	}
	return der
}

func pemCertificateOf(entry map[string]any) string {
	return pemText(pemCertificate, certificateOf(entry))
}

func TestParseCertificate(t *testing.T) {
	entry := jwk(providerKey())
	der := certificateOf(entry)
	for name, b := range map[string][]byte{
		"DER":                  der,
		"PEM":                  []byte(pemCertificateOf(entry)),
		"PEM with words above": []byte("subject=Federated Login\n" + pemCertificateOf(entry)),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ParseCertificate(b)
			if err != nil {
				t.Fatal(err)
			}
			if c.Thumbprint != entry["kid"] || c.PEM != pemCertificateOf(entry) || len(c.Fingerprint) != 64 || !strings.Contains(c.Subject, "Federated Login") {
				t.Errorf("%+v", c)
			}
			if c.Warning(time.Unix(2e9, 0)) != "" || !strings.Contains(c.Warning(time.Unix(6e9, 0)), "expired at 2128-") ||
				!strings.Contains(c.Warning(time.Unix(1, 0)), "valid from 2001-") {
				t.Errorf("warnings %q, %q", c.Warning(time.Unix(6e9, 0)), c.Warning(time.Unix(1, 0)))
			}
		})
	}
}

func TestParseCertificateRefuses(t *testing.T) {
	entry := jwk(providerKey())
	for name, row := range map[string]struct{ given, why string }{
		"nothing":               {"", "no X.509"},
		"a text":                {"Hello", "no X.509"},
		"half a certificate":    {string(certificateOf(entry)[:200]), "no X.509"},
		"PEM of half of one":    {pemText(pemCertificate, certificateOf(entry)[:200]), "no X.509"},
		"a chain":               {pemCertificateOf(entry) + pemCertificateOf(jwk(otherKey())), "several"},
		"a private key":         {pemText("PRIVATE KEY", pkcs8(providerKey())), "private key"},
		"one with its key":      {pemCertificateOf(entry) + pemText("RSA PRIVATE KEY", []byte("canary")), "private key"},
		"another kind of PEM":   {pemText("X509 CRL", []byte{1}), "no certificate"},
		"a key of 1024 bits":    {pemCertificateOf(jwk(appKey())), "1024 bits"},
		"an elliptic curve":     {pemText(pemCertificate, curveCertificate(t)), "not RSA"},
		"larger than any other": {strings.Repeat("x", maxCertificate+1), "64 KB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCertificate([]byte(row.given))
			if e := explained(t, err); !errors.Is(err, ErrRegistration) || e.Cause != tenant.CauseInput || !strings.Contains(e.Why, row.why) {
				t.Errorf("%+v", e)
			}
			assertNoCanary(t, err)
		})
	}
}

func curveCertificate(t *testing.T) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Unix(5e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestAPinnedCertificateTakesThePlaceOfTheKeySet: sign-in, refresh and exchange work although the key set
// is gone, and nobody asks for it.
func TestAPinnedCertificateTakesThePlaceOfTheKeySet(t *testing.T) {
	f := newFake(t)
	entry := f.keys[0]
	f.setKeys()
	f.exchange = func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"IsSuccessful": true, "Token": f.exchangeToken(), "ErrorMessage": nil})
	}
	reg := f.registration()
	reg.Certificate = pemCertificateOf(entry)
	c := newClient(t)
	x, err := exchange(context.Background(), c, reg, testTenant())
	if err != nil || x.Ticket.Reveal() != testTicket {
		t.Errorf("exchange: %v", err)
	}
	if f.count(metadataAt) != 0 {
		t.Error("the exchange asked for the metadata")
	}
	s, _, err := signInWith(context.Background(), c, reg, SignInRequest{})
	if err != nil {
		t.Errorf("sign-in: %v", err)
	}
	if _, err := c.Refresh(context.Background(), reg, s.RefreshToken); err != nil {
		t.Errorf("refresh: %v", err)
	}
	if f.count(keysAt) != 0 {
		t.Errorf("the key set was asked for %d times", f.count(keysAt))
	}
}

func TestAPinnedCertificateThatDoesNotFitIsNamed(t *testing.T) {
	pinned := jwk(otherKey())
	rows := map[string]struct {
		header map[string]any // over the provider's own
		signer string
		want   error // nil: accepted
	}{
		"another certificate's tokens":        {nil, "provider", ErrKey},
		"another certificate by x5t only":     {map[string]any{"kid": nil}, "provider", ErrKey},
		"another certificate in the old form": {map[string]any{"kid": jwk(providerKey())["x5t"], "x5t": nil}, "provider", ErrKey},
		"no name and another key":             {map[string]any{"kid": nil, "x5t": nil}, "provider", ErrSignature},
		"the right name and another key":      {map[string]any{"kid": pinned["kid"], "x5t": pinned["x5t"]}, "provider", ErrSignature},
		"the right name and key":              {map[string]any{"kid": pinned["kid"], "x5t": pinned["x5t"]}, "pinned", nil},
		"the right x5t":                       {map[string]any{"kid": nil, "x5t": pinned["x5t"]}, "pinned", nil},
		"the old form of kid":                 {map[string]any{"kid": pinned["x5t"], "x5t": nil}, "pinned", nil},
		"kid in small letters":                {map[string]any{"kid": strings.ToLower(pinned["kid"].(string)), "x5t": nil}, "pinned", nil},
		"no name and the right key":           {map[string]any{"kid": nil, "x5t": nil}, "pinned", nil},
		"a name that is no thumbprint":        {map[string]any{"kid": "key-1", "x5t": nil}, "pinned", nil},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.header = over(f.header, row.header)
			if row.signer == "pinned" {
				f.signer = otherKey()
			}
			reg := f.registration()
			reg.Certificate = pemCertificateOf(pinned)
			s, _, err := signInWith(context.Background(), newClient(t), reg, SignInRequest{})
			if row.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := explained(t, err)
			if !errors.Is(err, row.want) || !errors.Is(err, ErrCertificate) || e.Cause != tenant.CauseCertificateStale {
				t.Errorf("got %v, %+v", err, e)
			}
			if !s.AccessToken.Empty() || s.Claims.ContextID != "" {
				t.Errorf("a refused token was believed: %+v", s)
			}
		})
	}
}

// TestAnUnusablePinnedCertificateStopsTheExchange: nothing may be sent that could not be validated.
func TestAnUnusablePinnedCertificateStopsTheExchange(t *testing.T) {
	reg := newFake(t).registration()
	reg.Certificate = "x"
	c := New(Options{HTTP: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("something was sent")
		return nil, io.ErrUnexpectedEOF
	})}})
	if _, err := c.RequestTicket(context.Background(), reg, testTenant()); !errors.Is(err, ErrRegistration) {
		t.Errorf("got %v", err)
	}
}
