package journal

import "strings"

// privatePEM finds a private key block by its first dash: to the end mark, or to the end of the text where
// the block was cut. A certificate or a public key is no secret.
func privatePEM(s string, i int) (from, to int) {
	const begin, end, dashes = "-----BEGIN", "-----END", "-----"
	if !strings.HasPrefix(s[i:], begin) {
		return 0, 0
	}
	label, body, found := strings.Cut(s[i+len(begin):], dashes)
	if !found || len(label) > 40 || !strings.Contains(label, "PRIVATE") {
		return 0, 0
	}
	at := len(s) - len(body)
	if n := strings.Index(body, end); n >= 0 {
		to = at + n + len(end)
		if m := strings.Index(s[to:], dashes); m >= 0 {
			return i, to + m + len(dashes)
		}
		return i, len(s)
	}
	if hasLongRun(body[:min(len(body), 4<<10)]) { // else somebody only names the mark
		return i, len(s)
	}
	return 0, 0
}

func hasLongRun(s string) bool {
	for i := 0; i < len(s); i++ {
		if end := run(s, i, false); end-i >= 24 {
			return true
		} else if end > i {
			i = end
		}
	}
	return false
}

// privateXML finds .NET's <RSAKeyValue> by its K, with any prefix, and escaped or not.
func privateXML(s string, k int) (from, to int) {
	const name = "RSAKeyValue"
	at := k - len("RSA")
	if at < 0 || !strings.HasPrefix(s[at:], name) {
		return 0, 0
	}
	from = tagStart(s, at)
	if from < 0 || s[at-1] == '/' {
		return 0, 0
	}
	next := at + len(name)
	for range 8 { // more mentions than any text has in earnest
		n := strings.Index(s[next:], name)
		if n < 0 {
			break
		}
		closing := next + n
		next = closing + len(name)
		if slashBefore(s, closing) {
			return from, tagEnd(s, next)
		}
	}
	if strings.Contains(s[at:], "Modulus") { // cut short
		return from, len(s)
	}
	return 0, 0
}

// tagStart returns where the tag opens whose name, after an optional prefix, begins at i, or -1.
func tagStart(s string, i int) int {
	for back := i; back > 0 && i-back <= 16; back-- {
		for _, open := range [...]string{"<", "&lt;", `\u003c`, `\u003C`, "%3c", "%3C"} {
			if strings.HasSuffix(s[:back], open) {
				return back - len(open)
			}
		}
		if c := s[back-1]; c != ':' && !isAlnum(c) {
			break
		}
	}
	return -1
}

// slashBefore reports whether the name at i closes its element: </Name, </x:Name, %2FName.
func slashBefore(s string, i int) bool {
	for back := i; back > 0 && i-back <= 16; back-- {
		if s[back-1] == '/' || strings.HasSuffix(s[:back], "%2F") || strings.HasSuffix(s[:back], "%2f") {
			return true
		}
		if c := s[back-1]; c != ':' && !isAlnum(c) {
			break
		}
	}
	return false
}

// tagEnd returns where the tag ends whose name ends at i.
func tagEnd(s string, i int) int {
	for _, end := range [...]string{">", "&gt;", `\u003e`, "%3e"} {
		if len(s) >= i+len(end) && strings.EqualFold(s[i:i+len(end)], end) {
			return i + len(end)
		}
	}
	return i
}
