package online_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
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

func TestStatusIsReadInEveryForm(t *testing.T) {
	minute := clock.Add(time.Minute)
	for name, row := range map[string]struct {
		body    string
		state   tenant.State
		running bool
		until   time.Time
		api     string
		fails   bool
	}{
		"as documented": {
			body:  `{"ContextIdentifier":"Cust1","Endpoint":"https://online2.superoffice.com/Cust1","State":"Running","IsRunning":true,"ValidUntil":"2026-02-23T09:52:01.9342965Z","Api":"https://online2.superoffice.com/Cust1/api","Version":"Release_11"}`,
			state: tenant.StateRunning, running: true, until: time.Date(2026, 2, 23, 9, 52, 1, 934296500, time.UTC), api: "https://online2.superoffice.com/Cust1/api",
		},
		"state by number":         {body: `{"State":4,"IsRunning":false,"Api":"https://a.example/api"}`, state: tenant.StateSuspended, until: minute, api: "https://a.example/api"},
		"state by quoted number":  {body: `{"State":"5","Api":"https://a.example/api"}`, state: tenant.StateOnlineMaintenance, running: true, until: minute, api: "https://a.example/api"},
		"a state of the future":   {body: `{"State":"Hibernating","IsRunning":false}`, until: minute},
		"an unknown number":       {body: `{"State":77,"IsRunning":true,"Api":"https://a.example/api"}`, state: 77, running: true, until: minute, api: "https://a.example/api"},
		"no Api":                  {body: `{"State":2,"Endpoint":"https://app.example/Cust1/"}`, state: 2, running: true, until: minute, api: "https://app.example/Cust1/api"},
		"old port and slash":      {body: `{"State":2,"Api":"https://a.example:443/Cust1/api/"}`, state: 2, running: true, until: minute, api: "https://a.example/Cust1/api"},
		"valid until the past":    {body: `{"State":2,"Api":"https://a.example","ValidUntil":"2020-01-01T00:00:00Z"}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"valid until rubbish":     {body: `{"State":2,"Api":"https://a.example","ValidUntil":"soon"}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"valid for a century":     {body: `{"State":2,"Api":"https://a.example","ValidUntil":"2126-01-01T00:00:00Z"}`, state: 2, running: true, until: clock.Add(24 * time.Hour), api: "https://a.example"},
		"about another tenant":    {body: `{"ContextIdentifier":"Cust2","State":2,"Api":"https://a.example"}`, fails: true},
		"neither state nor flag":  {body: `{"Api":"https://a.example"}`, fails: true},
		"running without address": {body: `{"State":2}`, fails: true},
		"a zone of its own":       {body: `{"State":2,"Api":"https://a.example","ValidUntil":"2026-02-23T11:30:00.1234567+02:00"}`, state: 2, running: true, until: time.Date(2026, 2, 23, 9, 30, 0, 123456700, time.UTC), api: "https://a.example"},
		"valid until, no zone":    {body: `{"State":2,"Api":"https://a.example","ValidUntil":"2026-02-23T09:52:01.9342965"}`, state: 2, running: true, until: time.Date(2026, 2, 23, 9, 52, 1, 934296500, time.UTC), api: "https://a.example"},
		"valid until now":         {body: `{"State":2,"Api":"https://a.example","ValidUntil":"2026-02-23T09:00:00Z"}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"valid until null":        {body: `{"State":2,"Api":"https://a.example","ValidUntil":null,"Version":null}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"only a flag, running":    {body: `{"IsRunning":true,"Api":"https://a.example"}`, running: true, until: minute, api: "https://a.example"},
		"only a flag, stopped":    {body: `{"IsRunning":false}`, until: minute},
		"a null for a state":      {body: `{"State":null,"IsRunning":false}`, until: minute},
		"a flag as text":          {body: `{"State":2,"IsRunning":"False"}`, state: 2, until: minute},
		"a flag that is none":     {body: `{"State":2,"IsRunning":"perhaps","Api":"https://a.example"}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"numbers for texts":       {body: `{"State":2,"Api":"https://a.example","Version":11,"ValidUntil":1771840000}`, state: 2, running: true, until: minute, api: "https://a.example"},
		"objects for addresses":   {body: `{"State":2,"Api":{"x":1},"Endpoint":[]}`, fails: true},
		"the flag is believed":    {body: `{"State":"Running","IsRunning":false,"Api":"https://a.example"}`, state: 2, until: minute, api: "https://a.example"},
		"Unknown, no address":     {body: `{"ContextIdentifier":"Cust1","State":"Unknown","IsRunning":false}`, until: minute},
		"Unknown, by number":      {body: `{"State":0}`, until: minute},
		"HTML":                    {body: `<html><body>Sorry</body></html>`, fails: true},
		"nothing":                 {body: ``, fails: true},
		"a list":                  {body: `[1,2]`, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/state/Cust1" || r.Header.Get("Authorization") != "" {
					t.Errorf("asked %s with %v", r.URL, r.Header)
				}
				_, _ = io.WriteString(w, row.body)
			})
			status, err := client.Status(t.Context(), base, "Cust1", nil)
			if row.fails {
				if !errors.Is(err, online.ErrUnreadable) || tenant.Explain(err).What == "" {
					t.Fatalf("got %+v, %v", status, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if status.State != row.state || status.Running != row.running || !status.ValidUntil.Equal(row.until) || status.API != row.api {
				t.Errorf("got %+v", status)
			}
		})
	}
}

func TestEveryStateIsReadByNameNumberAndQuotedNumber(t *testing.T) {
	for number, state := range map[int]struct {
		name    string
		running bool
	}{
		0: {"Unknown", false}, 1: {"Provisioning", false}, 2: {"Running", true}, 3: {"Deleted", false}, 4: {"Suspended", false},
		5: {"OnlineMaintenance", true}, 6: {"OfflineMaintenance", false}, 8: {"ProvisioningFailed", false}, 10: {"Deleting", false},
		11: {"DeleteFailed", false}, 12: {"MigrationPending", false},
	} {
		for _, written := range []string{strconv.Itoa(number), strconv.Quote(strconv.Itoa(number)), strconv.Quote(state.name), strconv.Quote(strings.ToLower(state.name))} {
			client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"State":`+written+`,"Api":"https://a.example/api"}`)
			})
			status, err := client.Status(t.Context(), base, "Cust1", nil)
			if err != nil || int(status.State) != number || status.State.String() != state.name || status.Running != state.running {
				t.Errorf("%s is %+v, %v", written, status, err)
			}
		}
	}
}

// What SuperOffice answers for a tenant that is unknown or gone is not documented.
func TestATenantThatIsGoneIsToldApartFromTroubleAtTheProvider(t *testing.T) {
	for name, row := range map[string]struct {
		status int
		body   string
		cause  tenant.Cause
		server string
	}{
		"404":                {404, "no such tenant", tenant.CauseTenantGone, "no such tenant"},
		"410":                {410, "", tenant.CauseTenantGone, ""},
		"204":                {204, "", tenant.CauseTenantGone, ""},
		"an empty 200":       {200, " \r\n", tenant.CauseTenantGone, ""},
		"null":               {200, "null", tenant.CauseTenantGone, ""},
		"an empty object":    {200, "{}", tenant.CauseTenantGone, ""},
		"a page":             {200, "<html><body>Please sign in</body></html>", tenant.CauseAnswerUnusable, "Please sign in"},
		"another tenant":     {200, `{"ContextIdentifier":"Cust1","State":2}`, tenant.CauseAnswerUnusable, `{"ContextIdentifier":"Cust1","State":2}`},
		"a bad request":      {400, "", tenant.CauseTenantRefused, ""},
		"a redirect":         {307, "", tenant.CauseAddress, ""},
		"maintenance":        {503, "", tenant.CauseProviderFailed, ""},
		"too many":           {429, "", tenant.CauseProviderFailed, ""},
		"a provider's error": {500, `{"Message":"Boom"}`, tenant.CauseProviderFailed, "Boom"},
	} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(row.status)
			_, _ = io.WriteString(w, row.body)
		})
		_, err := client.Status(online.Once(t.Context()), base, "Cust9", nil)
		if e := tenant.Explain(err); e.Cause != row.cause || e.Server != row.server || e.Temporary != row.cause.Entry().Heals {
			t.Errorf("%s: explained as %+v", name, e)
		}
	}
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
		"99999999": time.Hour, "99999999999999999999": 0, "Mon, 23 Feb 2026 08:00:00 GMT": 0,
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

// Who answers for the environment decides where tickets are sent: its word is taken from itself only.
func TestAStatusIsNotBelievedFromAnotherHost(t *testing.T) {
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("the other host was asked")
		_, _ = io.WriteString(w, `{"State":2,"Api":"https://evil.example/api"}`)
	}))
	defer evil.Close()
	client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, evil.URL+r.URL.Path, http.StatusFound)
	})
	if status, err := client.Status(t.Context(), base, "Cust1", nil); online.StatusOf(err) != http.StatusFound {
		t.Errorf("got %+v, %v", status, err)
	}
}

func TestAnHTTPSStatusDoesNotSendTicketsInTheOpen(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"State":2,"Api":"http://127.0.0.1:8080/api"}`)
	}))
	defer server.Close()
	client := online.New(online.Options{Transport: server.Client().Transport})
	if status, err := client.Status(t.Context(), server.URL, "Cust1", nil); !errors.Is(err, online.ErrUnreadable) {
		t.Errorf("got %+v, %v", status, err)
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
