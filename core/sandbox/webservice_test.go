package sandbox_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const asJSON = "application/json"

func bearer(tokens map[string]any) []string {
	return []string{"Authorization", "Bearer " + text(tokens["access_token"]), "Accept", asJSON, "Content-Type", asJSON}
}

func (w *world) ticket(claims map[string]any) []string {
	return []string{
		"Authorization", "SOTicket " + text(claims[prefix+"ticket"]), "SO-AppToken", w.ready.ClientSecret,
		"Accept", asJSON, "Content-Type", asJSON,
	}
}

func (w *world) service(method, ctx, path, body string, headers []string) answer {
	w.t.Helper()
	return w.call(method, w.tenant(ctx).API+"/v1/"+path, body, headers...)
}

func (w *world) principal(ctx string, tokens map[string]any) answer {
	w.t.Helper()
	return w.service(http.MethodGet, ctx, "User/currentPrincipal", "", bearer(tokens))
}

func TestPrincipalTellsUserFromSystemUser(t *testing.T) {
	w := newWorld(t)
	user := w.principal(first, w.signIn(first)).object(t)
	if user["FullName"] != "Ada Ødegård" || user["DatabaseContextIdentifier"] != first || user["UserType"] != "InternalAssociate" {
		t.Errorf("the login user is %v", user)
	}
	system := w.service(http.MethodGet, first, "User/currentPrincipal", "", w.ticket(w.exchange(first))).object(t)
	if system["UserType"] != "SystemAssociate" || system["AssociateId"] == user["AssociateId"] {
		t.Errorf("the system user is %v", system)
	}
}

func TestTenantsCheckCredentials(t *testing.T) {
	w := newWorld(t)
	tokens, claims := w.signIn(first), w.exchange(first)
	good := w.ticket(claims)
	call := func(ctx string, headers ...string) int {
		return w.service(http.MethodGet, ctx, "User/currentPrincipal", "", append(slices.Clip(headers), "Accept", asJSON)).status
	}
	for name, status := range map[string]int{
		"no credential":         call(first),
		"ticket without token":  call(first, good[:2]...),
		"ticket, wrong token":   call(first, good[0], good[1], "SO-AppToken", "wrong"),
		"ticket elsewhere":      call(second, good[:4]...),
		"bearer elsewhere":      call(second, bearer(tokens)[:2]...),
		"ticket as bearer":      call(first, "Authorization", "Bearer "+text(claims[prefix+"ticket"])),
		"an invented token":     call(first, "Authorization", "Bearer 8A:"+first+".AAAA"),
		"a scheme of no tenant": call(first, "Authorization", "Basic eDp5"),
	} {
		if status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status := call(first, good[:4]...); status != http.StatusOK {
		t.Errorf("the good ticket: %d", status)
	}
	if a := w.call(http.MethodGet, w.ready.Hosts[0]+"/Cust1/api/v1/Contact/default", "", bearer(tokens)...); a.status != http.StatusNotFound {
		t.Errorf("an unknown tenant: %d", a.status)
	}
}

func TestTicketsSlideAndAccessTokensDoNot(t *testing.T) {
	w := newWorld(t)
	tokens, headers := w.signIn(first), w.ticket(w.exchange(first))
	use := func() int { return w.service(http.MethodGet, first, "User/currentPrincipal", "", headers).status }
	w.clock.forward(59 * time.Minute)
	if got := w.principal(first, tokens).status; got != http.StatusOK {
		t.Errorf("the access token after 59 minutes: %d", got)
	}
	w.clock.forward(time.Minute)
	if got := w.principal(first, tokens).status; got != http.StatusUnauthorized {
		t.Errorf("the access token after an hour: %d", got)
	}
	for range 4 {
		if got := use(); got != http.StatusOK {
			t.Fatalf("the ticket in use: %d", got)
		}
		w.clock.forward(6*time.Hour - time.Second)
	}
	if got := use(); got != http.StatusOK {
		t.Errorf("the ticket within six hours of its use: %d", got)
	}
	w.clock.forward(6 * time.Hour)
	if got := use(); got != http.StatusUnauthorized {
		t.Errorf("the ticket after six hours: %d", got)
	}
	// What is refused does not count as use.
	headers = w.ticket(w.exchange(first))
	w.clock.forward(5 * time.Hour)
	if got := w.service(http.MethodGet, second, "User/currentPrincipal", "", headers).status; got != http.StatusUnauthorized {
		t.Errorf("the ticket at another tenant: %d", got)
	}
	w.clock.forward(time.Hour)
	if got := use(); got != http.StatusUnauthorized {
		t.Errorf("the ticket after six hours without use: %d", got)
	}
}

func TestHTMLComesToWhoDoesNotAskForJSON(t *testing.T) {
	w := newWorld(t)
	tokens := w.signIn(first)
	for _, accept := range []string{"", "*/*", "text/html", "application/json;q=0"} {
		a := w.service(http.MethodGet, first, "User/currentPrincipal", "", append(bearer(tokens)[:2:2], "Accept", accept))
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("Accept %q: %d %s", accept, a.status, a.header.Get("Content-Type"))
		}
	}
}

// entity reads the default company with its fields as raw JSON, and names it.
func (w *world) entity(headers []string, name string) map[string]json.RawMessage {
	w.t.Helper()
	a := w.service(http.MethodGet, first, "Contact/default", "", headers)
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(a.body, &fields); err != nil || a.status != http.StatusOK {
		w.t.Fatalf("default: %d %v", a.status, err)
	}
	fields["Name"], _ = json.Marshal(name)
	return fields
}

func (w *world) save(headers []string, fields map[string]json.RawMessage) answer {
	w.t.Helper()
	body, err := json.Marshal(fields)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.service(http.MethodPost, first, "Contact", string(body), headers)
}

func TestBothCredentialsCreateACompany(t *testing.T) {
	w := newWorld(t)
	asUser, asSystem := bearer(w.signIn(first)), w.ticket(w.exchange(first))
	for name, headers := range map[string][]string{"O'Hara’s 企業 <&>": asUser, "SuperId-1": asSystem} {
		fields := w.entity(headers, name)
		if len(fields) < 40 {
			t.Errorf("the entity has %d fields", len(fields))
		}
		a := w.save(headers, fields)
		if a.status != http.StatusOK {
			t.Fatalf("save: %d %s", a.status, a.body)
		}
		saved := a.object(t)
		by, _ := saved["CreatedBy"].(map[string]any)
		if saved["Name"] != name || text(saved["CreatedDate"]) != "2026-11-22T12:00:30Z" || saved["ContactId"] == json.Number("0") {
			t.Errorf("saved %v %v %v", saved["Name"], saved["CreatedDate"], saved["ContactId"])
		}
		if saved["SandboxRevision"] != json.Number("9007199254740993") {
			t.Errorf("the big number came back as %v", saved["SandboxRevision"])
		}
		if want := "InternalAssociate"; by["Type"] != want && headers[1] == asUser[1] {
			t.Errorf("created by %v", by)
		}
		if want := "SystemAssociate"; by["Type"] != want && headers[1] == asSystem[1] {
			t.Errorf("created by %v", by)
		}
	}
	found := w.search(asSystem, "name eq 'O''Hara’s 企業 <&>'")
	if len(found) != 1 || found[0]["name"] != "O'Hara’s 企業 <&>" || text(found[0]["PrimaryKey"]) == "" || found[0]["EntityName"] != "contact" {
		t.Errorf("found %v", found)
	}
	if found := w.search(asSystem, "name eq 'nobody'"); len(found) != 0 {
		t.Errorf("found %v", found)
	}
	w.restart()
	client := strings.TrimSuffix(w.tenant(first).API, "/api") + "/default.aspx?"
	a := w.call(http.MethodGet, client+"contact.main?contact_id=1", "")
	if want := w.ready.BaseURL + "/tenants/" + first + "#company-1"; a.status != http.StatusFound || a.header.Get("Location") != want {
		t.Errorf("a company's page is at %q, want %q", a.header.Get("Location"), want)
	}
	if a := w.call(http.MethodGet, client+"project.main?project_id=1", ""); a.status != http.StatusNotFound {
		t.Errorf("a project's page: %d", a.status)
	}
	p := w.browse(w.ready.BaseURL + "/tenants").follow("/tenants/" + first)
	p.shows(t, "Fjellfisk & Sønner AS", "O'Hara’s 企業 <&>", "SuperId-1", "Bearer (login user)", "SOTicket (system user)",
		"Ada Ødegård", "Partnerdesk v1.0 (system user)", "2026-11-22 12:00:30 UTC")
}

// follow goes where a link of the page leads.
func (p screen) follow(path string) screen {
	p.w.t.Helper()
	for d := range p.doc.Descendants() {
		if d.Data == "a" && attribute(d, "href") == path {
			return p.w.browse(p.w.ready.BaseURL + path)
		}
	}
	p.w.t.Fatalf("no link to %s", path)
	return screen{}
}

func (w *world) search(headers []string, filter string) []map[string]any {
	w.t.Helper()
	q := url.Values{"$select": {"contactId,name"}, "$filter": {filter}}
	a := w.service(http.MethodGet, first, "Contact?"+q.Encode(), "", headers)
	var found struct{ Value []map[string]any }
	if err := json.Unmarshal(a.body, &found); err != nil || a.status != http.StatusOK {
		w.t.Fatalf("find: %d %v %s", a.status, err, a.body)
	}
	return found.Value
}

func TestSaveWantsTheEntityAsItCame(t *testing.T) {
	w := newWorld(t)
	headers := bearer(w.signIn(first))
	whole := w.entity(headers, "Good")
	change := func(name, value string) map[string]json.RawMessage {
		fields := maps.Clone(whole)
		if value == "" {
			delete(fields, name)
		} else {
			fields[name] = json.RawMessage(value)
		}
		return fields
	}
	for why, fields := range map[string]map[string]json.RawMessage{
		"empty":                  {"Name": json.RawMessage(`"x"`)},
		"a field is missing":     change("Associate", ""),
		"a null is missing":      change("TicketPriority", ""),
		"unknown field missing":  change("SandboxSeal", ""),
		"unknown field changed":  change("SandboxSeal", `{"Of":"1"}`),
		"big number mangled":     change("SandboxRevision", "9007199254740992"),
		"big number as a double": change("SandboxRevision", "9.007199254740993e15"),
		"array instead of null":  change("CreatedBy", "[]"),
		"a number as text":       change("ContactId", `"0"`),
		"somebody's company":     change("ContactId", "1"),
		"a field too many":       change("Invented", "1"),
		"no name":                change("Name", `" "`),
		"name is null":           change("Name", "null"),
		"name too long":          change("Name", `"`+strings.Repeat("x", 220)+`"`),
	} {
		a := w.save(headers, fields)
		if a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", why, a.status)
			continue
		}
		if e := a.object(t); e["Error"] != true || text(e["ErrorType"]) == "" || text(e["ErrorMessage"]) == "" {
			t.Errorf("%s: %v", why, e)
		}
	}
	if a := w.service(http.MethodPost, first, "Contact", "[1]", headers); a.status != http.StatusBadRequest {
		t.Errorf("an array: %d", a.status)
	}
	if a := w.service(http.MethodGet, first, "Contact?$filter=name+eq+%27O%27Hara%27", "", headers); a.status != http.StatusBadRequest {
		t.Errorf("a quote that is not doubled: %d", a.status)
	}
	if a := w.save(headers, whole); a.status != http.StatusOK {
		t.Errorf("the whole one: %d %s", a.status, a.body)
	}
}
