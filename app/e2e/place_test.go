//go:build e2e

package e2e

import (
	"strconv"
	"strings"
	"testing"
)

func TestTheWindowComesBackInItsSizeAndSplit(t *testing.T) {
	s, o, home := newScreen(t), newOpener(t), t.TempDir()
	d := launch(t, s, o, home)
	s.awaitText("Welcome to Partnerdesk", everywhere)
	const width, height = 1200, 700
	s.run("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$", "windowsize", "--sync", strconv.Itoa(width), strconv.Itoa(height))
	s.eventually("the smaller window", func() bool {
		foot, found := s.find("Live log", everywhere)
		return found && foot.y < height
	})
	before := s.awaitText("Welcome to Partnerdesk", everywhere)
	const divider = width*38/100 + 1 // the middle of the bar where the table ends, at the first start
	s.drag(divider, height/2, divider+120, height/2)
	var moved box
	s.eventually("the split where it was dragged to", func() bool {
		var found bool
		moved, found = s.find("Welcome to Partnerdesk", everywhere)
		return found && moved.x > before.x+30
	})
	s.shoot("place-1-before")
	size, foot := s.size(), s.awaitText("Live log", everywhere)
	d.close()

	d = launch(t, s, o, home)
	s.shoot("place-2-after")
	again := s.awaitText("Welcome to Partnerdesk", everywhere)
	if now := s.size(); now != size {
		t.Errorf("the window was %s and comes back as %s", size, now)
	}
	// The window may come back at another place on the screen: what counts is where its parts lie to each other.
	if now := s.awaitText("Live log", everywhere); far(again.x-now.x, moved.x-foot.x) || far(now.y-again.y, foot.y-moved.y) {
		t.Errorf("the welcome and the log lie at %v and %v, and lay at %v and %v", again, now, moved, foot)
	}
	d.close()
}

// far reports whether two distances differ by more than reading them off the screen explains.
func far(a, b int) bool { return max(a-b, b-a) > 3 }

// size is the window's width and height.
func (s *screen) size() string {
	s.t.Helper()
	var size []string
	for line := range strings.Lines(s.run("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$", "getwindowgeometry", "--shell")) {
		if strings.HasPrefix(line, "WIDTH=") || strings.HasPrefix(line, "HEIGHT=") {
			size = append(size, strings.TrimSpace(line))
		}
	}
	return strings.Join(size, " ")
}
