// Package settings is the window's sheets for what a person may choose: the settings that both programs share, those
// of this computer's window, and what guards the key of the data file.
package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// ProtectionDesk is what the protection asks of the workbench. Its methods may wait, and are called off the user
// interface's goroutine.
type ProtectionDesk interface {
	// ChangeProtection takes the passphrase for [tenant.ByPassphrase] only.
	ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error)
	RotateDataKey(ctx context.Context) (tenant.Protection, error)
}

// Options are what the settings need from outside.
type Options struct {
	Desk   ProtectionDesk
	Window fyne.Window
	// OnChanged is called when what the store says may be something else.
	OnChanged func()
	// OnLate takes a failure of a change that the person did not wait for.
	OnLate func(error)
}

// Settings opens the sheets. All its methods belong to the user interface's goroutine.
type Settings struct {
	run *kit.Runner
	o   Options
}

// New makes the settings.
func New(run *kit.Runner, o Options) *Settings { return &Settings{run, o} }

// OpenProtection opens the dialog that changes what guards the key of the data file, which now guards it in a way.
func (s *Settings) OpenProtection(now tenant.ProtectionKind) {
	d := newProtectionDialog(s.o.Window, s.run, s.o.Desk, now)
	d.onChanged, d.onLate = s.o.OnChanged, s.o.OnLate
	d.Show(d.kind)
}
