package storage

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"partnerdesk/core/tenant"
)

// keyFilePrefix begins a key file's one line, so that a person who finds it can tell what it is.
const keyFilePrefix = "partnerdesk-key-1:"

// createKeyFile writes key to a new key file. A key file that is there already is never overwritten, as another
// store may depend on it; the caller reads back which key there is.
func createKeyFile(path string, key []byte) error {
	unfinished := path + unfinishedSuffix
	if err := writeKeyFile(unfinished, key); err != nil {
		return machineProblem("write key file", path, err)
	}
	if errors.Is(publish(unfinished, path), errNoLinks) {
		if err := renameOnce(unfinished, path); err != nil {
			return err
		}
	}
	return tidy(unfinished)
}

// wipeKeyFile overwrites and removes a key file, and what is left of one that was never finished. Overwriting helps
// where the disk writes in place; elsewhere there is no way to do more.
func wipeKeyFile(path string) error {
	for _, name := range []string{path + unfinishedSuffix, path} {
		if !exists(name) {
			continue
		}
		if err := overwrite(name); err != nil {
			return machineProblem("wipe key file", name, err)
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return machineProblem("remove key file", name, err)
		}
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return machineProblem("sync data directory", path, err)
	}
	return nil
}

func overwrite(path string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := f.Write(make([]byte, min(info.Size(), maxKeyFile))); err != nil {
		return err
	}
	return f.Sync()
}

// writeKeyFile writes a file that is on the disk when it returns.
func writeKeyFile(path string, key []byte) (err error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // left by a start that was cut off
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.WriteString(f, keyFilePrefix+base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
		return err
	}
	return f.Sync()
}

// maxKeyFile is far more than a key file has.
const maxKeyFile = 1 << 10

func readKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, keyFileProblem(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, keyFileProblem(path, err)
	}
	if othersMayRead(info) {
		return nil, problem(tenant.CauseFiles, "read key file",
			"The key file is open to other users of this machine.",
			fmt.Sprintf("%s has the mode %s, and must be readable by its owner only.", path, info.Mode().Perm()),
			fmt.Sprintf("Check who could have read it, then set its mode: chmod 600 %q.", path), nil)
	}
	content, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, keyFileProblem(path, err)
	}
	text, found := strings.CutPrefix(strings.TrimSpace(string(content)), keyFilePrefix)
	key, err := decodeKey(text)
	if !found || err != nil {
		return nil, keyFileProblem(path, errors.New("its content is not a key of this program"))
	}
	return key, nil
}

func keyFileProblem(path string, err error) error {
	why := fmt.Sprintf("The key file %s cannot be used: %v.", path, err)
	if errors.Is(err, fs.ErrNotExist) {
		why = fmt.Sprintf("The key file %s is gone.", path)
	}
	return problem(tenant.CauseDataKey, "read key file",
		"The key to the data file could not be had.", why,
		fmt.Sprintf("Put it back from a backup of %s. Without one, move the data directory aside, start again, add the registrations and sign in to each tenant. Nothing was changed.", filepath.Dir(path)), err)
}
