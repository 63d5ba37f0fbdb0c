//go:build e2e || packages

package e2e

import (
	"image"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"partnerdesk/core/sandbox"
)

// What the first minute may take, from the start to a created company.
const (
	clicksInWindow  = 6
	clicksInBrowser = 3
)

// firstMinute is what somebody does who has just installed Partnerdesk on a machine, and comes back the next day.
func firstMinute(s *screen, o *opener, on machine) {
	t := s.t
	t.Helper()
	b := newBrowser(t, s)
	d := launchOn(t, s, o, on)
	ready := d.sandbox()
	d.awaitReady()
	s.awaitText("Welcome to Partnerdesk", inDetail)
	s.shoot("firstminute-1-start")
	if n := s.steps(); n == allSteps {
		t.Error("all ten steps are lit before anybody has signed in")
	}

	s.clickText("Sign in with SuperID", onTop)
	tenant := administered(t, ready)
	b.visit(o.opened())
	s.shoot("firstminute-2-browser")
	if front := s.front(); front == title || front == "" {
		t.Errorf("while the browser is open, %q is in front", front)
	}
	b.press("user-" + administrator)
	b.press("tenant-" + tenant.Ctx)
	b.press("approve")
	in(b, chromedp.WaitVisible(chromedp.CSS(".mark"))) // stands on the page of the loopback listener only
	if page := in(b, chromedp.Text(chromedp.CSS("body"))); !strings.Contains(page, tenant.CompanyName) || !strings.Contains(page, "close this") {
		t.Errorf("after the approval the browser says %q", page)
	}

	if !on.lendsKeyboard() {
		s.awaitText("Well "+tenant.Ctx, inDetail) // the window is raised, and not yet worked in
		s.run("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$", "windowactivate", "--sync")
	}
	s.eventually("the window in front", func() bool { return s.front() == title })
	s.awaitText("Well "+tenant.Ctx, inDetail) // the new tenant is the chosen one
	s.eventually("the ten steps", func() bool { return s.steps() == allSteps })
	s.shoot("firstminute-3-signed-in")
	s.clickText("Create company as login user", inDetail)
	s.eventually("the company", func() bool { return counters(t, ready).ContactPosts == 1 })
	t.Logf("%d clicks in the window and %d in the browser", s.clicks, b.clicks)
	if s.clicks > clicksInWindow || b.clicks > clicksInBrowser {
		t.Errorf("the first minute took %d clicks in the window and %d in the browser", s.clicks, b.clicks)
	}

	s.clickText("Create company as system user", inDetail)
	s.eventually("the system user's company", func() bool { return counters(t, ready).ContactPosts == 2 })
	s.awaitText("The two differ in", inDetail)
	s.shoot("firstminute-4-two-companies")
	assertCreators(t, b, ready, tenant.Ctx)
	if n := counters(t, ready).Exchanges; n != 1 {
		t.Errorf("%d exchanges for one tenant in one run", n)
	}
	on.leave(d)
	assertNoSecrets(t, d, ready)
	assertTheNextDay(s, o, on, ready, tenant.Ctx)
}

// assertTheNextDay starts the program again: the tenant is still there and works without anybody signing in.
func assertTheNextDay(s *screen, o *opener, on machine, before sandbox.Ready, ctx string) {
	t := s.t
	t.Helper()
	d := launchOn(t, s, o, on)
	ready := d.sandbox()
	if ready.BaseURL != before.BaseURL {
		t.Errorf("the sandbox has moved from %s to %s", before.BaseURL, ready.BaseURL)
	}
	s.eventually("the poller's log-on", func() bool { return counters(t, ready).PrincipalCalls > 0 })
	s.awaitText("Well "+ctx, inDetail)
	on.leave(d)
	assertNoSecrets(t, d, ready)
}

// allSteps is how many the strip has.
const allSteps = 10

// steps counts the steps whose number stands in the colour of what is done: it looks at the screen's pixels, as
// the letters are the same in every state.
func (s *screen) steps() int {
	s.t.Helper()
	picture := s.picture("steps")
	const apart = 24 // more than a number's circle is wide
	count, last := 0, -apart
	for x := inSteps.x; x < inSteps.x+inSteps.w; x++ {
		for y := inSteps.y; y < inSteps.y+inSteps.h; y++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			if g < 0x5000 || g < r+r/2 || g < b+b/4 {
				continue
			}
			if x-last >= apart {
				count++
			}
			last = x
		}
	}
	return count
}

// highlighted reports whether a part of the screen holds a button in the accent colour.
func (s *screen) highlighted(part box) bool {
	s.t.Helper()
	picture, blue := s.picture("highlighted"), 0
	for x := part.x; x < part.x+part.w; x++ {
		for y := part.y; y < part.y+part.h; y++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); b > 0xa000 && b > 2*r && b > g+g/2 {
				blue++
			}
		}
	}
	return blue > part.w*part.h/4
}

// picture is what is on the screen.
func (s *screen) picture(name string) image.Image {
	s.t.Helper()
	file, err := os.Open(s.shoot(name))
	must(s.t, err)
	defer func() { _ = file.Close() }()
	picture, err := png.Decode(file)
	must(s.t, err)
	return picture
}

// assertCreators looks at the sandbox's own page, as a person would look in the CRM.
func assertCreators(t *testing.T, b *browser, ready sandbox.Ready, ctx string) {
	t.Helper()
	in(b, chromedp.Navigate(ready.BaseURL+"/tenants/"+ctx))
	creators := in(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".creator .sub")].map(e => e.textContent)`))
	credentials := in(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("td.credential")].map(e => e.textContent)`))
	b.shoot("page-companies")
	if len(creators) != 2 || creators[0] == creators[1] || len(credentials) != 2 || credentials[0] == credentials[1] {
		t.Errorf("the sandbox shows companies created by %q with %q", creators, credentials)
	}
}
