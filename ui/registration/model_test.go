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

func TestRegistrationFields(t *testing.T) {
	r := fields{Name: " a ", Environment: tenant.Custom, Base: "https://x.example/ ", RedirectURI: " http://127.0.0.1:0"}.registration()
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
