package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminalPair is a terminal as a program sees it, and the side from which a person types.
func terminalPair(t *testing.T) (terminal, person *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("there are no terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	return terminal, person
}

func TestTheTerminalHidesWhatIsTypedAndShowsItAgain(t *testing.T) {
	terminal, _ := terminalPair(t)
	shows := func() bool {
		mode, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return mode.Lflag&unix.ECHO != 0
	}
	if !shows() {
		t.Fatal("it hides from the beginning")
	}
	restore, err := hideTyping(interruptible{context.Background(), terminal})
	if err != nil {
		t.Fatal(err)
	}
	if shows() {
		t.Error("it shows what is typed")
	}
	restore()
	if !shows() {
		t.Error("it hides for ever")
	}
}

func TestWhatIsNoTerminalCannotHide(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := hideTyping(file); err == nil {
		t.Error("the null device hides")
	}
}
