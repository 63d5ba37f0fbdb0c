package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// customersOf is a list of customers as the tutorial's programs write it.
func customersOf(ids ...string) io.Reader {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><ArrayOfCustomerInfo>`)
	for _, id := range ids {
		b.WriteString("<CustomerInfo><ContextIdentifier>" + id + "</ContextIdentifier><SystemUserToken>App-" + id + "</SystemUserToken><IsActive>true</IsActive></CustomerInfo>")
	}
	b.WriteString("</ArrayOfCustomerInfo>")
	return strings.NewReader(b.String())
}

// spoil flips a bit in the value of each record of the data file that has this key and is not the beginning of a
// longer one, as a failing disk does: bbolt keeps a value behind its key.
func spoil(t *testing.T, data, key string) {
	t.Helper()
	path := filepath.Join(data, "partnerdesk.bolt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := 0
	for at := 0; ; {
		i := bytes.Index(content[at:], []byte(key))
		if i < 0 {
			break
		}
		at += i + len(key)
		if at+40 < len(content) && content[at] != 0 {
			content[at+30] ^= 1
			spoiled++
		}
	}
	if spoiled == 0 {
		t.Fatalf("there is no record %q", key)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// spoiledDirectory has the registration "our app" with two tenants, and then damage in its file.
func spoiledDirectory(t *testing.T, key string) *app.App {
	t.Helper()
	o := app.Options{Program: "desktop", Data: t.TempDir()}
	open := func() *app.App {
		a, err := app.New(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := open()
	err := a.Workbench.AddRegistration(t.Context(), tenant.Registration{Name: "our app", Environment: tenant.Custom, Base: "https://127.0.0.1:1",
		ClientID: strings.Repeat("0a", 16), ClientSecret: secret.New("canary"), RedirectURI: tenant.DefaultRedirectURI})
	if err == nil {
		_, err = a.Workbench.ImportCustomers(t.Context(), "our app", customersOf("Cust10001", "Cust10002"), workbench.ImportOptions{})
	}
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	spoil(t, o.Data, key)
	a = open()
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// damaged names what cannot be trusted.
func damaged(t *testing.T, a *app.App) []tenant.Key {
	t.Helper()
	o, err := a.Workbench.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var keys []tenant.Key
	for _, d := range o.Damaged {
		keys = append(keys, d.Key)
	}
	return keys
}

func TestADamagedTenantIsRemoved(t *testing.T) {
	key := tenant.Key{Registration: "our app", ContextID: "Cust10001"}
	a := spoiledDirectory(t, "our app\x00Cust10001")
	if got := damaged(t, a); len(got) != 1 || got[0] != key {
		t.Fatalf("damaged: %v", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	receipt, err := a.Workbench.Offboard(ctx, workbench.OffboardRequest{Key: key})
	if err != nil || !receipt.Wiped {
		t.Fatalf("wiped: %v, %v", receipt.Wiped, err)
	}
	if got := damaged(t, a); len(got) != 0 {
		t.Errorf("still damaged: %v", got)
	}
}

// Of a damaged registration nothing can be asked of SuperOffice: its tenants are kept for a backup that brings it
// back, until somebody says otherwise.
func TestADamagedRegistrationIsRemovedAfterItsTenants(t *testing.T) {
	a := spoiledDirectory(t, "our app")
	if got := damaged(t, a); len(got) != 1 || got[0] != (tenant.Key{Registration: "our app"}) {
		t.Fatalf("damaged: %v", got)
	}
	if err := a.Workbench.RemoveRegistration(t.Context(), "our app"); err == nil || !strings.Contains(tenant.Explain(err).Why, "2 tenants belong") {
		t.Errorf("with tenants: %v", err)
	}
	for _, id := range []string{"Cust10001", "Cust10002"} {
		key := tenant.Key{Registration: "our app", ContextID: id}
		receipt, err := a.Workbench.Offboard(t.Context(), workbench.OffboardRequest{Key: key})
		if err == nil || receipt.Wiped || !strings.Contains(tenant.Explain(err).Next, "remove it anyway") {
			t.Errorf("unasked: wiped %v, %v", receipt.Wiped, err)
		}
		if receipt, err = a.Workbench.Offboard(t.Context(), workbench.OffboardRequest{Key: key, Offline: true}); err != nil || !receipt.Wiped {
			t.Errorf("anyway: wiped %v, %v", receipt.Wiped, err)
		}
		if receipt.RefreshToken.Outcome != workbench.TokenNotThere || receipt.SystemUser.Outcome != workbench.ProofNotTried {
			t.Errorf("the receipt says %s, %s", receipt.RefreshToken.Outcome, receipt.SystemUser.Outcome)
		}
	}
	if err := a.Workbench.RemoveRegistration(t.Context(), "our app"); err != nil {
		t.Error(err)
	}
	if got := damaged(t, a); len(got) != 0 {
		t.Errorf("still damaged: %v", got)
	}
}

func TestDamagedSettingsAreReplacedByTheUsualOnes(t *testing.T) {
	o := app.Options{Program: "desktop", Data: t.TempDir()}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	err = a.Workbench.UpdateSettings(t.Context(), func(s *tenant.Settings) error { s.RequestBudget = 77; return nil })
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Data, "partnerdesk.bolt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := bytes.ReplaceAll(content, []byte(`request_budget":77`), []byte(`request_budget":78`))
	if bytes.Equal(spoiled, content) {
		t.Fatal("the settings are not where they are looked for")
	}
	if err := os.WriteFile(path, spoiled, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err = app.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got := damaged(t, a); len(got) != 1 || got[0] != (tenant.Key{}) {
		t.Fatalf("damaged: %v", got)
	}
	err = a.Workbench.UpdateSettings(t.Context(), func(s *tenant.Settings) error { *s = tenant.DefaultSettings(); return nil })
	if got := damaged(t, a); err != nil || len(got) != 0 {
		t.Errorf("still damaged: %v, %v", got, err)
	}
}
