package update_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/core/tenant"
	"partnerdesk/core/update"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const page = "https://example.com/partnerdesk/0.2.0"

// asked serves answer on loopback, and asks it once.
func asked(t *testing.T, answer http.HandlerFunc) (update.Release, error) {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	return update.New(update.Options{Version: "0.1.0"}).Newest(t.Context(), server.URL+"/newest.json?token=canary")
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestTheNewestReleaseIsRead(t *testing.T) {
	for body, want := range map[string]string{
		`{"tag_name":"v0.2.0","html_url":"` + page + `","name":"Partnerdesk 0.2.0","draft":false,"assets":[{"size":1}]}`: "0.2.0",
		`{"tag_name":"0.2.0","html_url":"` + page + `"}`:                                                                 "0.2.0",
		`{"version":"0.2.0","html_url":"` + page + `"}`:                                                                  "0.2.0",
		`{"tag_name":"v0.3.0","version":"0.2.0","html_url":"` + page + `"}`:                                              "0.3.0",
		`{"tag_name":"v0.2.0-rc.1+build.7","html_url":"` + page + `"}`:                                                   "0.2.0-rc.1",
	} {
		if r, err := asked(t, says(http.StatusOK, body)); err != nil || r != (update.Release{Version: want, Page: page}) {
			t.Errorf("%s: %+v, %v", body, r, err)
		}
	}
}

// Whoever is asked learns the program's version, and nothing that tells people apart.
func TestNothingIsToldButTheVersion(t *testing.T) {
	_, err := asked(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.ContentLength > 0 || r.UserAgent() != "Partnerdesk/0.1.0" {
			t.Errorf("%s with %d bytes from %q", r.Method, r.ContentLength, r.UserAgent())
		}
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept" && name != "Accept-Encoding" && name != "Connection" {
				t.Errorf("it tells %s: %s", name, r.Header.Get(name))
			}
		}
		if r.URL.Path == "/newest.json" {
			http.SetCookie(w, &http.Cookie{Name: "who", Value: "you"})
			http.Redirect(w, r, "/0.2.0.json", http.StatusMovedPermanently)
			return
		}
		says(http.StatusOK, `{"tag_name":"v0.2.0","html_url":"`+page+`"}`)(w, r)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhatNamesNoReleaseIsTheAddresssFault(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("another server was asked") }))
	defer elsewhere.Close()
	for what, answer := range map[string]http.HandlerFunc{
		"a page":               says(http.StatusOK, "<!doctype html>"),
		"nothing":              says(http.StatusOK, ""),
		"no version":           says(http.StatusOK, `{"html_url":"`+page+`"}`),
		"a word as version":    says(http.StatusOK, `{"tag_name":"latest","html_url":"`+page+`"}`),
		"an endless version":   says(http.StatusOK, `{"tag_name":"v0.2.0-`+strings.Repeat("a", 100)+`","html_url":"`+page+`"}`),
		"no page":              says(http.StatusOK, `{"tag_name":"v0.2.0"}`),
		"a page without TLS":   says(http.StatusOK, `{"tag_name":"v0.2.0","html_url":"http://example.com/"}`),
		"a file as page":       says(http.StatusOK, `{"tag_name":"v0.2.0","html_url":"file:///etc/passwd"}`),
		"a page with a user":   says(http.StatusOK, `{"tag_name":"v0.2.0","html_url":"https://example.com@evil.example/"}`),
		"not found":            says(http.StatusNotFound, `{"message":"Not Found"}`),
		"forbidden":            says(http.StatusForbidden, ""),
		"too much":             says(http.StatusOK, `{"tag_name":"v0.2.0","html_url":"`+page+`","body":"`+strings.Repeat("x", 1<<20)+`"}`),
		"a redirect elsewhere": http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP,
		"an endless redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		},
	} {
		r, err := asked(t, answer)
		if e := tenant.Explain(err); e.Cause != tenant.CauseInput || !strings.Contains(e.Next, "in the settings") || r != (update.Release{}) {
			t.Errorf("%s: %+v, %+v", what, r, e)
		}
		quiet(t, what, err)
	}
}

// Over TLS, no redirect leads to a server that anybody on the way could be.
func TestARedirectToPlainHTTPIsNotFollowed(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("plain http was asked") }))
	defer plain.Close()
	server := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer server.Close()
	_, err := update.New(update.Options{Transport: server.Client().Transport}).Newest(t.Context(), server.URL)
	if e := tenant.Explain(err); e.Cause != tenant.CauseInput || !strings.Contains(e.Why, "Redirected") {
		t.Error(err)
	}
	// And a certificate that nobody vouches for is no answer.
	_, err = update.New(update.Options{}).Newest(t.Context(), server.URL)
	if e := tenant.Explain(err); e.Cause != tenant.CauseUntrustedTLS {
		t.Error(err)
	}
}

func TestWhatPassesIsNobodysFault(t *testing.T) {
	limited := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "0")
		says(http.StatusForbidden, `{"message":"API rate limit exceeded"}`)(w, r)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"tag_name":`))
	}
	for what, answer := range map[string]http.HandlerFunc{
		"trouble of its own": says(http.StatusBadGateway, ""), "too many": says(http.StatusTooManyRequests, ""),
		"GitHub's limit": limited, "half an answer": cut,
	} {
		_, err := asked(t, answer)
		if e := tenant.Explain(err); e.Cause != tenant.CauseUnreachable || !e.Temporary {
			t.Errorf("%s: %v", what, err)
		}
		quiet(t, what, err)
	}
}

func TestASlowServerIsNotWaitedForForever(t *testing.T) {
	begun := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("{"))
		_ = http.NewResponseController(w).Flush()
		select {
		case begun <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	_, err := update.New(update.Options{}).Newest(ctx, server.URL)
	if e := tenant.Explain(err); e.Cause != tenant.CauseCancelled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_, err = update.New(update.Options{Within: 20 * time.Millisecond}).Newest(t.Context(), server.URL)
	if e := tenant.Explain(err); e.Cause != tenant.CauseTimedOut {
		t.Error(err)
	}
}

func TestAServerThatIsGoneIsNamedWithoutItsQuery(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	_, err := update.New(update.Options{}).Newest(t.Context(), server.URL+"?token=canary")
	if e := tenant.Explain(err); e.Cause != tenant.CauseUnreachable || !strings.Contains(e.What, "127.0.0.1") {
		t.Error(err)
	}
	quiet(t, "a server that is gone", err)
	_, err = update.New(update.Options{}).Newest(t.Context(), "http://example.com/?token=canary")
	if e := tenant.Explain(err); e.Cause != tenant.CauseInput {
		t.Error(err)
	}
	quiet(t, "plain http", err)
}

// quiet makes sure that no text has the query of the address: it may hold what nobody should read.
func quiet(t *testing.T, what string, err error) {
	t.Helper()
	if text := fmt.Sprint(err) + tenant.Explain(err).Sentence(); strings.Contains(text, "canary") {
		t.Errorf("%s: the query stands in %s", what, text)
	}
}

func TestVersionsAreComparedByTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		ours, theirs string
		newer        bool
	}{
		{"0.1.0", "0.2.0", true},
		{"0.9.0", "0.10.0", true},
		{"0.2.0", "0.2.0", false},
		{"0.3.0", "0.2.0", false},
		{"v0.1.0", "0.2.0", true},
		{"0.2.0+12.gfc0d7e1", "0.2.0", false}, // built after the release: build metadata does not count
		{"0.1.0+12.gfc0d7e1.dirty", "0.2.0", true},
		{"0.1.0", "0.2.0-rc.1", false}, // who runs a release is not asked to test
		{"0.2.0-rc.1", "0.2.0-rc.2", true},
		{"0.2.0-rc.1", "0.2.0", true},
		{"devel", "0.2.0", false},
		{"", "0.2.0", false},
		{"0.1.0", "garbage", false},
	} {
		if got := update.Newer(update.Release{Version: c.theirs}, c.ours); got != c.newer {
			t.Errorf("for %q, %q is newer: %v", c.ours, c.theirs, got)
		}
	}
	for version, want := range map[string]bool{"0.1.0": true, "0.1.0+12.gfc0d7e1": true, "devel": false, "": false} {
		if update.Comparable(version) != want {
			t.Errorf("%q can be compared: %v", version, !want)
		}
	}
}
