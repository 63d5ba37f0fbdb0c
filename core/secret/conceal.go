package secret

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// shortest is how long a text must be to be concealed: shorter ones are no secrets that are made or given here,
// and would tear words apart.
const shortest = 8

// Conceal returns a server's words with the mask in the place of each of the secrets that they repeat: as it is,
// and as servers write it when they escape it for a URL, HTML or JSON, or encode it in base64. A secret that
// begins with another one must stand before that.
func Conceal(words string, secrets ...Text) string {
	if words == "" {
		return "" // as most answers are that succeed: nothing needs to be made ready for them
	}
	var pairs []string
	for _, s := range secrets {
		if len(s.Reveal()) < shortest {
			continue
		}
		for _, form := range formsOf(s.Reveal()) {
			pairs = append(pairs, form, Mask)
		}
	}
	return strings.NewReplacer(pairs...).Replace(words)
}

var percent = regexp.MustCompile(`%[0-9A-F]{2}`)

// formsOf lists how a text may look. .NET differs from Go in the case of percent-encoding, and in that it
// escapes the plus of base64 for HTML and JSON too.
func formsOf(s string) []string {
	query, path, page := url.QueryEscape(s), url.PathEscape(s), html.EscapeString(s)
	plus := func(escape string) string { return strings.ReplaceAll(page, "+", escape) }
	return []string{
		s, query, path, percent.ReplaceAllStringFunc(query, strings.ToLower), percent.ReplaceAllStringFunc(path, strings.ToLower),
		page, plus("&#43;"), plus("&#x2B;"), strings.ReplaceAll(s, "+", `\u002B`), strings.ReplaceAll(s, "/", `\/`),
		base64.RawStdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
	}
}
