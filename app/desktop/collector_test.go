package main

import (
	"slices"
	"testing"
)

func TestMemoryIsGivenBackOnceAfterMuchWasMadeAndThenLittle(t *testing.T) {
	var r rest
	made, given := uint64(0), []int{}
	for look, megabytes := range []uint64{
		60, 30, 3, 1, // the start, and then rest
		1, 0, 1, 1, // rest goes on
		10, 1, // not much
		20, 20, 1, // much
	} {
		made += megabytes << 20
		if r.comes(made) {
			given = append(given, look)
		}
	}
	if want := []int{3, 12}; !slices.Equal(given, want) {
		t.Errorf("given back at the looks %v, want %v", given, want)
	}
}

func TestWhatIsMadeLittleByLittleIsGivenBackToo(t *testing.T) {
	var r rest
	given := 0
	for made := uint64(0); made < 10*muchMade; made += atRest {
		if r.comes(made) {
			given++
		}
	}
	if given != 9 {
		t.Errorf("given back %d times", given)
	}
}
