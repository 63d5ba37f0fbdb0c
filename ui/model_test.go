package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/words"
)

func TestTimesInWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{words.Until(kittest.Noon.Add(-time.Second), kittest.Noon), "at once"},
		{words.Until(kittest.Noon.Add(12*time.Second), kittest.Noon), "in 15 s"},
		{words.Until(kittest.Noon.Add(14*time.Minute), kittest.Noon), "in 14 min"},
		{kit.Countdown(kittest.Noon.Add(161*time.Second), kittest.Noon), "2:41"},
		{kit.Countdown(kittest.Noon.Add(-time.Second), kittest.Noon), "0:00"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestCards(t *testing.T) {
	unclear := &slot{phase: slotDone, result: workbench.CompanyResult{Outcome: workbench.CouldNotTell},
		trouble: &tenant.Explanation{What: "The answer was lost.", Next: "Search for it."}}
	v := cardOf(unclear, tenant.LoginUser, kittest.Nordlys(), kittest.Noon)
	if v.Title != "Could not tell" || v.Tone != kit.ToneWarning || !slices.Equal(v.Lines, []string{"The answer was lost.", "What to do: Search for it."}) {
		t.Errorf("an unclear save shows %+v", v)
	}
	refused := &slot{phase: slotDone, result: workbench.CompanyResult{Outcome: workbench.NotCreated}}
	if v := cardOf(refused, tenant.LoginUser, kittest.Nordlys(), kittest.Noon); v.Tone != kit.ToneBad {
		t.Errorf("a refused save shows %+v", v)
	}
	if got := requestLine("GET", "/x", 0, time.Second); got != "GET  /x  no answer  1.0 s" {
		t.Errorf("a request without an answer: %q", got)
	}
}

func TestRegistrationFields(t *testing.T) {
	r := registrationFields{Name: " a ", Environment: tenant.Custom, Base: "https://x.example/ ", RedirectURI: " http://127.0.0.1:0"}.registration()
	if r.Name != "a" || r.Base != "https://x.example" || r.RedirectURI != "http://127.0.0.1:0" {
		t.Errorf("%+v", r)
	}
	if slices.Contains(registrable(), tenant.Sandbox) {
		t.Error("the sandbox can be added by hand")
	}
}

func TestKeysAndCertificatesInWords(t *testing.T) {
	info := workbench.KeyInfo{Form: workbench.KeyXML, Bits: 2048, Fingerprint: "9f2c41d7"}
	if got := keyView(info); got != (fileView{State: "RSAKeyValue XML, 2048 bits, fingerprint 9f2c41d7", StateTone: kit.ToneGood}) {
		t.Errorf("%+v", got)
	}
	info.Bits, info.Weak = 1024, true
	if got := keyView(info); !strings.Contains(got.Detail, "weak") || got.DetailTone != kit.ToneWarning {
		t.Errorf("%+v", got)
	}
	c := workbench.CertificateView{Subject: "CN=Federated Login", Thumbprint: "AB01", NotAfter: kittest.Noon}
	if got := certificateVerdict(c, time.UTC); got.State != c.Subject || got.Detail != "Valid until 2026-03-14 12:00:00, thumbprint AB01" || got.StateTone != kit.ToneGood {
		t.Errorf("%+v", got)
	}
	c.Warning = "The certificate expired."
	if got := certificateVerdict(c, time.UTC); !strings.HasSuffix(got.Detail, c.Warning) || got.DetailTone != kit.ToneWarning {
		t.Errorf("%+v", got)
	}
}

func TestTheRedirectURIIsHeldAgainstWhatThePortalKnows(t *testing.T) {
	const native = `^http://127.0.0.1\:\d{4,10}$`
	for _, c := range []struct {
		pattern, uri string
		want         kit.Tone
	}{
		{"", "http://127.0.0.1:0", kit.ToneMuted},
		{native, "http://127.0.0.1:0", kit.ToneGood},
		{" " + native, "http://127.0.0.1:0 ", kit.ToneGood},
		{native, "http://127.0.0.1:0/back", kit.ToneBad},
		{"http://127.0.0.1:5000", "http://127.0.0.1:5001", kit.ToneBad},
		{"(", "http://127.0.0.1:0", kit.ToneBad},
	} {
		text, mood := patternVerdict(c.pattern, c.uri)
		if mood != c.want || (text == "") != (c.pattern == "") {
			t.Errorf("%q and %q: %q (%d)", c.pattern, c.uri, text, mood)
		}
	}
}

func TestTextFitsItsRoom(t *testing.T) {
	test.NewTempApp(t)
	size, style := float32(13), fyne.TextStyle{}
	width := fyne.MeasureText("twelve letters", size, style).Width
	if got := kit.Elide("twelve letters and more", width, size, style); fyne.MeasureText(got, size, style).Width > width+1 || got == "…" {
		t.Errorf("cut to %q", got)
	}
	for _, text := range []string{"", "one two three four five six seven", "averyveryveryveryveryverylongwordwithoutanyspace", "a\nb"} {
		for _, l := range kit.Wrap(text, width, size, style) {
			if fyne.MeasureText(l, size, style).Width > width+1 {
				t.Errorf("line %q of %q is too wide", l, text)
			}
		}
	}
	if got := kit.Wrap("ab", 0, size, style); len(got) == 0 {
		t.Error("no room at all must still end")
	}
}

func TestSceneSortsAndFilters(t *testing.T) {
	live := kittest.Blomster()
	live.Environment = tenant.Production
	s := newScene(kittest.StoreOf(kittest.Nordlys(), live), kittest.Noon)
	if s.rows[0].Name != "Blomster & Sønn" || s.rows[0].EnvTone != kit.ToneProduction || s.rows[1].LogOn != "10 s ago" {
		t.Errorf("%+v", s.rows)
	}
	for filter, want := range map[string]int{"": 2, "PRODUCTION sønn": 1, "well": 1, "cust": 2, "well production": 0} {
		if got := len(matching(s.rows, filter)); got != want {
			t.Errorf("filter %q leaves %d", filter, got)
		}
	}
}
