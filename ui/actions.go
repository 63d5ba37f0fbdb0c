package ui

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/signin"
)

// wire connects what the regions ask for with the workbench. Regions know neither each other nor this.
func (w *Window) wire() {
	w.wirePanel()
	w.tenants.onSelect = func(key tenant.Key) {
		w.selected, w.wanted = key, tenant.Key{}
		w.showChosen()
	}
	w.log.onSave = w.chooseLogFile
	w.log.onFail = w.fail
	w.log.onSaved = func(lines int, where string) {
		w.report(kit.NoticeView{Title: "Saved " + tenant.Plural(lines, "line") + " of the log to " + where + "."})
	}
}

func (w *Window) wirePanel() {
	desk := w.o.Desk
	// A failure belongs to the tenant that it is about: after another one was chosen it is not shown there.
	failFor := func(key tenant.Key) func(error) {
		return func(err error) {
			if w.selected == key {
				w.panel.fail(err)
				return
			}
			w.fail(err)
		}
	}
	w.panel.onActive = func(key tenant.Key, on bool) {
		w.do(func(ctx context.Context) error { return desk.SetActive(ctx, key, on) }, failFor(key))
	}
	w.panel.onLogOn = func(key tenant.Key) {
		w.do(func(ctx context.Context) error { return desk.VisitNow(ctx, key) }, failFor(key))
	}
	w.panel.onAgain = func(t workbench.TenantView) { w.signIn.Start(signin.Again(t)) }
	w.panel.onSignOut, w.panel.signingOut = w.signOut.ask, w.signOut.busy
	w.panel.onElsewhere = w.report
	w.signOut.onDone = w.refresh
	w.panel.onRemove, w.panel.removing = w.offboard.ask, w.offboard.busy
	w.offboard.onDone = w.refresh
	w.offboard.onReceipt = func(r workbench.Receipt) {
		w.receipt = newReceiptDialog(w.Window, r, w.panel.onCopy)
		w.receipt.show()
	}
	focus := func(o fyne.Focusable) { w.Canvas().Focus(o) }
	w.panel.onFocus = focus
	w.panel.companies.onFocus = focus
	w.panel.companies.onFail = w.fail
	w.panel.companies.onResize = w.panel.relayout
}

// addRegistration opens the dialog for a new registration.
func (w *Window) addRegistration() {
	w.runRegistration(newRegistrationDialog(w.Window, w.run, w.o.Now))
}

// runRegistration shows the dialog. It closes when the workbench has taken the registration, and shows
// what is wrong until then.
func (w *Window) runRegistration(d *registrationDialog) {
	var storing *kit.Job
	d.onPaste = func() string { return w.app.Clipboard().Content() }
	d.onRead = w.readFile(d)
	d.onCancel = func() {
		if storing != nil {
			storing.Cancel()
		}
		d.hide()
	}
	d.onSubmit = func(f registrationFields) {
		registration := f.registration()
		if err := registration.Validate(); err != nil {
			d.refuse(kit.NoticeView{Tone: kit.ToneBad, Title: tenant.Sentence(err)})
			return
		}
		d.refuse(kit.NoticeView{})
		d.busy(true)
		storing = kit.Act(w.run, func(ctx context.Context) error { return w.o.Desk.AddRegistration(ctx, registration) }, func(err error) {
			d.busy(false)
			if err != nil {
				d.refuse(kit.Explain(tenant.Explain(err)))
				return
			}
			d.hide()
			// Whoever has just added it wants to sign in with it.
			w.useRegistration(registration.Name)
		})
	}
	d.show()
}

// readFile reads a file for the dialog off the user interface's goroutine, and no more of it than there can be.
func (w *Window) readFile(d *registrationDialog) func(io.ReadCloser, func(string)) {
	return func(file io.ReadCloser, take func(string)) {
		kit.Perform(w.run, func(context.Context) (string, error) {
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

// chooseLogFile asks with Fyne's own dialog where to write the log.
func (w *Window) chooseLogFile(name string, write func(fyne.URIWriteCloser)) {
	save := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			w.fail(err)
		case file != nil:
			write(file)
		}
	}, w.Window)
	save.SetFileName(name)
	save.Show() // before Resize, which panics on a file dialog that was never shown
	save.Resize(fyne.NewSize(860, 560))
}

// changeProtection opens the protection from the footer.
func (w *Window) changeProtection() {
	if w.scene == nil {
		return // it is not known yet what is to be changed
	}
	w.settings.OpenProtection(w.scene.protection.Kind)
}
