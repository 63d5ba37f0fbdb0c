//go:build unix

package release

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// packed lays out two files, in an order, with a time and with rights of its own, and returns the archive of them.
func packed(t *testing.T, names []string, program, paper fs.FileMode, when time.Time) (archive []byte, file string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "partnerdesk-0.2.0")
	if err := os.Mkdir(folder, program); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		mode := paper
		if name == "partnerdesk" {
			mode = program
		}
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("This is "+name), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(t.TempDir(), "partnerdesk.tar.xz")
	command := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "pack"), folder, file)
	command.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1795405229")
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return archive, file
}

func TestTheSameFilesGiveTheSameArchive(t *testing.T) {
	for _, tool := range []string{"bash", "tar", "xz"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the script needs it: %v", err)
		}
	}
	one, file := packed(t, []string{"partnerdesk", "LICENSE"}, 0o755, 0o644, time.Unix(1_700_000_000, 0))
	other, _ := packed(t, []string{"LICENSE", "partnerdesk"}, 0o700, 0o600, time.Unix(1_600_000_000, 0))
	if !bytes.Equal(one, other) {
		t.Error("who packs, where and when gets into the archive")
	}
	list := exec.CommandContext(t.Context(), "tar", "--list", "--verbose", "--numeric-owner", "--file", file)
	list.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	said, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"drwxr-xr-x 0/0 ", "-rwxr-xr-x 0/0 ", "-rw-r--r-- 0/0 ", " 2026-11-23 ", " partnerdesk-0.2.0/LICENSE\n"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
}
