package online

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Whatever a status service answers, the result is safe to work with: an address that may be called, and
// a time to ask again that lies ahead.
func FuzzStatus(f *testing.F) {
	for _, seed := range []string{
		`{"ContextIdentifier":"Cust1","Endpoint":"https://x/Cust1","State":"Running","IsRunning":true,"ValidUntil":"2026-02-23T09:52:01.9342965Z","Api":"https://x/Cust1/api"}`,
		`{"State":4}`, `{"State":"99999999999999999999","IsRunning":true,"Api":"//x"}`, `null`, `[]`, `{"Api":"https://a:443/"}`, ``,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 2, 23, 9, 0, 0, 0, time.UTC)
	from := &url.URL{Scheme: "https", Host: "sod.superoffice.com"}
	f.Fuzz(func(t *testing.T, body []byte) {
		status, err := parseStatus(body, from, "Cust1", now)
		if err != nil {
			return
		}
		if !status.ValidUntil.After(now) || status.ValidUntil.After(now.Add(maxValidity)) {
			t.Errorf("valid until %s", status.ValidUntil)
		}
		if status.Running && !strings.HasPrefix(status.API, "https://") {
			t.Errorf("a running tenant is at %q", status.API)
		}
	})
}

// Whatever a server answers, its words are one bounded line of printable text.
func FuzzServerWords(f *testing.F) {
	f.Add("application/json", []byte(`{"Error":true,"ErrorType":"X","ErrorMessage":"Boom"}`))
	f.Add("text/html", []byte("<html><head><style>a{}</style></head><body>Down<script>x</script"))
	f.Add("", []byte("\xff\xfe\x00<"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		words := quotation{contentType: kind, body: body}.words()
		if !utf8.ValidString(words) || utf8.RuneCountInString(words) > maxWords+1 || bytes.ContainsAny([]byte(words), "\n\r\x00\x1b") {
			t.Errorf("the words are %q", words)
		}
	})
}

// Whatever a tenant calls a new company, only its name is changed, and the result is JSON again.
func FuzzWithName(f *testing.F) {
	f.Add([]byte(`{"ContactId":0,"Name":"","Big":9007199254740993}`), "X")
	f.Add([]byte(`{"Name":1,"Name":2}`), "\"\\\u2028")
	f.Add([]byte(`{"Nested":{"Name":""}}`), "")
	f.Fuzz(func(t *testing.T, entity []byte, name string) {
		renamed, err := withName(entity, name)
		if err != nil {
			return
		}
		if !json.Valid(entity) {
			return // trailing rubbish stays as it came, and the tenant refuses it
		}
		var read map[string]json.RawMessage
		if err := json.Unmarshal(renamed, &read); err != nil {
			t.Fatalf("%q became %q: %v", entity, renamed, err)
		}
		quoted, err := json.Marshal(name)
		if err != nil || !bytes.Equal(read["Name"], quoted) {
			t.Errorf("the name is %s, want %s", read["Name"], quoted)
		}
	})
}
