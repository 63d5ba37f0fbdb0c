// Package settings is the window's sheets for what a person may choose: the settings that both programs share, those
// of this computer's window, and what guards the key of the data file.
package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// Desk is what the settings ask of the workbench. Its methods may wait, and are called off the user interface's
// goroutine.
type Desk interface {
	Settings(ctx context.Context) (tenant.Settings, error)
	UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error
	Protection(ctx context.Context) (tenant.Protection, error)
	// ChangeProtection takes the passphrase for [tenant.ByPassphrase] only.
	ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error)
	RotateDataKey(ctx context.Context) (tenant.Protection, error)
}

// Options are what the settings need from outside.
type Options struct {
	Desk        Desk
	Window      fyne.Window
	Preferences fyne.Preferences
	Now         func() time.Time
	// OnAppearance makes the window light or dark at once.
	OnAppearance func(kit.Appearance)
	// OnChanged is called when what the store says may be something else.
	OnChanged func()
	// OnFail takes a failure that no sheet is open to tell.
	OnFail func(error)
}

// Settings opens the sheets. All its methods belong to the user interface's goroutine.
type Settings struct {
	run *kit.Runner
	o   Options
	// opening reads what a sheet is about to show, nil before; a second click does not open it twice.
	opening    *kit.Job
	sheet      *sheet            // the last one, nil before
	protection *protectionDialog // the last one, nil before
}

// New makes the settings.
func New(run *kit.Runner, o Options) *Settings { return &Settings{run: run, o: o} }

// state is what the store says when the sheet opens.
type state struct {
	settings   tenant.Settings
	protection tenant.Protection
}

// Open opens the sheet with all settings, as they are by then.
func (s *Settings) Open() { s.open(func(s *sheet) fyne.Focusable { return s.interval }) }

// OpenUpdates opens the same sheet at the update notice.
func (s *Settings) OpenUpdates() { s.open(func(s *sheet) fyne.Focusable { return s.updates }) }

func (s *Settings) open(at func(*sheet) fyne.Focusable) {
	if s.sheet != nil && s.sheet.Open() {
		return
	}
	read(s, func(ctx context.Context) (now state, err error) {
		if now.settings, err = s.o.Desk.Settings(ctx); err != nil {
			return now, err
		}
		now.protection, err = s.o.Desk.Protection(ctx)
		return now, err
	}, func(now state) {
		s.sheet = newSheet(s.run, s.o, now, s.OpenProtection)
		s.sheet.Show(at(s.sheet))
	})
}

// OpenProtection opens the dialog that changes what guards the key of the data file.
func (s *Settings) OpenProtection() {
	if s.protection != nil && s.protection.Open() {
		return
	}
	read(s, s.o.Desk.Protection, func(now tenant.Protection) {
		s.protection = newProtectionDialog(s.o.Window, s.run, s.o.Desk, now.Kind)
		s.protection.onLate = s.o.OnFail
		s.protection.onChanged = func() {
			s.o.OnChanged()
			s.showProtection()
		}
		s.protection.Show(s.protection.kind)
	})
}

// showProtection has a sheet that is open below the dialog tell what guards the data now.
func (s *Settings) showProtection() {
	kit.Perform(s.run, s.o.Desk.Protection, nil, func(p tenant.Protection, err error) {
		if err == nil && s.sheet != nil && s.sheet.Open() {
			s.sheet.showProtection(p)
		}
	})
}

// read reads what there is off the user interface's goroutine, and hands it to what is to be opened.
func read[T any](s *Settings, from func(context.Context) (T, error), open func(T)) {
	if s.opening != nil && !s.opening.Finished {
		return
	}
	s.opening = kit.Perform(s.run, from, nil, func(now T, err error) {
		if err != nil {
			s.o.OnFail(err)
			return
		}
		open(now)
	})
}
