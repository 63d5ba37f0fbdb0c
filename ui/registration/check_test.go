package registration

import (
	"context"
	"errors"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// gone are the first steps of a check, all passed.
func gone(n int) []workbench.DiagnosedStep {
	steps := workbench.RegistrationSteps()[:n]
	for i := range steps {
		steps[i].Result, steps[i].Detail = workbench.StepPassed, "As it must be."
	}
	return steps
}

// failedAt is a diagnosis that ended at a step.
func failedAt(name workbench.DiagnosisStep, cause tenant.Cause) workbench.Diagnosis {
	all := gone(len(workbench.RegistrationSteps()))
	at := slices.IndexFunc(all, func(s workbench.DiagnosedStep) bool { return s.Name == name })
	why := cause.Explain("SuperOffice does not take the app as it is registered here.", "", "")
	all[at].Result, all[at].Detail = workbench.StepFailed, why.What+" "+why.Why
	return workbench.Diagnosis{Steps: all[:at+1], Cause: &why}
}

// answer has every check come to this.
func (b *bench) answer(found workbench.Diagnosis, err error) {
	b.desk.diagnose = func(_ context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		for _, s := range found.Steps {
			r.Progress(s)
		}
		return found, err
	}
}

func TestTheCheckTicksItsStepsAndThenSavingIsTheThingToDo(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	d.secret.SetText("secret")
	next := make(chan struct{})
	asked := make(chan workbench.RegistrationDraft, 1)
	b.desk.diagnose = func(_ context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		asked <- *r.Candidate
		for _, s := range gone(7) {
			<-next
			r.Progress(s)
		}
		<-next
		return workbench.Diagnosis{OK: true, Steps: gone(7)}, nil
	}
	b.tap(d.try)
	if got := <-asked; got.Name != "Stage" || got.ClientSecret.Reveal() != "secret" || len(b.desk.saved) != 0 {
		t.Errorf("checked is %s", got.Name)
	}
	for i := range 7 {
		if d.checklist.rows[i].shown.Tick != tickRunning || d.try.Text != textStop.String() || d.state.Text != textChecking.String() {
			t.Errorf("at step %d: tick %d, %q, %q", i, d.checklist.rows[i].shown.Tick, d.try.Text, d.state.Text)
		}
		next <- struct{}{}
		b.until("a tick", func() bool { return d.checklist.rows[i].shown.Tick == tickPassed })
	}
	close(next)
	b.until("the end", func() bool { return d.check.passed() })
	if d.state.Text != textCheckPassed.String() || d.store.Text != textSave.String() || b.Canvas().Focused() != fyne.Focusable(d.store) {
		t.Errorf("at the end it says %q and %q", d.state.Text, d.store.Text)
	}
	d.redirect.SetText("http://127.0.0.1:4000")
	if d.state.Text != textChangedSince.String() || d.store.Text != textSaveAnyway.String() {
		t.Errorf("after a change it says %q and %q", d.state.Text, d.store.Text)
	}
}

func TestWhatTheCheckFindsStandsBesideItsField(t *testing.T) {
	for name, row := range map[string]struct {
		step  workbench.DiagnosisStep
		cause tenant.Cause
		want  place
	}{
		"a wrong name":            {workbench.DiagnoseName, tenant.CauseNameUnknown, atAddress},
		"a stranger":              {workbench.DiagnoseTLS, tenant.CauseUntrustedTLS, atAddress},
		"not SuperOffice":         {workbench.DiagnoseMetadata, tenant.CauseAddress, atAddress},
		"this machine's clock":    {workbench.DiagnoseClock, tenant.CauseClock, nowhere},
		"no key":                  {workbench.DiagnoseKeySet, tenant.CauseKeyUnknown, nowhere},
		"an old certificate":      {workbench.DiagnoseKeySet, tenant.CauseCertificateStale, atCertificate},
		"a wrong secret":          {workbench.DiagnoseClient, tenant.CauseClientRefused, atSecret},
		"SuperOffice has trouble": {workbench.DiagnoseClient, tenant.CauseProviderFailed, nowhere},
		"a damaged key":           {workbench.DiagnoseKeyPair, tenant.CauseKeyUnusable, atKey},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, kit.Light)
			d := b.add()
			b.fill(d)
			found := failedAt(row.step, row.cause)
			b.answer(found, nil)
			b.tap(d.try)
			b.until("the end", func() bool { return d.check.phase == checkEnded })
			shown := d.Told
			if row.want != nowhere {
				shown = d.slots[row.want].found
				if b.Canvas().Focused() != d.slots[row.want].focus {
					t.Error("the field does not have the focus")
				}
			}
			if want := kit.Explain(*found.Cause); !shown.Shown.Equal(want) || !shown.Visible() || d.state.Text != textCheckFailed.String() || d.check.passed() {
				t.Errorf("it says %q, %q", shown.Shown.Title, d.state.Text)
			}
			last := d.checklist.rows[len(found.Steps)-1].shown
			if last.Tick != tickFailed || d.store.Text != textSaveAnyway.String() {
				t.Errorf("its step is ticked %d", last.Tick)
			}
		})
	}
}

func TestAFindingGoesWhenItsFieldChanges(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	b.answer(failedAt(workbench.DiagnoseClient, tenant.CauseClientRefused), nil)
	b.tap(d.try)
	b.until("the end", func() bool { return d.check.phase == checkEnded })
	d.redirect.SetText("http://127.0.0.1:4000")
	if !d.slots[atSecret].found.Visible() {
		t.Error("another field's change takes the finding away")
	}
	d.secret.SetText("another")
	if d.slots[atSecret].found.Visible() {
		t.Error("the finding stays")
	}
}

func TestTheCheckCanBeStopped(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	ended := make(chan error, 1)
	b.desk.diagnose = func(ctx context.Context, _ workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		<-ctx.Done()
		ended <- ctx.Err()
		return workbench.Diagnosis{}, ctx.Err()
	}
	for name, stop := range map[string]func(){
		"its button": func() { b.tap(d.try) },
		"a change":   func() { d.redirect.SetText(d.redirect.Text + "0") },
	} {
		b.tap(d.try)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) || d.check.phase != checkStopped || d.try.Text != textCheck.String() {
			t.Errorf("%s: %v, %q", name, err, d.try.Text)
		}
	}
	b.tap(d.try)
	d.hide()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the form's end: %v", err)
	}
	b.q.Drain()
	if d.Told.Visible() {
		t.Errorf("a check that was stopped is told as a failure: %q", d.Told.Shown.Title)
	}
}

func TestACheckThatCannotBeMadeSaysWhy(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	b.answer(workbench.Diagnosis{}, &tenant.Problem{Op: "diagnose", Explanation: tenant.CauseFilesBusy.Explain("The store cannot be read.", "", "")})
	b.tap(d.try)
	b.until("the refusal", func() bool { return d.Told.Shown.Title == "The store cannot be read." })
	if d.checklist.root.Visible() || d.state.Text != textNotChecked.String() {
		t.Errorf("it says %q", d.state.Text)
	}
}

func TestReturnPressesTheHighlightedButton(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.fill(d)
	b.answer(workbench.Diagnosis{OK: true, Steps: gone(7)}, nil)
	d.pattern.OnSubmitted("")
	b.until("the check", func() bool { return d.check.passed() })
	d.pattern.OnSubmitted("")
	b.until("the form to close", func() bool { return !d.Open() && len(b.desk.saved) == 1 })
}

func TestAWarningIsNoFailure(t *testing.T) {
	steps := gone(7)
	steps[1].Warning, steps[0].Result = "The certificate ends soon.", workbench.StepSkipped
	s := checkState{phase: checkEnded, steps: steps}
	text, tone := s.sentence()
	if rows := s.rows(); !s.passed() || tone != kit.ToneWarning || text != textCheckWarned.String() || rows[1].Tick != tickWarning || rows[0].Tick != tickSkipped {
		t.Errorf("it says %q", text)
	}
}

func TestTheCheckDoesNotPraiseWhatItCouldNotProve(t *testing.T) {
	for name, row := range map[string]struct {
		skipped  workbench.DiagnosisStep
		noSecret bool
		want     string
	}{
		"all proven":        {workbench.DiagnoseTLS, false, textCheckPassed.String()},
		"no secret":         {workbench.DiagnoseClient, true, textCheckPartly.String()},
		"no key":            {workbench.DiagnoseKeyPair, false, textCheckPartly.String()},
		"an unclear answer": {workbench.DiagnoseClient, false, textCheckUnproven.String()},
	} {
		s := checkState{phase: checkEnded, steps: gone(7), noSecret: row.noSecret}
		for i := range s.steps {
			if s.steps[i].Name == row.skipped {
				s.steps[i].Result = workbench.StepSkipped
			}
		}
		if text, _ := s.sentence(); text != row.want {
			t.Errorf("%s: %q", name, text)
		}
	}
}
