package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestANewUsersHomeGetsItsFolderForCaches(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows makes the folder with the user")
	}
	home := filepath.Join(t.TempDir(), "new")
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	makeCacheFolder()
	folder, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(folder); err != nil || i.Mode().Perm() != 0o700 {
		t.Errorf("%s: %v, %v; want a folder for its owner only", folder, i, err)
	}
}
