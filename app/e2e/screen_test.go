//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// screen is a virtual display with a window manager.
type screen struct {
	t         *testing.T
	display   string
	artifacts string
}

const (
	screenWidth  = 1280
	screenHeight = 800
)

// newScreen starts a display and a window manager. extra are more arguments for the display's server.
func newScreen(t *testing.T, extra ...string) *screen {
	t.Helper()
	s := &screen{t: t, artifacts: os.Getenv("PARTNERDESK_E2E_ARTIFACTS")}
	if s.artifacts == "" {
		s.artifacts = t.TempDir()
	}
	numbers, tell, err := os.Pipe()
	must(t, err)
	size := fmt.Sprintf("%dx%dx24", screenWidth, screenHeight)
	server := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", size, "-nolisten", "tcp"}, extra...)...)
	server.ExtraFiles = []*os.File{tell}
	start(t, server)
	must(t, tell.Close())
	number, err := bufio.NewReader(numbers).ReadString('\n')
	must(t, err)
	must(t, numbers.Close())
	s.display = ":" + strings.TrimSpace(number)
	manager := exec.Command("openbox")
	manager.Env = s.env()
	start(t, manager)
	return s
}

func (s *screen) env(more ...string) []string {
	return append(append(os.Environ(), "DISPLAY="+s.display, "LANG=en_US.UTF-8", "DBUS_SESSION_BUS_ADDRESS=", "OMP_THREAD_LIMIT=1"), more...)
}

// start starts a process that lives as long as the test.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	})
}

// run runs a tool on the screen and returns what it printed.
func (s *screen) run(name string, args ...string) string {
	s.t.Helper()
	out, err := s.try(name, args...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

func (s *screen) try(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = s.env()
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, complaint.String())
	}
	return strings.TrimSpace(out.String()), nil
}

// shoot keeps a screenshot among the artifacts and returns its file.
func (s *screen) shoot(name string) string {
	s.t.Helper()
	file := filepath.Join(s.artifacts, name+".png")
	s.run("import", "-window", "root", file)
	return file
}

// click clicks where a person would. The pause lets Fyne apply the move first: it handles a click that
// comes within the same poll of events at the pointer's old place.
func (s *screen) click(x, y int) {
	s.t.Helper()
	s.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y))
	s.run("xdotool", "sleep", "0.1", "click", "1")
	// Out of the way, so that no tooltip covers what is read next.
	s.run("xdotool", "sleep", "0.1", "mousemove", strconv.Itoa(screenWidth/2), strconv.Itoa(screenHeight-8))
}

// clickText clicks in the middle of a text that is on the screen.
func (s *screen) clickText(text string) {
	s.t.Helper()
	var spot box
	s.eventually("the text "+text+" on the screen", func() bool {
		var found bool
		spot, found = s.find(text)
		return found
	})
	s.click(spot.x+spot.w/2, spot.y+spot.h/2)
}

// awaitText waits until a text can be read on the screen.
func (s *screen) awaitText(text string) {
	s.t.Helper()
	s.eventually("the text "+text+" on the screen", func() bool {
		_, found := s.find(text)
		return found
	})
}

// eventually waits for what another process does. It is bounded, and fails with a screenshot.
func (s *screen) eventually(what string, happened func() bool) {
	s.t.Helper()
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for {
		if happened() {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline.C:
			s.shoot("failed")
			s.t.Fatalf("waited a minute for %s; see failed.png", what)
		case <-s.t.Context().Done():
			s.t.Fatalf("the test ended while it waited for %s", what)
		}
	}
}

type box struct{ x, y, w, h int }

// word is a word that was read on the screen, with its place.
type word struct {
	box
	line string
	text string
}

// enlarge makes the screen's small letters large enough for tesseract.
const enlarge = 3

// find reads the screen and looks for consecutive words on one line: the topmost, where there are several.
// The first pass leaves nothing but white, which is how buttons are lettered; the second reads the rest.
func (s *screen) find(text string) (box, bool) {
	s.t.Helper()
	shot := filepath.Join(s.t.TempDir(), "screen.png")
	s.run("import", "-window", "root", shot)
	for _, pass := range [][]string{{"-threshold", "70%"}, {}} {
		large := filepath.Join(filepath.Dir(shot), "large.png")
		s.run("convert", append(append([]string{shot, "-colorspace", "gray"}, pass...), "-resize", strconv.Itoa(100*enlarge)+"%", large)...)
		spots := match(readWords(s.run("tesseract", large, "-", "--psm", "11", "tsv")), strings.Fields(text))
		if len(spots) > 0 {
			return slices.MinFunc(spots, func(a, b box) int { return a.y - b.y }), true
		}
	}
	return box{}, false
}

// readWords reads tesseract's table of words.
func readWords(table string) []word {
	var words []word
	for row := range strings.Lines(table) {
		columns := strings.Split(strings.TrimSpace(row), "\t")
		if len(columns) != 12 || columns[11] == "" {
			continue
		}
		var numbers [4]int
		for i := range numbers {
			numbers[i], _ = strconv.Atoi(columns[6+i]) // the heading has none
			numbers[i] /= enlarge
		}
		words = append(words, word{box{numbers[0], numbers[1], numbers[2], numbers[3]}, strings.Join(columns[1:5], "."), columns[11]})
	}
	return words
}

func match(words []word, wanted []string) []box {
	var spots []box
	for i := range words {
		if i+len(wanted) > len(words) {
			break
		}
		run := words[i : i+len(wanted)]
		same := true
		for j, w := range run {
			same = same && strings.EqualFold(strings.Trim(w.text, ".,:…|"), strings.Trim(wanted[j], ".,:…|")) && w.line == run[0].line
		}
		if same {
			last := run[len(run)-1]
			spots = append(spots, box{run[0].x, run[0].y, last.x + last.w - run[0].x, run[0].h})
		}
	}
	return spots
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
