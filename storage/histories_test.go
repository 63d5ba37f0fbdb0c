package storage

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// fares lists how a tenant fared by its history.
func fares(t *testing.T, s *Store, key tenant.Key) []tenant.Verdict {
	t.Helper()
	h, err := s.History(t.Context(), key, time.Time{})
	must(t, err)
	var all []tenant.Verdict
	for _, c := range h.Changes {
		all = append(all, c.Verdict)
	}
	return all
}

func TestAHistoryTellsWhatVisitsAndPersonsHaveChanged(t *testing.T) {
	ctx, now := t.Context(), newClock()
	s := openWith(t, Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now})
	must(t, s.SaveRegistration(ctx, exampleRegistration("Stage app")))
	customer, login := exampleTenant("Stage app", "Cust1")
	must(t, failure(s.SaveSignIn(ctx, customer, login)))
	key := customer.Key
	visit := tenant.Visit{Key: key, State: tenant.StateRunning, StateAt: now.Now(), LogOnAt: now.Now()}
	save := func() {
		t.Helper()
		must(t, s.SaveVisits(ctx, []tenant.Visit{visit}))
		now.advance(time.Minute)
	}
	save()
	visit.LogOnAt = now.Now()
	save() // routine: no change
	suspended := tenant.CauseTenantSuspended.Explain("The tenant is suspended.", "", "")
	visit.FailedAt, visit.Trouble = now.Now(), &suspended
	save()
	began := visit.FailedAt
	visit.FailedAt = now.Now()
	save() // still so
	must(t, s.SetActive(ctx, key, false))
	now.advance(time.Minute)
	must(t, s.SetActive(ctx, key, true))
	now.advance(time.Minute)
	shot, err := s.Snapshot(ctx)
	must(t, err)
	visit = shot.Visits[key]
	visit.LogOnAt, visit.FailedAt = now.Now(), time.Time{}
	save()
	must(t, s.NoteCompany(ctx, tenant.CompanyResult{Key: key, At: now.Now(), As: tenant.SystemUser, Outcome: tenant.CompanyNotCreated,
		Trouble: new(tenant.CauseRightMissing.Explain("No right.", "", ""))}))
	want := []tenant.Verdict{tenant.Well, tenant.Resting, tenant.Inactive, tenant.Unknown, tenant.Well, tenant.NeedsAttention}
	if got := fares(t, s, key); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	h, err := s.History(ctx, key, time.Time{})
	must(t, err)
	if diff := cmp.Diff(tenant.Change{At: began, Verdict: tenant.Resting, Cause: tenant.CauseTenantSuspended, What: "The tenant is suspended.", Why: suspended.Why}, h.Changes[1]); diff != "" {
		t.Error(diff)
	}
	must(t, s.RemoveTenant(ctx, key))
	if got := fares(t, s, key); got != nil {
		t.Errorf("a removed tenant leaves %v", got)
	}
}

func TestARoutineVisitLeavesTheHistoryAlone(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	visit := exampleVisit(key)
	raw := func() (stored []byte) {
		must(t, s.view(ctx, "look", func(w *work) error {
			b, err := histories.in(w)
			stored = slices.Clone(b.Get([]byte(recordKey(key))))
			return err
		}))
		return stored
	}
	before := raw()
	must(t, s.update(ctx, "spoil", func(w *work) error {
		return w.tx.Bucket([]byte(bucketHistories)).Put([]byte(recordKey(key)), []byte("spoilt"))
	}))
	for range 3 {
		visit.FailedAt = visit.FailedAt.Add(time.Minute)
		must(t, s.SaveVisits(ctx, []tenant.Visit{visit}))
	}
	if len(before) == 0 || string(raw()) != "spoilt" {
		t.Error("it was written although nothing has changed")
	}
	if got := fares(t, s, key); got != nil {
		t.Errorf("a history that cannot be trusted tells %v", got)
	}
	visit.Trouble, visit.LogOnAt = nil, visit.FailedAt.Add(time.Minute)
	must(t, s.SaveVisits(ctx, []tenant.Visit{visit}))
	if got := fares(t, s, key); !slices.Equal(got, []tenant.Verdict{tenant.Well}) {
		t.Errorf("it does not begin anew: %v", got)
	}
}

func TestAHistorySaysWhenSomebodyPolled(t *testing.T) {
	ctx, now := t.Context(), newClock()
	s := openWith(t, Options{Dir: t.TempDir(), Keyring: newMemoryKeyring(), Now: now.Now})
	key := fill(t, s)
	begin := now.Now()
	owner := tenant.Owner{Program: "console", PID: 1}
	tick := func() {
		t.Helper()
		_, _, err := s.TakeLease(ctx, owner, time.Hour)
		must(t, err)
		_, taken, err := s.EndTick(ctx, owner, time.Hour, tenant.Tick{At: now.Now(), Active: 1})
		must(t, err)
		if !taken {
			t.Fatal("the tick was not taken")
		}
	}
	for _, pause := range []time.Duration{0, time.Minute, time.Minute, time.Hour, time.Minute} { // one a minute by fill
		now.advance(pause)
		tick()
	}
	h, err := s.History(ctx, key, begin)
	must(t, err)
	want := []tenant.Stretch{{From: begin, To: begin.Add(2 * time.Minute)}, {From: begin.Add(62 * time.Minute), To: begin.Add(63 * time.Minute)}}
	if diff := cmp.Diff(want, h.Polled); diff != "" {
		t.Error(diff)
	}
}

func TestAValidationIsKeptWithItsTenant(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	key := fill(t, s)
	if v, err := s.Validation(ctx, key); err != nil || !v.At.IsZero() {
		t.Errorf("before one was kept: %+v, %v", v, err)
	}
	want := tenant.Validation{Key: key, At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Checks: []tenant.ValidationCheck{{Name: "signature", Passed: true}, {Name: "tenant", Detail: "not checked"}},
		Claims: []tenant.ValidationClaim{{Name: "iss", Value: "https://sod.superoffice.com"}, {Name: "nonce", Fingerprint: "9f2c41d7"}}}
	must(t, s.SaveValidation(ctx, want))
	must(t, s.RotateDataKey(ctx))
	again := openTest(t, dir, ring)
	got, err := again.Validation(ctx, key)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	must(t, s.RemoveTenant(ctx, key))
	if err := s.SaveValidation(ctx, want); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("a sign-in that ends late brings it back: %v", err)
	}
	if err := failure(s.Validation(ctx, key)); !errors.Is(err, tenant.ErrNotFound) {
		t.Error(err)
	}
	customer, login := exampleTenant("Stage app", "Cust1")
	customer.SystemUserToken = secret.Text{}
	must(t, failure(s.SaveSignIn(ctx, customer, login)))
	if v, err := s.Validation(ctx, key); err != nil || !v.At.IsZero() {
		t.Errorf("it outlives its tenant: %+v, %v", v, err)
	}
}
