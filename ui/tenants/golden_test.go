package tenants

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestPictures(t *testing.T) {
	pictures := map[string]func(*stand){
		"empty": func(s *stand) { s.show() },
		"one": func(s *stand) {
			live := kittest.Nordlys()
			live.Environment = tenant.Production
			s.show(live)
		},
		"many": func(s *stand) { s.w.Canvas().Focus(s.Table) },
		"filtered": func(s *stand) {
			s.Filter.SetText("fjord production")
		},
		"no_match": func(s *stand) { s.Filter.SetText("zzz") },
		"sorted": func(s *stand) {
			s.w.Resize(fyne.NewSize(760, 460))
			s.sort(colFailures)
		},
		"selected": func(s *stand) {
			s.sort(colVerdict)
			s.click(1, desktop.MouseButtonPrimary, 0)
			s.click(4, desktop.MouseButtonPrimary, fyne.KeyModifierShift)
			s.click(6, desktop.MouseButtonPrimary, fyne.KeyModifierControl)
			s.key(fyne.KeySpace)
			s.q.Await(s.t, "the change", func() bool { return s.changed == 1 })
			s.w.Canvas().Focus(s.Table)
		},
		"menu": func(s *stand) {
			s.sort(colVerdict)
			s.barred = "a sign-out is under way"
			s.key(desktop.KeyMenu)
		},
		"narrow": func(s *stand) { s.w.Resize(fyne.NewSize(250, 300)) },
	}
	combinations := []struct {
		name  string
		look  kit.Appearance
		scale float32
		only  []string
	}{
		{"light", kit.Light, 1, []string{"empty", "one", "many", "filtered", "no_match", "sorted", "selected", "menu", "narrow"}},
		{"dark", kit.Dark, 1, []string{"empty", "one", "many", "sorted", "selected", "menu"}},
		{"light_2x", kit.Light, 2, []string{"many", "selected"}},
		{"dark_2x", kit.Dark, 2, []string{"sorted"}},
	}
	thousands, some := many(5000), many(200)
	for _, c := range combinations {
		for _, name := range c.only {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				views := some
				if name == "many" || name == "filtered" {
					views = thousands
				}
				s := newStand(t, c.look, views...)
				s.w.Canvas().(interface{ SetScale(float32) }).SetScale(c.scale)
				pictures[name](s)
				s.q.Drain()
				kittest.AssertPicture(t, name+"_"+c.name+".png", s.w.Canvas())
			})
		}
	}
}
