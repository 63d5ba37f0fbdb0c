package probe

import (
	"errors"
	"strings"

	"partnerdesk/core/tenant"
)

// maxWords bounds what is shown of a name in a certificate, in runes: who made it may have written anything.
const maxWords = 100

func words(s string) string {
	runes := []rune(tenant.Plain(strings.ToValidUTF8(s, "\uFFFD")))
	if len(runes) > maxWords {
		return string(runes[:maxWords]) + "…"
	}
	return string(runes)
}

func containsAll(s string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
