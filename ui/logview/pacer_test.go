package logview

import (
	"testing"
	"testing/synctest"
	"time"
)

// wait lets time pass in a synctest bubble, and whatever is due then happen.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestPacerAtMostOnceInAnInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		runs := 0
		p := &pacer{interval: 50 * time.Millisecond, do: q.do, run: func() { runs++ }}
		for range 1000 {
			p.ask()
		}
		equal(t, "waiting", q.drain(), 1)
		equal(t, "first run", runs, 1)
		p.ask()
		p.ask()
		equal(t, "waiting at once", q.drain(), 0)
		wait(49 * time.Millisecond)
		equal(t, "waiting after 49 ms", q.drain(), 0)
		wait(time.Millisecond)
		p.ask() // the UI thread is slow: nothing piles up
		wait(time.Second)
		p.ask()
		equal(t, "waiting after 50 ms", q.drain(), 1)
		wait(time.Hour)
		equal(t, "waiting with nothing asked", q.drain(), 0)
		equal(t, "runs", runs, 2)
		p.ask()
		equal(t, "waiting after a rest", q.drain(), 1)
	})
}

func TestPacerClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		runs := 0
		p := &pacer{interval: 50 * time.Millisecond, do: q.do, run: func() { runs++ }}
		p.ask()
		q.drain()
		p.ask() // a timer runs now
		p.close()
		p.ask()
		wait(time.Second)
		equal(t, "waiting", q.drain(), 0)
		equal(t, "runs", runs, 1)

		p = &pacer{interval: 50 * time.Millisecond, do: q.do, run: func() { runs++ }}
		p.ask()
		p.close()
		q.drain()
		p.close()
		equal(t, "runs after close", runs, 1)
	})
}

func TestAppendedFromManyGoroutines(t *testing.T) {
	d := newDesk(t, NewStore(1000, "desktop"))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		for range 10 {
			go func() {
				for range 100 {
					v.Appended()
				}
			}()
		}
		d.store.Append(numbered(0, 10))
		synctest.Wait()
		equal(t, "waiting", d.queue.drain(), 1)
		shown, _ := v.Counts()
		equal(t, "shown", shown, 10)
		v.Close()
		v.Appended()
		equal(t, "waiting after Close", d.queue.drain(), 0)
	})
}
