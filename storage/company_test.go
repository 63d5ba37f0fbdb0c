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
	want := tenant.CompanyProof{At: time.Date(2026, 2, 3, 4, 5, 7, 0, time.UTC), Name: "Blåbær & Sønner", ID: 17, As: tenant.LoginUser}
	must(t, s.NoteCompany(ctx, key, want))
	poll := exampleVisit(key) // what a poller knows that began before the company was there
	poll.StateAt, poll.FailedStep = poll.LogOnAt, tenant.VisitExchange
	must(t, s.SaveVisits(ctx, []tenant.Visit{poll}))
	noted := poll
	noted.Company = want
	if diff := cmp.Diff(noted, stored()); diff != "" {
		t.Errorf("after a visit: %s", diff)
	}

	at := want.At.Add(time.Hour)
	refused := tenant.CompanyProof{FailedAt: at, FailedAs: tenant.SystemUser, Trouble: &tenant.Explanation{What: "No.", Cause: tenant.CauseRightMissing}}
	must(t, s.NoteCompany(ctx, key, refused))
	want.FailedAt, want.FailedAs, want.Trouble = refused.FailedAt, refused.FailedAs, refused.Trouble
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
	if err := s.NoteCompany(ctx, key, want); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("of a tenant that is gone: %v", err)
	}
	if all, err := s.Visits(ctx); err != nil || len(all) != 0 {
		t.Errorf("it came back: %d, %v", len(all), err)
	}
}
