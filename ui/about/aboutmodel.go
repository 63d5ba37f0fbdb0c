package about

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/words"
)

// Build is which program runs, and on what.
type Build struct {
	Version string
	// Go and Fyne are the versions of the language and of the library that draws the window.
	Go, Fyne string
	// System is the operating system and the processor, Driver what Fyne draws with.
	System, Driver string
}

// ReadBuild reads what the program knows of itself.
func ReadBuild(version string) Build {
	b := Build{Version: version, Go: strings.TrimPrefix(runtime.Version(), "go"), System: runtime.GOOS + "/" + runtime.GOARCH,
		Driver: strings.TrimPrefix(fmt.Sprintf("%T", fyne.CurrentApp().Driver()), "*")}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "fyne.io/fyne/v2" {
				b.Fyne = strings.TrimPrefix(m.Version, "v")
			}
		}
	}
	return b
}

// facts are what the sheet and the diagnostics tell.
type facts struct {
	Build
	protection tenant.Protection
	// registrations and tenants count those of each environment.
	registrations, tenants map[tenant.Environment]int
	attention, damaged     int
}

// count counts what a store holds, and keeps no name of it.
func (f *facts) count(o workbench.Overview) {
	f.registrations, f.tenants = map[tenant.Environment]int{}, map[tenant.Environment]int{}
	for _, r := range o.Registrations {
		f.registrations[r.Environment]++
	}
	for _, t := range o.Tenants {
		f.tenants[t.Environment]++
		if t.Verdict == tenant.NeedsAttention {
			f.attention++
		}
	}
	f.damaged = len(o.Damaged)
}

// madeWith is the sheet's line about the build.
func (b Build) madeWith() string {
	return textBuiltWith.With(b.Go, tenant.OrDash(b.Fyne), b.System)
}

// diagnostics is what to send along with a question, without a secret or anybody's name.
func (f facts) diagnostics(scale float32, variant int) string {
	look := textLookDark
	if variant == int(theme.VariantLight) {
		look = textLookLight
	}
	lines := []string{
		textBuildOf.With(f.Version), textBuildGo.With(f.Go), textBuildFyne.With(tenant.OrDash(f.Fyne)),
		textSystem.With(f.System), textDriver.With(f.Driver),
		look.With(scale, lang.SystemLocale().LanguageString()),
		textProtection.With(f.protection.Kind, words.Thousands(f.protection.Generation)),
	}
	for _, e := range tenant.Environments() {
		if f.registrations[e]+f.tenants[e] > 0 {
			lines = append(lines, textCounts.With(words.Of(e.Label()), textRegistrations.Of(f.registrations[e]), textTenants.Of(f.tenants[e])))
		}
	}
	lines = append(lines, textAttention.With(words.Thousands(f.attention)), textDamaged.With(words.Thousands(f.damaged)))
	return strings.Join(lines, "\n") + "\n"
}
