package transfer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/transfer"
)

var (
	passphrase = secret.New("correct horse battery")
	moment     = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	// sameSecrets compares what prints alike.
	sameSecrets = cmp.Comparer(func(a, b secret.Text) bool { return a.Equal(b) })
)

func everything() tenant.Portable {
	key := tenant.Key{Registration: "stage", ContextID: "Cust10001"}
	return tenant.Portable{
		Settings: &tenant.Settings{Registration: "stage", PollInterval: time.Minute, Demonstration: true, RequestBudget: 25, Maintenance: "Thu 22:00-06:00", UpdateAddress: "https://example.com/newest.json"},
		Registrations: []tenant.Registration{{
			Name: "stage", Environment: tenant.Stage, Base: tenant.Stage.BaseURL(), ClientID: strings.Repeat("0a", 16),
			ClientSecret: secret.New("canary-client-secret"), PrivateKey: secret.New("canary-private-key"),
			RedirectURI: tenant.DefaultRedirectURI, Exchange: tenant.SOAP, Certificate: "a certificate",
		}},
		Tenants: []tenant.PortableTenant{
			{
				Tenant: tenant.Tenant{Key: key, CompanyName: "Blåbær & Sønner", Serial: "123", Active: true, AddedAt: moment,
					SystemUserToken: secret.New("canary-system-user-token"), SignedInAt: moment, SignedInAs: "ola@example.com"},
				Login: &tenant.Login{Key: key, UserName: "ola@example.com", AssociateID: "5", Administrator: true,
					AccessToken: secret.New("canary-access-token"), AccessTokenExpiry: moment, RefreshToken: secret.New("canary-refresh-token")},
				LogOnAt: moment,
			},
			{Tenant: tenant.Tenant{Key: tenant.Key{Registration: "stage", ContextID: "Cust10002"}}},
		},
	}
}

func written(t testing.TB, all tenant.Portable) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := transfer.Write(&b, all, passphrase, moment); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsReadAgainAlsoByAge(t *testing.T) {
	file := written(t, everything())
	if bytes.Contains(file, []byte("canary")) || bytes.Contains(file, []byte("Cust10001")) {
		t.Error("the file can be read without the passphrase")
	}
	openedByAge(t, file)
	all, err := transfer.Read(bytes.NewReader(file), passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everything(), all, sameSecrets); diff != "" {
		t.Errorf("it came back otherwise: %s", diff)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if strings.Contains(fmt.Sprintf(verb, all.Tenants), "canary") || strings.Contains(fmt.Sprintf(verb, all.Registrations), "canary") {
			t.Errorf("%s prints a secret", verb)
		}
	}
}

// A backup from before the request budget and the planned maintenance means their defaults; one with no maintenance
// means none.
func TestAnOlderBackupMeansTheDefaults(t *testing.T) {
	for text, want := range map[string]tenant.Settings{
		`{}`:                                    tenant.DefaultSettings(),
		`{"maintenance":"","request_budget":7}`: {PollInterval: tenant.DefaultPollInterval, RequestBudget: 7},
	} {
		line := `{"settings":` + strings.Replace(text, "{", `{"poll_interval":"15s",`, 1) + `}`
		all, err := transfer.Read(bytes.NewReader(sealed(t, head+strings.Replace(line, ",}", "}", 1))), passphrase)
		want.Registration = ""
		if err != nil || all.Settings == nil || *all.Settings != want {
			t.Errorf("%s: %+v, %v", text, all.Settings, err)
		}
	}
}

// openedByAge makes sure that the file outlives this program: whoever has the passphrase opens it with the age
// tool.
func openedByAge(t *testing.T, file []byte) {
	t.Helper()
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := age.Decrypt(bytes.NewReader(file), identity)
	if err != nil {
		t.Fatal(err)
	}
	var head, second map[string]map[string]any
	lines := json.NewDecoder(opened)
	if err := errors.Join(lines.Decode(&head), lines.Decode(&second)); err != nil {
		t.Fatal(err)
	}
	if head["head"]["version"] != 1.0 || second["settings"]["poll_interval"] != "1m0s" {
		t.Errorf("it begins with %v and %v", head, second)
	}
}

// sealed makes an age file of any content, with little work for the passphrase.
func sealed(t testing.TB, content string) []byte {
	t.Helper()
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(2)
	return encrypted(t, content, recipient)
}

func encrypted(t testing.TB, content string, recipient age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const head = `{"head":{"format":"partnerdesk-transfer","version":1,"written_at":"2026-02-03T04:05:06Z"}}` + "\n"

func TestWhyAFileIsRefused(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	whole := sealed(t, head+strings.Repeat(`{"settings":{"poll_interval":"15s"}}`+"\n", 5000))
	changed := bytes.Clone(whole)
	changed[len(changed)-1] ^= 1
	registration := `{"registration":{"name":"stage","environment":"qaonline","base_url":"https://qaonline.superoffice.com","client_id":"` +
		strings.Repeat("0a", 16) + `","redirect_uri":"http://127.0.0.1:0"}}`
	for _, row := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, transfer.ErrNoTransfer},
		{"something else", []byte("canary"), transfer.ErrNoTransfer},
		{"for a key, not a passphrase", encrypted(t, head, identity.Recipient()), transfer.ErrNoTransfer},
		{"empty inside", sealed(t, ""), transfer.ErrNoTransfer},
		{"something else inside", sealed(t, "canary"), transfer.ErrNoTransfer},
		{"another program's", sealed(t, `{"head":{"format":"canary","version":1}}`), transfer.ErrNoTransfer},
		{"a newer version", sealed(t, strings.Replace(head, `"version":1`, `"version":2`, 1)), transfer.ErrNewer},
		{"cut short", whole[:len(whole)-1], transfer.ErrDamaged},
		{"cut between two pieces", whole[:64<<10], transfer.ErrDamaged},
		{"changed", changed, transfer.ErrDamaged},
		{"what this version does not know", sealed(t, head+`{"canary":{}}`), transfer.ErrDamaged},
		{"no JSON", sealed(t, head+`{"tenant":{"system_user_token":"canary`), transfer.ErrDamaged},
		{"a registration that cannot be", sealed(t, head+`{"registration":{"name":""}}`), transfer.ErrDamaged},
		{"a registration twice", sealed(t, head+registration+registration), transfer.ErrDamaged},
		{"a tenant of no registration", sealed(t, head+`{"tenant":{"registration":"stage","ctx":"Cust1"}}`), transfer.ErrDamaged},
		{"a tenant that cannot be", sealed(t, head+registration+`{"tenant":{"registration":"stage","ctx":"x"}}`), transfer.ErrDamaged},
		{"a request budget that cannot be", sealed(t, head+`{"settings":{"poll_interval":"15s","request_budget":0}}`), transfer.ErrDamaged},
		{"a maintenance that cannot be", sealed(t, head+`{"settings":{"poll_interval":"15s","maintenance":"at times"}}`), transfer.ErrDamaged},
		{"settings that cannot be", sealed(t, head+`{"settings":{"poll_interval":"1ns"}}`), transfer.ErrDamaged},
	} {
		t.Run(row.name, func(t *testing.T) {
			all, err := transfer.Read(bytes.NewReader(row.file), passphrase)
			if !errors.Is(err, row.want) || strings.Contains(fmt.Sprint(err), "canary") {
				t.Errorf("the error is %v", err)
			}
			if len(all.Tenants) > 0 {
				t.Error("some of it was read all the same")
			}
		})
	}
}

func TestAWrongPassphraseIsToldFromADamagedFile(t *testing.T) {
	file := sealed(t, head)
	for _, wrong := range []string{"", "correct horse batterz"} {
		if _, err := transfer.Read(bytes.NewReader(file), secret.New(wrong)); !errors.Is(err, transfer.ErrPassphrase) {
			t.Errorf("%d characters: %v", len(wrong), err)
		}
	}
	if _, err := transfer.Read(bytes.NewReader(file), passphrase); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

// A file that demands gigabytes for its passphrase is refused before they are taken.
func TestAFileCannotDemandAnyAmountOfWork(t *testing.T) {
	file := bytes.Replace(sealed(t, head), []byte(" 2\n"), []byte(" 22\n"), 1)
	if _, err := transfer.Read(bytes.NewReader(file), passphrase); !errors.Is(err, transfer.ErrNoTransfer) {
		t.Errorf("the error is %v", err)
	}
}

func TestAWeakPassphraseIsRefusedWithTheReason(t *testing.T) {
	for _, row := range []struct{ passphrase, reason string }{
		{"", "0 characters and needs 12"},
		{"elevenchars", "11 characters and needs 12"},
		{"æøåæøåæøåæø", "11 characters and needs 12"},
		{"aaaaaaaaaaaaaa", "again and again"},
		{"twelve chars", ""},
	} {
		err := transfer.CheckPassphrase(secret.New(row.passphrase))
		if (err == nil) != (row.reason == "") || err != nil && !strings.Contains(err.Error(), row.reason) {
			t.Errorf("%d characters: %v", len(row.passphrase), err)
		}
	}
	var b bytes.Buffer
	if err := transfer.Write(&b, everything(), secret.New("elevenchars"), moment); err == nil || b.Len() > 0 {
		t.Errorf("%d bytes were written under a weak one: %v", b.Len(), err)
	}
}
