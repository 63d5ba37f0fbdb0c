package online_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// page serves one answer as it is.
func page(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// A credential follows no redirect: not to another host, and not on the same one.
func TestNoRedirectCarriesACredential(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			t.Errorf("HTTP %d was followed to %s with %v", status, r.URL.Path, r.Header)
		}))
		var asked int
		client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			to := other.URL
			if r.URL.Path == "/near/v1/User/currentPrincipal" {
				to = ""
			}
			http.Redirect(w, r, to+"/elsewhere", status)
		})
		for _, api := range []string{base, base + "/near"} {
			asked = 0
			if _, err := client.Principal(t.Context(), systemUser(api)); online.StatusOf(err) != status || asked != 1 {
				t.Errorf("%d requests, %v", asked, err)
			}
			if _, err := client.SaveContact(t.Context(), systemUser(api), []byte(`{}`)); online.StatusOf(err) != status || asked != 2 {
				t.Errorf("%d requests with a save, %v", asked, err)
			}
		}
		other.Close()
	}
}

func TestAnErrorBodyOfAnyShapeBecomesOneBoundedLine(t *testing.T) {
	const mega = 1 << 20
	for name, row := range map[string]struct{ kind, body, begins string }{
		"a long page":          {"text/html", "<html><body><h1>Down</h1>" + strings.Repeat("<p>so sorry</p>", mega/15), "Down so sorry so sorry"},
		"a page that hides it": {"text/html", "<head>" + strings.Repeat("x", mega) + "</head><body>Down</body>", "Down"},
		"open brackets":        {"text/html", strings.Repeat("<", mega), ""},
		"brackets and names":   {"text/html", strings.Repeat("<style<", mega/7), ""},
		"deep JSON":            {"application/json", strings.Repeat(`{"a":`, mega/5), `{"a":{"a":`},
		"a deep list":          {"application/json", strings.Repeat("[", mega), "[[["},
		"half of an object":    {"application/json", `{"ErrorMessage":"Boom`, `{"ErrorMessage":"Boom`},
		"another type":         {"application/json", `{"ErrorMessage":42}`, `{"ErrorMessage":42}`},
		"a JSON string":        {"application/json", `"Boom"`, `"Boom"`},
		"bytes":                {"application/octet-stream", "\xff\xfe\x00\x1b[31mred\xc3\x28", "\uFFFD [31mred\uFFFD("},
		"a long word":          {"text/plain", strings.Repeat("\u00e6", mega), "\u00e6\u00e6\u00e6"},
		"no type, no body":     {"", "", ""},
	} {
		client, base := serve(t, page(http.StatusInternalServerError, row.kind, row.body))
		_, err := client.Principal(t.Context(), systemUser(base))
		words := tenant.Explain(err).Server
		if !strings.HasPrefix(words, row.begins) || row.begins == "" && words != "" || utf8.RuneCountInString(words) > 301 ||
			!utf8.ValidString(words) || strings.ContainsAny(words, "\n\r\x00\x1b") {
			t.Errorf("%s: the words are %.80q, %d long", name, words, len(words))
		}
	}
}

// The transport unpacks gzip by itself: what counts is how much comes out of it.
func TestAnAnswerThatUnpacksToFarTooMuchIsCut(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusInternalServerError} {
		client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			bomb := gzip.NewWriter(w)
			zeros := make([]byte, 1<<20)
			for range 64 {
				if _, err := bomb.Write(zeros); err != nil {
					return
				}
			}
			_ = bomb.Close()
		})
		_, err := client.Principal(t.Context(), systemUser(base))
		if err == nil || len(err.Error()) > 1000 || status == http.StatusOK && !strings.Contains(err.Error(), "longer than 4 MB") {
			t.Errorf("HTTP %d: %.200v", status, err)
		}
	}
}

// A server that speaks something else than HTTP is quoted in Go's errors, in full.
func TestAServerThatSpeaksNoHTTPIsNotQuotedAtLength(t *testing.T) {
	client, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "220"+strings.Repeat("x", 4<<20)+"\n")
		_ = conn.Close()
	})
	_, err := client.Principal(online.Once(t.Context()), systemUser(base))
	if !errors.Is(err, online.ErrNoAnswer) || len(err.Error()) > 128<<10 {
		t.Errorf("%v in %d bytes", errors.Is(err, online.ErrNoAnswer), len(err.Error()))
	}
}
