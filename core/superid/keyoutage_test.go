package superid

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

func TestAKeySetGrowsOldWhileTheMachineSleeps(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	if err := accepts(c, f); err != nil {
		t.Fatal(err)
	}
	if p := c.provider(f.URL); p.keysAt != p.keysAt.Round(0) || p.metaAt != p.metaAt.Round(0) {
		t.Error("the age of what is known is not the wall clock's")
	}
}

func TestAnOutageOfTheKeySetIsOutlived(t *testing.T) {
	f := newFake(t)
	now := time.Now()
	c := New(Options{Now: func() time.Time { return now }})
	c.firstPause = time.Millisecond
	defer c.Close()
	// validate takes a token that is right at the client's time.
	validate := func() error {
		f.claims = map[string]any{"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Unix() + 300}
		return accepts(c, f)
	}
	var down atomic.Bool
	var asked atomic.Int32
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f.serve(w, r)
	})
	if err := validate(); err != nil {
		t.Fatal(err)
	}
	down.Store(true)
	now = now.Add(2 * time.Hour)
	before := asked.Load()
	for range 5 {
		if err := validate(); err != nil {
			t.Errorf("with the known key: %v", err)
		}
	}
	if got := asked.Load() - before; got != maxTries {
		t.Errorf("asked %d times for five tokens, want one round of %d", got, maxTries)
	}
	f.header["kid"], f.header["x5t"] = "new", nil
	err := validate()
	if !errors.Is(err, ErrKey) || !errors.Is(err, ErrUnavailable) {
		t.Errorf("an unknown key during the outage: %v", err)
	}
	if e := explained(t, refusedIDToken("op", "What.", err, 0)); e.Cause != tenant.CauseProviderFailed {
		t.Errorf("%+v", e)
	}
	f.header["kid"] = f.keys[0]["kid"]
	now = now.Add(staleLife)
	if err := validate(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("after the day: %v", err)
	}
	down.Store(false)
	if err := validate(); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

func TestANewKeyDuringAnOutageIsNotTakenForAForgery(t *testing.T) {
	f := newFake(t)
	now := time.Now()
	c := New(Options{Now: func() time.Time { return now }})
	c.firstPause = time.Millisecond
	defer c.Close()
	if err := accepts(c, f); err != nil {
		t.Fatal(err)
	}
	var down atomic.Bool
	var asked atomic.Int32
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f.serve(w, r)
	})
	next := jwk(otherKey())
	f.setKeys(next)
	f.signer, f.header["kid"], f.header["x5t"] = otherKey(), next["kid"], next["x5t"]
	down.Store(true)
	for range 3 {
		if err := accepts(c, f); !errors.Is(err, ErrUnavailable) {
			t.Errorf("during the outage: %v", err)
		}
	}
	if got := asked.Load(); got != maxTries {
		t.Errorf("asked %d times for three tokens, want one round of %d", got, maxTries)
	}
	now = now.Add(refetchPause)
	down.Store(false)
	leaving, leave := context.WithCancel(t.Context())
	leave()
	if _, err := c.signingKey(leaving, f.URL, "new", ""); !errors.Is(err, ErrCancelled) {
		t.Errorf("who gives up: %v", err)
	}
	if err := accepts(c, f); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

func TestKeysThatHaveMovedAreFound(t *testing.T) {
	f := newFake(t)
	now := time.Now()
	c := New(Options{Now: func() time.Time { return now }})
	defer c.Close()
	f.metadata = map[string]any{"jwks_uri": f.URL + "/login/gone"}
	if _, err := c.metadata(context.Background(), f.URL); err != nil {
		t.Fatal(err)
	}
	f.metadata = nil
	if err := accepts(c, f); err != nil {
		t.Errorf("the metadata was not read again: %v", err)
	}
}
