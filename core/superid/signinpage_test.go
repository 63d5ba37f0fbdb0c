package superid

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

func checkSuccessPage(t *testing.T, page shown) {
	t.Helper()
	if page.err != nil || page.status != http.StatusOK || !strings.Contains(page.body, "You are signed in to <bdi>Blåbær &amp; Søn &lt;AS&gt;</bdi>.") {
		t.Errorf("page %d, %v: %s", page.status, page.err, page.body)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"} {
		if page.header.Get(name) != want {
			t.Errorf("%s: %s", name, page.header.Get(name))
		}
	}
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || page.header.Get("Set-Cookie") != "" {
		t.Errorf("policy %q, cookie %q", policy, page.header.Get("Set-Cookie"))
	}
	if strings.Contains(page.body, "<script") || strings.Contains(page.body, "canary") {
		t.Error("the page holds a script or a secret")
	}
}

func TestSuccessIsShownOnlyAfterAccept(t *testing.T) {
	f := newFake(t)
	full := errors.New("the disk is full")
	s, page, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{
		Accept: func(_ context.Context, s SignedIn) error {
			if s.Claims.ContextID != "Cust12345" {
				t.Errorf("accepts %+v", s)
			}
			return &tenant.Problem{Op: "write the tenant", Err: full, Explanation: tenant.CauseFiles.Explain(
				"The tenant could not be stored.", "The disk is full.", "Make room.")}
		},
	})
	if !errors.Is(err, full) || !s.AccessToken.Empty() {
		t.Errorf("got %v, %+v", err, s)
	}
	if strings.Contains(page.body, "signed in to") || !strings.Contains(page.body, "The disk is full.") || !strings.Contains(page.body, "Make room.") {
		t.Errorf("page: %s", page.body)
	}
}

func TestUnicodeCompanies(t *testing.T) {
	for _, name := range []string{"株式会社サンプル", "شركة المثال", "Ελλάδα Α.Ε.", "🦀 & Co", ""} {
		f := newFake(t)
		f.claims[identity+"company_name"] = name
		s, page, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{})
		if err != nil || s.Claims.CompanyName != name {
			t.Errorf("%q: %v", name, err)
		}
		want := strings.ReplaceAll(name, "&", "&amp;")
		if name == "" {
			want = "Cust12345"
		}
		if !strings.Contains(page.body, "signed in to <bdi>"+want+"</bdi>.") {
			t.Errorf("%q is not on the page", name)
		}
	}
}
