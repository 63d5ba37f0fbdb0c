package tenant

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"
)

func TestAWaitIsToldWhereWaitingHelps(t *testing.T) {
	inner := &Problem{Op: "ask", Explanation: CauseProviderFailed.Explain("x", "It has trouble.", "")}
	err := fmt.Errorf("at the provider: %w", WithRetryAfter(inner, 40*time.Second))
	if why := Explain(err).Why; why != "It has trouble, and it asks to wait 40 s." || RetryAfterOf(err) != 40*time.Second {
		t.Errorf("%q, %s", why, RetryAfterOf(err))
	}
	outer := &Problem{Op: "validate", Explanation: CauseUnclear.Explain("y", "", ""), Err: errors.Join(context.Canceled, err)}
	if RetryAfterOf(outer) != 40*time.Second {
		t.Error("the wait does not come through another problem")
	}
	refused := WithRetryAfter(&Problem{Op: "ask", Explanation: CauseRevoked.Explain("x", "Withdrawn.", "")}, time.Minute)
	if why := Explain(refused).Why; why != "Withdrawn." || RetryAfterOf(refused) != time.Minute {
		t.Errorf("what does not heal by waiting: %q, %s", why, RetryAfterOf(refused))
	}
	for _, err := range []error{nil, errors.New("x"), WithRetryAfter(&Problem{Op: "ask", Explanation: CauseThrottled.Explain("x", "Why.", "")}, 0)} {
		if RetryAfterOf(WithRetryAfter(err, 0)) != 0 || Explain(err).Why == "Why, and it asks to wait 0 s." {
			t.Errorf("%v asks to wait", err)
		}
	}
}

// A server that asks for an absurdly long wait must not be taken for one that asks for none.
func TestAnEndlessWaitIsTheLongest(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"2147483648": MaxRetryAfter, "99999999999999999999999": MaxRetryAfter, "-99999999999999999999999": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": MaxRetryAfter, "9e99": 0,
	} {
		if wait := ParseRetryAfter(value, time.Date(2026, 2, 23, 9, 0, 0, 0, time.UTC)); wait != want {
			t.Errorf("%q is %s, want %s", value, wait, want)
		}
	}
}

// Whatever a server asks for, the wait is none, or one that somebody can sit out.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"7", " 120 ", "-1", "0", "1.5", "Mon, 23 Feb 2026 09:00:30 GMT", "Monday, 23-Feb-26 09:00:30 GMT", "2147483648", "soon", "", "\x00"} {
		f.Add(seed)
	}
	now := time.Date(2026, 2, 23, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string) {
		wait := ParseRetryAfter(value, now)
		if wait < 0 || wait > MaxRetryAfter {
			t.Errorf("%q is %s", value, wait)
		}
		if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds <= 3600 && wait != time.Duration(seconds)*time.Second {
			t.Errorf("%q is %s", value, wait)
		}
		if words := Wait(wait); words == "" {
			t.Errorf("%s has no words", wait)
		}
	})
}
