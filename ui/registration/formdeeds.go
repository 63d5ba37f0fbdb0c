package registration

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// toggleCheck begins the check, or stops the one that is under way.
func (d *form) toggleCheck() {
	if d.check.phase == checking {
		d.stopCheck()
		d.showCheck()
		d.fit()
		return
	}
	if !d.complete() {
		return
	}
	d.Tell(kit.NoticeView{})
	for _, s := range d.slots {
		s.find(kit.NoticeView{})
	}
	draft := d.draft()
	var mine *kit.Job
	d.check = checkState{phase: checking}
	request := workbench.DiagnoseRequest{Candidate: &draft, Progress: func(step workbench.DiagnosedStep) {
		d.run.Hop(func() {
			if d.checking == mine {
				d.check.steps = append(d.check.steps, step)
				if d.showCheck() {
					d.fit()
				}
			}
		})
	}}
	mine = kit.Perform(d.run, func(ctx context.Context) (workbench.Diagnosis, error) { return d.o.Desk.Diagnose(ctx, request) }, nil,
		func(found workbench.Diagnosis, err error) {
			if d.checking == mine {
				d.checked(found, err)
			}
		})
	d.checking = mine
	d.showCheck()
	d.fit()
	d.Reveal(d.checklist.root)
}

// stopCheck ends the check that is under way, if there is one.
func (d *form) stopCheck() {
	if d.check.phase != checking {
		return
	}
	d.checking.Cancel()
	d.checking = nil
	d.check.phase = checkStopped
}

// checked shows what the check came to: what is wrong stands beside the field that it concerns.
func (d *form) checked(found workbench.Diagnosis, err error) {
	d.checking = nil
	if err != nil {
		d.check = checkState{phase: checkBroken}
		d.Tell(kit.Explain(tenant.Explain(err)))
		d.showCheck()
		d.fit()
		return
	}
	d.check = checkState{phase: checkEnded, steps: found.Steps, cause: found.Cause, noSecret: d.noSecret()}
	d.showCheck()
	switch at := d.check.concerns(); {
	case found.Cause == nil:
		d.fit()
		d.o.Window.Canvas().Focus(d.store)
	case at == nowhere:
		d.Tell(kit.Explain(*found.Cause))
		d.fit()
	default:
		d.slots[at].find(kit.Explain(*found.Cause))
		d.fit()
		d.lead(at)
	}
}

// noSecret reports whether the registration would have no client secret.
func (d *form) noSecret() bool {
	return d.fields().clientSecret().Empty() && (d.edited == nil || d.edited.SecretFingerprint == "none")
}

// showCheck draws the list of the check's steps, the sentence, and the buttons that depend on it. It reports whether
// the height may have changed.
func (d *form) showCheck() bool {
	moved := d.checklist.show(d.check)
	text, tone := d.check.sentence()
	d.state.Set(text, kit.Look{Tone: tone.Text()})
	d.try.Label(textCheck.String())
	try, store, label := widget.HighImportance, widget.MediumImportance, textSaveAnyway
	switch {
	case d.check.phase == checking:
		try = widget.MediumImportance
		d.try.Label(textStop.String())
	case d.check.passed():
		try, store, label = widget.MediumImportance, widget.HighImportance, textSave
	}
	d.try.Rank(try)
	d.store.Rank(store)
	if d.saving != nil && !d.saving.Finished {
		label = textSaving
	}
	d.store.Label(label.String())
	return moved
}

// save has the workbench store what was entered. The form closes when that is done, and stays open and filled
// where it is refused.
func (d *form) save() {
	if !d.complete() {
		return
	}
	d.stopCheck()
	d.Tell(kit.NoticeView{})
	draft := d.draft()
	d.saving = kit.Act(d.run, func(ctx context.Context) error { return d.o.Desk.SaveRegistration(ctx, draft) }, func(err error) {
		d.store.Allow("")
		d.showCheck()
		switch {
		case !d.Open():
		case err != nil:
			d.Tell(kit.Explain(tenant.Explain(err)))
			return
		default:
			d.hide()
		}
		if err == nil {
			d.o.OnStored(draft.Name, d.edited == nil)
		}
	})
	d.store.Allow(textSaving.String())
	d.showCheck()
}
