package tenant_test

import (
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

var (
	lasting   = tenant.CauseRevoked.Explain("The token was refused.", "", "")
	temporary = tenant.CauseMaintenance.Explain("The tenant is not running.", "", "")
	barred    = tenant.CauseRightMissing.Explain("The company was refused.", "", "")
)

// TestVerdicts goes through the rules of the verdict.
func TestVerdicts(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	logOn := tenant.Visit{State: tenant.StateRunning, StateAt: ago(time.Minute), LogOnAt: ago(time.Minute), LogOnAs: "SYS"}
	with := func(change func(*tenant.Visit)) tenant.Visit {
		v := logOn
		change(&v)
		return v
	}
	fails := func(step tenant.VisitStep, at time.Time, why *tenant.Explanation) tenant.Visit {
		return with(func(v *tenant.Visit) { v.FailedStep, v.FailedAt, v.Trouble = step, at, why })
	}
	stoodStill := func(before time.Duration) tenant.Visit {
		v := fails(tenant.VisitStatus, ago(before), &temporary)
		v.LogOnAt, v.State, v.StateAt = ago(100*time.Hour), tenant.StateOfflineMaintenance, v.FailedAt
		return v
	}
	company := func(c tenant.CompanyProof) tenant.Visit {
		return with(func(v *tenant.Visit) { v.Company = c })
	}
	for _, c := range []struct {
		what      string
		visit     tenant.Visit
		exchanged time.Time
		want      tenant.Verdict
	}{
		{"new", tenant.Visit{}, time.Time{}, tenant.Unknown},
		{"logged on", logOn, ago(time.Hour), tenant.Well},
		{"logged on with a ticket of last month", logOn, ago(30 * 24 * time.Hour), tenant.Well},
		{"nobody polled for a day", with(func(v *tenant.Visit) { v.LogOnAt = ago(tenant.ProofLife) }), ago(time.Hour), tenant.Well},
		{"nor longer", with(func(v *tenant.Visit) { v.LogOnAt = ago(tenant.ProofLife + 1) }), ago(time.Hour), tenant.Unknown},
		{"gone", fails(tenant.VisitStatus, now, &lasting), ago(time.Hour), tenant.NeedsAttention},
		{"revoked", fails(tenant.VisitExchange, now, &lasting), ago(time.Hour), tenant.NeedsAttention},
		{"revoked long ago", fails(tenant.VisitExchange, ago(90*24*time.Hour), &lasting), ago(91 * 24 * time.Hour), tenant.NeedsAttention},
		{"revoked, and exchanged by hand since", fails(tenant.VisitExchange, ago(time.Minute), &lasting), now, tenant.Well},
		{"refused", fails(tenant.VisitPrincipal, now, &lasting), now, tenant.NeedsAttention},
		{"of an older version", fails("", now, &lasting), now, tenant.NeedsAttention},
		{"stands still", fails(tenant.VisitStatus, now, &temporary), ago(time.Hour), tenant.Resting},
		{"stood still a day ago", stoodStill(tenant.ProofLife), ago(time.Hour), tenant.Resting},
		{"and nobody has looked since", stoodStill(tenant.ProofLife + 1), ago(time.Hour), tenant.Unknown},
		{"put right by a person", fails("", now, nil), ago(time.Hour), tenant.Unknown},
		{"the system user may not create", company(tenant.CompanyProof{FailedAt: now, FailedAs: tenant.SystemUser, Trouble: &barred}), now, tenant.NeedsAttention},
		{"the login user may not", company(tenant.CompanyProof{FailedAt: now, FailedAs: tenant.LoginUser, Trouble: &barred}), now, tenant.Well},
		{"a company was lost", company(tenant.CompanyProof{FailedAt: now, FailedAs: tenant.SystemUser, Trouble: &temporary}), now, tenant.Well},
	} {
		proofs := tenant.ProofsOf(c.visit, tenant.Exchanges{Last: c.exchanged})
		if got := (tenant.Tenant{Active: true}).Verdict(proofs, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
		if got := (tenant.Tenant{}).Verdict(proofs, now); got != tenant.Inactive {
			t.Errorf("%s, switched off: %q", c.what, got)
		}
	}
}

func TestAFailureShowsInTheProofThatItDisproves(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	v := tenant.Visit{State: tenant.StateSuspended, StateAt: now, LogOnAt: now.Add(-2 * time.Hour), LogOnAs: "SYS",
		FailedAt: now.Add(-20 * time.Second), FailedStep: tenant.VisitStatus, Trouble: &temporary,
		Company: tenant.CompanyProof{At: now.Add(-72 * time.Hour), Name: "Blåbær", ID: 17, As: tenant.SystemUser}}
	e := tenant.Exchanges{Day: now.Truncate(24 * time.Hour), Counts: []int{0, 2}} // of a version that did not keep the time
	want := []struct {
		kind              tenant.ProofKind
		when, words, name string
	}{
		{tenant.ProofStatus, "failed 20 s ago", "last well 2 h ago: The tenant is not running.", "Status"},
		{tenant.ProofExchange, "36 h ago", "", "Exchange"},
		{tenant.ProofPrincipal, "2 h ago", "as SYS", "Log-on"},
		{tenant.ProofCompany, "3 days ago", "“Blåbær” (id 17) as system user", "Last company"},
	}
	for i, p := range tenant.ProofsOf(v, e).All() {
		if w := want[i]; p.Kind != w.kind || p.When(now) != w.when || p.Words(now) != w.words || p.Kind.Label() != w.name {
			t.Errorf("%s (%s): %q, %q", p.Kind, p.Kind.Label(), p.When(now), p.Words(now))
		}
	}
	for _, p := range tenant.ProofsOf(tenant.Visit{}, tenant.Exchanges{}).All() {
		if p.When(now) != "never" || p.Words(now) != "" {
			t.Errorf("%s of a new tenant: %q, %q", p.Kind, p.When(now), p.Words(now))
		}
	}
	v = tenant.Visit{State: tenant.StateRunning, StateAt: now, FailedAt: now, FailedStep: tenant.VisitExchange, Trouble: &lasting}
	p := tenant.ProofsOf(v, tenant.Exchanges{})
	if !p.Status.At.Equal(now) || p.Status.Trouble != nil || p.Exchange.Words(now) != "The token was refused." {
		t.Errorf("refused at the exchange: %q, %q", p.Status.When(now), p.Exchange.Words(now))
	}
}

func TestEachUserAnswersForItsOwnCompanies(t *testing.T) {
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	refused := tenant.CompanyProof{FailedAt: at, FailedAs: tenant.SystemUser, Trouble: &barred}
	byPerson := tenant.CompanyProof{At: at.Add(time.Second), Name: "B", ID: 2, As: tenant.LoginUser}
	bySystem := tenant.CompanyProof{At: at.Add(time.Minute), Name: "C", ID: 3, As: tenant.SystemUser}
	c := tenant.CompanyProof{}.Then(refused).Then(byPerson)
	if c.Name != "B" || c.Trouble == nil || c.FailedAs != tenant.SystemUser {
		t.Errorf("the login user's company hides that the system user may create none: %v", c.Name)
	}
	if c = c.Then(bySystem); c != bySystem {
		t.Errorf("after a success of its own: %v", c.Name)
	}
	if c = c.Then(refused).Forgiven(); c != bySystem {
		t.Errorf("after a person's answer: %v", c.Name)
	}
}

// A save whose answer was lost may be cleared up after the next try is over.
func TestWhatTurnsOutLateSaysNothingOfWhatCameAfter(t *testing.T) {
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	lost := tenant.CompanyResult{As: tenant.SystemUser, At: at, Outcome: tenant.CompanyUnclear, Trouble: &temporary}
	created := lost
	created.Outcome, created.Trouble, created.Company = tenant.CompanyCreated, nil, tenant.Company{ID: 1, Name: "A"}
	next := tenant.CompanyProof{At: at.Add(time.Hour), Name: "B", ID: 2, As: tenant.SystemUser}
	refused := tenant.CompanyProof{FailedAt: at.Add(time.Hour), FailedAs: tenant.SystemUser, Trouble: &barred}
	if c := (tenant.CompanyProof{}).Then(lost.Proof()).Then(created.Proof()); c != created.Proof() {
		t.Errorf("cleared up at once: %v", c.Name)
	}
	for _, late := range []tenant.CompanyResult{created, lost} {
		if c := (tenant.CompanyProof{}).Then(next).Then(late.Proof()); c != next {
			t.Errorf("%s, after a later company: %v", late.Outcome, c.Name)
		}
		if c := (tenant.CompanyProof{}).Then(refused).Then(late.Proof()); c.Trouble != &barred || c.FailedAt != refused.FailedAt {
			t.Errorf("%s, after a later refusal: %v", late.Outcome, c.FailedAt)
		}
	}
}
