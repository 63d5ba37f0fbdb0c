package online

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"unicode"

	"partnerdesk/core/secret"
)

// maxWords bounds what is shown of a server's answer, in runes.
const maxWords = 300

// quotation is an answer that people are to be shown a sentence of.
type quotation struct {
	contentType string
	body        []byte
	// secrets are those of the request, in case that the answer echoes them.
	secrets []secret.Text
}

// secretsOf lists what a request carried that nobody may read.
func secretsOf(h http.Header) []secret.Text {
	_, token, _ := strings.Cut(h.Get("Authorization"), " ")
	return []secret.Text{secret.New(token), secret.New(h.Get("SO-AppToken"))}
}

// words returns the server's own words, without the secrets of the request.
func (q quotation) words() string {
	return bounded(secret.Conceal(serverWords(q.contentType, q.body), q.secrets...))
}

// serverWords takes the sentence out of an error body of any shape: SuperOffice's JSON, HTML, text or
// nothing.
func serverWords(contentType string, body []byte) string {
	var known struct{ ErrorType, ErrorMessage, Message string }
	if json.Unmarshal(body, &known) == nil {
		words := strings.TrimSpace(known.ErrorMessage)
		if words == "" {
			words = known.Message
		}
		if known.ErrorType != "" && !strings.Contains(words, known.ErrorType) {
			words = strings.TrimSpace(known.ErrorType + ": " + words)
		}
		if words != "" {
			return words
		}
	}
	text := string(body)
	if media, _, _ := mime.ParseMediaType(contentType); media == "text/html" || strings.HasPrefix(strings.TrimSpace(text), "<") {
		text = withoutTags(text)
	}
	return text
}

// withoutTags keeps what a browser would show of an error page, near enough for a quotation. It looks at
// each byte a fixed number of times, however strange the page.
func withoutTags(html string) string {
	var b strings.Builder
	for len(html) > 0 {
		before, rest, found := strings.Cut(html, "<")
		b.WriteString(before)
		tag, after, whole := strings.Cut(rest, ">")
		if !found || !whole {
			break
		}
		name := strings.ToLower(tag[:min(len(tag), len("script"))])
		for _, hidden := range []string{"style", "script", "head"} {
			if strings.HasPrefix(name, hidden) {
				_, after, _ = strings.Cut(after, "</"+hidden)
				_, after, _ = strings.Cut(after, ">")
				break
			}
		}
		b.WriteByte(' ')
		html = after
	}
	return b.String()
}

// bounded makes one line of printable text of at most maxWords runes.
func bounded(s string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "�"), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
	runes := []rune(strings.Join(words, " "))
	if len(runes) > maxWords {
		return string(runes[:maxWords]) + "…"
	}
	return string(runes)
}
