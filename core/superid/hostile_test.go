package superid

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

// Of two members with one name, two readers take different ones: such an answer is nobody's word.
func TestAnAnswerThatSaysAThingTwiceIsNotBelieved(t *testing.T) {
	f := newFake(t)
	f.exchange = answer(200, "application/json", `{"IsSuccessful":false,"ErrorMessage":"Revoked","IsSuccessful":true,"Token":"x"}`)
	if _, err := newClient(t).RequestTicket(context.Background(), f.registration(), testTenant()); !errors.Is(err, ErrAnswer) {
		t.Errorf("an exchange that failed and succeeded: %v", err)
	}
	f.Config.Handler = answer(200, "application/json", `{"issuer":"https://example.com","issuer":"`+f.URL+`","authorization_endpoint":"`+f.URL+
		`","token_endpoint":"`+f.URL+`","jwks_uri":"`+f.URL+`"}`)
	if _, err := newClient(t).metadata(context.Background(), f.URL); !errors.Is(err, ErrAnswer) {
		t.Errorf("metadata with two issuers: %v", err)
	}
}

// A server that speaks something else than HTTP is quoted in Go's errors, in full.
func TestAServerThatSpeaksNoHTTPIsNotQuotedAtLength(t *testing.T) {
	for name, size := range map[string]int{"a line": 32 << 10, "no end": 4 << 20} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(conn, "220"+strings.Repeat("x", size)+"\n")
				_ = conn.Close()
			})
			_, err := newClient(t).metadata(context.Background(), f.URL)
			if why := tenant.Explain(err).Why; !errors.Is(err, ErrUnavailable) || len(why) > 400 {
				t.Errorf("%v, for people in %d bytes", errors.Is(err, ErrUnavailable), len(why))
			}
			if len(err.Error()) > 2*maxHeader {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
		})
	}
}

// What a server says stands in logs, terminals and windows: on one line, in the order in which it is written, and
// otherwise word for word.
func TestAServersWordsAreOneLineInTheirOwnOrder(t *testing.T) {
	for said, want := range map[string]string{
		"Godkjenning utløpt, “Expired” (3) 株式会社 👩\u200d💻": "Godkjenning utløpt, “Expired” (3) 株式会社 👩\u200d💻",
		" two\r\nlines\u2028and\u2029more\x1b[2J ":        "two  lines and more [2J",
		"left\u202eright\u2066to\u200fleft":               "left right to left",
		"half a \xffcharacter":                            "half a \uFFFDcharacter",
	} {
		if got := serverWords(said); got != want {
			t.Errorf("%q became %q", said, got)
		}
	}
	if got := serverWords(strings.Repeat("é", 5000)); got != strings.Repeat("é", maxServerWords)+"…" {
		t.Errorf("a long answer has %d bytes", len(got))
	}
}
