package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

func TestAddressesAreHTTPSExceptOnLoopback(t *testing.T) {
	for address, good := range map[string]bool{
		"https://sod.superoffice.com": true, "https://sod.superoffice.com/": true, "http://127.0.0.1:8080": true, "http://[::1]:1": true,
		"http://sod.superoffice.com": false, "http://localhost:80": false, "https://user@x": false, "https://x/path": false,
		"https://x?y": false, "https://x#y": false, "sod.superoffice.com": false, "": false, "https://": false, ":": false, "ftp://127.0.0.1": false,
		"https://x?": false, "https://x#": false, "https://x:99999": false, "https://x:0": false, "https://x:8443": true,
	} {
		if err := tenant.CheckBaseURL(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestRedirectURIsAreLiteralLoopback(t *testing.T) {
	for uri, good := range map[string]bool{
		"http://127.0.0.1:0": true, "http://127.0.0.1:53682": true, "http://127.0.0.1:8080/callback": true, "http://[::1]:0/x": true,
		"http://localhost:8080": false, "https://127.0.0.1:8080": false, "http://127.0.0.1": false, "http://192.168.1.2:80": false,
		"http://127.0.0.1:99999": false, "http://127.0.0.1:80?x=1": false, "http://127.0.0.1:80#": false, "http://127.0.0.1:80?": false,
		"": false, "http://127.0.0.1:x": false, "http://a@127.0.0.1:80": false,
	} {
		if err := tenant.CheckRedirectURI(uri); (err == nil) != good {
			t.Errorf("%q: %v", uri, err)
		}
	}
}

func TestARegistrationIsLookedAtBeforeItIsStored(t *testing.T) {
	good := tenant.Registration{
		Name: "My app", Environment: tenant.Development, Base: "https://sod.superoffice.com",
		ClientID: strings.Repeat("0aF9", 8), RedirectURI: tenant.DefaultRedirectURI,
	}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*tenant.Registration){
		"name":         func(r *tenant.Registration) { r.Name = "../x" },
		"empty name":   func(r *tenant.Registration) { r.Name = "" },
		"long name":    func(r *tenant.Registration) { r.Name = strings.Repeat("x", 65) },
		"environment":  func(r *tenant.Registration) { r.Environment = "prod" },
		"base":         func(r *tenant.Registration) { r.Base = "https://online.superoffice.com" },
		"client id":    func(r *tenant.Registration) { r.ClientID = "123" },
		"redirect URI": func(r *tenant.Registration) { r.RedirectURI = "http://localhost:1" },
	} {
		bad := good
		spoil(&bad)
		if bad.Validate() == nil {
			t.Errorf("a wrong %s is accepted", what)
		}
	}
}

func TestStatesByNameAndNumber(t *testing.T) {
	for text, want := range map[string]tenant.State{"Running": 2, "running": 2, "2": 2, " Suspended ": 4, "MigrationPending": 12} {
		if got, known := tenant.ParseState(text); got != want || !known {
			t.Errorf("%q is %v, %v", text, got, known)
		}
	}
	for _, text := range []string{"", "7", "Hibernating", "99999999999999999999"} {
		if _, known := tenant.ParseState(text); known {
			t.Errorf("%q is known", text)
		}
	}
	if !tenant.StateOnlineMaintenance.Running() || tenant.StateSuspended.Running() || tenant.State(7).String() != "state 7" {
		t.Error("the states say the wrong thing")
	}
}

func TestAProblemHasTwoTexts(t *testing.T) {
	cause := errors.New("connection reset")
	err := fmt.Errorf("poll: %w", &tenant.Problem{Op: "exchange token", Err: cause, Explanation: tenant.Explanation{
		What: "It failed.", Why: "The line broke.", Next: "Try again.", Server: "go away",
	}})
	if got := err.Error(); got != `poll: exchange token: connection reset (server: "go away")` {
		t.Errorf("for the log: %s", got)
	}
	if got := tenant.Explain(err).Sentence(); got != "It failed. The line broke. The server says: “go away”. Try again." {
		t.Errorf("for people: %s", got)
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	for _, bare := range []error{context.Canceled, context.DeadlineExceeded, errors.New("odd")} {
		if tenant.Explain(bare).What == "" {
			t.Errorf("%v has no words", bare)
		}
	}
	if tenant.Explain(nil) != (tenant.Explanation{}) {
		t.Error("no error has words")
	}
}

func TestContextIdentifiers(t *testing.T) {
	for s, good := range map[string]bool{"Cust12345": true, "Cust1": true, "cust1": false, "Cust": false, "Cust1/..": false, "Cust12345678901": false, "": false} {
		if tenant.IsContextID(s) != good {
			t.Errorf("%q", s)
		}
	}
}

func TestNamesOfRegistrations(t *testing.T) {
	long := strings.Repeat("ø", 64)
	for s, good := range map[string]bool{
		"sandbox": true, "Østfold 2": true, "2. hus_a-b": true, "株式会社": true, "Ⅳ": true, "a ": true, long: true,
		"": false, long + "ø": false, " a": false, ".a": false, "-": false, "a/b": false, "a\x00b": false, "a\n": false, "a\xff": false, "a😀": false,
	} {
		if err := tenant.CheckRegistrationName(s); (err == nil) != good {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestEveryCauseHasItsEntry(t *testing.T) {
	seen := map[tenant.Cause]bool{}
	for _, e := range tenant.Causes() {
		if seen[e.Cause] {
			t.Errorf("%s is there twice", e.Cause)
		}
		seen[e.Cause] = true
		if e.Fault == "" || e.Why == "" || e.Next == "" || e.Cause.Entry() != e {
			t.Errorf("%s is incomplete", e.Cause)
		}
		words := e.Cause.Explain("It failed.", "", "Look.")
		if words.Why != e.Why || words.Next != "Look." || words.Cause != e.Cause || words.Fault != e.Fault || words.Temporary != e.Heals {
			t.Errorf("%s explains itself as %v", e.Cause, words)
		}
	}
	if tenant.Cause("from a newer version").Entry().Cause != tenant.CauseUnexpected {
		t.Error("an unknown cause is not unexpected")
	}
}
