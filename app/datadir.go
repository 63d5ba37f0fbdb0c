package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"partnerdesk/core/tenant"
)

// DataVariable names the environment variable that moves the data directory.
const DataVariable = "PARTNERDESK_DATA"

// DataDir returns the data directory: the one asked for, else the one in the environment, else the
// operating system's place for an application's data. It does not create it.
func DataDir(asked string) (string, error) {
	if asked == "" {
		asked = os.Getenv(DataVariable)
	}
	if asked != "" {
		return filepath.Abs(asked)
	}
	base, err := systemDataDir()
	if err != nil {
		return "", &tenant.Problem{Op: "find the data directory", Err: err, Explanation: tenant.CauseFiles.Explain(
			"There is no place for Partnerdesk's data.", "The operating system names none.",
			"Set "+DataVariable+" to a folder of your own.")}
	}
	return filepath.Join(base, "partnerdesk"), nil
}

// systemDataDir follows the XDG base directory specification on Linux; elsewhere the place for an
// application's settings is also the one for its data.
func systemDataDir() (string, error) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return os.UserConfigDir()
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the home folder: %w", err)
	}
	if home == "" {
		return "", errors.New("the home folder has no name")
	}
	return filepath.Join(home, ".local", "share"), nil
}
