package kit

import "partnerdesk/ui/words"

const (
	textNotActive words.Phrase = "The tenant is not active: switch Active on first"
	textPollerOff words.Phrase = "The poller is off: switch Poll on at the top first"
)

// LogOnBarred says why a tenant cannot be logged on to at once; "" where it can. polling is whether this program's
// poller runs, and elsewhere whether another program polls: it hears within a second what a person asks for here.
func LogOnBarred(active, polling, elsewhere bool) string {
	switch {
	case !active:
		return textNotActive.String()
	case !polling && !elsewhere:
		return textPollerOff.String()
	}
	return ""
}
