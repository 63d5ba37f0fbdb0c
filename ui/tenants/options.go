package tenants

import (
	"context"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// Desk is what the table asks of the workbench. Every method may wait and is called off the user interface's
// goroutine. Each passes over tenants that are gone, and returns the others.
type Desk interface {
	SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error)
	// VisitAll has the poller of either program visit tenants without waiting. It passes over those that are not
	// active.
	VisitAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error)
}

// Act is something that the window does with one tenant when the table asks for it.
type Act int

// The acts.
const (
	SignIn  Act = iota // once more, to a tenant that is there
	Doctor             // find out what is wrong
	SignOut            // end the login
	Remove             // with a question and a receipt
)

// Options is what the table needs from outside. All but Preferences must be set.
type Options struct {
	Desk Desk
	// Preferences remember the sorting and the widths of the columns; nil for a table that forgets.
	Preferences fyne.Preferences
	// Copy fills the clipboard.
	Copy func(text string)
	// Facts are a tenant as text for the clipboard.
	Facts func(workbench.TenantView) string
	// OnSelect is called when a person chooses a tenant, and OnOpen when the keyboard is to go on to it.
	OnSelect func(tenant.Key)
	OnOpen   func()
	// OnAct does something with a tenant, which is the chosen one. Barred says why it cannot be done now, "" where
	// it can.
	OnAct  func(Act, workbench.TenantView)
	Barred func(Act, workbench.TenantView) string
	// OnChanged is called when the store has changed.
	OnChanged func()
}
