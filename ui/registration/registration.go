// Package registration is the region of the window in which a person enters an app as SuperOffice's Developer
// Portal knows it: guided through the portal, and checked before anything is stored.
package registration

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what the form asks of the workbench. Every method may wait and is called off the user interface's
// goroutine.
type Desk interface {
	SaveRegistration(ctx context.Context, draft workbench.RegistrationDraft) error
	Diagnose(ctx context.Context, request workbench.DiagnoseRequest) (workbench.Diagnosis, error)
}

// Options are what the forms need from outside. All must be set.
type Options struct {
	Window fyne.Window
	Desk   Desk
	// Overview is what the window shows of the store. It is called on the user interface's goroutine, and answers at
	// once.
	Overview func() workbench.Overview
	// Now is the clock. Times are shown in its location.
	Now func() time.Time
	// Clipboard is where a key is pasted from, and what is entered in the portal is copied to.
	Clipboard fyne.Clipboard
	// OpenURL opens the system browser. It is called off the user interface's goroutine.
	OpenURL func(url string) error
	// Preferences remember the folder from which a file was chosen.
	Preferences fyne.Preferences
	// OnStored is told the name of a registration that was stored, and whether it is a new one.
	OnStored func(name string, isNew bool)
}

// Forms opens the form for a registration, one at a time.
type Forms struct {
	o    Options
	run  *kit.Runner
	form *form // the last one that was opened, nil before
}

// New makes the forms of a window. What they have under way ends with run.
func New(run *kit.Runner, o Options) *Forms { return &Forms{o: o, run: run} }

// Add opens the form for a new registration.
func (f *Forms) Add() { f.open(nil) }

// Edit opens the form in which a stored registration is changed. It does nothing for the sandbox's, which is made
// anew at every start, or for one that the window does not show.
func (f *Forms) Edit(name string) {
	stored := f.o.Overview().Registrations
	i := slices.IndexFunc(stored, func(r workbench.RegistrationView) bool { return r.Name == name })
	if i >= 0 && Editable(stored[i]) {
		f.open(&stored[i])
	}
}

// Editable reports whether a registration can be changed by hand.
func Editable(r workbench.RegistrationView) bool {
	return slices.Contains(registrable(), r.Environment)
}

// Drop takes files that were dropped onto the window. It reports whether a form is open to take them: the first of
// them.
func (f *Forms) Drop(uris []fyne.URI) bool {
	if f.form == nil || !f.form.Open() || len(uris) == 0 {
		return false
	}
	f.form.drop(uris[0])
	return true
}

func (f *Forms) open(edited *workbench.RegistrationView) {
	if f.form != nil && f.form.Open() {
		return
	}
	f.form = newForm(f.o, f.run, f.o.Overview(), edited)
	f.form.show()
}
