package app

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

// TestOpenBrowserRefuses keeps everything but web addresses from the system, which would run a file.
func TestOpenBrowserRefuses(t *testing.T) {
	for _, address := range []string{"", "file:///etc/passwd", "calc.exe", "javascript:alert(1)", "http://", "-flag", "http://a b/", "mailto:a@b.example"} {
		err := OpenBrowser(address)
		if err == nil {
			t.Fatalf("%q was opened", address)
		}
		e := tenant.Explain(err)
		if e.What != "No browser could be opened." || !strings.Contains(e.Next, "Copy the link") {
			t.Errorf("%q: %+v", address, e)
		}
		if address != "" && strings.Contains(err.Error(), address) {
			t.Errorf("the address stands in the error: %v", err)
		}
	}
}

// TestOpenFolderRefuses keeps files from the system, which would run one.
func TestOpenFolderRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.sh")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, file + "/none"} {
		if e := tenant.Explain(OpenFolder(path)); e.Cause != tenant.CauseBrowser || !strings.Contains(e.Next, path) {
			t.Errorf("%s: %+v", path, e)
		}
	}
}

// TestOpenPageRefuses keeps all but pages from the system, which would run a program.
func TestOpenPageRefuses(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "folder.html")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "run.sh")
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, program, filepath.Join(folder, "none.html")} {
		if e := tenant.Explain(OpenPage(path)); e.Cause != tenant.CauseBrowser || e.What != "The page could not be opened." || !strings.Contains(e.Next, path) {
			t.Errorf("%s: %+v", path, e)
		}
	}
}

// TestASystemWithoutABrowserIsToldInWords keeps the helper's exit status from a person who pressed F1.
func TestASystemWithoutABrowserIsToldInWords(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems have no helper that can be put in the Path")
	}
	folder := t.TempDir()
	page := filepath.Join(folder, "index.html")
	if err := os.WriteFile(page, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
	const want = "The operating system found no program that opens it."
	if e := tenant.Explain(OpenPage(page)); e.Why != want {
		t.Errorf("without a helper: %q", e.Why)
	}
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if e := tenant.Explain(OpenPage(page)); e.Why != want {
		t.Errorf("with a helper that finds no browser: %q", e.Why)
	}
}

func TestEachSystemIsAskedInItsWay(t *testing.T) {
	for _, c := range []struct {
		system, path string
		folder       bool
		want         string
	}{
		{"linux", "/opt/my guide/index.html", false, "file:///opt/my%20guide/index.html"},
		{"linux", "/home/ørn/50%", true, "file:///home/%C3%B8rn/50%25"},
		{"darwin", "/Applications/#1.html", false, "file:///Applications/%231.html"},
		{"windows", `C:\Users\Bjørn\50% #1\index.html`, false, `C:\Users\Bjørn\50% #1\index.html`},
		{"windows", `C:\Users\Bjørn\Partnerdesk`, true, `C:\Users\Bjørn\Partnerdesk\`},
		{"windows", `C:\`, true, `C:\`},
	} {
		if got := addressOf(c.system, c.path, c.folder); got != c.want {
			t.Errorf("%s is asked for %q, want %q", c.system, got, c.want)
		}
	}
}
