package tenants

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"golang.org/x/text/language"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// BenchmarkFilterAndSort is what a letter in the filter, or a click on a header, costs the user interface's goroutine.
func BenchmarkFilterAndSort(b *testing.B) {
	for _, n := range []int{5000, 10_000} {
		rows := NewRoster(many(n)).rows
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				arrange(rows, termsOf("a s"), order{colLogOn, true}, kittest.Noon)
			}
		})
		// The floor: to look through as much text in one piece, and to sort as many plain numbers.
		var text strings.Builder
		numbers := make([]int64, n)
		for i, r := range rows {
			text.WriteString(r.search)
			numbers[i] = r.ranks[colLogOn]
		}
		all := text.String()
		b.Run(fmt.Sprintf("%d floor", n), func(b *testing.B) {
			for b.Loop() {
				if strings.Count(all, "\x00") != 0 {
					b.Fatal("found what is not there")
				}
				slices.Sort(slices.Clone(numbers))
			}
		})
	}
}

// BenchmarkRoster is what is made of a new reading of the store, off the user interface's goroutine.
func BenchmarkRoster(b *testing.B) {
	for _, n := range []int{5000, 10_000} {
		views := many(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				NewRoster(views)
			}
		})
	}
}

// BenchmarkSort is what bringing tenants into the order of their names adds to that.
func BenchmarkSort(b *testing.B) {
	for _, n := range []int{5000, 10_000} {
		views := many(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Sort(slices.Clone(views), language.English)
			}
		})
	}
}

// BenchmarkNewScene is what a new reading of the store costs the user interface's goroutine, with a filter and another
// order than the usual one. A frame has 16 ms.
func BenchmarkNewScene(b *testing.B) {
	for _, n := range []int{5000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			app := test.NewApp()
			defer app.Quit()
			app.Settings().SetTheme(kit.NewTheme(kit.Light))
			q := kittest.NewQueue()
			run := kit.NewRunner(b.Context(), q.Do)
			defer run.Close()
			p := New(run, Options{OnSelect: func(tenant.Key) {}})
			w := test.NewWindow(p.Root)
			defer w.Close()
			w.Resize(size())
			p.sort(colLogOn)
			p.Filter.SetText("a")
			views := many(n)
			Sort(views, language.English)
			rosters := []*Roster{NewRoster(views), NewRoster(turned(views))}
			i := 0
			for b.Loop() {
				i++
				p.Show(View{Roster: rosters[i%2], At: kittest.Noon, Chosen: views[0].Key})
			}
		})
	}
}

// turned are the same tenants, each with another verdict and log-on.
func turned(views []workbench.TenantView) []workbench.TenantView {
	views = slices.Clone(views)
	for i := range views {
		views[i].Verdict, views[i].LogOnAt = tenant.Unknown, kittest.Noon.Add(-kittest.Noon.Sub(views[i].LogOnAt)*2)
	}
	return views
}
