package online_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

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

// The address of the web client is opened in a browser: it is as trustworthy as the address of the services, or not used.
func TestWhereTheWebClientIs(t *testing.T) {
	for body, want := range map[string]string{
		`{"State":2,"Api":"https://a.example/api","Endpoint":"https://online2.superoffice.com:443/Cust1/"}`: "https://online2.superoffice.com/Cust1",
		`{"State":2,"Api":"https://a.example/api","Endpoint":"file:///etc/passwd"}`:                         "",
		`{"State":2,"Api":"https://a.example/api","Endpoint":"http://online2.superoffice.com/Cust1"}`:       "",
		`{"State":2,"Api":"https://a.example/api"}`:                                                         "",
	} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		if s, err := client.Status(t.Context(), base, "Cust1", nil); err != nil || s.Endpoint != want || s.API != "https://a.example/api" {
			t.Errorf("%s: %q, %v", body, s.Endpoint, err)
		}
	}
}
