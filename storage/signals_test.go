package storage

import (
	"context"
	"os"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

// rested makes a file look as if nobody had written to it for a while.
func rested(t *testing.T, s *Store) {
	t.Helper()
	before := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(s.Path(), before, before))
}

func TestSignalsOfAFileThatRestsDoNotWaitForIt(t *testing.T) {
	ctx, dir, ring := t.Context(), t.TempDir(), newMemoryKeyring()
	s, other := openTest(t, dir, ring), openTest(t, dir, ring)
	key := fill(t, other)
	rested(t, s)
	first, err := s.Signals(ctx)
	must(t, err)
	must(t, other.update(ctx, "hold the file", func(*work) error {
		held, cancel := context.WithTimeout(ctx, patience/2)
		defer cancel()
		if now, err := s.Signals(held); err != nil || now != first {
			t.Errorf("while the file is held: %v, %v, and before %v", now, err, first)
		}
		return errUnchanged
	}))

	must(t, other.SetActive(ctx, key, false))
	second, err := s.Signals(ctx)
	must(t, err)
	if second.Revision == first.Revision || second.Roster == first.Roster {
		t.Errorf("a commit of the other store is not in %v", second)
	}
	must(t, s.SetActive(ctx, key, true)) // in the same moment, in which the file's time may stand still
	if third, err := s.Signals(ctx); err != nil || third.Revision == second.Revision {
		t.Errorf("an own commit is not in %v, %v", third, err)
	}

	rested(t, s)
	_, err = s.Signals(ctx)
	must(t, err)
	must(t, os.Rename(s.Path(), s.Path()+".away"))
	if _, err := s.Signals(ctx); err == nil {
		t.Error("the signals of a file that is gone")
	}
	must(t, os.Rename(s.Path()+".away", s.Path()))
	must(t, s.Close())
	if _, err := s.Signals(ctx); err == nil {
		t.Error("the signals of a store that is closed")
	}
}

func TestSignalsAreBelievedForAMomentOnly(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	rested(t, s)
	file, err := os.Stat(s.Path())
	must(t, err)
	var g glance
	now, by, signals := time.Now(), s.unlocked.Load(), tenant.Signals{Revision: 7}
	g.keep(signals, file, by, now)
	for _, c := range []struct {
		what string
		by   *unlocked
		at   time.Time
		want bool
	}{
		{"at once", by, now, true},
		{"soon", by, now.Add(glanceLasts - 1), true},
		{"later", by, now.Add(glanceLasts), false},
		{"after the clock was put back", by, now.Add(-glanceLasts), false},
		{"with other keys", &unlocked{}, now, false},
		{"closed", nil, now, false},
	} {
		if got, still := g.still(file, c.by, c.at); still != c.want || still && got != signals {
			t.Errorf("%s: %v, %t", c.what, got, still)
		}
	}
	g.keep(signals, file, by, file.ModTime().Add(settledAfter-1))
	if _, still := g.still(file, by, now); still {
		t.Error("a file that was only just written to is believed")
	}
}
