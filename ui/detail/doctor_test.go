package detail

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestAStepLightsUpAsItEnds(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	gate := make(chan struct{})
	b.desk.diagnose = diagnosing(nil, gate)
	b.canvas().Focus(b.Check)
	b.key(fyne.KeyReturn)
	states := func() (all []checkState) {
		for _, l := range b.doctor.lines[:len(b.doctor.rows.Objects)] {
			all = append(all, l.row.State)
		}
		return all
	}
	if got := states(); len(got) != 14 || got[0] != checkRunning || got[1] != checkPending {
		t.Fatalf("at first %v", got)
	}
	if got := b.doctor.lines[1].row.Text; got != "The connection is TLS 1.2 or newer, with a certificate that this machine trusts." {
		t.Errorf("a step to come says %q", got)
	}
	if !b.Check.Disabled() || b.Check.ToolTip() != textCheckUnderWay.String() || !b.doctor.cancel.Visible() || b.doctor.exchange.Visible() {
		t.Error("while it works only Cancel can be pressed, and the button says why")
	}
	gate <- struct{}{}
	gate <- struct{}{}
	b.until("two steps", func() bool { return len(b.doctor.checkups[b.shown.Key].gone) == 2 })
	if got := states(); got[0] != checkPassed || got[1] != checkWarned || got[2] != checkRunning {
		t.Errorf("after two steps %v", got)
	}
	if l := b.doctor.lines[1]; !l.warn.Visible() || l.warn.Text != "The certificate ends soon." || l.took.Text != "10 ms" {
		t.Errorf("a warning shows %+v", l.row)
	}
	b.show(kittest.Blomster())
	if b.doctor.root.Visible() || b.Check.Disabled() {
		t.Error("another tenant shows the check")
	}
	for range 12 {
		gate <- struct{}{}
	}
	b.until("the end", func() bool { return b.doctor.checkups[kittest.Nordlys().Key].ended })
	if b.doctor.root.Visible() || b.changed != 1 {
		t.Error("it ends in another tenant's sight, or the store is not read anew")
	}
	b.show(kittest.Nordlys())
	if got := b.doctor.answer.Shown; got.Title != "All is well: 14 steps." || got.Tone != kit.ToneGood || len(b.doctor.answer.Buttons.Objects) != 0 {
		t.Errorf("the answer is %+v", got)
	}
	if got := states(); got[8] != checkSkipped || b.doctor.lines[8].row.Took != "" || !strings.HasPrefix(b.doctor.lines[8].row.Tip, "Skipped: ") {
		t.Errorf("a step that was left out shows %+v", b.doctor.lines[8].row)
	}
	b.tap(b.doctor.close)
	if b.doctor.root.Visible() || b.canvas().Focused() != fyne.Focusable(b.Check) {
		t.Error("the check cannot be put away")
	}
}

func TestTheAnswerOffersItsNextAct(t *testing.T) {
	b := open(t, kit.Light, live())
	revoked := tenant.CauseRevoked.Explain("The token was refused.", "", "")
	b.desk.diagnose = diagnosing(&revoked, nil)
	b.tap(b.Check)
	b.until("the answer", b.answered)
	if got := b.doctor.answer.Shown; got.Title != "The token was refused." || len(b.doctor.rows.Objects) != 11 {
		t.Errorf("%d steps, %+v", len(b.doctor.rows.Objects), got)
	}
	same := live()
	same.Trouble = &revoked
	b.show(same)
	if b.trouble.Visible() {
		t.Error("the same is said twice")
	}
	other := tenant.CauseExpired.Explain("The approval has expired.", "", "")
	same.Trouble = &other
	b.show(same)
	if !b.trouble.Visible() {
		t.Error("another trouble is kept quiet")
	}
	b.tap(b.next.Button)
	unreachable := tenant.CauseUnreachable.Explain("No connection.", "", "")
	requests := make(chan workbench.DiagnoseRequest, 4)
	b.desk.diagnose = func(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		requests <- r
		return diagnosing(&unreachable, nil)(ctx, r)
	}
	for _, press := range []fyne.Tappable{b.doctor.again, nil} {
		if press == nil {
			press = b.next.Button
		}
		b.tap(press)
		b.until("the answer", b.answered)
		if r := <-requests; r.Exchange || r.Tenant != live().Key {
			t.Errorf("asked for an exchange: %t", r.Exchange)
		}
	}
	if !slices.Equal(b.acts, []string{"sign in Cust10234 true"}) {
		t.Errorf("%q", b.acts)
	}
	b.Forget(live().Key) // somebody has signed in
	if b.doctor.root.Visible() {
		t.Error("the answer outlives a sign-in")
	}
	idle := live()
	idle.Active = false
	b.desk.diagnose = diagnosing(nil, nil)
	b.tap(b.Check)
	b.until("the answer", b.answered)
	b.show(idle)
	b.tap(b.next.Button)
	if got := b.acts[len(b.acts)-1]; got != "active Cust10234 true" {
		t.Errorf("for a tenant that is well and not active: %q", got)
	}
	b.desk.diagnose = func(context.Context, workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		return workbench.Diagnosis{}, &tenant.Problem{Op: "diagnose", Err: errors.New("gone"), Explanation: tenant.CauseNotThere.Explain("There is no such tenant.", "", "")}
	}
	b.tap(b.doctor.again)
	b.until("the failure", func() bool { return b.doctor.answer.Shown.Title == "There is no such tenant." })
}

func TestAnExchangeIsAskedForAndInProductionTwice(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	requests := make(chan bool, 4)
	b.desk.diagnose = func(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		requests <- r.Exchange
		return diagnosing(nil, nil)(ctx, r)
	}
	check := func(press *kit.Button, want bool) {
		t.Helper()
		b.tap(press)
		b.until("the answer", b.answered)
		if got := <-requests; got != want {
			t.Errorf("an exchange: %t, want %t", got, want)
		}
	}
	check(b.Check, false)
	if b.doctor.exchange.Checked || b.doctor.exchange.ToolTip() != textExchangeWrites.String() {
		t.Error("an exchange is ticked, or does not say what it writes")
	}
	b.doctor.exchange.SetChecked(true)
	check(b.doctor.again, true)
	check(b.doctor.again, false) // each is asked for anew
	b.show(live())
	check(b.doctor.again, false)
	b.doctor.exchange.SetChecked(true)
	b.tap(b.doctor.again)
	if len(requests) != 0 || b.Said().Tone != kit.ToneProduction || b.canvas().Focused() != fyne.Focusable(b.doctor.no) {
		t.Fatalf("in production it asks %+v", b.Said())
	}
	b.tap(b.doctor.no)
	if len(requests) != 0 || !b.Said().Empty() {
		t.Error("no means no")
	}
	b.tap(b.doctor.again)
	check(b.doctor.yes, true)
}

func TestACheckCanBeCancelled(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	gate := make(chan struct{})
	b.desk.diagnose = diagnosing(nil, gate)
	b.tap(b.Check)
	gate <- struct{}{}
	b.until("a step", func() bool { return len(b.doctor.checkups[b.shown.Key].gone) == 1 })
	b.tap(b.doctor.cancel)
	b.until("the end", b.answered)
	if got := b.doctor.title.Text; got != "The check was cancelled." || b.doctor.answer.Visible() || len(b.doctor.rows.Objects) != 1 {
		t.Errorf("%q, %d steps", got, len(b.doctor.rows.Objects))
	}
}
