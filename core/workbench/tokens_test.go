package workbench_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

const claimPrefix = "http://schemes.superoffice.net/identity/"

// issuer signs tokens as SuperOffice does. Making its key takes long, so the tests share it.
var issuer = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// certificate is the issuer's, as DER.
func certificate(t *testing.T, until time.Time) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(1e9, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, issuer().Public(), issuer())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func signed(t *testing.T, claims map[string]any) secret.Text {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256"}`)) + "." + encode(payload)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, issuer(), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return secret.New(text + "." + encode(signature))
}

func exchangeToken(t *testing.T) secret.Text {
	return signed(t, map[string]any{"iss": "SuperOffice AS", "aud": "spn:17", "iat": 2e9, "exp": 2e9 + 300, "note": "Bearer 8A:Cust1.canary",
		claimPrefix + "ctx": "Cust1", claimPrefix + "serial": "17", claimPrefix + "ticket": "7T:canary"})
}

// registrations is a store of registrations only.
type registrations struct {
	workbench.Store
	reg   tenant.Registration
	asked int
	saved *tenant.Registration
}

func (r *registrations) Settings(context.Context) (tenant.Settings, error) {
	return tenant.Settings{Registration: "app"}, nil
}

func (r *registrations) Registration(_ context.Context, name string) (tenant.Registration, error) {
	r.asked++
	if name != r.reg.Name {
		return tenant.Registration{}, tenant.ErrNotFound
	}
	return r.reg, nil
}

func (r *registrations) SaveRegistration(_ context.Context, reg tenant.Registration) error {
	r.saved = &reg
	return nil
}

func (r *registrations) Snapshot(context.Context) (tenant.Snapshot, error) {
	if r.saved == nil {
		return tenant.Snapshot{}, nil
	}
	return tenant.Snapshot{Registrations: []tenant.Registration{*r.saved}}, nil
}

func tokenBench(t *testing.T, store workbench.Store, s workbench.SuperID) *workbench.Workbench {
	if s == nil {
		client := superid.New(superid.Options{})
		t.Cleanup(client.Close)
		s = client
	}
	return workbench.New(workbench.Options{Store: store, SuperID: s, Keeper: door{}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Unix(2e9, 0) }})
}

func pinned(t *testing.T) tenant.Registration {
	return tenant.Registration{Name: "app", Base: "https://sod.superoffice.com", ClientID: "the app",
		Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(t, time.Unix(5e9, 0))}))}
}

func TestInspectedTokensKeepTheirSecrets(t *testing.T) {
	store := &registrations{reg: pinned(t)}
	i, err := tokenBench(t, store, nil).InspectToken(context.Background(), workbench.TokenRequest{Token: exchangeToken(t), At: time.Unix(2e9, 0)})
	if err != nil || !i.Passed || !i.Genuine || i.Kind != superid.ExchangeToken || len(i.Checks) != 12 {
		t.Fatalf("%v: %+v", err, i)
	}
	b, err := json.Marshal(i)
	if err != nil || strings.Contains(string(b), "canary") {
		t.Errorf("a secret is shown: %s, %v", b, err)
	}
	ticket := secret.New("7T:canary").Fingerprint()
	for _, part := range []string{`{"name":"form","passed":true,"checked":true}`, `{"name":"iss","value":"SuperOffice AS"}`,
		`{"name":"` + claimPrefix + `ticket","fingerprint":"` + ticket + `"}`, `"passed":false,"checked":false,"reason":"not checked, as no tenant`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("without %s: %s", part, b)
		}
	}
}

func TestInspectingWithAnOwnKeyNeedsNoRegistration(t *testing.T) {
	store := &registrations{}
	request := workbench.TokenRequest{Token: exchangeToken(t), At: time.Unix(2e9, 0), Certificate: certificate(t, time.Unix(5e9, 0))}
	w := tokenBench(t, store, nil)
	if i, err := w.InspectToken(context.Background(), request); err != nil || !i.Passed || store.asked != 0 {
		t.Errorf("asked for a registration %d times: %v, %+v", store.asked, err, i)
	}
	request.Registration = "another"
	if _, err := w.InspectToken(context.Background(), request); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("with a registration that is not there: %v", err)
	}
}

func TestARefusedTokenIsShownAllTheSame(t *testing.T) {
	store := &registrations{reg: pinned(t)}
	i, err := tokenBench(t, store, nil).InspectToken(context.Background(), workbench.TokenRequest{Token: exchangeToken(t), At: time.Unix(3e9, 0)})
	if e := tenant.Explain(err); e.Cause != tenant.CauseTokenTimes {
		t.Errorf("%+v", e)
	}
	failed := ""
	for _, c := range i.Checks {
		if c.Checked && !c.Passed {
			failed += c.Name + ": " + c.Reason
		}
	}
	if i.Passed || !strings.HasPrefix(failed, "expiry: expired: it ended at 2033-05-18") || len(i.Claims) != 8 {
		t.Errorf("failed %q: %+v", failed, i)
	}
}

// refusing is a SuperID whose id tokens do not pass.
type refusing struct{ workbench.SuperID }

func (refusing) SignIn(context.Context, tenant.Registration, superid.SignInRequest) (superid.SignedIn, error) {
	return superid.SignedIn{Checks: []superid.Check{{Name: "form"}, {Name: "key", Err: fmt.Errorf("%w: x", superid.ErrKey)},
		{Name: "signature", Err: superid.ErrNotChecked}}}, superid.ErrKey
}

func TestAFailedSignInHandsItsChecksOn(t *testing.T) {
	s, err := tokenBench(t, &registrations{reg: pinned(t)}, refusing{}).SignIn(context.Background(), workbench.SignInRequest{}, workbench.SignInHooks{})
	want := []workbench.Check{{"form", true, true, ""}, {"key", false, true, "no matching key: x"}, {"signature", false, false, "not checked"}}
	if !errors.Is(err, superid.ErrKey) || fmt.Sprint(s.Checks) != fmt.Sprint(want) {
		t.Errorf("%v, %v", s.Checks, err)
	}
}

// accepting is a SuperID whose sign-ins pass one check.
type accepting struct{ workbench.SuperID }

func (accepting) SignIn(ctx context.Context, _ tenant.Registration, req superid.SignInRequest) (superid.SignedIn, error) {
	s := superid.SignedIn{Checks: []superid.Check{{Name: "form"}}, Claims: superid.Claims{ContextID: "Cust1"}}
	return s, req.Accept(ctx, s)
}

// shop stores the one tenant that is signed in to.
type shop struct {
	registrations
	validation tenant.Validation
	failing    error // of keeping the validation
}

func (*shop) SaveSignIn(context.Context, tenant.Tenant, tenant.Login) (bool, error) { return true, nil }

func (s *shop) SaveValidation(_ context.Context, v tenant.Validation) error {
	s.validation = v
	return s.failing
}

func (s *shop) Validation(_ context.Context, k tenant.Key) (tenant.Validation, error) {
	if k != key {
		return tenant.Validation{}, tenant.ErrNotFound
	}
	return s.validation, nil
}

func (*shop) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Tenants: []tenant.Tenant{{Key: key}}}, nil
}

func TestASignInHandsItsChecksOn(t *testing.T) {
	s, err := tokenBench(t, &shop{registrations: registrations{reg: pinned(t)}}, accepting{}).SignIn(context.Background(), workbench.SignInRequest{}, workbench.SignInHooks{})
	if err != nil || !s.New || len(s.Checks) != 1 || !s.Checks[0].Passed {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestACertificateIsPinnedInOneForm(t *testing.T) {
	for name, until := range map[string]time.Time{"valid": time.Unix(5e9, 0), "expired": time.Unix(15e8, 0)} {
		t.Run(name, func(t *testing.T) {
			store := &registrations{}
			w := tokenBench(t, store, nil)
			der := certificate(t, until)
			reg := tenant.Registration{Name: "app", Environment: tenant.Development, Base: tenant.Development.BaseURL(),
				ClientID: strings.Repeat("0", 32), RedirectURI: tenant.DefaultRedirectURI, Certificate: string(der)}
			if err := w.AddRegistration(context.Background(), reg); err != nil {
				t.Fatal(err)
			}
			if store.saved.Certificate != string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) {
				t.Errorf("stored %q", store.saved.Certificate)
			}
			o, err := w.Overview(context.Background())
			if err != nil || len(o.Registrations) != 1 {
				t.Fatal(o, err)
			}
			c := o.Registrations[0].Certificate
			if c == nil || len(c.Thumbprint) != 40 || !c.NotAfter.Equal(until) || (c.Warning != "") != (name == "expired") {
				t.Errorf("shown: %+v", c)
			}
		})
	}
}

func TestAnUnusableCertificateIsNotStored(t *testing.T) {
	store := &registrations{}
	err := tokenBench(t, store, nil).AddRegistration(context.Background(), tenant.Registration{Name: "app", Environment: tenant.Development,
		Base: tenant.Development.BaseURL(), ClientID: strings.Repeat("0", 32), RedirectURI: tenant.DefaultRedirectURI, Certificate: "Hello"})
	if e := tenant.Explain(err); e.Cause != tenant.CauseInput || store.saved != nil {
		t.Errorf("%+v, stored %v", e, store.saved != nil)
	}
}
