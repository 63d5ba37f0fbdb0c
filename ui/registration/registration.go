// Package registration is the region of the window in which a person enters an app as SuperOffice's Developer
// Portal knows it.
package registration

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// Desk is what the form asks of the workbench. Every method may wait and is called off the user interface's
// goroutine.
type Desk interface {
	AddRegistration(ctx context.Context, registration tenant.Registration) error
}

// Options are what the forms need from outside. All must be set.
type Options struct {
	Window fyne.Window
	Desk   Desk
	// Now is the clock. Times are shown in its location.
	Now func() time.Time
	// Clipboard is where a key is pasted from.
	Clipboard fyne.Clipboard
	// OnStored is told the name of a registration that was stored.
	OnStored func(name string)
}

// Forms opens the form for a registration.
type Forms struct {
	o   Options
	run *kit.Runner
}

// New makes the forms of a window. What they have under way ends with run.
func New(run *kit.Runner, o Options) *Forms { return &Forms{o: o, run: run} }

// Add opens the form for a new registration.
func (f *Forms) Add() { f.open(newForm(f.o.Window, f.run, f.o.Now)) }

// open shows a form. It closes when the workbench has taken the registration, and shows what is wrong until
// then.
func (f *Forms) open(d *form) {
	var storing *kit.Job
	d.onPaste = f.o.Clipboard.Content
	d.onRead = f.readFile(d)
	d.onCancel = func() {
		if storing != nil {
			storing.Cancel()
		}
		d.hide()
	}
	d.onSubmit = func(typed fields) {
		registration := typed.registration()
		if err := registration.Validate(); err != nil {
			d.refuse(kit.NoticeView{Tone: kit.ToneBad, Title: tenant.Sentence(err)})
			return
		}
		d.refuse(kit.NoticeView{})
		d.busy(true)
		storing = kit.Act(f.run, func(ctx context.Context) error { return f.o.Desk.AddRegistration(ctx, registration) }, func(err error) {
			d.busy(false)
			if err != nil {
				d.refuse(kit.Explain(tenant.Explain(err)))
				return
			}
			d.hide()
			f.o.OnStored(registration.Name)
		})
	}
	d.show()
}

// readFile reads a file for the form off the user interface's goroutine, and no more of it than there can be.
func (f *Forms) readFile(d *form) func(io.ReadCloser, func(string)) {
	return func(file io.ReadCloser, take func(string)) {
		kit.Perform(f.run, func(context.Context) (string, error) {
			defer func() { _ = file.Close() }() // it was only read
			text, err := io.ReadAll(io.LimitReader(file, maxFormFile))
			return string(text), err
		}, nil, func(text string, err error) {
			if err != nil {
				d.refuse(kit.Explain(tenant.Explain(err)))
				return
			}
			take(text)
		})
	}
}
