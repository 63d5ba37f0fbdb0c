package workbench_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

func TestAKeyIsMadeCheckedAndConverted(t *testing.T) {
	made, err := workbench.GenerateKey(1024, workbench.KeyXML)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(made.Private.Reveal(), "<RSAKeyValue>") || strings.Contains(made.Public, "<D>") || !strings.Contains(made.Public, "<Modulus>") {
		t.Error("the new key is not XML, or its public half is not")
	}
	checked, err := workbench.CheckKey(made.Private, secret.Text{})
	if err != nil || checked != made.KeyInfo {
		t.Errorf("checked, it is %+v (%v), and made as %+v", checked, err, made.KeyInfo)
	}
	if want := (workbench.KeyInfo{Form: workbench.KeyXML, Bits: 1024, Weak: true, Fingerprint: made.Fingerprint}); checked != want {
		t.Errorf("it is %+v, want %+v", checked, want)
	}
	// A passphrase that nobody asked for does no harm.
	converted, err := workbench.ConvertKey(made.Private, secret.New("x"), workbench.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	if converted.Form != workbench.KeyPEM || converted.Fingerprint != made.Fingerprint || !strings.HasPrefix(converted.Private.Reveal(), "-----BEGIN PRIVATE KEY") {
		t.Errorf("converted, it is %+v", converted.KeyInfo)
	}
	for name, fail := range map[string]func() error{
		"check": func() error { _, err := workbench.CheckKey(secret.New(made.Public), secret.Text{}); return err },
		"convert": func() error {
			_, err := workbench.ConvertKey(secret.New("x"), secret.Text{}, workbench.KeyPEM)
			return err
		},
		"generate": func() error { _, err := workbench.GenerateKey(512, workbench.KeyPEM); return err },
	} {
		if e := tenant.Explain(fail()); e.Cause != tenant.CauseKeyUnusable {
			t.Errorf("%s: the cause is %q", name, e.Cause)
		}
	}
}

func TestAPassphraseThatIsMissingIsToldFromAKeyThatIsUnusable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "encrypted-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	key := secret.New(string(text))
	for _, wrong := range []string{"", "open barley"} {
		if _, err := workbench.CheckKey(key, secret.New(wrong)); !workbench.NeedsPassphrase(err) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	info, err := workbench.CheckKey(key, secret.New("open sesame"))
	if err != nil || !info.Encrypted || info.Bits != 2048 {
		t.Errorf("opened, it is %+v (%v)", info, err)
	}
	for _, unusable := range []string{"", "x", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"} {
		if _, err := workbench.CheckKey(secret.New(unusable), secret.New("open sesame")); err == nil || workbench.NeedsPassphrase(err) {
			t.Errorf("%q: %v", unusable, err)
		}
	}
}

// drawer is a store with room for registrations.
type drawer struct {
	workbench.Store
	kept []tenant.Registration
}

func (d *drawer) SaveRegistration(_ context.Context, r tenant.Registration) error {
	d.kept = append(d.kept, r)
	return nil
}

func (d *drawer) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Registrations: d.kept}, nil
}

// Whoever compares the window with a key file sees the same fingerprint, in whatever form the key came.
func TestARegistrationShowsItsKeysFingerprint(t *testing.T) {
	d := &drawer{}
	w := workbench.New(workbench.Options{Store: d, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	made, err := workbench.GenerateKey(2048, workbench.KeyXML)
	if err != nil {
		t.Fatal(err)
	}
	asPEM, err := workbench.ConvertKey(made.Private, secret.Text{}, workbench.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]secret.Text{"xml": made.Private, "pem": asPEM.Private, "none": {}} {
		err := w.AddRegistration(t.Context(), tenant.Registration{Name: name, Environment: tenant.Stage, Base: tenant.Stage.BaseURL(),
			ClientID: strings.Repeat("0a", 16), ClientSecret: secret.New("x"), PrivateKey: key, RedirectURI: tenant.DefaultRedirectURI})
		if err != nil {
			t.Fatal(err)
		}
	}
	o, err := w.Overview(t.Context())
	if err != nil || len(o.Registrations) != 3 {
		t.Fatalf("%d registrations, %v", len(o.Registrations), err)
	}
	for i, r := range o.Registrations {
		want := made.Fingerprint
		if r.Name == "none" {
			want = "none"
		} else if !d.kept[i].PrivateKey.Equal(asPEM.Private) {
			t.Errorf("%s is not stored as PEM", r.Name)
		}
		if r.KeyFingerprint != want {
			t.Errorf("%s shows the fingerprint %s, want %s", r.Name, r.KeyFingerprint, want)
		}
	}
	err = w.AddRegistration(t.Context(), tenant.Registration{Name: "public", Environment: tenant.Stage, Base: tenant.Stage.BaseURL(),
		ClientID: strings.Repeat("0a", 16), PrivateKey: secret.New(made.Public), RedirectURI: tenant.DefaultRedirectURI})
	if problem, ok := errors.AsType[*tenant.Problem](err); !ok || problem.Cause != tenant.CauseKeyUnusable || len(d.kept) != 3 {
		t.Errorf("a public key is stored: %v", err)
	}
}
