package detail

import (
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/workbench"
)

// What the panel's own menu offers, the window's menu and the table of tenants offer too, for the tenant that is shown.

// Facts is a tenant as text for the clipboard. It holds no secret.
func Facts(t workbench.TenantView, now time.Time) string { return tenantText(t, now) }

// CopyFacts puts the tenant as text on the clipboard.
func (p *Panel) CopyFacts() { p.o.Copy(tenantText(p.shown, p.at)) }

// SignOut asks whether the login is to be ended.
func (p *Panel) SignOut() { p.signOut.ask(p.shown) }

// SignOutReason says why nobody can be signed out now, "" where somebody can.
func (p *Panel) SignOutReason() string {
	return signOutReason(p.shown, p.signOut.busy(), p.offboard.busy())
}

// Remove asks whether the tenant is to be removed.
func (p *Panel) Remove() { p.offboard.ask(p.shown) }

// RemoveReason says why the tenant cannot be removed now, "" where it can.
func (p *Panel) RemoveReason() string { return removeReason(p.signOut.busy(), p.offboard.busy()) }

// First is where the keyboard enters the panel, nil while there is no tenant.
func (p *Panel) First() fyne.Focusable {
	if !p.scroll.Visible() {
		return nil
	}
	return p.Active
}

// ShowReceipt shows what was done to remove a tenant.
func (p *Panel) ShowReceipt(r workbench.Receipt) {
	p.receipt = newReceiptDialog(p.run, p.o.Window, r, p.o.Copy)
	p.receipt.Show(p.receipt.close)
}
