package journal

import (
	"strings"

	"partnerdesk/core/secret"
)

// triggers are the characters at which a secret can be recognised, each chosen as the rarest of its kind:
// the J of "eyJ", the colon of "7T:". A text without them is passed over at a glance.
var triggers = [256]bool{
	'J': true, '-': true, ':': true, '=': true, '%': true, '>': true, '@': true, 'K': true, 'k': true, 'B': true, 'b': true,
}

// Redact replaces what looks like a secret by "[secret]": tickets, access tokens, JWTs, private keys (PEM
// and XML), system user tokens, and the values of fields that carry secrets in headers, URLs, forms, JSON
// and XML. It is the last guard, not the first: secrets travel as [secret.Text], which does not print.
//
// A system user token is recognised by its ten random characters only where they hold a letter and a
// digit, or a time stamp follows: ordinary names have dashes too.
func Redact(s string) string {
	var out strings.Builder
	done := 0
	for i := 0; i < len(s); i++ {
		if !triggers[s[i]] {
			continue
		}
		from, to := secretAt(s, i)
		if from = max(from, done); to <= from {
			continue
		}
		out.WriteString(s[done:from])
		out.WriteString(secret.Mask)
		done = to
		i = to - 1
	}
	if done == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// secretAt returns the place of the secret that the character at i belongs to or announces, or an empty one.
func secretAt(s string, i int) (from, to int) {
	switch s[i] {
	case 'J':
		return jwtAt(s, i)
	case '-':
		if from, to = privatePEM(s, i); to == 0 {
			return systemUserToken(s, i)
		}
	case ':', '=', '%':
		width := delimiter(s, i)
		if width == 0 {
			return 0, 0
		}
		if from, to = ticketAt(s, i, width); to == 0 {
			return pairAt(s, i, width)
		}
	case '>':
		return elementAt(s, i)
	case 'K', 'k':
		if from, to = privateXML(s, i); to == 0 {
			return schemeAt(s, i-len("SOTic"), "SOTicket ")
		}
	case 'B', 'b':
		return schemeAt(s, i, "Bearer ")
	case '@':
		return passwordAt(s, i)
	}
	return from, to
}

// ticketAt finds "7T:" + base64 and "8A:Cust…" by their colon, which may be percent-encoded.
func ticketAt(s string, i, width int) (from, to int) {
	if i < 2 || s[i] == '=' {
		return 0, 0
	}
	value := i + width
	switch s[i-2 : i] {
	case "7T":
		to = run(s, value, false)
		if to-value >= 16 || to-value >= 4 && wordStart(s, i-2) {
			return i - 2, to
		}
	case "8A":
		if strings.HasPrefix(s[value:], "Cust") {
			return i - 2, run(s, value, true)
		}
	}
	return 0, 0
}

// jwtAt finds three base64url parts of which the first begins with eyJ, and two that both do: a payload
// tells as much without its signature.
func jwtAt(s string, j int) (from, to int) {
	from = j - 2
	if from < 0 || s[from:j] != "ey" {
		return 0, 0
	}
	const longest = 2 << 10 // a bound, lest a text of many such beginnings be read again for each
	first := run(s[:min(len(s), from+longest)], from, false)
	if first-from < 10 || first+1 >= len(s) || s[first] != '.' {
		return 0, 0
	}
	second := run(s, first+1, false)
	to = run(s, from, true)
	twice := strings.HasPrefix(s[first+1:], "eyJ")
	if second > first+1 && (twice || to > second+1 && wordStart(s, from)) {
		return from, to
	}
	return 0, 0
}

// systemUserToken finds "App Name-" and ten letters or digits by the dash, with the time stamp and the
// signature of a signed token where they follow. The app's name is no secret, and stays.
func systemUserToken(s string, dash int) (from, to int) {
	const length = 10
	from, to = dash+1, dash+1+length
	if dash == 0 || to > len(s) || s[dash-1] == ' ' || s[dash-1] == '-' {
		return 0, 0
	}
	letter, digit := false, false
	for _, c := range []byte(s[from:to]) {
		switch {
		case isDigit(c):
			digit = true
		case isAlnum(c):
			letter = true
		default:
			return 0, 0
		}
	}
	if end := stampEnd(s, to); end > 0 {
		return from, end
	}
	if !letter || !digit || goesOn(s, to) || isClock(s[from:to]) {
		return 0, 0
	}
	return from, to
}

// stampEnd returns the end of ".yyyyMMddHHmm.base64" at i, or 0.
func stampEnd(s string, i int) int {
	const stamp = len(".yyyyMMddHHmm.")
	if len(s) < i+stamp || s[i] != '.' || s[i+stamp-1] != '.' {
		return 0
	}
	for _, c := range []byte(s[i+1 : i+stamp-1]) {
		if !isDigit(c) {
			return 0
		}
	}
	if end := run(s, i+stamp, false); end > i+stamp {
		return end
	}
	return 0
}

// goesOn reports whether the word that reaches to i is longer than that.
func goesOn(s string, i int) bool {
	if i == len(s) {
		return false
	}
	return isAlnum(s[i]) || s[i] == '_' || s[i] >= 0x80 || s[i] == '-' && i+1 < len(s) && isAlnum(s[i+1])
}

// isClock knows the end of a compact time, as in 2006-01-02T150405Z: ten letters and digits after a dash.
func isClock(ten string) bool {
	if ten[2] != 'T' || ten[9] != 'Z' {
		return false
	}
	for _, c := range []byte(ten[:2] + ten[3:9]) {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// schemeAt finds a credential that follows an authorization scheme at i, with no header's name before it.
func schemeAt(s string, i int, scheme string) (from, to int) {
	const shortest = 16
	from = i + len(scheme)
	if i < 0 || from+shortest > len(s) || !strings.EqualFold(s[i:from], scheme) || !wordStart(s, i) {
		return 0, 0
	}
	to = run(s, from, true)
	if to-from < shortest || !strings.ContainsAny(s[from:to], "0123456789") { // a long word of a sentence
		return 0, 0
	}
	return from, to
}

// passwordAt finds the password of "scheme://user:password@" by the at sign.
func passwordAt(s string, at int) (from, to int) {
	start := strings.LastIndex(s[max(0, at-300):at], "://")
	if start < 0 {
		return 0, 0
	}
	start += max(0, at-300) + len("://")
	user, password, found := strings.Cut(s[start:at], ":")
	if !found || password == "" || password == secret.Mask || strings.ContainsAny(s[start:at], "/?# \"'<>\n\t") {
		return 0, 0
	}
	return start + len(user) + 1, at
}

// run returns the end of the base64, base64url or opaque token characters from i on, whichever way those
// were escaped for URLs or JSON; with dots where more of the token follows them.
func run(s string, i int, dots bool) int {
	for i < len(s) {
		width := tokenChar(s, i)
		if width == 0 && dots && s[i] == '.' && i+1 < len(s) && tokenChar(s, i+1) > 0 {
			width = 1
		}
		if width == 0 {
			break
		}
		i += width
	}
	return i
}

// tokenChar returns the length of the token character at i, or 0 if there is none.
func tokenChar(s string, i int) int {
	c := s[i]
	if isAlnum(c) || strings.IndexByte("+/=_-~", c) >= 0 {
		return 1
	}
	if c != '%' && c != '\\' {
		return 0
	}
	const deepest = 8 // a text that was quoted again has more backslashes
	start := i
	for i++; i < len(s) && c == '\\' && s[i] == c && i-start < deepest; i++ {
	}
	for _, escaped := range [...]string{"2B", "2F", "3D", "/", "u002B", "u002F", "u003D"} {
		if len(s) >= i+len(escaped) && strings.EqualFold(s[i:i+len(escaped)], escaped) && (c == '%') == (len(escaped) == 2) {
			return i + len(escaped) - start
		}
	}
	return 0
}

// wordStart reports whether a word can begin at i: after no letter or digit, or after one that only ends
// an escape such as %22, \n or \u0022.
func wordStart(s string, i int) bool {
	return i == 0 || !isAlnum(s[i-1]) || escapeBefore(s, i) > 0
}

// escapeBefore returns the length of the escape that ends at i, or 0.
func escapeBefore(s string, i int) int {
	switch {
	case i >= 2 && s[i-2] == '\\' && strings.IndexByte("nrt", s[i-1]) >= 0:
		return 2
	case i >= 3 && s[i-3] == '%' && isHex(s[i-2:i]):
		return 3
	case i >= 6 && s[i-6:i-4] == `\u` && isHex(s[i-4:i]):
		return 6
	case i >= 3 && s[i-1] == 'm': // a terminal's colour
		start := i - 1
		for start > 0 && (isDigit(s[start-1]) || s[start-1] == ';') {
			start--
		}
		if strings.HasSuffix(s[:start], "\x1b[") {
			return i - start + 2
		}
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(s string) bool {
	for _, c := range []byte(s) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
