package registration

import (
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestWhatWasTypedIsTidied(t *testing.T) {
	f := fields{Name: " a ", Environment: tenant.Custom, Base: "https://x.example/ ", RedirectURI: " http://127.0.0.1:0"}
	d := f.draft(false)
	if d.Name != "a" || d.Base != "https://x.example" || d.RedirectURI != "http://127.0.0.1:0" || d.Replaces || d.KeepSecret {
		t.Errorf("%s at %s, back to %s", d.Name, d.Base, d.RedirectURI)
	}
	f.Environment = tenant.Stage // what was typed for another environment does not count
	if base := f.draft(true).Base; base != tenant.Stage.BaseURL() || f.complaint(atAddress, nil) != "" {
		t.Errorf("stage is at %s", base)
	}
	if slices.Contains(registrable(), tenant.Sandbox) {
		t.Error("the sandbox can be added by hand")
	}
}

func TestThePortalIsGivenWhatTheRedirectURIFits(t *testing.T) {
	for uri, want := range map[string]string{
		"":                         `^http://127.0.0.1\:\d{4,10}$`,
		"http://localhost:80":      `^http://127.0.0.1\:\d{4,10}$`,
		"http://127.0.0.1:0":       `^http://127.0.0.1\:\d{4,10}$`,
		" http://127.0.0.1:0/a.b ": `^http://127.0.0.1\:\d{4,10}/a\.b$`,
		"http://[::1]:0":           `^http://\[::1\]\:\d{4,10}$`,
		"http://127.0.0.1:4000/":   "http://127.0.0.1:4000/",
	} {
		got := portalPattern(uri)
		if got != want {
			t.Errorf("%q: %s", uri, got)
		}
		if uri = strings.TrimSpace(uri); tenant.CheckRedirectURI(uri) == nil && tenant.RedirectURIFits(got, uri) != nil {
			t.Errorf("%q does not fit %s", uri, got)
		}
		if example := exampleOf(uri); tenant.RedirectURIFits(got, example) != nil {
			t.Errorf("the example %s does not fit %s", example, got)
		}
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
		fits         bool
	}{
		{"", "http://127.0.0.1:0", true},
		{native, "http://127.0.0.1:0", true},
		{" " + native, "http://127.0.0.1:0 ", true},
		{native, "http://127.0.0.1:0/back", false},
		{"http://127.0.0.1:5000", "http://127.0.0.1:5001", false},
		{"(", "http://127.0.0.1:0", false},
	} {
		f := fields{Pattern: c.pattern, RedirectURI: c.uri}
		if wrong := f.complaint(atPattern, nil); (wrong == "") != c.fits {
			t.Errorf("%q and %q: %q", c.pattern, c.uri, wrong)
		}
		if text, _ := f.advice(atPattern, false); (text == "") != (c.pattern == "") {
			t.Errorf("%q is praised by %q", c.pattern, text)
		}
	}
}
