package app

import (
	"os"
	"path/filepath"
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
