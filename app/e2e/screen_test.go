//go:build e2e || packages

package e2e

import (
	"bufio"
	"bytes"
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
	clicks    int  // how often the mouse was clicked
	light     bool // what stands on it is dark on light, whatever theme the test has chosen
}

const (
	screenWidth  = 1280
	screenHeight = 800
)

// Parts of the screen under the window as it is at its first start. To read a part takes a fraction of the time
// that reading the whole takes.
var (
	everywhere = box{0, 0, screenWidth, screenHeight}
	onTop      = box{0, 20, screenWidth, 125} // the main menu, the bar, the line on the poller, the ten steps
	inMenu     = box{0, 20, screenWidth / 2, 26}
	inBar      = box{225, 52, 160, 26} // the sign-in button
	inSteps    = box{0, 118, screenWidth, 22}
	inTable    = box{0, 145, 488, 475}
	inDetail   = box{488, 145, screenWidth - 488, 475}
	inForm     = box{300, 30, 680, 740} // a form that lies over the window
	inLog      = box{0, 625, screenWidth, 145}
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

func (s *screen) try(name string, args ...string) (string, error) { return s.tell("", name, args...) }

// tell runs a tool that reads text from its standard input.
func (s *screen) tell(text, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = s.env()
	cmd.Stdin = strings.NewReader(text)
	return s.end(cmd)
}

// finish runs a command to its end, which must be a good one, and returns what it printed.
func (s *screen) finish(cmd *exec.Cmd) string {
	s.t.Helper()
	out, err := s.end(cmd)
	if err != nil {
		s.t.Fatalf("%s: %v", strings.Join(cmd.Args, " "), err)
	}
	return out
}

// end runs a command to its end, within a minute, and returns what it printed.
func (s *screen) end(cmd *exec.Cmd) (string, error) {
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Start(); err != nil {
		return "", err
	}
	late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
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
	s.clicks++
	s.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y))
	s.run("xdotool", "sleep", "0.1", "click", "1")
	// Out of the way, so that no tooltip covers what is read next.
	s.run("xdotool", "sleep", "0.1", "mousemove", strconv.Itoa(screenWidth/2), strconv.Itoa(screenHeight-8))
}

// drag moves the mouse from one place to another with the button down.
func (s *screen) drag(fromX, fromY, toX, toY int) {
	s.t.Helper()
	at := func(x, y int) []string {
		return []string{"mousemove", strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.1"}
	}
	steps := append(at(fromX, fromY), "mousedown", "1", "sleep", "0.1")
	steps = append(steps, at((fromX+toX)/2, (fromY+toY)/2)...)
	s.run("xdotool", append(append(steps, at(toX, toY)...), "mouseup", "1")...)
}

// key presses keys, one after the other.
func (s *screen) key(keys ...string) {
	s.t.Helper()
	s.run("xdotool", append([]string{"key", "--delay", "60"}, keys...)...)
}

// write types a text. It may be a secret, which is no argument.
func (s *screen) write(text string) {
	s.t.Helper()
	_, err := s.tell(text, "xdotool", "type", "--delay", "15", "--file", "-")
	must(s.t, err)
}

// clickText clicks in the middle of a text that is on a part of the screen.
func (s *screen) clickText(text string, part box) {
	s.t.Helper()
	spot := s.awaitText(text, part)
	s.click(spot.x+spot.w/2, spot.y+spot.h/2)
}

// awaitText waits until a text can be read on a part of the screen, and returns where.
func (s *screen) awaitText(text string, part box) (spot box) {
	s.t.Helper()
	s.eventually("the text "+text+" on the screen", func() (found bool) {
		spot, found = s.find(text, part)
		return found
	})
	return spot
}

// clipboard returns the text on the clipboard, "" while there is none.
func (s *screen) clipboard() string {
	text, err := s.try("xclip", "-out", "-selection", "clipboard")
	if err != nil {
		return ""
	}
	return text
}

// front is the title of the window that has the keyboard.
func (s *screen) front() string {
	title, err := s.try("xdotool", "getactivewindow", "getwindowname")
	if err != nil {
		return ""
	}
	return title
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
	text string
}

// follows reports whether w stands behind another word on its line. What tesseract calls a line ends where the
// letters of a monospaced text stand a little apart.
func (w word) follows(before word) bool {
	const space, rise = 24, 8
	gap, apart := w.x-(before.x+before.w), (w.y+w.h/2)-(before.y+before.h/2)
	return gap > -space/4 && gap < space && max(apart, -apart) < rise
}

// enlarge makes the screen's small letters large enough for tesseract.
const enlarge = 2

// find reads a part of the screen and looks for consecutive words on one line: the topmost, where there are
// several. The second pass leaves nothing but white, which is how highlighted buttons are lettered.
// The window is dark, and tesseract reads dark letters on a light ground in half the time; where a test has chosen the
// light theme, the first pass reads it as it is.
func (s *screen) find(text string, part box) (box, bool) {
	s.t.Helper()
	shot := filepath.Join(s.t.TempDir(), "part.png")
	s.run("import", "-window", "root", "-crop", fmt.Sprintf("%dx%d+%d+%d", part.w, part.h, part.x, part.y), "+repage", shot)
	passes := [][]string{{}, {"-threshold", "70%"}}
	if s.light || os.Getenv("FYNE_THEME") == "light" {
		passes[0] = []string{"-negate"}
	}
	for _, pass := range passes {
		large := filepath.Join(filepath.Dir(shot), "large.png")
		s.run("convert", append(append([]string{shot, "-colorspace", "gray"}, pass...), "-negate", "-resize", strconv.Itoa(100*enlarge)+"%", large)...)
		spots := match(readWords(s.run("tesseract", large, "-", "--psm", "11", "-c", "tessedit_do_invert=0", "tsv")), strings.Fields(text))
		if len(spots) > 0 {
			spot := slices.MinFunc(spots, func(a, b box) int { return a.y - b.y })
			return box{part.x + spot.x, part.y + spot.y, spot.w, spot.h}, true
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
		words = append(words, word{box{numbers[0], numbers[1], numbers[2], numbers[3]}, columns[11]})
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
			same = same && strings.EqualFold(bare(w.text), bare(wanted[j])) && (j == 0 || w.follows(run[j-1]))
		}
		if same {
			last := run[len(run)-1]
			spots = append(spots, box{run[0].x, run[0].y, last.x + last.w - run[0].x, run[0].h})
		}
	}
	return spots
}

// bare is a word without what stands around it, which is read in many ways.
func bare(word string) string { return strings.Trim(word, ".,:;…|“”\"'’()") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
