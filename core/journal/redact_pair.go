package journal

import (
	"strings"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// naming is how surely a field's name says that its value is a secret.
type naming int

const (
	ordinary naming = iota
	weak            // an everyday word too: code, state, token
	strong          // no everyday word: client_secret
	header          // an HTTP header, which stands before a colon and a space
	phrase          // a header whose value may be several words
)

// nameOf judges a field's name, in any spelling: client_secret, clientSecret, Client-Secret.
func nameOf(key string) naming {
	var buf [24]byte
	switch string(plainName(buf[:0], key)) {
	case "code", "state", "nonce", "token", "ticket", "secret", "password", "passwd", "pwd", "assertion":
		return weak
	case "clientsecret", "codeverifier", "refreshtoken", "accesstoken", "idtoken", "idtokenhint", "systemusertoken",
		"systemtoken", "signedsystemtoken", "applicationtoken", "apptoken", "clientassertion", "apikey",
		"authorizationcode", "authcode", "oauthstate", "passphrase", "soticket":
		return strong
	case "soapptoken":
		return header
	case "authorization", "proxyauthorization", "cookie", "setcookie":
		return phrase
	}
	return ordinary
}

// plainName appends name in small letters without dashes and underscores; nothing if it is too long to be
// one of ours.
func plainName(dst []byte, name string) []byte {
	for _, c := range []byte(name) {
		switch {
		case c == '-' || c == '_':
			continue
		case len(dst) == cap(dst):
			return nil
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// delimiter returns the length of the colon or equals sign at i, which may be percent-encoded.
func delimiter(s string, i int) int {
	if s[i] != '%' {
		return 1
	}
	if i+2 < len(s) && s[i+1] == '3' && (s[i+2]|0x20 == 'd' || s[i+2]|0x20 == 'a') {
		return 3
	}
	return 0
}

// pair is a field of a URL, a form, JSON or a header: its name, and what stands between name and value.
type pair struct {
	name    string
	kind    naming
	quoted  bool // the name is
	spaced  bool // before the delimiter
	colon   bool
	encoded bool // the delimiter is, and so is what follows
}

// pairAt finds the value of a secret's field by the delimiter after its name.
func pairAt(s string, i, width int) (from, to int) {
	p := pair{colon: s[i] == ':', encoded: width == 3}
	if p.encoded {
		p.colon = s[i+2]|0x20 == 'a'
	}
	p.readName(s, i)
	if p.kind == ordinary {
		return 0, 0
	}
	value := i + width
	for value < len(s) && s[value] == ' ' {
		value++
	}
	switch {
	case value == len(s):
		return 0, 0
	case value > i+width && !p.maySpace(s[value]):
		return 0, 0
	case p.spaced && !p.quoted && (p.kind == weak || p.colon):
		return 0, 0
	case p.kind == phrase:
		return p.phrase(s, value)
	}
	return p.value(s, value)
}

// maySpace reports whether a space may stand between the delimiter and a value that begins with c. The
// texts `token: unexpected end` and `field "token": unexpected end` are errors and no pairs.
func (p *pair) maySpace(c byte) bool {
	if p.quoted {
		return isDigit(c) || strings.IndexByte(`"'\[-%`, c) >= 0
	}
	return p.kind >= header || p.kind == strong && !p.colon
}

// readName reads the name backwards from the delimiter at i.
func (p *pair) readName(s string, i int) {
	const longest = 40
	end := i
	for end > 0 && s[end-1] == ' ' && i-end < 4 {
		end--
	}
	p.spaced = end < i
	switch {
	case end > 0 && (s[end-1] == '"' || s[end-1] == '\''):
		for end--; end > 0 && s[end-1] == '\\'; end-- {
		}
		p.quoted = true
	case strings.HasSuffix(s[:end], "%22"):
		end -= len("%22")
		p.quoted = true
	case strings.HasSuffix(s[:end], `\u0022`):
		end -= len(`\u0022`)
		p.quoted = true
	}
	start := end
	for start > 0 && end-start < longest && (isAlnum(s[start-1]) || s[start-1] == '_' || s[start-1] == '-') {
		if escapeBefore(s, start) > 0 {
			break
		}
		start--
	}
	p.name = s[start:end]
	p.kind = nameOf(p.name)
}

// value returns the place of the value at i.
func (p *pair) value(s string, i int) (from, to int) {
	rest := s[i:]
	if strings.HasPrefix(rest, secret.Mask) || strings.HasPrefix(rest, "{") || strings.HasPrefix(rest, "<nil>") {
		return 0, 0
	}
	from, to = valueEnd(s, i, p.encoded)
	if from == to || p.harmless(s[from:to]) {
		return 0, 0
	}
	return from, to
}

// harmless knows values that are no secret although the name says so: the number of a status or an exit
// code, a tenant's state, JSON's null.
func (p *pair) harmless(value string) bool {
	switch value {
	case secret.Mask, "null", "true", "false":
		return true
	}
	switch strings.ToLower(p.name) {
	case "code":
		return len(value) <= 6 && strings.Trim(value, "0123456789") == ""
	case "state":
		_, known := tenant.ParseState(value)
		return known
	}
	return false
}

// valueEnd returns the place of a value in brackets, in quotes (escaped ones too) or bare.
func valueEnd(s string, i int, encoded bool) (from, to int) {
	if s[i] == '[' {
		if n := strings.IndexByte(s[i:], ']'); n >= 0 {
			return i, i + n + 1
		}
		return i, len(s)
	}
	quote := i
	for quote < len(s) && s[quote] == '\\' {
		quote++
	}
	switch {
	case quote < len(s) && (s[quote] == '"' || s[quote] == '\''):
		return quote + 1, quotedEnd(s, quote, quote-i)
	case strings.HasPrefix(s[i:], "%22"):
		return i + 3, indexOr(s, i+3, "%22")
	case strings.HasPrefix(s[i:], `\u0022`):
		return i + 6, indexOr(s, i+6, `\u0022`)
	}
	return i, bareEnd(s, i, encoded)
}

// quotedEnd returns the end of the text after the quote at i, which has so many backslashes before it: the
// next quote with no more of them.
func quotedEnd(s string, i, backslashes int) int {
	quote := s[i]
	for at := i + 1; at < len(s); at++ {
		if s[at] != quote {
			continue
		}
		start := at
		for start > i+1 && s[start-1] == '\\' {
			start--
		}
		// Within a plain quote, an even number of backslashes are themselves escaped.
		if at-start <= backslashes || backslashes == 0 && (at-start)%2 == 0 {
			return at - min(at-start, backslashes)
		}
	}
	return len(s)
}

func indexOr(s string, i int, end string) int {
	if n := strings.Index(s[i:], end); n >= 0 {
		return i + n
	}
	return len(s)
}

// bareEnd returns the end of a value without quotes.
func bareEnd(s string, i int, encoded bool) int {
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || strings.IndexByte("\"'&<>,;}])", c) >= 0:
			return i
		case c == '\\' && tokenChar(s, i) == 0:
			return i
		case c == '%' && encoded && i+2 < len(s) && (s[i+1:i+3] == "26" || s[i+1:i+3] == "22"):
			return i
		}
	}
	return i
}

// phrase returns the place of an Authorization or Cookie header's value at i. "authorization: " in small
// letters is more often an error's text, so what follows there must look the part.
func (p *pair) phrase(s string, i int) (from, to int) {
	if strings.HasPrefix(s[i:], secret.Mask) {
		return 0, 0
	}
	bare := strings.IndexByte("[\"'\\%", s[i]) < 0
	if bare && p.colon && !p.quoted && p.name[0] >= 'a' && !beginsCredential(s[i:min(len(s), i+64)]) {
		return 0, 0
	}
	from, to = valueEnd(s, i, p.encoded)
	if from > i || s[i] == '[' {
		if s[from:to] == secret.Mask {
			return 0, 0
		}
		return from, to
	}
	if hasSuffixFold(p.name, "cookie") {
		return i, i + len(firstOf(s[i:], "\n\r\""))
	}
	scheme := s[from:to]
	if to+1 < len(s) && s[to] == ' ' && strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz") == "" {
		to = bareEnd(s, to+1, p.encoded)
	}
	return from, to
}

// firstOf returns s up to the first of the characters.
func firstOf(s, chars string) string {
	if n := strings.IndexAny(s, chars); n >= 0 {
		return s[:n]
	}
	return s
}

// beginsCredential knows a scheme, and a cookie with its name.
func beginsCredential(s string) bool {
	first := firstOf(s, " ;[")
	switch strings.ToLower(first) {
	case "bearer", "basic", "soticket", "digest", "negotiate", "ntlm":
		return true
	}
	return strings.Contains(first, "=")
}

// elementAt finds the text of an XML element that is named for a secret, by the end of its opening tag.
func elementAt(s string, end int) (from, to int) {
	const longest = 200
	start := max(0, end-longest)
	open := strings.LastIndexByte(s[start:end], '<')
	if open < 0 || s[end-1] == '/' {
		return 0, 0
	}
	tag := firstOf(s[start+open+1:end], " \t\r\n")
	tag = tag[strings.LastIndexByte(tag, ':')+1:]
	switch nameOf(tag) {
	case ordinary, header, phrase:
		return 0, 0
	case weak:
		if strings.EqualFold(tag, "code") || strings.EqualFold(tag, "state") {
			return 0, 0
		}
	}
	from = end + 1
	to = indexOr(s, from, "<")
	if text := strings.TrimSpace(s[from:to]); text == "" || text == secret.Mask {
		return 0, 0
	}
	return from, to
}
