package online_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// script answers the n-th request with its n-th line, and the last one for ever. It stands in for the
// network, as time in a bubble of testing/synctest does not pass while a socket waits.
type script struct {
	lines []reply
	asked []time.Time
}

type reply struct {
	status     int // 0: no answer comes
	retryAfter string
	body       string
	err        error
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, time.Now())
	line := s.lines[min(len(s.asked), len(s.lines))-1]
	if line.status == 0 {
		return nil, line.err
	}
	return &http.Response{
		StatusCode: line.status, Header: http.Header{"Retry-After": {line.retryAfter}}, Body: io.NopCloser(strings.NewReader(line.body)), Request: r,
	}, nil
}

var (
	reset    = reply{err: &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}}
	refusal  = reply{err: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}
	slowDial = reply{err: &net.OpError{Op: "dial", Err: context.DeadlineExceeded}}
	slowRead = reply{err: &net.OpError{Op: "read", Err: context.DeadlineExceeded}}
	noName   = reply{err: &net.DNSError{Name: "x", IsNotFound: true}}
	fine     = reply{status: 200, body: `{"Associate":"api-user"}`}
)

func answer(status int, retryAfter string) reply {
	return reply{status: status, retryAfter: retryAfter, body: "busy"}
}

// scripted makes a client in front of a script, and a call that counts what it is told of.
func scripted(lines ...reply) (*script, *online.Client, online.Call, *int) {
	s := &script{lines: lines}
	recorded := new(int)
	call := systemUser("https://online2.superoffice.com/Cust1/api")
	call.Record = func(online.Request) { *recorded++ }
	return s, online.New(online.Options{Transport: s}), call, recorded
}

func TestARequestThatOnlyReadsOutlastsAHiccup(t *testing.T) {
	for name, row := range map[string]struct {
		lines []reply
		tries int
		fails bool
		least time.Duration // from the first request to the end
		most  time.Duration
	}{
		"well at once":                   {[]reply{fine}, 1, false, 0, 0},
		"reset":                          {[]reply{reset, fine}, 2, false, 150 * time.Millisecond, 450 * time.Millisecond},
		"refused, twice":                 {[]reply{refusal, refusal, fine}, 3, false, 600 * time.Millisecond, 2 * time.Second},
		"refused for ever":               {[]reply{refusal}, 3, true, 600 * time.Millisecond, 2 * time.Second},
		"a slow connection":              {[]reply{slowDial, fine}, 2, false, 150 * time.Millisecond, 450 * time.Millisecond},
		"a slow answer":                  {[]reply{slowRead}, 1, true, 0, 0},
		"a name that is none":            {[]reply{noName}, 1, true, 0, 0},
		"502":                            {[]reply{answer(502, ""), fine}, 2, false, 150 * time.Millisecond, 450 * time.Millisecond},
		"503 and 504":                    {[]reply{answer(503, ""), answer(504, ""), fine}, 3, false, 600 * time.Millisecond, 2 * time.Second},
		"429 for ever":                   {[]reply{answer(429, "")}, 3, true, 600 * time.Millisecond, 2 * time.Second},
		"500":                            {[]reply{answer(500, "")}, 1, true, 0, 0},
		"500 that asks to wait":          {[]reply{answer(500, "1")}, 1, true, 0, 0},
		"401":                            {[]reply{answer(401, "")}, 1, true, 0, 0},
		"421":                            {[]reply{answer(421, "")}, 1, true, 0, 0},
		"an answer that is none":         {[]reply{{status: 200, body: "<html>"}}, 1, true, 0, 0},
		"a short wait":                   {[]reply{answer(503, "2"), fine}, 2, false, 2*time.Second + 150*time.Millisecond, 2*time.Second + 450*time.Millisecond},
		"the longest wait, twice":        {[]reply{answer(429, "5"), answer(429, "5"), fine}, 3, false, 10 * time.Second, 12 * time.Second},
		"a wait just too long":           {[]reply{answer(503, "6"), fine}, 1, true, 0, 0},
		"a wait that nobody sits out":    {[]reply{answer(503, "40")}, 1, true, 0, 0},
		"first short, then far too long": {[]reply{answer(429, "1"), answer(429, "3600")}, 2, true, time.Second, 1500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, client, call, recorded := scripted(row.lines...)
				began := time.Now()
				_, err := client.Principal(t.Context(), call)
				if (err != nil) != row.fails || len(s.asked) != row.tries || *recorded != row.tries {
					t.Errorf("%d requests, %d recorded, %v", len(s.asked), *recorded, err)
				}
				if took := time.Since(began); took < row.least || took > row.most {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestWhatWritesIsNeverMadeAgain(t *testing.T) {
	for _, line := range []reply{reset, refusal, slowDial, answer(429, "1"), answer(502, ""), answer(503, "1"), answer(504, "")} {
		synctest.Test(t, func(t *testing.T) {
			s, client, call, _ := scripted(line, fine)
			if _, err := client.SaveContact(t.Context(), call, []byte(`{}`)); err == nil || len(s.asked) != 1 {
				t.Errorf("%+v: %d requests, %v", line, len(s.asked), err)
			}
		})
	}
}

func TestEveryRequestThatReadsIsPatientUnlessItIsToldNotToBe(t *testing.T) {
	for name, ask := range map[string]func(context.Context, *online.Client, online.Call) error{
		"status": func(ctx context.Context, c *online.Client, call online.Call) error {
			_, err := c.Status(ctx, "https://sod.superoffice.com", "Cust1", call.Record)
			return err
		},
		"principal": func(ctx context.Context, c *online.Client, call online.Call) error {
			_, err := c.Principal(ctx, call)
			return err
		},
		"default": func(ctx context.Context, c *online.Client, call online.Call) error {
			_, err := c.NewContact(ctx, call, "x")
			return err
		},
		"find": func(ctx context.Context, c *online.Client, call online.Call) error {
			_, err := c.FindContacts(ctx, call, "x")
			return err
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, client, call, _ := scripted(answer(503, ""))
			if err := ask(t.Context(), client, call); online.StatusOf(err) != 503 || len(s.asked) != 3 {
				t.Errorf("%s: %d requests, %v", name, len(s.asked), err)
			}
			s.asked = nil
			if err := ask(online.Once(t.Context()), client, call); online.StatusOf(err) != 503 || len(s.asked) != 1 {
				t.Errorf("%s, once: %d requests, %v", name, len(s.asked), err)
			}
		})
	}
}

func TestAPauseIsNotBegunThatTheContextWouldCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client, call, _ := scripted(answer(429, "3"))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err := client.Principal(ctx, call)
		if online.StatusOf(err) != 429 || tenant.RetryAfterOf(err) != 3*time.Second || len(s.asked) != 1 || ctx.Err() != nil {
			t.Errorf("%d requests, %v", len(s.asked), err)
		}
	})
}

func TestCancellingDuringAPauseIsACancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client, call, _ := scripted(answer(429, "5"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		_, err := client.Principal(ctx, call)
		if !errors.Is(err, context.Canceled) || tenant.Explain(err).Cause != tenant.CauseCancelled || len(s.asked) != 1 || time.Since(began) != time.Second {
			t.Errorf("%d requests, %v", len(s.asked), err)
		}
	})
}

func TestThePersonHearsOfTheWaitThatTheServerAsksFor(t *testing.T) {
	for asked, row := range map[string]struct {
		words string
		wait  time.Duration
	}{
		"40":                            {"asks to wait 40 s.", 40 * time.Second},
		"1800":                          {"asks to wait 30 min.", 30 * time.Minute},
		"Mon, 23 Feb 2026 09:01:30 GMT": {"asks to wait 90 s.", 90 * time.Second},
	} {
		for _, status := range []int{429, 503} {
			s := &script{lines: []reply{answer(status, asked)}}
			client := online.New(online.Options{Transport: s, Now: func() time.Time { return clock }})
			_, err := client.Principal(t.Context(), systemUser("https://x.example/api"))
			if why := tenant.Explain(err).Why; !strings.Contains(why, row.words) || tenant.RetryAfterOf(err) != row.wait || len(s.asked) != 1 {
				t.Errorf("%d with %q: %d requests, %q", status, asked, len(s.asked), why)
			}
			_, err = client.SaveContact(t.Context(), systemUser("https://x.example/api"), []byte(`{}`))
			if why := tenant.Explain(err).Why; !strings.Contains(why, row.words) || online.NotCarriedOut(err) != (status == 429) {
				t.Errorf("a save that got %d with %q: %v", status, asked, err)
			}
		}
	}
}

func TestNoAnswerNamesItsCause(t *testing.T) {
	for cause, line := range map[tenant.Cause]reply{
		tenant.CauseUnreachable: refusal, tenant.CauseNameUnknown: noName, tenant.CauseTimedOut: slowRead,
	} {
		_, client, call, _ := scripted(line)
		_, err := client.Principal(online.Once(t.Context()), call)
		if e := tenant.Explain(err); e.Cause != cause || !strings.Contains(e.What, "online2.superoffice.com") || e.Fault != tenant.FaultNetwork {
			t.Errorf("%s is explained as %+v", cause, e)
		}
	}
}
