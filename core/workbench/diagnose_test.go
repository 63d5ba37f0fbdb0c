package workbench_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/probe"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

func stepOf(t *testing.T, d workbench.Diagnosis, name workbench.DiagnosisStep) workbench.DiagnosedStep {
	t.Helper()
	i := slices.IndexFunc(d.Steps, func(s workbench.DiagnosedStep) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no step %s", name)
	}
	return d.Steps[i]
}

func TestAHealthyTenantPassesEveryStep(t *testing.T) {
	v, w := newWard(t)
	d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
	if err != nil || !d.OK || d.Cause != nil || d.Remark != "" || len(d.Steps) != 14 {
		t.Fatalf("%d steps, %+v, %v", len(d.Steps), d.Cause, err)
	}
	plan := workbench.DiagnosisSteps()
	if len(plan) != len(d.Steps) {
		t.Fatalf("%d steps were announced", len(plan))
	}
	var skipped []workbench.DiagnosisStep
	for i, s := range d.Steps {
		if p := plan[i]; p.Name != s.Name || p.Label != s.Label || p.Proves != s.Proves || p.Result != "" {
			t.Errorf("step %d was announced as %+v", i+1, p)
		}
		if s.Result == workbench.StepSkipped {
			skipped = append(skipped, s.Name)
		}
	}
	if want := []workbench.DiagnosisStep{workbench.DiagnoseExchange, workbench.DiagnoseToken}; !slices.Equal(skipped, want) || v.exchanges != 0 {
		t.Errorf("skipped %v after %d exchanges", skipped, v.exchanges)
	}
	// The log-on was made while looking for a ticket; its time is the log-on's all the same.
	if took := stepOf(t, d, workbench.DiagnoseLogOn).Took; took != 30*time.Millisecond || stepOf(t, d, workbench.DiagnoseExchange).Took != 0 {
		t.Errorf("the log-on took %s", took)
	}
	hosts := []string{"https://sod.superoffice.com", "https://online2.superoffice.com/Cust1/api"}
	if !slices.Equal(v.resolved, hosts) || !slices.Equal(v.shaken, hosts) {
		t.Errorf("resolved %v, shaken %v", v.resolved, v.shaken)
	}
	log := v.log.String()
	if strings.Count(log, `"level":"DEBUG"`) != 14 || strings.Count(log, `"level":"INFO"`) != 1 || !strings.Contains(log, "Diagnosed Cust1: all is well") ||
		strings.Count(log, `"component":"doctor"`) != 15 || strings.Contains(log, "workbench") {
		t.Errorf("the journal has\n%s", log)
	}
	printed, err := json.Marshal(d)
	if err != nil || strings.Contains(string(printed)+log, "canary") {
		t.Errorf("a secret is told: %v", err)
	}
}

func TestARegistrationIsDiagnosedWithoutATenant(t *testing.T) {
	v, w := newWard(t)
	d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{})
	if err != nil || !d.OK || d.Registration != "app" || d.ContextID != "" || len(d.Steps) != 7 {
		t.Errorf("%+v, %v", d, err)
	}
	// An app that only signs people in needs neither secret nor key.
	native := v.registrations["app"]
	native.ClientSecret, native.PrivateKey = secret.Text{}, secret.Text{}
	v.registrations["app"] = native
	d, err = w.Diagnose(t.Context(), workbench.DiagnoseRequest{Registration: "app"})
	if err != nil || !d.OK || stepOf(t, d, workbench.DiagnoseClient).Result != workbench.StepSkipped || stepOf(t, d, workbench.DiagnoseKeyPair).Result != workbench.StepSkipped {
		t.Errorf("%+v, %v", d, err)
	}
	for _, req := range []workbench.DiagnoseRequest{{Registration: "none"}, {Tenant: tenant.Key{Registration: "app", ContextID: "Cust2"}}} {
		if _, err := w.Diagnose(t.Context(), req); tenant.Explain(err).Cause != tenant.CauseNotThere {
			t.Errorf("%+v: %v", req, err)
		}
	}
}

func TestWhatIsNotWellYetIsTold(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*ward)
		step   workbench.DiagnosisStep
		detail string
		warn   string
	}{
		"a proxy": {func(v *ward) { v.route = probe.Route{Host: "proxy", Proxy: true, Addresses: []string{"192.0.2.9"}} },
			workbench.DiagnoseName, "through the proxy proxy, at 192.0.2.9", ""},
		"many addresses": {func(v *ward) { v.route.Addresses = []string{"1", "2", "3", "4", "5"} },
			workbench.DiagnoseName, "1, 2, 3 and 2 more", ""},
		"a certificate near its end":   {func(v *ward) { v.tls.Until = v.now.Add(49 * time.Hour) }, workbench.DiagnoseTLS, "ends in 2 days", "ends soon"},
		"a clock that drifts":          {func(v *ward) { v.discovery.Skew = -2 * time.Minute }, workbench.DiagnoseClock, "2 min ahead of", "5 min"},
		"a clock that is nearly right": {func(v *ward) { v.discovery.Skew = 3 * time.Second }, workbench.DiagnoseClock, "3 s behind", ""},
		"a pinned certificate that SuperOffice no longer uses": {func(v *ward) { v.keys.Pinned = &superid.Certificate{Thumbprint: "AB", NotAfter: v.now.Add(time.Hour)} },
			workbench.DiagnoseKeySet, "pinned certificate AB", "does not hold"},
		"a pinned certificate that has expired": {func(v *ward) {
			v.keys.Pinned, v.keys.Listed = &superid.Certificate{Thumbprint: "AB", NotAfter: v.now.Add(-time.Hour)}, true
		}, workbench.DiagnoseKeySet, "Its key is in", "expired"},
		"a pinned certificate, and no key set": {func(v *ward) {
			v.keys.Pinned, v.keys.Trouble = &superid.Certificate{Thumbprint: "AB", NotAfter: v.now.Add(time.Hour)}, errors.New("x")
		}, workbench.DiagnoseKeySet, "The key set cannot be read", ""},
		"a client that is not proven": {func(v *ward) { v.proof = superid.ClientProof{Answer: "HTTP status 400"} }, workbench.DiagnoseClient, "does not tell whether it fits (HTTP status 400)", ""},
		"online maintenance":          {func(v *ward) { v.status.State = tenant.StateOnlineMaintenance }, workbench.DiagnoseStatus, "OnlineMaintenance, at", "another state"},
		"a principal of no tenant":    {func(v *ward) { v.principal.ContextID = "" }, workbench.DiagnoseLogOn, "Logged on to Cust1 as SYS", "does not say"},
	} {
		t.Run(name, func(t *testing.T) {
			v, w := newWard(t)
			row.change(v)
			d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
			if err != nil || !d.OK {
				t.Fatalf("%+v, %v", d.Cause, err)
			}
			if s := stepOf(t, d, row.step); !strings.Contains(s.Detail, row.detail) || !strings.Contains(s.Warning, row.warn) || (s.Warning == "") != (row.warn == "") {
				t.Errorf("%q, warning %q", s.Detail, s.Warning)
			}
		})
	}
}

func TestATenantAtTheSignInHostIsNotLookedForTwice(t *testing.T) {
	v, w := newWard(t)
	v.status.API = "https://sod.superoffice.com/Cust1/api"
	d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
	if err != nil || len(v.resolved) != 1 || len(v.shaken) != 1 || stepOf(t, d, workbench.DiagnoseAPITLS).Result != workbench.StepSkipped {
		t.Errorf("resolved %v, %v", v.resolved, err)
	}
}

// An exchange writes a row in the customer's database, so one is made only where nothing else can help, and once.
func TestAnExchangeIsMadeOnlyWhereItMust(t *testing.T) {
	for name, row := range map[string]struct {
		calls     []error
		exchange  bool
		exchanges int
		cause     tenant.Cause
	}{
		"the kept ticket is taken":       {nil, false, 0, ""},
		"it is taken, and one is wanted": {nil, true, 1, ""},
		"none is kept":                   {[]error{keeper.ErrNoTicket}, false, 1, ""},
		"it is refused":                  {[]error{refusedBy(401)}, false, 1, ""},
		"the new one is refused too":     {[]error{keeper.ErrNoTicket, refusedBy(401)}, false, 1, tenant.CauseCredentialRefused},
		"the user has no right":          {[]error{refusedBy(403)}, false, 0, tenant.CauseRightMissing},
	} {
		t.Run(name, func(t *testing.T) {
			v, w := newWard(t)
			v.calls = row.calls
			d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key, Exchange: row.exchange})
			if err != nil || v.exchanges != row.exchanges || d.OK != (row.cause == "") {
				t.Fatalf("%d exchanges, %+v, %v", v.exchanges, d.Cause, err)
			}
			if made := stepOf(t, d, workbench.DiagnoseExchange).Result == workbench.StepPassed; made != (row.exchanges > 0) {
				t.Errorf("the exchange is %+v", stepOf(t, d, workbench.DiagnoseExchange))
			}
			if d.Cause != nil && d.Cause.Cause != row.cause {
				t.Errorf("%+v", d.Cause)
			}
		})
	}
}

// refusedBy is a tenant's refusal as the web services' client explains it.
func refusedBy(status int) error {
	cause := map[int]tenant.Cause{http.StatusUnauthorized: tenant.CauseCredentialRefused, http.StatusForbidden: tenant.CauseRightMissing}[status]
	return &tenant.Problem{Op: "call", Err: &online.Refusal{Status: status}, Explanation: cause.Explain("The tenant refused the request.", "", "")}
}

func TestTheRightToCreateCompaniesIsLookedAtWithoutCreatingOne(t *testing.T) {
	v, w := newWard(t)
	v.contactErr = refusedBy(http.StatusForbidden)
	d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
	if err != nil || d.OK || d.Cause.Cause != tenant.CauseRightMissing || !strings.Contains(d.Cause.What, "create companies") || v.contacts != 1 {
		t.Fatalf("%+v, %v", d.Cause, err)
	}
	if last := d.Steps[len(d.Steps)-1]; last.Name != workbench.DiagnoseRight || last.Result != workbench.StepFailed || !strings.HasPrefix(last.Detail, d.Cause.What) {
		t.Errorf("%+v", last)
	}
	if log := v.log.String(); !strings.Contains(log, "Diagnosed Cust1: Right to create companies failed") || !strings.Contains(log, string(tenant.CauseRightMissing)) {
		t.Errorf("the journal has\n%s", log)
	}
}

func TestTheWrongTenantIsNotLoggedOnTo(t *testing.T) {
	v, w := newWard(t)
	v.principal.ContextID = "Cust2"
	d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
	if err != nil || d.OK || d.Cause.Cause != tenant.CauseWrongTenant || v.contacts != 0 {
		t.Errorf("%+v, %v", d.Cause, err)
	}
}

// The poller gives a tenant in trouble a rest, which must not outlast the proof that it works.
func TestATenantThatIsWellRestsNoLonger(t *testing.T) {
	trouble := tenant.CauseTenantFailed.Explain("x", "", "")
	for name, row := range map[string]struct {
		trouble   *tenant.Explanation
		active    bool
		broken    bool
		activated int
		remark    string
	}{
		"resting and well":       {&trouble, true, false, 1, "visited at once"},
		"well all along":         {nil, true, false, 0, ""},
		"resting and still ill":  {&trouble, true, true, 0, ""},
		"not active":             {nil, false, false, 0, "leaves it alone"},
		"not active, in trouble": {&trouble, false, false, 0, "leaves it alone"},
	} {
		t.Run(name, func(t *testing.T) {
			v, w := newWard(t)
			v.visit, v.tenant.Active = tenant.Visit{Key: key, Trouble: row.trouble}, row.active
			if row.broken {
				v.contactErr = refusedBy(http.StatusForbidden)
			}
			d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{Tenant: key})
			if err != nil || v.activated != row.activated || v.due != row.activated || !strings.Contains(d.Remark, row.remark) || (d.Remark == "") != (row.remark == "") {
				t.Errorf("forgiven %d times, %q, %v", v.activated, d.Remark, err)
			}
		})
	}
}

func TestADiagnosisEndsWithItsCallerAndStepsByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, w := newWard(t)
		v.silent = true
		began := time.Now()
		d, err := w.Diagnose(t.Context(), workbench.DiagnoseRequest{})
		if err != nil || d.Cause == nil || d.Cause.Cause != tenant.CauseTimedOut || len(d.Steps) != 1 || time.Since(began) > time.Minute {
			t.Errorf("%+v, %v after %s", d.Cause, err, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		cause := time.AfterFunc(500*time.Millisecond, cancel)
		defer cause.Stop()
		d, err = w.Diagnose(ctx, workbench.DiagnoseRequest{})
		if tenant.Explain(err).Cause != tenant.CauseCancelled || d.OK || d.Cause != nil || len(d.Steps) != 0 {
			t.Errorf("%+v, %v", d, err)
		}
	})
}
