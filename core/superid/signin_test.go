package superid

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
)

func TestSignIn(t *testing.T) {
	freePort := reservePort(t)
	for name, row := range map[string]struct {
		redirect, sent string // sent is a pattern
		formPost       bool
		public         bool
		basicOnly      bool
	}{
		"any port, no path":     {"http://127.0.0.1:0", `^http://127\.0\.0\.1:\d{4,5}$`, false, false, false},
		"any port, form":        {"http://127.0.0.1:0", `^http://127\.0\.0\.1:\d{4,5}$`, true, false, false},
		"any port, a slash":     {"http://127.0.0.1:0/", `^http://127\.0\.0\.1:\d{4,5}/$`, false, false, false},
		"any port, a path":      {"http://127.0.0.1:0/call%20back", `^http://127\.0\.0\.1:\d{4,5}/call%20back$`, false, false, false},
		"IPv6":                  {"http://[::1]:0/callback", `^http://\[::1\]:\d{4,5}/callback$`, true, false, false},
		"IPv6, no path":         {"http://[::1]:0", `^http://\[::1\]:\d{4,5}$`, false, false, false},
		"fixed port, no path":   {"http://127.0.0.1:" + freePort, `^http://127\.0\.0\.1:` + freePort + `$`, false, false, false},
		"fixed port, a path":    {"http://127.0.0.1:" + freePort + "/callback", `^http://127\.0\.0\.1:` + freePort + `/callback$`, true, false, false},
		"IPv6, fixed port":      {"http://[::1]:" + freePort + "/a/b", `^http://\[::1\]:` + freePort + `/a/b$`, false, false, false},
		"without client secret": {"http://127.0.0.1:0", `^http://127`, false, true, false},
		"secret in the header":  {"http://127.0.0.1:0", `^http://127`, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			reg := f.registration()
			reg.RedirectURI = row.redirect
			if row.public {
				reg.ClientSecret = secret.Text{}
			}
			if row.basicOnly {
				f.metadata = map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}
			}
			var order []string
			s, page, err := signInWith(context.Background(), newClient(t), reg, SignInRequest{
				LoginHint: "kari@example.com", ContextID: "Cust12345", FormPost: row.formPost,
				Waiting:  func(string, time.Time) { order = append(order, "waiting") },
				Returned: func() { order = append(order, "returned") },
				Accept: func(_ context.Context, s SignedIn) error {
					order = append(order, "accept "+s.Claims.ContextID)
					return nil
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(order, ", "); got != "waiting, returned, accept Cust12345" {
				t.Errorf("called in this order: %s", got)
			}
			if sent := f.form.Get("redirect_uri"); !regexp.MustCompile(row.sent).MatchString(sent) {
				t.Errorf("redirect_uri %s", sent)
			}
			if f.pending.Get("login_hint") != "kari@example.com" || f.pending.Get("acr_values") != "tenant:Cust12345" {
				t.Errorf("authorization request %v", f.pending)
			}
			if inBody := f.form.Get("client_secret") == testClientSecret; inBody == (row.public || row.basicOnly) || (f.basic != "") != row.basicOnly {
				t.Errorf("secret in body %v, in header %v", inBody, f.basic != "")
			}
			if _, asked := f.pending["response_mode"]; asked != row.formPost {
				t.Errorf("response_mode %q", f.pending["response_mode"])
			}
			if _, asked := f.pending["prompt"]; asked {
				t.Error("a page is asked for that nobody wanted")
			}
			checkSignedIn(t, s)
			checkSuccessPage(t, page)
		})
	}
}

func TestTheApprovalPageIsAskedFor(t *testing.T) {
	f := newFake(t)
	if _, _, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{Prompt: PromptConsent}); err != nil {
		t.Fatal(err)
	}
	if got := f.pending["prompt"]; len(got) != 1 || got[0] != "consent" {
		t.Errorf("prompt %q", got)
	}
}

func checkSignedIn(t *testing.T, s SignedIn) {
	t.Helper()
	if s.AccessToken.Reveal() != testAccess || s.RefreshToken.Reveal() != testRefresh || s.Claims.SystemUserToken.Reveal() != testSystemToken {
		t.Errorf("tokens are missing: %+v", s)
	}
	if life := time.Until(s.AccessTokenExpiry); life < 59*time.Minute || life > time.Hour {
		t.Errorf("the access token lives for %s", life)
	}
	if len(s.Checks) != 13 || s.Skew.Abs() > 2*time.Second {
		t.Errorf("%d checks, skew %s", len(s.Checks), s.Skew)
	}
	assertNoCanary(t, nil, s)
}

// reservePort finds a port that was free a moment ago.
func reservePort(t *testing.T) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
