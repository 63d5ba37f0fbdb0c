package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
)

// matrixFile is where the matrix is kept for people to read, and what this test holds the programs against.
const matrixFile = "../core/sandbox/FAULTS.md"

var update = flag.Bool("update", false, "write the fault matrix, or the page of all causes, anew instead of comparing with it")

// TestMain takes the operating system's secret store away: the key lies in a file, on every machine.
func TestMain(m *testing.M) {
	_ = os.Unsetenv("DBUS_SESSION_BUS_ADDRESS")
	os.Exit(m.Run())
}

// TestFaultMatrix switches on every fault of the sandbox in turn and carries out the things that people do:
// sign in, poll, create a company as the login user and as the system user, sign out. What each comes to
// (the taxonomy's name), and how many exchanges, status calls and saves it cost as the sandbox counted them,
// stands in a table that people read. A difference fails; -update writes the table anew, for somebody to
// look at before it is committed.
func TestFaultMatrix(t *testing.T) {
	groups := faultGroups(t)
	rows := make([][]row, len(groups))
	t.Run("groups", func(t *testing.T) {
		for i, g := range groups {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				rows[i] = newRig(t).carryOut(t, g)
			})
		}
	})
	if t.Failed() {
		return
	}
	got := writeMatrix(groups, rows)
	if *update {
		if err := os.WriteFile(matrixFile, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range bytes.Split(got, []byte("\n")) {
		if wanted := bytes.Split(want, []byte("\n")); i >= len(wanted) || !bytes.Equal(line, wanted[i]) {
			t.Errorf("line %d is now\n%s", i+1, line)
		}
	}
	if !t.Failed() && !bytes.Equal(got, want) {
		t.Error("the table in the file is longer")
	}
}

// fault is a switch of the sandbox as its control API describes it, or an order that is none of its faults.
type fault struct {
	Name        string `json:"name"`
	Group       string `json:"group"`
	Description string `json:"description"`
	TakesDelay  bool   `json:"takes_delay"`

	// orders bring it about; none means that the fault of the name is switched on.
	orders []order
	// warm lets the app fill its caches first: the order changes something that is known already.
	warm bool
	// soap makes the exchange go by SOAP.
	soap bool
}

// order is one order to the sandbox's control API.
type order map[string]any

// faultOrders switch a fault on, and bring about what it takes to be seen: a refusal for one that gives
// refusals another form, the end of the access token for one that meets its renewal.
func (f fault) faultOrders() []order {
	if f.orders != nil {
		return f.orders
	}
	on := order{"action": "fault", "fault": f.Name, "on": true}
	if f.TakesDelay {
		on["delay"] = "20ms"
	}
	list := []order{on}
	switch {
	case strings.HasPrefix(f.Name, "exchange-refusal-"):
		list = append(list, order{"action": "fault", "fault": "exchange-refused-revoked", "on": true})
	case f.Group == "tokens", f.Name == "services-expired-403":
		list = append(list, order{"action": "expire", "what": "access tokens", "ctx": ctxID})
	case f.Name == "status-deleted-404":
		list = append(list, order{"action": "state", "ctx": ctxID, "state": "Deleted"})
	}
	return list
}

// company is the name to create: empty for one that is made up, and one with a quote where the switch is
// about quotes. A name that was typed is looked for first.
func (f fault) company() string {
	if strings.HasPrefix(f.Name, "services-quote-") {
		return "O'Brien"
	}
	return ""
}

// otherSwitches are what the control page offers besides its faults.
func otherSwitches() []fault {
	list := []fault{
		{Name: "none", Description: "Everything works, and nothing is in the caches.", orders: []order{}},
		{Name: "none (warm)", Description: "Everything works, and the caches are full.", orders: []order{}, warm: true},
		{Name: "move", Description: "The tenant has just moved to the other numbered host.", orders: []order{{"action": "move", "ctx": ctxID}}, warm: true},
		{Name: "revoke", Description: "The customer has just withdrawn the approval; the ticket still works.", orders: []order{{"action": "revoke", "ctx": ctxID}}, warm: true},
		{Name: "revoke, expire", Description: "The customer has withdrawn the approval, and ticket and access token have ended.",
			orders: []order{{"action": "revoke", "ctx": ctxID}, {"action": "expire", "ctx": ctxID}}, warm: true},
		{Name: "expire", Description: "Ticket and access token have just ended.", orders: []order{{"action": "expire", "ctx": ctxID}}, warm: true},
		{Name: "rotate-keys", Description: "SuperID has just changed its signing key.", orders: []order{{"action": "rotate-keys"}, {"action": "expire", "ctx": ctxID}}, warm: true},
		{Name: "clock +10m", Description: "This machine's clock is ten minutes behind.", orders: []order{{"action": "clock", "offset": "10m"}}},
		{Name: "clock -10m", Description: "This machine's clock is ten minutes ahead.", orders: []order{{"action": "clock", "offset": "-10m"}}},
	}
	for _, state := range []string{"Unknown", "Provisioning", "Deleted", "Suspended", "OnlineMaintenance", "OfflineMaintenance",
		"ProvisioningFailed", "Deleting", "DeleteFailed", "MigrationPending"} {
		list = append(list, fault{Name: "state " + state, Description: "The tenant's state is " + state + ".",
			orders: []order{{"action": "state", "ctx": ctxID, "state": state}}})
	}
	return list
}

type group struct {
	name   string
	faults []fault
}

// row is what came of one fault.
type row struct {
	fault
	cells []cell
}

// cell is one thing done under one fault.
type cell struct {
	outcome                       string
	exchanges, statusCalls, saves int
}

// String is the cell as the table shows it.
func (c cell) String() string {
	return fmt.Sprintf("%s · %d %d %d", c.outcome, c.exchanges, c.statusCalls, c.saves)
}

// faultGroups asks a sandbox what it can do wrong.
func faultGroups(t *testing.T) []group {
	var faults []fault
	r := newRig(t)
	r.get(t, "/control/faults", &faults)
	if len(faults) < 100 {
		t.Fatalf("the sandbox names %d faults only", len(faults))
	}
	groups := []group{{"states and orders", otherSwitches()}}
	for _, f := range faults {
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == f.Group })
		if i < 0 {
			groups, i = append(groups, group{name: f.Group}), len(groups)
		}
		groups[i].faults = append(groups[i].faults, f)
	}
	// The exchange once more, by its other protocol: the same must come of it.
	for _, g := range groups {
		if !strings.HasPrefix(g.name, "exchange") {
			continue
		}
		bySOAP := group{name: g.name + ", by SOAP"}
		for _, f := range g.faults {
			f.soap = true
			bySOAP.faults = append(bySOAP.faults, f)
		}
		groups = append(groups, bySOAP)
	}
	return groups
}

// ctxID is the tenant that everything is done in.
const ctxID = "Cust10001"

// rig is a data directory with a sandbox, and an app that serves it.
type rig struct {
	data string
	host *app.App
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{data: t.TempDir()}
	host, end := r.open(t)
	t.Cleanup(end)
	r.host = host
	return r
}

// open starts an app on the rig's data directory, with nothing in its caches. end closes it.
func (r *rig) open(t *testing.T) (a *app.App, end func()) {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{Program: "matrix", Data: r.data})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Sandbox.Ensure(t.Context()); err != nil {
		t.Error(errors.Join(err, a.Close()))
		t.FailNow()
	}
	return a, func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

func matrixKey() tenant.Key { return tenant.Key{Registration: tenant.SandboxName, ContextID: ctxID} }

// carryOut fills the group's rows.
func (r *rig) carryOut(t *testing.T, g group) []row {
	rows := make([]row, len(g.faults))
	for i, f := range g.faults {
		rows[i].fault = f
		for _, deed := range deeds() {
			rows[i].cells = append(rows[i].cells, r.carryOutOne(t, f, deed.do))
		}
	}
	return rows
}

// carryOutOne begins with a tenant that was signed in to while all was well, and with an app that has
// neither ticket nor keys nor status in its memory, unless the switch is about those.
func (r *rig) carryOutOne(t *testing.T, f fault, do func(t *testing.T, a *app.App, f fault) string) cell {
	t.Helper()
	r.order(t, order{"action": "clear"})
	r.order(t, order{"action": "state", "ctx": ctxID, "state": "Running"})
	before, end := r.open(t)
	if outcome := signIn(t, before, f); outcome != "done" {
		t.Fatalf("before %s: the sign-in is %s", f.Name, outcome)
	}
	end()
	ctx := t.Context()
	if ticket, err := r.host.Store.Ticket(ctx, matrixKey()); err == nil {
		if err := r.host.Store.RemoveTicket(ctx, matrixKey(), ticket.Text); err != nil {
			t.Fatal(err)
		}
	}
	r.exchangeBy(t, f.soap)
	a, end := r.open(t)
	defer end()
	if f.warm {
		for _, deed := range deeds()[1:4] {
			deed.do(t, a, f)
		}
	}
	for _, o := range f.faultOrders() {
		r.order(t, o)
	}
	r.order(t, order{"action": "reset"})
	outcome := do(t, a, f)
	var counters struct {
		Total struct {
			Exchanges   int `json:"exchanges"`
			StatusCalls int `json:"status_calls"`
			Saves       int `json:"contact_posts"`
		} `json:"total"`
	}
	r.order(t, order{"action": "clear"})
	r.get(t, "/control/counters", &counters)
	return cell{outcome, counters.Total.Exchanges, counters.Total.StatusCalls, counters.Total.Saves}
}

// exchangeBy has the sandbox's registration exchange by SOAP or by REST.
func (r *rig) exchangeBy(t *testing.T, soap bool) {
	t.Helper()
	registration, err := r.host.Store.Registration(t.Context(), tenant.SandboxName)
	if err != nil {
		t.Fatal(err)
	}
	registration.Exchange = tenant.REST
	if soap {
		registration.Exchange = tenant.SOAP
	}
	if err := r.host.Store.SaveRegistration(t.Context(), registration); err != nil {
		t.Fatal(err)
	}
}

func causeOf(err error) string { return cmp.Or(string(tenant.Explain(err).Cause), "without a cause") }

// order sends one order to the sandbox's control API.
func (r *rig) order(t *testing.T, o order) {
	t.Helper()
	body, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	r.call(t, http.MethodPost, "/control", body, nil)
}

func (r *rig) get(t *testing.T, path string, into any) {
	t.Helper()
	r.call(t, http.MethodGet, path, nil, into)
}

func (r *rig) call(t *testing.T, method, path string, body []byte, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.host.Sandbox.BaseURL()+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %v, status %d: %s", method, path, err, response.StatusCode, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatal(err)
	}
}

// writeMatrix writes the table as Markdown.
func writeMatrix(groups []group, rows [][]row) []byte {
	var b bytes.Buffer
	b.WriteString("# The sandbox's faults, and what Partnerdesk makes of them\n\n" +
		"Generated by `go test ./app -run TestFaultMatrix -update`, and held against it by `make test`. Each row is a switch of the\n" +
		"sandbox's control page. Before each cell the tenant was signed in to while all was well, and the program started anew, with\n" +
		"no ticket, no key and no status in its memory; where the switch is about those, they were there. Token faults meet an access\n" +
		"token that has just ended.\n\n" +
		"A cell says what came of the deed: `done`, `logged on`, `created`, or the name of the cause in the taxonomy\n" +
		"([core/tenant/cause.go](../tenant/cause.go)), which says who is at fault, whether it heals by itself and what to do next. The\n" +
		"three numbers are the exchanges, the status calls and the saves (`POST Contact`) that the sandbox counted.\n")
	for i, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n| switch | what is wrong |", g.name)
		for _, d := range deeds() {
			fmt.Fprintf(&b, " %s |", d.name)
		}
		b.WriteString("\n|---|---|" + strings.Repeat("---|", len(deeds())) + "\n")
		for _, r := range rows[i] {
			fmt.Fprintf(&b, "| `%s` | %s |", r.Name, strings.ReplaceAll(r.Description, "|", `\|`))
			for _, c := range r.cells {
				fmt.Fprintf(&b, " %s |", c)
			}
			b.WriteString("\n")
		}
	}
	return b.Bytes()
}
