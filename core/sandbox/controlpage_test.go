package sandbox_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/sandbox"
)

func TestTheControlPageSwitchesFaults(t *testing.T) {
	w := newWorld(t)
	headers := w.ticket(w.exchange(first))
	p := w.browse(w.ready.ControlURL)
	p.shows(t, "Nothing: every answer is the strict one", "id-token-expired", "All times of the id token lie an hour back.", "this machine's clock")
	p = p.fill("ctx-status-500", strings.ToLower(second)).click("on-status-500")
	p.shows(t, "The fault status-500 was switched.", second+" ×")
	if got := seeStatus(w, second); !strings.HasPrefix(got, "500") {
		t.Errorf("the status of the tenant: %s", got)
	}
	if got := seeStatus(w, first); !strings.HasPrefix(got, "200") {
		t.Errorf("the status of another: %s", got)
	}
	p = p.fill("delay-services-slow", "1500ms").click("on-services-slow")
	p.shows(t, "all · 1.5s ×")
	p = p.fill("times-status-404", "3").fill("ctx-status-404", first).click("on-status-404")
	if f := w.faults()["status-404"]; !f.On || !f.TakesTimes || f.All {
		t.Errorf("status-404 is listed as %+v", f)
	}
	if seen := seeStatus(w, first) + seeStatus(w, first) + seeStatus(w, first); strings.Count(seen, "404 ") != 3 || w.faults()["status-404"].On {
		t.Errorf("three times: %s", seen)
	}
	p = p.click("off-services-slow")
	if strings.Contains(p.text, "1.5s") {
		t.Errorf("services-slow is still on: %s", p.text)
	}
	p = p.fill("forward", "90m").click("move-clock")
	p.shows(t, "The clock was changed.", "2026-11-22 13:30:30 UTC", "1h30m0s off")
	p = p.fill("set-off", "-1h").click("set-clock")
	p.shows(t, "2026-11-22 11:00:30 UTC")
	p = p.click("rotate-keep")
	p.shows(t, "The provider signs with a new key.", "1 former in the key set")
	p = p.click("rotate")
	p.shows(t, "alone in the key set")
	p = p.click("expire-all")
	p.shows(t, "The credentials of all tenants have ended.")
	if got := w.service(http.MethodGet, first, "User/currentPrincipal", "", headers).status; got != http.StatusUnauthorized {
		t.Errorf("the ticket: %d", got)
	}
	p = p.click("reset")
	p.shows(t, "The counters begin again.")
	p = p.click("clear")
	p.shows(t, "All faults are off", "Nothing: every answer is the strict one", "2026-11-22 12:00:30 UTC")
}

func TestTheControlPageFindsATenant(t *testing.T) {
	w := newWorld(t)
	p := w.browse(w.ready.ControlURL + "?find=" + url.QueryEscape("ZAKŁAD"))
	if !p.has("row-"+second) || p.has("row-"+first) {
		t.Errorf("found %s", p.text)
	}
	p = p.click("revoke-" + second)
	if !p.has("row-"+second) || p.has("row-"+first) {
		t.Error("after a change the page shows others")
	}
	w.browse(w.ready.ControlURL+"?find=nobody&page=7&done=%3Cb%3E").shows(t, "No tenant is called so.")
}

func TestTheControlPageNamesAFewOfManyTenants(t *testing.T) {
	box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: t.TempDir(), Tenants: 300})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	w := &world{t: t, box: box, ready: box.Ready(), clock: &clock{at: time.Now()}}
	for i := range 20 {
		w.fault("status-500", "Cust"+strconv.Itoa(10001+i), true)
	}
	p := w.browse(w.ready.ControlURL)
	p.shows(t, "Cust10012 ×", "and 8 more", "Page 1 · 300 tenants")
	if strings.Contains(p.text, "Cust10013 ×") {
		t.Error("the page names every tenant")
	}
	p = w.browse(w.ready.ControlURL + "?find=cust1020&page=1")
	p.shows(t, "Cust10200", "Cust10209")
}

// TestAFaultIsTwoClicksAwayFromATenant goes by the link in the tenant's row and the form at the top.
func TestAFaultIsTwoClicksAwayFromATenant(t *testing.T) {
	w := newWorld(t)
	p := w.browse(w.ready.ControlURL + "?find=cust1000")
	link, err := p.address.Parse(attribute(p.element("faults-"+second), "href"))
	if err != nil {
		t.Fatal(err)
	}
	p = w.browse(link.String())
	p.shows(t, "The fields name "+second)
	p = p.fill("quick-fault", "services-slow").click("quick-on")
	p.shows(t, "The fault services-slow was switched.", second+" · 3s ×")
	p = p.fill("times-status-500", "2").click("on-status-500")
	p.shows(t, second+" · 2 left ×")
	if f := w.faults()["status-500"]; f.All || strings.Join(f.Tenants, " ") != second {
		t.Errorf("status-500 is on for %+v", f)
	}
	p = p.fill("ctx-status-500", first).click("on-status-500").click("off-everywhere-status-500")
	if w.faults()["status-500"].On || !w.faults()["services-slow"].On {
		t.Error("the wrong fault is off")
	}
	p = p.fill("set-off", "-10m").click("set-clock").click("clock-right")
	p.shows(t, "this machine's clock")
	if q := p.address.Query(); q.Get("find") != "cust1000" || q.Get("for") != second {
		t.Errorf("the page has lost where it was: %s", p.address)
	}
}

func TestARefusalStaysOnThePage(t *testing.T) {
	w := newWorld(t)
	address := w.ready.ControlURL + "?find=cust10002"
	for why, press := range map[string]func(screen) screen{
		"There is no such tenant.":       func(p screen) screen { return p.fill("ctx-status-500", "Cust1").click("on-status-500") },
		"The fault is on for all":        func(p screen) screen { return p.fill("ctx-status-404", first).click("on-status-404") },
		"\"often\" is no number":         func(p screen) screen { return p.fill("times-status-500", "often").click("on-status-500") },
		"A length of time is written":    func(p screen) screen { return p.fill("forward", "soon").click("move-clock") },
		"There is no fault of this name": func(p screen) screen { return p.click("quick-on") },
	} {
		w.fault("status-404", "", true)
		p := press(w.browse(address))
		p.shows(t, "Nothing was changed. ", why)
		if p.status != http.StatusBadRequest && p.status != http.StatusNotFound || !p.has("row-"+second) || p.has("row-"+first) {
			t.Errorf("%s: %d %s", why, p.status, p.text)
		}
		if w.faults()["status-500"].On || p.has("done") {
			t.Errorf("%s: something was changed", why)
		}
	}
	p := w.browse(address).fill("ctx-status-500", " "+first+" ").click("on-status-500")
	p.shows(t, first+" ×")
}
