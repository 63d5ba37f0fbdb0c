package storage

import (
	"bytes"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// wantNoCanary searches every file in dir for the planted secrets.
func wantNoCanary(t *testing.T, dir string) {
	t.Helper()
	if searchCanaries(t, dir) == 0 {
		t.Error("nothing was searched")
	}
}

// searchCanaries is wantNoCanary for a directory that may be empty. It returns the number of files.
func searchCanaries(t *testing.T, dir string) (files int) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		wantSilence(t, "the name of "+path, []byte(entry.Name()))
		b, err := os.ReadFile(path)
		wantSilence(t, path, b)
		return err
	}))
	return files
}

// wantSilence looks for a canary, or a part of one, as it is, in hexadecimal, and in base64 wherever it begins there.
func wantSilence(t *testing.T, where string, b []byte) {
	t.Helper()
	forms := []string{"canary-", "canary passphrase", hex.EncodeToString([]byte("canary")), "Y2FuYXJ5", "NhbmFye", "jYW5hcn"}
	for _, c := range canaries {
		forms = append(forms, c[len(c)-10:])
	}
	for _, form := range forms {
		if bytes.Contains(b, []byte(form)) {
			t.Errorf("a secret stands in %s, as %s", where, form)
		}
	}
}
