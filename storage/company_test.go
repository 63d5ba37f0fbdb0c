package storage

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/tenant"
)

func TestTheLastCompanyOutlivesTheVisits(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	stored := func() tenant.Visit {
		t.Helper()
		all, err := s.Visits(ctx)
		must(t, err)
		return all[key]
	}
	created := tenant.CompanyResult{Key: key, At: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Took: time.Second, As: tenant.LoginUser,
		Outcome: tenant.CompanyCreated, Company: tenant.Company{ID: 17, Name: "Blåbær & Sønner"}}
	want := tenant.CompanyProof{At: created.EndedAt(), Name: "Blåbær & Sønner", ID: 17, As: tenant.LoginUser}
	must(t, s.NoteCompany(ctx, created))
	poll := exampleVisit(key) // what a poller knows that began before the company was there
	poll.StateAt, poll.FailedStep = poll.LogOnAt, tenant.VisitExchange
	must(t, s.SaveVisits(ctx, []tenant.Visit{poll}))
	noted := poll
	noted.Company = want
	if diff := cmp.Diff(noted, stored()); diff != "" {
		t.Errorf("after a visit: %s", diff)
	}

	at := want.At.Add(time.Hour)
	refused := tenant.CompanyResult{Key: key, At: at, As: tenant.SystemUser, Outcome: tenant.CompanyNotCreated,
		Trouble: &tenant.Explanation{What: "No.", Cause: tenant.CauseRightMissing}}
	must(t, s.NoteCompany(ctx, refused))
	want.FailedAt, want.FailedAs, want.Trouble = at, tenant.SystemUser, refused.Trouble
	if diff := cmp.Diff(want, stored().Company); diff != "" {
		t.Errorf("after a refusal: %s", diff)
	}
	if v := stored(); v.Trouble == nil || v.FailedStep != tenant.VisitExchange || !v.LogOnAt.Equal(poll.LogOnAt) {
		t.Errorf("the visit has changed: %v", v.FailedStep)
	}

	must(t, s.SetActive(ctx, key, true)) // a person has put it right
	if v := stored(); v.Company.Trouble != nil || !v.Company.FailedAt.IsZero() || v.Company.Name != want.Name {
		t.Errorf("after a person's answer: %v", v.Company.FailedAt)
	}

	must(t, s.RemoveTenant(ctx, key))
	if err := s.NoteCompany(ctx, created); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("of a tenant that is gone: %v", err)
	}
	if all, err := s.Visits(ctx); err != nil || len(all) != 0 {
		t.Errorf("it came back: %d, %v", len(all), err)
	}
	if all, err := s.CompanyResults(ctx, key); err != nil || len(all) != 0 {
		t.Errorf("its results outlive it: %d, %v", len(all), err)
	}
}

func TestTheLastTenResultsOfATenantAreKept(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := openTest(t, dir, newMemoryKeyring())
	key := fill(t, s)
	other, login := exampleTenant("Stage app", "Cust2")
	must(t, failure(s.SaveSignIn(ctx, other, login)))
	at := time.Date(2026, 2, 3, 4, 5, 6, 789, time.UTC)
	result := func(n int) tenant.CompanyResult {
		return tenant.CompanyResult{Key: key, As: tenant.SystemUser, Outcome: tenant.CompanyUnclear, At: at.Add(time.Duration(n) * time.Minute), Took: time.Second,
			Company:    tenant.Company{ID: int64(n), Name: "Blåbær", CreatedBy: "TY", Owner: "TY", CreatedAt: at},
			Credential: "SOTicket, fingerprint 77e0d3b1", Requests: []tenant.Request{{Method: "POST", Path: "/Contact", Status: 500, Took: time.Second}},
			Trouble: &tenant.Explanation{What: "Lost.", Cause: tenant.CauseUnclear}, Earlier: []int64{3}, EarlierUnknown: true}
	}
	for n := range 12 {
		must(t, s.NoteCompany(ctx, result(n)))
	}
	resolved := result(7)
	resolved.Outcome, resolved.Trouble = tenant.CompanyCreated, nil
	must(t, s.NoteCompany(ctx, resolved))
	var want []tenant.CompanyResult
	for n := 11; n >= 2; n-- {
		want = append(want, result(n))
	}
	want[11-7] = resolved
	got, err := s.CompanyResults(ctx, key)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if all, err := s.CompanyResults(ctx, other.Key); err != nil || len(all) != 0 {
		t.Errorf("another tenant has %d, %v", len(all), err)
	}
	must(t, s.RotateDataKey(ctx)) // which writes every record anew
	if again, err := s.CompanyResults(ctx, key); err != nil || !cmp.Equal(got, again) {
		t.Errorf("under a new key there are %d, %v", len(again), err)
	}
	breakRecord(t, s, bucketCompanies, recordKey(key))
	if all, err := s.CompanyResults(ctx, key); err != nil || len(all) != 0 {
		t.Errorf("of a damaged list %d came out, %v", len(all), err)
	}
	must(t, s.NoteCompany(ctx, result(12)))
	if all, err := s.CompanyResults(ctx, key); err != nil || len(all) != 1 {
		t.Errorf("a new list has %d, %v", len(all), err)
	}
}
