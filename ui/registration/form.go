package registration

import (
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// form asks for a registration, new or to be changed. It hands what was entered to onCheck and onSave, and stays
// open and filled until it is told that it was stored.
type form struct {
	*kit.Dialog
	o   Options
	run *kit.Runner

	// edited is the registration that is changed, nil in a form for a new one.
	edited *workbench.RegistrationView
	// bound is true where tenants hang on it.
	bound bool
	// taken are the names that a new one cannot have.
	taken []string
	// first is what the fields held when the form was opened.
	first fields

	environment      *environmentChoice
	guide            *guide
	base, name, id   *kit.Entry
	secret, redirect *kit.Entry
	pattern          *kit.Entry
	key              *keyField
	exchange         *kit.Choice
	certificate      *certificateField
	checklist        *checklist
	slots            map[place]*slot
	address          *fyne.Container // the row of base, which only a custom environment has

	state              *kit.Line
	cancel, try, store *kit.Button
	lose, stay         *kit.Button

	check    checkState
	checking *kit.Job
	saving   *kit.Job
}

func newForm(o Options, run *kit.Runner, overview workbench.Overview, edited *workbench.RegistrationView) *form {
	d := &form{o: o, run: run, edited: edited, first: emptyFields(), slots: map[place]*slot{}}
	if edited != nil {
		d.first = fieldsOf(*edited)
	}
	for _, r := range overview.Registrations {
		if edited == nil {
			d.taken = append(d.taken, r.Name)
		}
	}
	for _, t := range overview.Tenants {
		d.bound = d.bound || edited != nil && t.Registration == edited.Name
	}
	d.makeFields()
	d.makeFoot()
	title := textAddTitle.String()
	if edited != nil {
		title = textEditTitle.With(edited.Name)
	}
	d.layOut(title)
	d.changed(nowhere)
	return d
}

// show opens the form.
func (d *form) show() {
	if d.edited != nil {
		d.Show(d.secret)
		return
	}
	d.Show(d.environment)
}

// hide closes the form, and ends what it has under way.
func (d *form) hide() {
	d.stopCheck()
	if d.saving != nil {
		d.saving.Cancel()
	}
	d.key.drop()
	d.Hide()
}

// escape goes on where the form asks whether to, else it closes the form.
func (d *form) escape() {
	if d.Told.Holds(d.stay) {
		d.stay.Press()
		return
	}
	d.close()
}

// close closes the form, but asks first where something would be lost.
func (d *form) close() {
	// A secret is never the same as another one, not even as itself: whatever was entered counts as a change.
	if d.fields() == d.first && d.key.pending() == "" {
		d.hide()
		return
	}
	d.Tell(kit.NoticeView{Tone: kit.ToneWarning, Title: textLoseQuestion.String(), Lines: []string{textLoseHint.String()}}, d.stay, d.lose)
	d.o.Window.Canvas().Focus(d.stay)
}

// fields are what was entered so far.
func (d *form) fields() fields {
	return fields{
		Name: d.name.Text, Environment: d.environment.chosen, Base: d.base.Text, ClientID: d.id.Text,
		ClientSecret: secret.New(d.secret.Text), PrivateKey: d.key.key, RedirectURI: d.redirect.Text, Pattern: d.pattern.Text,
		Exchange: protocols()[max(0, d.exchange.SelectedIndex())], Certificate: d.certificate.file,
		KeepKey: d.key.keep, KeepCertificate: d.certificate.keep,
	}
}

func (d *form) draft() workbench.RegistrationDraft { return d.fields().draft(d.edited != nil) }

// changed draws anew what depends on what was entered, after a change at a place.
func (d *form) changed(at place) {
	moved := false
	if s := d.slots[at]; s != nil {
		s.touched = true
		moved = s.find(kit.NoticeView{})
	}
	f := d.fields()
	if at != nowhere && d.check.phase != unchecked {
		d.stopCheck()
		d.check.stale = true
	}
	moved = d.guide.show(guideOf(f.Environment, f.RedirectURI)) || moved
	moved = d.judge(f) || moved
	if d.showCheck() || moved {
		d.fit()
	}
}

// judge says of each field what is to be said, and reports whether the height may have changed.
func (d *form) judge(f fields) bool {
	moved := false
	for at, s := range d.slots {
		text, tone := d.verdict(f, at, s)
		moved = s.say(text, tone) || moved
	}
	return moved
}

// verdict is what is to be said of a field: what is wrong, once it was left; else what is good to know.
func (d *form) verdict(f fields, at place, s *slot) (string, kit.Tone) {
	wrong := d.wrong(f, at)
	switch {
	case wrong != "" && s.left:
		return wrong, kit.ToneBad
	case at == atAddress && d.bound:
		return textTenantsStay.String(), kit.ToneMuted
	case wrong != "" && s.touched:
		return "", kit.ToneMuted
	}
	return f.advice(at, d.edited != nil)
}

// wrong says what is wrong at a place, "" where nothing is.
func (d *form) wrong(f fields, at place) string {
	if at == atKey {
		return d.key.pending()
	}
	return f.complaint(at, d.taken)
}

// complete reports whether all fields can be used. Where one cannot, it says why, and gives the first of them the
// focus.
func (d *form) complete() bool {
	f, first := d.fields(), nowhere
	for at := range nowhere {
		if d.slots[at].left = true; d.wrong(f, at) != "" && first == nowhere {
			first = at
		}
	}
	d.judge(f)
	d.fit()
	d.lead(first)
	return first == nowhere
}

// lead takes the person to a place.
func (d *form) lead(at place) {
	s := d.slots[at]
	if s == nil {
		return
	}
	if s.focus != nil {
		d.o.Window.Canvas().Focus(s.focus)
	}
	d.Reveal(s.root)
}

// press presses the highlighted button, for the Return key.
func (d *form) press() {
	switch {
	case d.check.phase == checking:
	case d.check.passed():
		d.store.Press()
	default:
		d.try.Press()
	}
}

// now is the clock's time, where certificates are shown.
func (d *form) now() time.Time { return d.o.Now() }

// showAddress shows a fixed address, and lets a custom one be typed.
func (d *form) showAddress() {
	custom := d.environment.chosen == tenant.Custom
	if d.address.Visible() != custom {
		d.address.Hidden = !custom
		d.fit()
	}
	s := d.slots[atAddress]
	s.focus = d.environment
	if custom {
		s.focus = d.base
	}
}
