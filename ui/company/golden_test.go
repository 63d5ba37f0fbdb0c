package company

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// picture compares the region at a size with its golden image.
func (b *bench) picture(name string, size fyne.Size) {
	b.t.Helper()
	b.window.Resize(size)
	b.q.Drain()
	kittest.AssertPicture(b.t, name+".png", b.window.Canvas())
}

// panel is the room that the region has in a window of 1280 by 800.
func panel() fyne.Size { return fyne.NewSize(760, 330) }

// longPath is where a tenant's requests may go through a proxy.
const longPath = "/proxy/of/the/partner/with/a/long/name/Cust10234/api/v1/Contact/default"

func TestPictures(t *testing.T) {
	live := kittest.Nordlys()
	live.Environment = tenant.Production
	bare := kittest.Nordlys()
	bare.TokenFingerprint = "none"
	login, system := resultOf(tenant.LoginUser, 0), resultOf(tenant.SystemUser, 0)
	login.Requests = append([]online.Request{{Method: "GET", Path: longPath, Status: 200, Took: 1700 * time.Millisecond}}, login.Requests...)
	refused := resultOf(tenant.SystemUser, 0)
	refused.Outcome, refused.Company = workbench.NotCreated, tenant.Company{Name: "Fjord AS"}
	refused.Requests[1].Status = 403
	e := tenant.CauseRightMissing.Explain("The tenant refused to save the company.", "", "")
	refused.Trouble = &e
	for name, row := range map[string]struct {
		view  workbench.TenantView
		kept  []workbench.CompanyResult
		size  fyne.Size
		scale float32
		dark  bool
		do    func(b *bench)
	}{
		"empty_light":      {view: bare, size: panel()},
		"results_light":    {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system, login}, size: fyne.NewSize(760, 420)},
		"results_dark":     {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system, login}, size: fyne.NewSize(760, 420), dark: true},
		"results_light_2x": {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system, login}, size: fyne.NewSize(760, 420), scale: 2},
		"panel_light":      {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system, login}, size: panel()},
		"narrow_light":     {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system, login, refused}, size: fyne.NewSize(590, 480)},
		"unclear_light":    {view: kittest.Nordlys(), kept: []workbench.CompanyResult{refused, unclear(tenant.LoginUser, 0)}, size: fyne.NewSize(760, 420)},
		"unclear_dark_2x":  {view: kittest.Nordlys(), kept: []workbench.CompanyResult{refused, unclear(tenant.LoginUser, 0)}, size: fyne.NewSize(760, 420), dark: true, scale: 2},
		"earlier_light": {view: kittest.Nordlys(), size: fyne.NewSize(760, 560), kept: []workbench.CompanyResult{
			resultOf(tenant.SystemUser, 3*time.Hour), resultOf(tenant.LoginUser, 2*time.Hour), unclear(tenant.LoginUser, time.Hour), refused, resultOf(tenant.LoginUser, 0)}},
		"production_light": {view: live, kept: []workbench.CompanyResult{login}, size: panel(), do: askInProduction},
		"production_dark":  {view: live, kept: []workbench.CompanyResult{login}, size: panel(), dark: true, do: askInProduction},
		"working_light":    {view: kittest.Nordlys(), kept: []workbench.CompanyResult{system}, size: panel(), do: beSlow},
	} {
		t.Run(name, func(t *testing.T) {
			appearance := kit.Light
			if row.dark {
				appearance = kit.Dark
			}
			b := open(t, appearance, row.view)
			if row.scale != 0 {
				b.window.Canvas().(interface{ SetScale(float32) }).SetScale(row.scale)
			}
			b.later(4 * time.Hour)
			b.desk.store(row.kept...)
			b.show(row.view)
			b.until("the stored results", func() bool { return len(b.kept) == len(row.kept) })
			if row.do != nil {
				row.do(b)
			}
			b.window.Canvas().Unfocus()
			b.picture(name, row.size)
		})
	}
}

func askInProduction(b *bench) {
	test.Type(b.name, "Fjord AS")
	b.tap(b.cards[1].create)
}

func beSlow(b *bench) {
	b.desk.create = func(ctx context.Context, r workbench.CompanyRequest) (workbench.CompanyResult, error) {
		r.Progress(workbench.CompanyPreparing)
		r.Progress(workbench.CompanySaving)
		<-ctx.Done()
		return resultOf(r.As, 0), ctx.Err()
	}
	b.tap(b.cards[0].create)
	b.until("the steps", func() bool { return len(b.cards[0].view.Lines) == 3 })
}
