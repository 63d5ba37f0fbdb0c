package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much the heap may grow, in percent of what is in use, before garbage is collected; Go's own choice is 100.
const (
	// growthAtStart lets the first frame come before the first collection: until then nearly all that is made is kept.
	growthAtStart = 400
	// growthAtWork keeps the window small beside other programs. Little garbage is made while nothing happens.
	growthAtWork = 25
)

// collect sets when garbage is collected, unless whoever starts the program has chosen that.
func collect(growth int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
}

const (
	// lookForRest is how often settle looks whether the program has come to rest.
	lookForRest = 5 * time.Second
	// atRest is how much is made at most between two looks while nothing happens, and muchMade how much must have been
	// made for a collection to pay.
	atRest, muchMade = 2 << 20, 24 << 20
)

// settle gives memory back to the system each time the program has come to rest after it had much to do, until ctx
// ends. At rest it makes so little garbage that what was needed for a moment would stay taken for minutes.
func settle(ctx context.Context) {
	ticker := time.NewTicker(lookForRest)
	defer ticker.Stop()
	made := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	var r rest
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		metrics.Read(made)
		if r.comes(made[0].Value.Uint64()) {
			debug.FreeOSMemory()
		}
	}
}

// rest notices when a program that had much to do has come to rest, by what it has made since its beginning.
type rest struct{ last, settled uint64 }

// comes takes in how many bytes were made until now.
func (r *rest) comes(made uint64) bool {
	quiet := made-r.last <= atRest
	r.last = made
	if !quiet || made-r.settled < muchMade {
		return false
	}
	r.settled = made
	return true
}
