package kit

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/words"
)

// FormOptions are what a [Form] needs from outside.
type FormOptions struct {
	Window fyne.Window
	// OpenFolder shows a folder in the system's file manager. It may wait.
	OpenFolder func(path string) error
	// OnChanged is called when what the store says may be something else. It may be nil.
	OnChanged func()
	// OnFail takes a failure that no open form tells.
	OnFail func(error)
}

// Form is a dialog with one button that acts, and one piece of work at a time, which Cancel and Escape end.
type Form struct {
	*Dialog
	Close, Act *Button
	// Locked are the fields that rest while something is under way.
	Locked []fyne.Disableable
	// Job is the last piece of work, nil before.
	Job *Job
	// Forget empties the fields that hold a secret; nil where there is none.
	Forget func()

	run *Runner
	o   FormOptions
}

// NewForm makes a form whose main button has a label. Lay it out before it is shown.
func NewForm(run *Runner, o FormOptions, act string, submit func()) *Form {
	f := &Form{run: run, o: o}
	f.Close = NewButton(TextCancel.String(), nil, "", f.GiveUp)
	f.Act = NewButton(act, nil, "", submit)
	f.Act.Importance = widget.HighImportance
	return f
}

// LayOut puts rows into the form.
func (f *Form) LayOut(title string, rows ...fyne.CanvasObject) {
	f.Dialog = NewDialog(f.run, DialogOptions{Window: f.o.Window, Title: title, Gap: DialogGap, Escape: f.GiveUp}, NewFoot(nil, f.Close, f.Act), rows...)
}

// GiveUp stops what is under way, and closes the sheet.
func (f *Form) GiveUp() {
	if f.Job != nil {
		f.Job.Cancel()
	}
	if f.Forget != nil {
		f.Forget()
	}
	f.Hide()
}

// Allow lets the fields and the button be used, unless there is a reason not to.
func (f *Form) Allow(reason string) {
	f.Act.Allow(reason)
	for _, field := range f.Locked {
		if reason == "" {
			field.Enable()
		} else {
			field.Disable()
		}
	}
}

// PerformIn runs work off the user interface's goroutine, says after a moment that it is under way, and hands what
// came of it to done. Work that is begun while other work runs takes its place.
func PerformIn[T any](f *Form, under string, work func(context.Context) (T, error), done func(T, error)) {
	if f.Job != nil {
		f.Job.Cancel()
	}
	f.Allow(under)
	f.Tell(NoticeView{})
	var mine *Job
	mine = Perform(f.run, work, func() {
		if f.Job == mine && f.Open() {
			f.Tell(NoticeView{Tone: ToneAccent, Title: under})
		}
	}, func(result T, err error) {
		switch {
		case !f.Open():
			f.tellChanged()
			if err != nil && !errors.Is(err, context.Canceled) {
				f.o.OnFail(err)
			}
		case f.Job == mine:
			f.Allow("")
			f.Tell(NoticeView{})
			done(result, err)
			f.Refocus(f.Close)
		}
	})
	f.Job = mine
}

// Refuse says why it did not go.
func (f *Form) Refuse(err error) { f.Tell(Explain(tenant.Explain(err))) }

// Hold keeps the button from being pressed for a reason, which it also says where everybody sees it; an empty one lets
// it be pressed.
func (f *Form) Hold(reason string) {
	f.Act.Allow(reason)
	f.Tell(NoticeView{Title: reason})
}

// RefuseInput says what is wrong with a field.
func (f *Form) RefuseInput(err error) {
	f.Tell(NoticeView{Tone: ToneBad, Title: words.Of(tenant.Sentence(err))})
}

// Finish says what was done. There is nothing left to do but to close the sheet.
func (f *Form) Finish(v NoticeView, buttons ...fyne.CanvasObject) {
	f.tellChanged()
	f.Act.Hide()
	for _, field := range f.Locked {
		field.Disable()
	}
	f.Close.Label(TextClose.String())
	f.Close.Rank(widget.HighImportance)
	f.Tell(v, buttons...)
	f.Fit()
	f.o.Window.Canvas().Focus(f.Close)
}

// FolderButton opens the folder of a file that was written.
func (f *Form) FolderButton(file string) fyne.CanvasObject {
	return NewButton(textOpenFolder.String(), nil, "", func() {
		Act(f.run, func(context.Context) error { return f.o.OpenFolder(filepath.Dir(file)) }, func(err error) {
			if err != nil && f.Open() {
				f.Refuse(err)
			}
		})
	})
}

// Progress says how far the work is that is under way, once that is told of at all. It may be called from any goroutine.
func (f *Form) Progress(text string) {
	f.run.Hop(func() {
		if f.Open() && f.Job != nil && !f.Job.Finished && f.Told.Shown.Tone == ToneAccent {
			f.Tell(NoticeView{Tone: ToneAccent, Title: text})
		}
	})
}

func (f *Form) tellChanged() {
	if f.o.OnChanged != nil {
		f.o.OnChanged()
	}
}
