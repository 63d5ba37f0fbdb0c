package app_test

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// patient is a row of [TestTheDoctorNamesTheFirstCause].
type patient struct {
	name string
	// orders bring the trouble about; fault is short for switching that fault on.
	orders []order
	fault  string
	// kept leaves a ticket from a log-on while all was well.
	kept bool
	// change changes the stored registration.
	change func(*tenant.Registration)
	// exchange asks for an exchange in any case.
	exchange bool

	// step and cause are what must be found; empty where all is well.
	step      workbench.DiagnosisStep
	cause     tenant.Cause
	exchanges int
}

// patients are tenants with one thing wrong each; the number of exchanges is what it may cost to find out.
func patients(t *testing.T) []patient {
	otherKey, err := workbench.GenerateKey(2048, workbench.KeyPEM)
	if err != nil {
		t.Fatal(err)
	}
	stranger := httptest.NewUnstartedServer(http.NotFoundHandler())
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	at := func(base string) func(*tenant.Registration) {
		return func(r *tenant.Registration) { r.Base = base }
	}
	state := func(name string) []order { return []order{{"action": "state", "ctx": ctxID, "state": name}} }
	return []patient{
		{name: "well, without a ticket", exchanges: 1},
		{name: "well, with a ticket", kept: true},
		{name: "well, and an exchange wanted", kept: true, exchange: true, exchanges: 1},
		{name: "a name that there cannot be", change: at("https://partnerdesk.invalid"), step: workbench.DiagnoseName, cause: tenant.CauseNameUnknown},
		{name: "an authority that nobody knows", change: at(stranger.URL), step: workbench.DiagnoseTLS, cause: tenant.CauseUntrustedTLS},
		{name: "clock behind", orders: []order{{"action": "clock", "offset": "10m"}}, step: workbench.DiagnoseClock, cause: tenant.CauseClock},
		{name: "clock ahead", orders: []order{{"action": "clock", "offset": "-10m"}}, kept: true, step: workbench.DiagnoseClock, cause: tenant.CauseClock},
		{name: "nobody answers", change: at("http://127.0.0.1:1"), step: workbench.DiagnoseMetadata, cause: tenant.CauseUnreachable},
		{name: "hung up", fault: "provider-dropped", step: workbench.DiagnoseMetadata, cause: tenant.CauseUnreachable},
		{name: "metadata in trouble", fault: "metadata-500", step: workbench.DiagnoseMetadata, cause: tenant.CauseProviderFailed},
		{name: "a page for metadata", fault: "metadata-html", step: workbench.DiagnoseMetadata, cause: tenant.CauseAnswerUnusable},
		{name: "another issuer", fault: "metadata-wrong-issuer", step: workbench.DiagnoseMetadata, cause: tenant.CauseAddress},
		{name: "key set in trouble", fault: "keys-500", kept: true, step: workbench.DiagnoseKeySet, cause: tenant.CauseProviderFailed},
		{name: "no key", fault: "keys-empty", step: workbench.DiagnoseKeySet, cause: tenant.CauseKeyUnknown},
		{name: "client refused", fault: "tokens-invalid-client", step: workbench.DiagnoseClient, cause: tenant.CauseClientRefused},
		{name: "another secret", kept: true, change: func(r *tenant.Registration) { r.ClientSecret = secret.New("canary0123456789canary0123456789") },
			step: workbench.DiagnoseClient, cause: tenant.CauseClientRefused},
		{name: "another client id", change: func(r *tenant.Registration) { r.ClientID = strings.Repeat("0", 32) }, step: workbench.DiagnoseClient, cause: tenant.CauseClientRefused},
		{name: "no secret", change: func(r *tenant.Registration) { r.ClientSecret = secret.Text{} }, step: workbench.DiagnoseClient, cause: tenant.CauseIncomplete},
		{name: "token endpoint in trouble", fault: "tokens-500", step: workbench.DiagnoseClient, cause: tenant.CauseProviderFailed},
		{name: "an answer that does not tell", fault: "tokens-html", exchanges: 1},
		{name: "secret in the header", fault: "tokens-basic-only", exchanges: 1},
		{name: "a damaged key", change: func(r *tenant.Registration) { r.PrivateKey = secret.New("canary no key") }, step: workbench.DiagnoseKeyPair, cause: tenant.CauseKeyUnusable},
		{name: "no private key", change: func(r *tenant.Registration) { r.PrivateKey = secret.Text{} }, step: workbench.DiagnoseKeyPair, cause: tenant.CauseIncomplete},
		{name: "suspended", orders: state("Suspended"), step: workbench.DiagnoseStatus, cause: tenant.CauseTenantSuspended},
		{name: "deleted", orders: state("Deleted"), kept: true, step: workbench.DiagnoseStatus, cause: tenant.CauseTenantGone},
		{name: "in maintenance, and an exchange wanted", orders: state("OfflineMaintenance"), exchange: true, step: workbench.DiagnoseStatus, cause: tenant.CauseMaintenance},
		{name: "status in trouble", fault: "status-500", step: workbench.DiagnoseStatus, cause: tenant.CauseProviderFailed},
		{name: "not known", fault: "status-404", step: workbench.DiagnoseStatus, cause: tenant.CauseTenantGone},
		{name: "in online maintenance", orders: state("OnlineMaintenance"), exchanges: 1},
		{name: "another key", change: func(r *tenant.Registration) { r.PrivateKey = otherKey.Private }, step: workbench.DiagnoseExchange, cause: tenant.CauseSigningKey, exchanges: 1},
		{name: "revoked", fault: "exchange-refused-revoked", step: workbench.DiagnoseExchange, cause: tenant.CauseRevoked, exchanges: 1},
		{name: "revoked, while the ticket works", fault: "exchange-refused-revoked", kept: true},
		{name: "revoked, and the ticket has ended", orders: []order{{"action": "revoke", "ctx": ctxID}, {"action": "expire", "ctx": ctxID}}, kept: true,
			step: workbench.DiagnoseExchange, cause: tenant.CauseRevoked, exchanges: 1},
		{name: "the ticket has ended", orders: []order{{"action": "expire", "ctx": ctxID}}, kept: true, exchanges: 1},
		{name: "refused without a word", fault: "exchange-refused-no-message", step: workbench.DiagnoseExchange, cause: tenant.CauseExchangeRefused, exchanges: 1},
		{name: "a bad signature", fault: "exchange-token-bad-signature", step: workbench.DiagnoseToken, cause: tenant.CauseTokenRefused, exchanges: 1},
		{name: "another tenant's token", fault: "exchange-token-other-tenant", step: workbench.DiagnoseToken, cause: tenant.CauseWrongTenant, exchanges: 1},
		{name: "keys without names", fault: "keys-two-no-kid", step: workbench.DiagnoseToken, cause: tenant.CauseKeyUnknown, exchanges: 1},
		{name: "every ticket refused", fault: "services-401", step: workbench.DiagnoseLogOn, cause: tenant.CauseCredentialRefused, exchanges: 1},
		{name: "no right at all", fault: "services-403", kept: true, step: workbench.DiagnoseLogOn, cause: tenant.CauseRightMissing},
		{name: "at the wrong host", fault: "services-421", kept: true, step: workbench.DiagnoseLogOn, cause: tenant.CauseTenantMoved},
		{name: "moved", orders: []order{{"action": "move", "ctx": ctxID}}, kept: true},
		{name: "tenant in trouble", fault: "services-500", kept: true, step: workbench.DiagnoseLogOn, cause: tenant.CauseTenantFailed},
		{name: "a page for the principal", fault: "services-html", kept: true, step: workbench.DiagnoseLogOn, cause: tenant.CauseAnswerUnusable},
	}
}

// Whatever is wrong with a tenant, the doctor stops at it, names it, and leaves neither a company nor a needless
// exchange behind, nor a secret in what it says.
func TestTheDoctorNamesTheFirstCause(t *testing.T) {
	r := newRig(t)
	for _, p := range patients(t) {
		t.Run(p.name, func(t *testing.T) {
			a, end := r.prepare(t, p)
			defer end()
			var told []workbench.DiagnosedStep
			d, err := a.Workbench.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: matrixKey(), Exchange: p.exchange,
				Progress: func(s workbench.DiagnosedStep) { told = append(told, s) }})
			r.order(t, order{"action": "clear"})
			if err != nil || len(d.Steps) == 0 || len(told) != len(d.Steps) {
				t.Fatalf("%d steps, %d told, %v", len(d.Steps), len(told), err)
			}
			p.judge(t, d)
			exchanges, saves := r.traces(t)
			if exchanges != p.exchanges || saves != 0 {
				t.Errorf("%d exchanges, %d companies", exchanges, saves)
			}
			printed, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			for what, canary := range r.secrets(t) {
				if strings.Contains(string(printed), canary) {
					t.Errorf("the %s stands in the diagnosis", what)
				}
			}
		})
	}
}

// Without the customer's approval there is nothing to exchange, and nothing is sent.
func TestTheDoctorNamesAMissingApproval(t *testing.T) {
	r := newRig(t)
	r.order(t, order{"action": "fault", "fault": "consent-not-approved", "on": true})
	if outcome := signIn(t, r.host, fault{}); !strings.HasPrefix(outcome, "done, ") {
		t.Fatalf("the sign-in is %s", outcome)
	}
	r.order(t, order{"action": "reset"})
	d, err := r.host.Workbench.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: matrixKey()})
	if err != nil {
		t.Fatal(err)
	}
	patient{step: workbench.DiagnoseExchange, cause: tenant.CauseNotApproved}.judge(t, d)
	if exchanges, _ := r.traces(t); exchanges != 0 {
		t.Errorf("%d exchanges", exchanges)
	}
}

// prepare signs in while all is well and leaves a ticket if the row wants one; then the trouble begins.
func (r *rig) prepare(t *testing.T, p patient) (a *app.App, end func()) {
	t.Helper()
	r.order(t, order{"action": "clear"})
	r.order(t, order{"action": "state", "ctx": ctxID, "state": "Running"})
	before, closed := r.open(t)
	if outcome := signIn(t, before, fault{}); outcome != "done" {
		t.Fatalf("the sign-in is %s", outcome)
	}
	if ticket, err := before.Store.Ticket(t.Context(), matrixKey()); err == nil {
		if err := before.Store.RemoveTicket(t.Context(), matrixKey(), ticket.Text); err != nil {
			t.Fatal(err)
		}
	}
	if p.kept {
		if got := poll(t, before, fault{}); got != "logged on" {
			t.Fatalf("the poll is %s", got)
		}
	}
	closed()
	a, end = r.open(t) // which puts right what an earlier row has changed
	if p.change != nil {
		reg, err := a.Store.Registration(t.Context(), tenant.SandboxName)
		if err != nil {
			t.Fatal(err)
		}
		p.change(&reg)
		if err := a.Store.SaveRegistration(t.Context(), reg); err != nil {
			t.Fatal(err)
		}
	}
	orders := p.orders
	if p.fault != "" {
		orders = append(orders, fault{Name: p.fault}.faultOrders()...)
	}
	for _, o := range orders {
		r.order(t, o)
	}
	r.order(t, order{"action": "reset"})
	return a, end
}

func (p patient) judge(t *testing.T, d workbench.Diagnosis) {
	t.Helper()
	last := d.Steps[len(d.Steps)-1]
	if p.step == "" {
		if !d.OK || d.Cause != nil || last.Name != workbench.DiagnoseRight || last.Result != workbench.StepPassed {
			t.Errorf("not well: %s is %s: %s", last.Name, last.Result, last.Detail)
		}
	} else if d.OK || d.Cause == nil || last.Name != p.step || last.Result != workbench.StepFailed || d.Cause.Cause != p.cause || d.Cause.Next == "" || last.Detail == "" {
		t.Errorf("%s is %s: %+v", last.Name, last.Result, d.Cause)
	}
	for _, s := range d.Steps[:len(d.Steps)-1] {
		if s.Result == workbench.StepFailed || s.Detail == "" || s.Label == "" || s.Proves == "" {
			t.Errorf("before the end: %+v", s)
		}
	}
}

// traces is what the diagnosis has left at the sandbox.
func (r *rig) traces(t *testing.T) (exchanges, saves int) {
	t.Helper()
	var counters struct {
		Total struct {
			Exchanges int `json:"exchanges"`
			Saves     int `json:"contact_posts"`
		} `json:"total"`
	}
	r.get(t, "/control/counters", &counters)
	return counters.Total.Exchanges, counters.Total.Saves
}

// secrets are all that a diagnosis works with and must not print.
func (r *rig) secrets(t *testing.T) map[string]string {
	t.Helper()
	reg, err := r.host.Store.Registration(t.Context(), tenant.SandboxName)
	if err != nil {
		t.Fatal(err)
	}
	patient, err := r.host.Store.Tenant(t.Context(), matrixKey())
	if err != nil {
		t.Fatal(err)
	}
	login, err := r.host.Store.Login(t.Context(), matrixKey())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{
		"system user token": patient.SystemUserToken.Reveal(), "access token": login.AccessToken.Reveal(), "refresh token": login.RefreshToken.Reveal(),
		"canary": "canary", "mark of a ticket": "7T:", "mark of a token": "eyJ",
	}
	if !reg.ClientSecret.Empty() {
		found["client secret"] = reg.ClientSecret.Reveal()
	}
	return found
}
