package tenant

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxRetryAfter bounds a server's wish: beyond it the poller would look dead.
const MaxRetryAfter = time.Hour

// ParseRetryAfter reads what a Retry-After header says: seconds or an HTTP date (RFC 9110 section 10.2.3), at
// most [MaxRetryAfter], however many digits it has. Rubbish and times gone by are 0.
func ParseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	var wait time.Duration
	// Out of range, ParseInt returns the nearest number that is not.
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), MaxRetryAfter)
}

// WithRetryAfter notes in err's Problem how long the server asked to wait, and tells people where waiting may
// cure it. It changes the Problem, so call it where that is made. An err without one, and a wait of 0, stay
// as they are.
func WithRetryAfter(err error, wait time.Duration) error {
	p, ok := errors.AsType[*Problem](err)
	if !ok || wait <= 0 {
		return err
	}
	p.RetryAfter = wait
	if p.Temporary {
		p.Why = strings.TrimSuffix(p.Why, ".") + ", and it asks to wait " + Wait(wait) + "."
	}
	return err
}

// RetryAfterOf returns how long a server asked to wait, by the first Problem in err's chain that knows, or 0.
func RetryAfterOf(err error) time.Duration {
	for p, ok := errors.AsType[*Problem](err); ok; p, ok = errors.AsType[*Problem](p.Err) {
		if p.RetryAfter > 0 {
			return p.RetryAfter
		}
	}
	return 0
}

// Wait is a time that matters to the second while it is short, in words: how long a server asks to wait.
func Wait(d time.Duration) string {
	if d < 2*time.Minute {
		return strconv.Itoa(int((d+time.Second-1)/time.Second)) + " s"
	}
	return Span(d)
}
