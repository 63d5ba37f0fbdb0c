package data

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// form is what all sheets have in common: fields, one button that acts, and one piece of work at a time, which
// Cancel and Escape end.
type form struct {
	*kit.Dialog
	run        *kit.Runner
	o          Options
	close, act *kit.Button
	// locked are the fields that rest while something is under way.
	locked []fyne.Disableable
	job    *kit.Job
	// forget empties the fields that hold a secret; nil where there is none.
	forget func()
}

func newForm(run *kit.Runner, o Options, act string, submit func()) *form {
	f := &form{run: run, o: o}
	f.close = kit.NewButton(kit.TextCancel.String(), nil, "", f.giveUp)
	f.act = kit.NewButton(act, nil, "", submit)
	f.act.Importance = widget.HighImportance
	return f
}

// layOut puts rows into the sheet.
func (f *form) layOut(title string, rows ...fyne.CanvasObject) {
	f.Dialog = kit.NewDialog(f.o.Window, title, f.giveUp, kit.NewFoot(nil, f.close, f.act), rows...)
}

// giveUp stops what is under way, and closes the sheet.
func (f *form) giveUp() {
	if f.job != nil {
		f.job.Cancel()
	}
	if f.forget != nil {
		f.forget()
	}
	f.Hide()
}

// allow lets the fields and the button be used, unless there is a reason not to.
func (f *form) allow(reason string) {
	f.act.Allow(reason)
	for _, field := range f.locked {
		if reason == "" {
			field.Enable()
		} else {
			field.Disable()
		}
	}
}

// perform runs work off the user interface's goroutine, says after a moment that it is under way, and hands what
// came of it to done. Work that is begun while other work runs takes its place.
func perform[T any](f *form, under string, work func(context.Context) (T, error), done func(T, error)) {
	if f.job != nil {
		f.job.Cancel()
	}
	f.allow(under)
	f.Tell(kit.NoticeView{})
	var mine *kit.Job
	mine = kit.Perform(f.run, work, func() {
		if f.job == mine && f.Open() {
			f.Tell(kit.NoticeView{Tone: kit.ToneAccent, Title: under})
		}
	}, func(result T, err error) {
		switch {
		case !f.Open():
			f.o.OnChanged()
			if err != nil && !errors.Is(err, context.Canceled) {
				f.o.OnFail(err)
			}
		case f.job == mine:
			f.allow("")
			f.Tell(kit.NoticeView{})
			done(result, err)
			f.Refocus(f.close)
		}
	})
	f.job = mine
}

// refuse says why it did not go.
func (f *form) refuse(err error) { f.Tell(kit.Explain(tenant.Explain(err))) }

// hold keeps the button from being pressed for a reason, which it also says where everybody sees it; an empty one lets
// it be pressed.
func (f *form) hold(reason string) {
	f.act.Allow(reason)
	f.Tell(kit.NoticeView{Title: reason})
}

// refuseInput says what is wrong with a field.
func (f *form) refuseInput(err error) {
	f.Tell(kit.NoticeView{Tone: kit.ToneBad, Title: words.Of(tenant.Sentence(err))})
}

// finish says what was done. There is nothing left to do but to close the sheet.
func (f *form) finish(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	f.o.OnChanged()
	f.act.Hide()
	for _, field := range f.locked {
		field.Disable()
	}
	f.close.Label(kit.TextClose.String())
	f.close.Rank(widget.HighImportance)
	f.Tell(v, buttons...)
	f.Fit()
	f.o.Window.Canvas().Focus(f.close)
}

// folderButton opens the folder of a file that was written.
func (f *form) folderButton(file string) fyne.CanvasObject {
	return kit.NewButton(textOpenFolder.String(), nil, "", func() {
		kit.Act(f.run, func(context.Context) error { return f.o.OpenFolder(filepath.Dir(file)) }, func(err error) {
			if err != nil && f.Open() {
				f.refuse(err)
			}
		})
	})
}

// registrationChoice lets one of the registrations be chosen.
type registrationChoice struct {
	*kit.Choice
	names []string
}

func newRegistrationChoice(all []workbench.RegistrationView) *registrationChoice {
	c := &registrationChoice{}
	var labels []string
	current := 0
	for i, r := range all {
		c.names = append(c.names, r.Name)
		labels = append(labels, textRegistrationIn.With(r.Name, kit.EnvironmentShort(r.Environment)))
		if r.Current {
			current = i
		}
	}
	c.Choice = kit.NewChoice(labels, nil)
	if len(all) > 0 {
		c.SetSelectedIndex(current)
	}
	return c
}

// name is the chosen one's; empty, which means the current one, where there is none to choose.
func (c *registrationChoice) name() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.names[i]
	}
	return ""
}
