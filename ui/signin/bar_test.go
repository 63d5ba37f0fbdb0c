package signin

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit/kittest"
)

// The window is on the screen before the store was read: whoever is quick must not begin a sign-in with no
// registration, nor remove one.
func TestTheBarOffersNothingBeforeTheStoreWasRead(t *testing.T) {
	test.NewTempApp(t)
	b := NewBar(BarOptions{OnSignIn: func(registration string) { t.Errorf("a sign-in began with the registration %q", registration) }})
	b.SignIn.Press()
	if !b.SignIn.Disabled() || b.remove.Visible() {
		t.Errorf("sign-in is disabled: %v; the registration can be removed: %v", b.SignIn.Disabled(), b.remove.Visible())
	}
	b.Show([]workbench.RegistrationView{kittest.SandboxRegistration}, tenant.DefaultSettings(), true)
	b.ShowSignIn(false, false, true)
	if b.SignIn.Disabled() {
		t.Error("sign-in stays disabled")
	}
}
