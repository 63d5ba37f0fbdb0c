package superid

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCancelAndTimeout(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	t.Run("cancelled while waiting", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		_, err := c.SignIn(ctx, f.registration(), SignInRequest{Waiting: func(string, time.Time) { cancel() }})
		if !errors.Is(err, ErrCancelled) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		explained(t, err)
	})
	t.Run("cancelled before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := New(Options{}).SignIn(ctx, f.registration(), SignInRequest{})
		if !errors.Is(err, ErrCancelled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("cancelled during the exchange", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		f := newFake(t)
		f.token = func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }
		_, page, err := signInWith(ctx, newClient(t), f.registration(), SignInRequest{})
		if !errors.Is(err, ErrCancelled) || !strings.Contains(page.body, "The sign-in was cancelled.") {
			t.Errorf("got %v, page %s", err, page.body)
		}
	})
	t.Run("timed out", func(t *testing.T) {
		var until time.Time
		_, err := c.SignIn(context.Background(), f.registration(), SignInRequest{Timeout: 20 * time.Millisecond,
			Waiting: func(_ string, u time.Time) { until = u }})
		if !errors.Is(err, ErrTimeout) || until.IsZero() || time.Until(until) > 0 {
			t.Errorf("got %v until %s", err, until)
		}
		if e := explained(t, err); !strings.Contains(e.Next, "http://127.0.0.1:") {
			t.Errorf("no likely cause: %+v", e)
		}
	})
	t.Run("the caller's deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		_, err := c.SignIn(ctx, f.registration(), SignInRequest{})
		if !errors.Is(err, ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
