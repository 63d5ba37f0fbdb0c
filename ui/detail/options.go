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
	// Companies is the section below the facts in which companies are created.
	Companies fyne.CanvasObject

	OnActive func(tenant.Key, bool)
	OnLogOn  func(tenant.Key)
	// OnSignIn asks for another sign-in to a tenant.
	OnSignIn func(workbench.TenantView)
	// OnChanged is called when an action that may have changed the store has ended.
	OnChanged func()
	// OnElsewhere takes what is to be said about a tenant that is not shown any more.
	OnElsewhere func(kit.NoticeView)
}
