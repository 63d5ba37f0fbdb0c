package main

import (
	"os"
	"runtime/debug"
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
