package settings

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// sheet shows all settings. Nothing is kept before Save; only the appearance is shown at once, and taken back by
// Cancel.
type sheet struct {
	*kit.Dialog
	run *kit.Runner
	o   Options
	// before is what the store said when the sheet was opened, look the appearance by then.
	before tenant.Settings
	look   kit.Appearance

	interval, budget, maintenance, address    *kit.Entry
	intervalHint, budgetHint, maintenanceHint *kit.Paragraph
	addressHint                               *kit.Paragraph
	shown                                     hints
	demonstration, updates, notify            *kit.Check
	background, appearance                    *kit.Choice
	guard                                     *kit.Paragraph
	published, protect, cancel, save          *kit.Button
	saving                                    *kit.Job
}

func newSheet(run *kit.Runner, o Options, now state, protect func()) *sheet {
	s := &sheet{run: run, o: o, before: now.settings, look: AppearanceOf(o.Preferences)}
	s.makeFields()
	s.published = kit.NewButton(textMaintenancePublished.String(), nil, textMaintenancePublishedTip.String(), func() {
		s.maintenance.SetText(string(tenant.DefaultMaintenance()))
	})
	s.protect = kit.NewButton(textProtect.String(), nil, textProtectTip.String(), protect)
	s.guard = kit.NewParagraph(words.Of(now.protection.Sentence), kit.Look{})
	s.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", s.giveUp)
	s.save = kit.NewButton(textSave.String(), nil, "", s.submit)
	s.save.Importance = widget.HighImportance
	s.Dialog = kit.NewDialog(run, kit.DialogOptions{Window: o.Window, Title: textTitle.String(), Gap: kit.DialogGap, Escape: s.giveUp},
		kit.NewFoot(nil, s.cancel, s.save), s.rows()...)
	s.fill(now.settings)
	return s
}

func (s *sheet) makeFields() {
	s.interval, s.budget, s.maintenance = kit.NewEntry(""), kit.NewEntry(""), kit.NewEntry(textMaintenanceNothing.String())
	s.address = kit.NewEntry(textUpdateAddressForm.String())
	caption := func() *kit.Paragraph { return kit.NewParagraph("", kit.LookCaption()) }
	s.intervalHint, s.budgetHint, s.maintenanceHint, s.addressHint = caption(), caption(), caption(), caption()
	for _, e := range s.entries() {
		e.OnSubmitted = func(string) { s.save.Press() }
	}
	s.demonstration = kit.NewCheck(textDemonstration.String(), "", nil)
	s.updates = kit.NewCheck(textUpdates.String(), "", func(bool) {
		s.allowAddress()
		s.judge()
	})
	s.notify = kit.NewCheck(textNotify.String(), "", nil)
	var labels []string
	for _, b := range backgrounds() {
		labels = append(labels, backgroundChoice(b))
	}
	s.background = kit.NewChoice(labels, nil)
	labels = nil
	for _, a := range appearances() {
		labels = append(labels, appearanceChoice(a))
	}
	s.appearance = kit.NewChoice(labels, nil)
}

func (s *sheet) rows() []fyne.CanvasObject {
	heading := func(text string) fyne.CanvasObject {
		return kit.NewInsetOf(0, 5, 0, 0, kit.NewParagraph(text, kit.LookBold()))
	}
	narrow := func(width float32, o fyne.CanvasObject) fyne.CanvasObject {
		return kit.NewBar(0, nil, kit.NewFixed(width, 0, o))
	}
	demonstrationHint := kit.NewParagraph(textDemonstrationHint.String(), kit.LookCaption())
	return []fyne.CanvasObject{
		heading(textPollerHeading.String()),
		kit.NewField(textInterval.String(), narrow(110, s.interval), s.intervalHint),
		kit.NewField(textBudget.String(), narrow(110, s.budget), s.budgetHint),
		kit.NewField(textMaintenance.String(), kit.NewBar(6, s.maintenance, s.maintenance, s.published), s.maintenanceHint),
		kit.NewField("", s.demonstration, demonstrationHint),
		kit.NewRule(),
		heading(textUpdateHeading.String()),
		kit.NewField("", s.updates, kit.NewParagraph(textUpdateWhat.String(), kit.LookCaption())),
		kit.NewField(textUpdateAddress.String(), s.address, s.addressHint),
		kit.NewRule(),
		heading(textWindowHeading.String()),
		kit.NewField(textBackground.String(), narrow(300, s.background)),
		kit.NewField(textAppearance.String(), narrow(300, s.appearance)),
		kit.NewField("", s.notify),
		kit.NewRule(),
		heading(textDataHeading.String()),
		kit.NewField(textGuard.String(), kit.NewInsetOf(0, 7, 0, 0, s.guard), kit.NewInsetOf(0, 4, 0, 0, kit.NewBar(0, nil, s.protect))),
	}
}

// fill shows what is stored, and begins to judge what is typed.
func (s *sheet) fill(stored tenant.Settings) {
	f := fieldsOf(stored)
	s.interval.SetText(f.Interval)
	s.budget.SetText(f.Budget)
	s.maintenance.SetText(f.Maintenance)
	s.demonstration.ShowChecked(f.Demonstration)
	s.updates.ShowChecked(f.TellUpdates)
	s.address.SetText(f.UpdateAddress)
	s.allowAddress()
	s.notify.ShowChecked(NotifyOf(s.o.Preferences))
	s.background.SetSelectedIndex(slices.Index(backgrounds(), BackgroundOf(s.o.Preferences)))
	s.appearance.SetSelectedIndex(slices.Index(appearances(), s.look))
	s.appearance.OnChanged = func(string) { s.o.OnAppearance(s.fields().Appearance) }
	for _, e := range s.entries() {
		e.OnChanged = func(string) { s.judge() }
	}
	s.judge()
}

// entries are the fields that can be wrong.
func (s *sheet) entries() []*kit.Entry {
	return []*kit.Entry{s.interval, s.budget, s.maintenance, s.address}
}

// allowAddress lets an address be typed where somebody is to be asked.
func (s *sheet) allowAddress() {
	if s.updates.Checked {
		s.address.Enable()
	} else {
		s.address.Disable()
	}
}

func (s *sheet) fields() fields {
	return fields{
		Interval: s.interval.Text, Budget: s.budget.Text, Maintenance: s.maintenance.Text, Demonstration: s.demonstration.Checked,
		TellUpdates: s.updates.Checked, UpdateAddress: s.address.Text,
		Background: backgrounds()[max(0, s.background.SelectedIndex())], Notify: s.notify.Checked,
		Appearance: appearances()[max(0, s.appearance.SelectedIndex())],
	}
}

// judge says below each field what is wrong with it, as it is typed.
func (s *sheet) judge() tenant.Settings {
	read, h := s.fields().judge(s.o.Now())
	if h != s.shown {
		s.shown = h
		say(s.intervalHint, h.Interval)
		say(s.budgetHint, h.Budget)
		say(s.maintenanceHint, h.Maintenance)
		say(s.addressHint, h.UpdateAddress)
		s.Fit()
	}
	return read
}

func say(where *kit.Paragraph, h hint) {
	where.Text, where.Look.Tone = h.Text, kit.ColorMuted
	if h.Wrong {
		where.Look.Tone = kit.ToneBad.Text()
	}
	where.Refresh()
}

func (s *sheet) showProtection(p tenant.Protection) {
	s.guard.Text = words.Of(p.Sentence)
	s.guard.Refresh()
	s.Fit()
}

// giveUp closes the sheet as if nobody had opened it.
func (s *sheet) giveUp() {
	if s.saving != nil {
		s.saving.Cancel()
	}
	if s.fields().Appearance != s.look {
		s.o.OnAppearance(s.look)
	}
	s.Hide()
}

// submit keeps what was changed. A field that is wrong gets the focus instead.
func (s *sheet) submit() {
	to := s.judge()
	for _, f := range []struct {
		hint  hint
		field *kit.Entry
	}{{s.shown.Interval, s.interval}, {s.shown.Budget, s.budget}, {s.shown.Maintenance, s.maintenance}, {s.shown.UpdateAddress, s.address}} {
		if f.hint.Wrong {
			s.o.Window.Canvas().Focus(f.field)
			return
		}
	}
	changed := change(s.before, to)
	if changed == nil {
		s.kept()
		return
	}
	s.save.Allow(kit.TextStillWorking.String())
	s.Tell(kit.NoticeView{})
	s.saving = kit.Perform(s.run, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.o.Desk.UpdateSettings(ctx, changed)
	}, func() { s.Tell(kit.NoticeView{Tone: kit.ToneAccent, Title: kit.TextStillWorking.String()}) }, s.saved)
}

// saved closes the sheet, or says why nothing was kept.
func (s *sheet) saved(_ struct{}, err error) {
	s.o.OnChanged()
	if !s.Open() {
		return // whoever gave up is not told that it stopped
	}
	s.save.Allow("")
	if err != nil {
		s.Refocus(s.save)
		s.Tell(kit.Explain(tenant.Explain(err)))
		return
	}
	s.kept()
}

// kept remembers what belongs to this window, and closes the sheet.
func (s *sheet) kept() {
	f := s.fields()
	KeepBackground(s.o.Preferences, f.Background)
	s.o.Preferences.SetBool(keyNotify, f.Notify)
	keepAppearance(s.o.Preferences, f.Appearance)
	s.Hide()
}
