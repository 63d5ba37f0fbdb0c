package signin

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// The bar at the first start, while a sign-in is under way, with a production registration, and with none.
func TestPicturesOfTheBar(t *testing.T) {
	production := workbench.RegistrationView{Name: "our app", Environment: tenant.Production, Base: "https://online.superoffice.com", Current: true}
	bar := func(busy, anyTenant bool, registrations ...workbench.RegistrationView) fyne.CanvasObject {
		b := NewBar(BarOptions{})
		b.Show(registrations, tenant.DefaultSettings(), true)
		b.ShowSignIn(busy, anyTenant, len(registrations) > 0)
		return b.Root
	}
	kittest.Pictures(t, "bar", fyne.NewSize(1264, 180), func(*testing.T) fyne.CanvasObject {
		return kit.NewInset(8, 8, kit.NewColumn(10, bar(false, false, kittest.SandboxRegistration), bar(true, false, kittest.SandboxRegistration),
			bar(false, true, production), bar(false, false)))
	})
}

// The line in each of its phases, and the notices after a sign-in that failed and one without a system user.
func TestPicturesOfTheFlow(t *testing.T) {
	until := kittest.Noon.Add(161 * time.Second)
	refused := tenant.CauseOtherApp.Explain("The id token was refused.", "", "")
	checks := []workbench.Check{{Name: "form", Passed: true, Checked: true}, {Name: "audience", Checked: true, Reason: "it is for another app"}, {Name: "subject"}}
	kittest.Pictures(t, "flow", fyne.NewSize(900, 560), func(t *testing.T) fyne.CanvasObject {
		column := kit.NewColumn(10)
		for _, s := range []state{
			{phase: phaseStarting},
			{phase: phaseWaiting, until: until},
			{phase: phaseWaiting, until: until, linkCopied: true},
			{phase: phaseWaiting, until: until, browserLost: true},
			{phase: phaseReturned},
			{phase: phaseFailed, explanation: tenant.Explain(errors.New("connect to the server: refused"))},
			{phase: phaseFailed, explanation: refused, checks: checks, allChecks: true},
			{phase: phaseWithout, explanation: tenant.CauseRevoked.Explain("There is no system user.", "", "")},
		} {
			f := New(kit.NewRunner(t.Context(), func(f func()) { f() }), Options{Now: func() time.Time { return kittest.Noon }, OnChange: func(bool) {}})
			f.state = s
			f.show()
			column.Add(f.Line)
			column.Add(f.Notice.Container)
		}
		return kit.NewInset(8, 8, column)
	})
}
