package workbench_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// memory is a store of one tenant, of the lease and of what was noted about a company.
type memory struct {
	shelf
	snapshot tenant.Snapshot
	ticks    []tenant.Tick
}

func (l *memory) Snapshot(context.Context) (tenant.Snapshot, error) { return l.snapshot, nil }

func (l *memory) AskForLease(_ context.Context, asker tenant.Owner, until time.Time) (tenant.Lease, error) {
	if l.snapshot.Lease.PID != 0 && !l.snapshot.Lease.Same(asker) {
		l.snapshot.Lease.AskedBy, l.snapshot.Lease.AskedUntil = asker, until
	}
	return l.snapshot.Lease, nil
}

func (l *memory) NoteCompany(_ context.Context, r tenant.CompanyResult) error {
	v := l.snapshot.Visits[r.Key]
	v.Company = v.Company.Then(r.Proof())
	l.snapshot.Visits[r.Key] = v
	return nil
}

func (l *memory) Ticks(_ context.Context, since time.Time) ([]tenant.Tick, error) {
	return slices.DeleteFunc(slices.Clone(l.ticks), func(t tenant.Tick) bool { return t.At.Before(since) }), nil
}

func TestTakeOverAsksWhoeverPollsAndNobodyElse(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	console := tenant.Owner{Program: "console", Host: "server", PID: 4242, Started: now}
	desktop := tenant.Owner{Program: "desktop", Host: "desk", PID: 17, Started: now}
	store, log, woken := &memory{}, &bytes.Buffer{}, 0
	bench := func(o tenant.Owner) *workbench.Workbench {
		return workbench.New(workbench.Options{Store: store, Log: slog.New(slog.NewTextHandler(log, nil)), Owner: o,
			Now: func() time.Time { return now }, Due: func() { woken++ }})
	}
	ours, theirs := bench(desktop), bench(console)
	poller := func(w *workbench.Workbench) workbench.PollerView {
		t.Helper()
		o, err := w.Overview(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return o.Poller
	}
	takeOver := func() {
		t.Helper()
		if err := ours.TakeOver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	takeOver() // nobody polls: the own poller is woken, and that is all
	if p := poller(ours); woken != 1 || p.Asking || p.AskedBy.PID != 0 || log.Len() > 0 {
		t.Errorf("asked nobody: %v, woken %d times, %s", p.AskedBy, woken, log)
	}

	store.snapshot.Lease = tenant.Lease{Owner: console, Until: now.Add(time.Minute)}
	takeOver()
	p := poller(ours)
	if !p.Asking || p.Here || !p.AskedBy.Same(desktop) || !p.AskedUntil.Equal(now.Add(workbench.TakeOverPatience)) || woken != 2 {
		t.Errorf("the one who asks sees %v until %v", p.AskedBy, p.AskedUntil)
	}
	if p := poller(theirs); p.Asking || !p.Here || !p.AskedBy.Same(desktop) {
		t.Errorf("the one who polls sees %v", p.AskedBy)
	}
	if !strings.Contains(log.String(), "The desktop on desk (process 17) asked the console on server (process 4242) to hand polling over") {
		t.Errorf("the journal says %s", log)
	}
	now = now.Add(workbench.TakeOverPatience)
	if p := poller(ours); p.Asking || p.AskedBy.PID != 0 || !p.Lease.Same(console) {
		t.Errorf("after its patience it still waits: %v", p.AskedBy)
	}

	store.snapshot.Lease = tenant.Lease{Owner: desktop, Until: now.Add(time.Minute)}
	log.Reset()
	takeOver()
	if p := poller(ours); !p.Here || p.Asking || log.Len() > 0 {
		t.Errorf("where it polls already: %v, %s", p.AskedBy, log)
	}
}

func TestTicksAreReadFromAMomentOn(t *testing.T) {
	now := time.Now()
	w := workbench.New(workbench.Options{Log: slog.New(slog.DiscardHandler), Store: &memory{
		ticks: []tenant.Tick{{At: now.Add(-2 * time.Hour)}, {At: now.Add(-time.Hour)}, {At: now, LoggedOn: 7}}}})
	list, err := w.Ticks(t.Context(), now.Add(-time.Hour))
	if err != nil || len(list) != 2 || list[1].LoggedOn != 7 {
		t.Errorf("%v, %v", list, err)
	}
}

// TestWhatBecameOfACompanyIsKeptWithTheTenant goes from the button to the proof and the verdict.
func TestWhatBecameOfACompanyIsKeptWithTheTenant(t *testing.T) {
	ctx := t.Context()
	store := &memory{snapshot: tenant.Snapshot{Tenants: []tenant.Tenant{{Key: key, Active: true}}, Visits: map[tenant.Key]tenant.Visit{
		key: {Key: key, State: tenant.StateRunning, StateAt: time.Now(), LogOnAt: time.Now(), LogOnAs: "SYS"}}}}
	c := &crm{}
	w := workbench.New(workbench.Options{Store: store, Keeper: door{}, Contacts: c, Log: slog.New(slog.DiscardHandler)})
	create := func(ctx context.Context, as tenant.Actor, answer error) (tenant.Proof, tenant.Verdict) {
		t.Helper()
		c.lookupErr = ctx.Err()
		c.save = func() (bool, error) { return answer == nil, answer }
		_, _ = w.CreateCompany(ctx, workbench.CompanyRequest{Key: key, As: as, Name: "Blåbær"})
		view, err := w.Tenant(t.Context(), key)
		if err != nil || len(view.Proofs) != 4 || view.Proofs[3].Kind != tenant.ProofCompany {
			t.Fatalf("%d proofs, %v", len(view.Proofs), err)
		}
		return view.Proofs[3], view.Verdict
	}
	barred := &tenant.Problem{Op: "save", Err: &online.Refusal{Status: http.StatusForbidden},
		Explanation: tenant.CauseRightMissing.Explain("The company was refused.", "", "")}
	gone, giveUp := context.WithCancel(ctx)
	giveUp()
	for _, row := range []struct {
		what    string
		ctx     context.Context
		as      tenant.Actor
		answer  error
		words   string
		verdict tenant.Verdict
	}{
		{"given up before anything was sent", gone, tenant.SystemUser, nil, "", tenant.Well},
		{"created", ctx, tenant.LoginUser, nil, "“Blåbær” (id 1) as login user", tenant.Well},
		{"lost on the way", ctx, tenant.SystemUser, errors.New("boom"), "last well just now: It is not clear whether the company was created.", tenant.Well},
		{"the system user may not", ctx, tenant.SystemUser, barred, "last well just now: The company was refused.", tenant.NeedsAttention},
		{"the login user may", ctx, tenant.LoginUser, nil, "last well just now: The company was refused.", tenant.NeedsAttention},
		{"the system user may by now", ctx, tenant.SystemUser, nil, "“Blåbær” (id 3) as system user", tenant.Well},
	} {
		proof, verdict := create(row.ctx, row.as, row.answer)
		if got := proof.Words(time.Now()); got != row.words || verdict != row.verdict {
			t.Errorf("%s: %q, %q; want %q, %q", row.what, got, verdict, row.words, row.verdict)
		}
	}
}
