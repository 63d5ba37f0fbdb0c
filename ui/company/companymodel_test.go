package company

import (
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// seen is what a result card shows of a result.
func seen(r workbench.CompanyResult) cardView {
	return viewOf(kittest.Nordlys(), [2]*slot{}, []workbench.CompanyResult{r}, kittest.Noon.Add(2*time.Hour)).Cards[0]
}

// resultOf is a company that was created at noon and a little later.
func resultOf(as tenant.Actor, later time.Duration) workbench.CompanyResult {
	r := kittest.Created(workbench.CompanyRequest{Key: kittest.Nordlys().Key, As: as})
	r.At = r.At.Add(later)
	return r
}

func unclear(as tenant.Actor, later time.Duration) workbench.CompanyResult {
	r := resultOf(as, later)
	r.Outcome, r.Company = workbench.CouldNotTell, tenant.Company{Name: "Fjord AS"}
	r.Requests[1].Status = 0
	e := tenant.CauseUnclear.Explain("It is not clear whether the company was created.", "The answer to the save was lost, and a search does not show the company yet.", "Look again in 2 min.")
	r.Trouble = &e
	return r
}

func TestCardsSayWhatIsKnown(t *testing.T) {
	v := seen(unclear(tenant.LoginUser, 0))
	if v.Title != "Could not tell" || v.Tone != kit.ToneWarning || !v.CanLookAgain || v.CanOpen || len(v.Lines) != 3 || v.Lines[2] != "What to do: Look again in 2 min." {
		t.Errorf("an unclear save shows %q, %q", v.Title, v.Lines)
	}
	if q := v.Requests[1]; q.Answer != "no answer" || !q.Failed {
		t.Errorf("a request without an answer: %q", q.Answer)
	}
	refused := resultOf(tenant.LoginUser, 0)
	refused.Outcome = workbench.NotCreated
	if v := seen(refused); v.Tone != kit.ToneBad || v.CanLookAgain || v.CanOpen {
		t.Errorf("a refused save shows %q", v.Title)
	}
	v = seen(resultOf(tenant.LoginUser, 0))
	if v.Title != "Created" || v.When != "1 h ago" || !v.CanOpen || v.CanLookAgain {
		t.Errorf("a created company shows %q, %q", v.Title, v.When)
	}
	for _, want := range []string{"Nordlys", "Cust10234", "SuperId-1773489600", "1042", "ADA", "2026-03-14 12:00:00", "fingerprint 51ab09ce", "184 ms",
		"POST /Cust10234/api/v1/Contact  200  96 ms"} {
		if !strings.Contains(v.Copy, want) {
			t.Errorf("the text lacks %q: %s", want, v.Copy)
		}
	}
}

func TestWhatDiffersBetweenTheTwoIsMarked(t *testing.T) {
	login, system := resultOf(tenant.LoginUser, 0), resultOf(tenant.SystemUser, 0)
	marked := func(v cardView) []string {
		var all []string
		for _, f := range v.Facts {
			if f.Tone == kit.ToneAccent {
				all = append(all, f.Caption)
			}
		}
		return all
	}
	show := func() sectionView {
		return viewOf(kittest.Nordlys(), [2]*slot{}, []workbench.CompanyResult{system, login}, kittest.Noon)
	}
	v := show()
	for _, card := range v.Cards {
		if got := marked(card); !slices.Equal(got, []string{"≠ Created by", "≠ Credential"}) {
			t.Errorf("marked: %q", got)
		}
	}
	if !strings.HasPrefix(v.Difference.Text, "The two differ in: Created by, Credential. That is the proof") {
		t.Errorf("it says %q", v.Difference.Text)
	}
	system.Company.CreatedBy = login.Company.CreatedBy
	if v := show(); !strings.Contains(v.Difference.Text, "by ADA") || v.Difference.Tone != kit.ToneWarning {
		t.Errorf("of one creator it says %q", v.Difference.Text)
	}
	system.Company.CreatedBy = "" // found by a search, which does not tell
	if v := show(); v.Difference.Text != "The two differ in: Credential." {
		t.Errorf("of an unknown creator it says %q", v.Difference.Text)
	}
	login.Outcome = workbench.NotCreated
	if v := show(); !strings.HasPrefix(v.Difference.Text, "Only the system user") || len(marked(v.Cards[0]))+len(marked(v.Cards[1])) != 0 {
		t.Errorf("of a refusal it says %q", v.Difference.Text)
	}
	login.Outcome = workbench.CouldNotTell
	if v := show(); v.Difference.Text != "" {
		t.Errorf("of an unclear save it says %q", v.Difference.Text)
	}
}

func TestTheNewestThatIsKnownIsOnTheCard(t *testing.T) {
	now, older, newer := unclear(tenant.LoginUser, time.Minute), resultOf(tenant.LoginUser, 0), resultOf(tenant.LoginUser, time.Hour)
	settled := now
	settled.Outcome = workbench.NotCreated
	here := func(r workbench.CompanyResult) *slot { return &slot{phase: slotDone, result: r} }
	for what, row := range map[string]struct {
		slot *slot
		kept []workbench.CompanyResult
		want workbench.CompanyResult
	}{
		"stored only":                         {nil, []workbench.CompanyResult{newer, older}, newer},
		"seen here, not yet stored":           {here(now), []workbench.CompanyResult{older}, now},
		"the other program has one since":     {here(now), []workbench.CompanyResult{newer, now}, newer},
		"the other program has cleared it up": {here(now), []workbench.CompanyResult{settled, older}, settled},
		"cleared up here, not yet stored":     {here(settled), []workbench.CompanyResult{now}, settled},
		"a question is asked":                 {&slot{phase: slotAsking}, []workbench.CompanyResult{older}, older},
	} {
		if got := lastResult(row.slot, row.kept, tenant.LoginUser); got == nil || !got.Same(row.want) || got.Outcome != row.want.Outcome {
			t.Errorf("%s: %v", what, got)
		}
	}
	if lastResult(nil, []workbench.CompanyResult{newer}, tenant.SystemUser) != nil {
		t.Error("one actor's result is shown as the other's")
	}
	v := viewOf(kittest.Nordlys(), [2]*slot{}, []workbench.CompanyResult{newer, now, older}, kittest.Noon)
	if len(v.Earlier) != 2 || v.Earlier[0].Outcome != "Could not tell" || !v.Earlier[0].CanLookAgain || v.Earlier[1].CanLookAgain {
		t.Errorf("%d earlier ones", len(v.Earlier))
	}
}

func TestQuickWorkLeavesTheCardAsItWas(t *testing.T) {
	kept := []workbench.CompanyResult{resultOf(tenant.LoginUser, 0)}
	s := &slot{phase: slotWorking, stages: []workbench.CompanyStage{workbench.CompanyPreparing, workbench.CompanySaving}}
	show := func() cardView { return viewOf(kittest.Nordlys(), [2]*slot{s}, kept, kittest.Noon).Cards[0] }
	if v := show(); v.Title != "Created" {
		t.Errorf("at once it says %q", v.Title)
	}
	s.slow = true
	if v := show(); v.Title != "Creating…" || !v.CanCancel || len(v.Lines) != 3 || v.Lines[2] != "Saving the company." {
		t.Errorf("after a moment it says %q", v.Lines)
	}
	s.stages = append(s.stages, workbench.CompanyLookingUp)
	if v := show(); !strings.Contains(v.Lines[3], "lost") {
		t.Errorf("after the loss it says %q", v.Lines)
	}
}
