package detail

import (
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestTheIdTokenIsToldWithoutItsPrefixes(t *testing.T) {
	v := validated(kittest.Nordlys().Key)
	view := claimsOf(v, time.UTC)
	if view.Summary != "12 of 13 checks passed, at 2026-03-14 11:53:00" || len(view.Checks) != 13 || view.Checks[12].Passed {
		t.Errorf("%q, %+v", view.Summary, view.Checks)
	}
	facts := map[string]string{}
	for _, f := range view.Claims {
		facts[f.Caption] = f.Value
	}
	for name, want := range map[string]string{"ctx": "Cust10234", "exp": "2026-03-14 12:00:00 (1773489600)", "system_token": "fingerprint 9f2c41d7", "nonce": "fingerprint 51ab09ce"} {
		if facts[name] != want {
			t.Errorf("%s is told as %q", name, facts[name])
		}
	}
	for _, line := range []string{"✓ signature\n", "– tenant: not checked, as no tenant was asked for\n", identityPrefix + "ctx: Cust10234\n"} {
		if !strings.Contains(view.Copy, line) {
			t.Errorf("the clipboard lacks %q:\n%s", line, view.Copy)
		}
	}
	v.Checks = v.Checks[:12]
	if got := claimsOf(v, time.UTC).Summary; got != "All 12 checks passed, at 2026-03-14 11:53:00" {
		t.Errorf("%q", got)
	}
	if got := claimsOf(tenant.Validation{}, time.UTC); got.Summary != textNothingKept.String() || got.Copy != "" {
		t.Errorf("%+v", got)
	}
}

func TestTheClaimsAreReadWhenTheyAreLookedAt(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	reads := make(chan tenant.Key, 16)
	kept := validated(kittest.Nordlys().Key)
	b.desk.validation = func(k tenant.Key) (tenant.Validation, error) {
		reads <- k
		return kept, nil
	}
	b.show(kittest.Nordlys())
	if len(reads) != 0 {
		t.Error("a folded section reads")
	}
	b.tap(b.claims.head)
	b.until("the claims", func() bool { return b.claims.view.Copy != "" })
	b.show(kittest.Nordlys())
	b.tap(b.claims.copy)
	if got := b.app.Clipboard().Content(); got != b.claims.view.Copy || len(reads) != 1 {
		t.Errorf("read %d times, clipboard %q", len(reads), got)
	}
	again := kittest.Nordlys() // signed in anew; what is kept of it comes a moment later
	again.SignedInAt = kittest.Noon
	b.show(again)
	b.until("what was kept before", func() bool { return b.claims.view.Copy != "" })
	kept.At = kittest.Noon
	b.show(again)
	b.until("what is kept now", func() bool { return strings.Contains(b.claims.view.Summary, "12:00:00") })
	b.show(again)
	if len(reads) != 3 {
		t.Errorf("read %d times", len(reads))
	}
	b.desk.validation = func(k tenant.Key) (tenant.Validation, error) { return tenant.Validation{Key: k}, nil }
	b.show(kittest.Blomster())
	b.until("another tenant's", func() bool { return b.claims.view.Summary == textNothingKept.String() })
	if b.claims.content.Visible() || b.claims.copy.Visible() {
		t.Error("there is something to see where nothing was kept")
	}
}
