package kit

import (
	"os"
	"path/filepath"
)

// DocumentsFolder is where a person keeps files: Documents in the home folder, else that folder, "" where the
// system names none. It looks at the disk.
func DocumentsFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	documents := filepath.Join(home, "Documents")
	if info, err := os.Stat(documents); err == nil && info.IsDir() {
		return documents
	}
	return home
}

// FromHome shortens a path below the person's home folder, as shells show it.
func FromHome(path string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	if below, err := filepath.Rel(home, path); err == nil && filepath.IsLocal(below) {
		return filepath.Join("~", below)
	}
	return path
}
