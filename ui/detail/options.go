package detail

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what the panel asks of the workbench. Every method may wait and is called off the user interface's
// goroutine.
type Desk interface {
	// Diagnose goes through all that must hold for a tenant. What was found is there after an error too.
	Diagnose(ctx context.Context, request workbench.DiagnoseRequest) (workbench.Diagnosis, error)
	// Validation is how the id token of the last sign-in was validated; its time is zero where nothing was kept.
	Validation(ctx context.Context, key tenant.Key) (tenant.Validation, error)
	// History is how a tenant fared in the last 24 hours.
	History(ctx context.Context, key tenant.Key) (tenant.History, error)
	// SignOut ends the login user's login. The result says what became of its tokens after an error too.
	SignOut(ctx context.Context, request workbench.SignOutRequest) (workbench.SignedOut, error)
	// Offboard ends what can be ended of a tenant and deletes it here. The receipt is there after an error too.
	Offboard(ctx context.Context, request workbench.OffboardRequest) (workbench.Receipt, error)
}

// Options is what the panel needs from outside. All of it must be set.
type Options struct {
	Desk Desk
	Now  func() time.Time
	// Window is the one that shows the panel: a receipt stands before it, and its canvas has the focus.
	Window fyne.Window
	// OpenURL opens the system browser, and Copy fills the clipboard.
	OpenURL func(url string) error
	Copy    func(text string)
	// Preferences remember which sections are folded.
	Preferences fyne.Preferences
	// Companies is the section below the facts in which companies are created.
	Companies fyne.CanvasObject

	OnActive func(tenant.Key, bool)
	OnLogOn  func(tenant.Key)
	// OnSignIn asks for another sign-in to a tenant, with the approval page shown where approve says so.
	OnSignIn func(t workbench.TenantView, approve bool)
	// OnPoll asks that this program's poller be switched on, and OnRegistration that a registration be opened.
	OnPoll         func()
	OnRegistration func(name string)
	// OnChanged is called when an action that may have changed the store has ended.
	OnChanged func()
	// OnElsewhere takes what is to be said about a tenant that is not shown any more.
	OnElsewhere func(kit.NoticeView)
}
