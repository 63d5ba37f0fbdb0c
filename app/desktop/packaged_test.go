package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The guide is found wherever a package puts it, and nothing else is taken for it.
func TestTheGuideIsFoundBesideTheProgram(t *testing.T) {
	for name, c := range map[string]struct {
		program, guide string
		found          bool
	}{
		"installed on Windows":   {"Partnerdesk/partnerdesk.exe", "Partnerdesk/guide", true},
		"the copy of the same":   {"Partnerdesk/software-opengl/partnerdesk.exe", "Partnerdesk/guide", true},
		"installed on Linux":     {"usr/bin/partnerdesk", "usr/share/doc/partnerdesk/guide", true},
		"built from source":      {"source/build/partnerdesk", "source/assets/guide", false},
		"beside somebody's else": {"downloads/tools/partnerdesk.exe", "downloads/guide", false},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			page := filepath.Join(root, c.guide, "index.html")
			if err := os.MkdirAll(filepath.Dir(page), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(page, []byte("<!DOCTYPE html>"), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := guidePage(filepath.Join(root, c.program)); c.found != (got == page) || !c.found && got != "" {
				t.Errorf("found %q, and there is %q", got, page)
			}
		})
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "guide", "index.html"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := guidePage(filepath.Join(folder, "partnerdesk")); got != "" {
		t.Errorf("a folder is taken for the guide: %q", got)
	}
}
