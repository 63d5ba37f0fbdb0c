//go:build packages

package e2e

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// windows is Windows as Wine knows it, with a user who has just got it.
type windows struct {
	s        *screen
	prefix   string
	programs string // the folder with the programs, as this computer sees it
	asked    bool   // whether closing the window has asked once what that shall mean
}

// randomNumbers is the one thing that Go's programs ask of Windows and that Debian's Wine has not got.
const randomNumbers = `#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T n) { return SystemFunction036(to, (ULONG)n); }
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) { return TRUE; }
`

func newWindows(s *screen) *windows {
	s.t.Helper()
	s.keepIn("windows")
	w := &windows{s: s, prefix: filepath.Join(s.t.TempDir(), "prefix")}
	s.t.Cleanup(func() {
		// What Wine has started beside our programs goes on for a while, and writes to the folder.
		for _, act := range []string{"-k", "-w"} {
			server := exec.Command("wineserver", act)
			server.Env = w.env(s)
			_ = server.Run() // it may have gone already
		}
	})
	s.finish(w.program(s, "wineboot", "--init"))
	s.finish(w.program(s, "winecfg", "-v", "win10")) // without it Wine says that it is Windows 7
	source := filepath.Join(s.t.TempDir(), "random.c")
	must(s.t, os.WriteFile(source, []byte(randomNumbers), 0o600))
	run(s.t, "x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", w.at(`C:\windows\system32\bcryptprimitives.dll`), source, "-ladvapi32")
	return w
}

// env is the environment of Wine's programs, less what it would ask or say.
func (w *windows) env(s *screen, more ...string) []string {
	return s.env(append([]string{"WINEPREFIX=" + w.prefix, "HOME=" + filepath.Dir(w.prefix), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree=;mshtml=", theme()}, more...)...)
}

// at is where a file of drive C lies on this computer.
func (w *windows) at(path string) string {
	return filepath.Join(w.prefix, "drive_c", filepath.FromSlash(strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/")))
}

func (w *windows) program(s *screen, file string, args ...string) *exec.Cmd {
	cmd := exec.Command("wine", append([]string{file}, args...)...)
	cmd.Env = w.env(s)
	return cmd
}

func (w *windows) desktop(s *screen, o *opener) *exec.Cmd {
	cmd := w.program(s, filepath.Join(w.programs, "partnerdesk.exe"))
	cmd.Env = w.env(s, "PATH="+o.path())
	return cmd
}

func (w *windows) console(s *screen, args ...string) *exec.Cmd {
	return w.program(s, filepath.Join(w.programs, "partnerdesk-console.exe"), args...)
}

// data asks the console: Windows names the folder, not we.
func (w *windows) data() string {
	w.s.t.Helper()
	var said struct {
		Data string `json:"data_directory"`
	}
	must(w.s.t, json.Unmarshal([]byte(w.s.finish(w.console(w.s, "--json", "--version"))), &said))
	return w.at(said.Data)
}

func (w *windows) shared() (here, there string) { return w.at(`C:\`), "C:" }

// lendsKeyboard is false: Windows keeps the keyboard with the program that the person works in.
func (w *windows) lendsKeyboard() bool { return false }

// settle fits the window to the screen: Wine does not, and then draws what does not fit elsewhere than it takes clicks.
func (w *windows) settle(s *screen) {
	s.t.Helper()
	s.run("xdotool", "search", "--onlyvisible", "--name", "^"+title+"$",
		"windowsize", strconv.Itoa(screenWidth-2), strconv.Itoa(screenHeight-24), "windowmove", "1", "20")
}

// leave closes the window. Windows has a tray: the program asks the first time whether it shall stay there.
func (w *windows) leave(d *desktop) {
	d.t.Helper()
	d.s.key("alt+F4")
	if !w.asked {
		d.s.awaitText("The window closes and the poller goes on", inLog)
		d.s.shoot("windows-leave")
		d.s.clickText("Quit", inLog)
		w.asked = true
	}
	d.left()
}

// folderOfPrograms is where the installer puts them.
func (w *windows) folderOfPrograms() string {
	w.s.t.Helper()
	found, err := filepath.Glob(w.at(`C:\users\*\AppData\Local\Programs\Partnerdesk`))
	must(w.s.t, err)
	if len(found) != 1 {
		w.s.t.Fatalf("the installer has made %q", found)
	}
	return found[0]
}

func TestTheInstallerOfWindowsLivesTheFirstMinute(t *testing.T) {
	t.Parallel()
	s := newScreen(t)
	w := newWindows(s)
	s.finish(w.program(s, made(t, "partnerdesk-*-windows-amd64-setup.exe"), "/S"))
	w.programs = w.folderOfPrograms()
	assertStartMenu(w)
	firstMinute(s, newOpener(t), w)
	assertNoOpenGL(t, w)

	s.finish(w.program(s, filepath.Join(w.programs, "uninstall.exe"), "/S"))
	s.eventually("the programs gone", func() bool {
		_, err := os.Stat(w.programs)
		return errors.Is(err, os.ErrNotExist)
	})
	if left := startMenu(w); len(left) > 0 {
		t.Errorf("the start menu still has %q", left)
	}
	datas, err := filepath.Glob(w.at(`C:\users\*\AppData\Roaming\partnerdesk\*`))
	must(t, err)
	if len(datas) == 0 {
		t.Error("the uninstaller has removed the user's data")
	}
}

func TestTheZipOfWindowsRunsWhereItIsUnpacked(t *testing.T) {
	t.Parallel()
	s := newScreen(t)
	w := newWindows(s)
	run(t, "unzip", "-q", made(t, "partnerdesk-[0-9]*-windows-amd64.zip"), "-d", w.at(`C:\`))
	found, err := filepath.Glob(w.at(`C:\partnerdesk-*`))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("the zip holds %q, not one folder", found)
	}
	w.programs = found[0]
	consoleRound(s, w)
	d := launchOn(t, s, newOpener(t), w)
	s.awaitText("Well "+last(t, d.sandbox()).Ctx, everywhere) // what the console has stored
	s.shoot("windows-zip")
	w.leave(d)
}

func startMenu(w *windows) []string {
	w.s.t.Helper()
	found, err := filepath.Glob(w.at(`C:\users\*\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Partnerdesk\*.lnk`))
	must(w.s.t, err)
	var names []string
	for _, file := range found {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".lnk"))
	}
	return names
}

func assertStartMenu(w *windows) {
	w.s.t.Helper()
	if names := startMenu(w); len(names) != 2 || names[0] != "Partnerdesk (software OpenGL)" || names[1] != "Partnerdesk" {
		w.s.t.Errorf("the start menu has %q", names)
	}
	for _, file := range []string{"partnerdesk.exe", "README.txt"} {
		if _, err := os.Stat(filepath.Join(w.programs, "software-opengl", file)); err != nil {
			w.s.t.Errorf("the folder of the software OpenGL: %v", err)
		}
	}
}

// assertNoOpenGL starts the installed desktop on a screen that cannot show it: a message says so, and waits for its OK.
func assertNoOpenGL(t *testing.T, w *windows) {
	t.Helper()
	s := newScreen(t, "-extension", "GLX")
	s.light = true // as Windows' messages are
	s.keepIn("windows")
	// Twice the size of letters: those of Wine's messages are otherwise too small to be read off the screen.
	s.finish(w.program(s, "reg", "add", `HKCU\Control Panel\Desktop`, "/v", "LogPixels", "/t", "REG_DWORD", "/d", "192", "/f"))
	cmd := w.desktop(s, newOpener(t))
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	s.awaitText("OpenGL 2.1", everywhere)
	s.awaitText("console program does the same", everywhere)
	s.shoot("windows-no-opengl")
	if front := s.front(); front != title {
		t.Errorf("the message has the title %q", front)
	}
	s.key("Return")
	select {
	case <-ended:
		if status := cmd.ProcessState.ExitCode(); status != 3 {
			t.Errorf("without OpenGL it ended with %d", status)
		}
	case <-time.After(leaveWithin):
		t.Error("after the message it does not leave")
	}
}

func TestASignedProgramVerifiesAndAChangedOneDoesNot(t *testing.T) {
	dir := t.TempDir()
	certificate, both, program := filepath.Join(dir, "certificate.pem"), filepath.Join(dir, "both.pem"), filepath.Join(dir, "setup.exe")
	run(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=A maker of programs",
		"-addext", "extendedKeyUsage=codeSigning", "-keyout", both, "-out", certificate)
	text, err := os.ReadFile(certificate)
	must(t, err)
	key, err := os.OpenFile(both, os.O_APPEND|os.O_WRONLY, 0o600)
	must(t, err)
	_, err = key.Write(text)
	must(t, errors.Join(err, key.Close()))
	run(t, "cp", made(t, "partnerdesk-*-windows-amd64-setup.exe"), program)

	sign := exec.Command("../../.ci/sign-windows", program)
	sign.Env = append(os.Environ(), "CERTIFICATE="+both)
	if out, err := sign.CombinedOutput(); err != nil {
		t.Fatalf("sign: %v:\n%s", err, out)
	}
	run(t, "osslsigncode", "verify", "-CAfile", certificate, "-in", program)

	changed, err := os.ReadFile(program)
	must(t, err)
	changed[len(changed)/2] ^= 1
	must(t, os.WriteFile(program, changed, 0o600))
	if err := exec.Command("osslsigncode", "verify", "-CAfile", certificate, "-in", program).Run(); err == nil {
		t.Error("a program that was changed after it was signed verifies")
	}
}
