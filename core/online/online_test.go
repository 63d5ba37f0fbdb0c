package online_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	ticket    = "7T:canary-ticket"
	appSecret = "canary-client-secret"
)

var clock = time.Date(2026, 2, 23, 9, 0, 0, 0, time.UTC)

// serve answers every request with handle on real HTTP and returns a client and the address.
func serve(t *testing.T, handle http.HandlerFunc) (*online.Client, string) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	client := online.New(online.Options{Now: func() time.Time { return clock }})
	t.Cleanup(client.CloseIdleConnections)
	return client, server.URL
}

func systemUser(api string) online.Call {
	return online.Call{API: api, Credential: online.SOTicket(secret.New(ticket), secret.New(appSecret))}
}

func TestTheSystemUserShowsTicketAndApplicationToken(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for header, want := range map[string]string{"Authorization": "SOTicket " + ticket, "SO-AppToken": appSecret, "Accept": "application/json"} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s is %q", header, got)
			}
		}
		_, _ = io.WriteString(w, `{"AssociateId":7,"Associate":"api-user","FullName":"","UserType":"SystemAssociate","DatabaseContextIdentifier":"Cust1"}`)
	})
	var requests []online.Request
	call := systemUser(base + "/Cust1/api")
	call.Record = func(r online.Request) { requests = append(requests, r) }
	p, err := client.Principal(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if p.Associate != "api-user" || p.AssociateID != 7 || p.ContextID != "Cust1" {
		t.Errorf("principal %+v", p)
	}
	if len(requests) != 1 || requests[0].Path != "/Cust1/api/v1/User/currentPrincipal" || requests[0].Status != 200 {
		t.Errorf("recorded %+v", requests)
	}
}

func TestANewContactKeepsTheRestOfTheEntityByteForByte(t *testing.T) {
	const before = `{ "ContactId":0, "Big":9007199254740993123, "Nested":{"Name":"inner"},  "Name" : "" ,"Odd":1.50,"Liste":[ 1,2 ],"x\u00e6":null }`
	client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, before) })
	entity, err := client.NewContact(t.Context(), systemUser(base), `Søn & "Co" <x>`)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]json.RawMessage
	if err := json.Unmarshal(entity, &read); err != nil {
		t.Fatal(err)
	}
	var name string
	if err := json.Unmarshal(read["Name"], &name); err != nil || name != `Søn & "Co" <x>` {
		t.Errorf("the name is %q, %v", name, err)
	}
	without := strings.Replace(string(entity), string(read["Name"]), `""`, 1)
	if without != before {
		t.Errorf("the rest changed:\n%s\n%s", before, without)
	}
}

func TestAnEntityThatIsNoneIsRefused(t *testing.T) {
	for _, body := range []string{``, `[]`, `null`, `{"Name"`, `{"Nested":{"Name":""}}`, `{"Name":""`, `"Name"`} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		if entity, err := client.NewContact(t.Context(), systemUser(base), "x"); !errors.Is(err, online.ErrUnreadable) {
			t.Errorf("%q became %q, %v", body, entity, err)
		}
	}
}

func TestASavedCompanyIsRead(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/Contact" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("asked %s %s as %s", r.Method, r.URL, r.Header.Get("Content-Type"))
		}
		_, _ = io.WriteString(w, `{"ContactId":42,"Name":"X","CreatedDate":"2026-02-23T09:00:00","CreatedBy":{"AssociateId":5,"Name":"TY","FullName":"Tony Y"},"Associate":{"Name":"TY","FullName":"TY"}}`)
	})
	company, err := client.SaveContact(t.Context(), systemUser(base), []byte(`{}`))
	want := tenant.Company{ID: 42, Name: "X", CreatedBy: "Tony Y (TY)", Owner: "TY", CreatedAt: clock}
	if err != nil || company != want {
		t.Errorf("got %+v, %v", company, err)
	}
}

func TestASearchDoublesQuotes(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.URL.Query().Get("$filter"); got != "name eq 'O''Brien & Sønn'" {
			t.Errorf("the filter is %q", got)
		}
		_, _ = io.WriteString(w, `{"odata.metadata":"x","value":[{"PrimaryKey":"3","EntityName":"contact","contactId":3,"name":"O'Brien & Sønn"},{"PrimaryKey":"4","name":"same"}]}`)
	})
	found, err := client.FindContacts(t.Context(), systemUser(base), "O'Brien & Sønn")
	if err != nil || len(found) != 2 || found[0].ID != 3 || found[1].ID != 4 {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestEveryRefusalSaysWhatTheServerSaid(t *testing.T) {
	for name, row := range map[string]struct {
		status    int
		kind      string
		body      string
		words     string
		temporary bool
		proves    bool
		cause     tenant.Cause
	}{
		"documented error":       {500, "application/json", `{"Error":true,"ErrorType":"SoException","ErrorMessage":"Boom","ErrorSource":"x"}`, "SoException: Boom", true, false, tenant.CauseTenantFailed},
		"refused credential":     {401, "", ``, "", false, true, tenant.CauseCredentialRefused},
		"no right":               {403, "application/json", `{"Message":"No right"}`, "No right", false, true, tenant.CauseRightMissing},
		"moved":                  {421, "text/plain", "Wrong subdomain used to access tenant", "Wrong subdomain used to access tenant", true, true, tenant.CauseTenantMoved},
		"throttled":              {429, "", ``, "", true, true, tenant.CauseThrottled},
		"an HTML page":           {503, "text/html", "<html><head><title>x</title><style>a{}</style></head><body><h1>Down</h1>for\u0007 maintenance</body></html>", "Down for maintenance", true, false, tenant.CauseTenantFailed},
		"a long text":            {500, "text/plain", strings.Repeat("æ", 5000), strings.Repeat("æ", 300) + "…", true, false, tenant.CauseTenantFailed},
		"a redirect":             {302, "", ``, "", false, false, tenant.CauseTenantRefused},
		"echo of the credential": {400, "text/plain", "bad ticket " + ticket + " and " + appSecret, "bad ticket [secret] and [secret]", false, true, tenant.CauseTenantRefused},
		"nothing there":          {404, "", ``, "", false, true, tenant.CauseTenantGone},
		"a time-out":             {408, "", ``, "", false, false, tenant.CauseTenantRefused},
		"a bad gateway":          {502, "", ``, "", true, false, tenant.CauseTenantFailed},
	} {
		t.Run(name, func(t *testing.T) {
			client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", row.kind)
				w.Header().Set("Location", "https://elsewhere.example/")
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.body)
			})
			_, err := client.Principal(online.Once(t.Context()), systemUser(base))
			e := tenant.Explain(err)
			if online.StatusOf(err) != row.status || e.Cause != row.cause || e.Server != row.words || e.Temporary != row.temporary || online.NotCarriedOut(err) != row.proves {
				t.Errorf("got %v explained as %+v", err, e)
			}
			if e.What == "" || e.Why == "" || e.Next == "" || strings.Contains(err.Error(), "canary") {
				t.Errorf("the texts are %q and %+v", err, e)
			}
		})
	}
}

func TestRetryAfterIsReadAsSecondsOrDateAndBounded(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, "Mon, 23 Feb 2026 09:00:30 GMT": 30 * time.Second, "-5": 0, "soon": 0, "": 0,
		"99999999": time.Hour, "99999999999999999999": time.Hour, "Mon, 23 Feb 2026 08:00:00 GMT": 0,
	} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", value)
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		_, err := client.Principal(online.Once(t.Context()), systemUser(base))
		if got := tenant.RetryAfterOf(err); got != want {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
}

func TestNoAnswerProvesNothing(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	_, err := client.SaveContact(t.Context(), systemUser(base), []byte(`{}`))
	if err == nil || online.NotCarriedOut(err) || tenant.Explain(err).Fault != tenant.FaultNetwork {
		t.Errorf("got %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Principal(cancelled, systemUser(base)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call is %v", err)
	}
}

func TestCredentialsNeverTravelInTheOpen(t *testing.T) {
	client := online.New(online.Options{})
	for _, api := range []string{"http://online2.superoffice.com/Cust1/api", "ftp://127.0.0.1", "//x", "", ":", "http://localhost/api"} {
		if _, err := client.Principal(t.Context(), systemUser(api)); err == nil || online.StatusOf(err) != 0 || tenant.Explain(err).Fault != tenant.FaultSuperOffice {
			t.Errorf("%q: %v", api, err)
		}
	}
}

func TestAnAnswerWithoutEndIsCut(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for range 6 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := client.Principal(t.Context(), systemUser(base)); !errors.Is(err, online.ErrUnreadable) {
		t.Errorf("got %v", err)
	}
}

func TestWhatATenantEchoesIsMaskedInEveryForm(t *testing.T) {
	const odd = "7T:canary+with/odd=="
	for name, row := range map[string]struct {
		status int
		body   string
	}{
		"escaped in JSON":       {400, `{"ErrorMessage":"refused 7T:canary\u002Bwith\u002Fodd=="}`},
		"as in a URL":           {400, "refused 7T%3Acanary%2Bwith%2Fodd%3D%3D"},
		"in a 200 that is none": {200, "hello " + odd + " " + appSecret},
	} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(row.status)
			_, _ = io.WriteString(w, row.body)
		})
		call := online.Call{API: base, Credential: online.SOTicket(secret.New(odd), secret.New(appSecret))}
		_, err := client.Principal(t.Context(), call)
		if e := tenant.Explain(err); strings.Contains(e.Sentence()+err.Error(), "canary") || !strings.Contains(e.Server, secret.Mask) {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestATenantsTextsAreBounded(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"Associate":"`+strings.Repeat("x", 1<<20)+`"}`)
	})
	if p, err := client.Principal(t.Context(), systemUser(base)); err != nil || len(p.Associate) > 1000 {
		t.Errorf("%d characters, %v", len(p.Associate), err)
	}
}
