package storage

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// wantRefused opens a store that must be refused with an explained problem, and checks that no byte of
// its directory changed.
func wantRefused(t *testing.T, o Options) (tenant.Explanation, error) {
	t.Helper()
	before := directory(t, o.Dir)
	_, err := Open(t.Context(), o)
	if err == nil {
		t.Fatal("it opened")
	}
	after := directory(t, o.Dir)
	for name, b := range before {
		if !bytes.Equal(b, after[name]) {
			t.Errorf("%s was touched", name)
		}
	}
	if len(before) != len(after) {
		t.Errorf("there were %d files, now %d", len(before), len(after))
	}
	wantSilent(t, err)
	return wantProblem(t, err), err
}

func directory(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if e.IsDir() {
			continue // the locks, which hold nothing
		}
		all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
	}
	return all
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Mode().Perm()
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // modes say nothing there
	}
	dir := filepath.Join(t.TempDir(), "data", "here")
	s := openTest(t, dir, noKeyring{})
	fill(t, s)
	for path, want := range map[string]fs.FileMode{dir: 0o700, s.Path(): 0o600, filepath.Join(dir, keyFileName): 0o600} {
		if got := mode(t, path); got != want {
			t.Errorf("%s has the mode %s", path, got)
		}
	}
	must(t, os.Chmod(s.Path(), 0o644)) // copied here by hand
	openTest(t, dir, noKeyring{})
	if got := mode(t, s.Path()); got != 0o600 {
		t.Errorf("the mode stays %s", got)
	}
}

func TestTheProtectionIsShownAndKept(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	p := openTest(t, dir, ring).Protection()
	if p.Kind != tenant.ByKeyring || p.Sentence == "" {
		t.Errorf("protection %v", p)
	}
	wantFiles(t, dir, fileName)
	for account, text := range ring.entries {
		if key, err := base64.StdEncoding.DecodeString(text); err != nil || len(key) != keySize || !strings.HasPrefix(account, "Partnerdesk/store-") {
			t.Errorf("entry %s: %v", account, err)
		}
	}
	dir = t.TempDir()
	p = openTest(t, dir, noKeyring{}).Protection()
	if p.Kind != tenant.ByKeyFile || !strings.Contains(p.Sentence, "not available") {
		t.Errorf("protection %v", p)
	}
	if again := openTest(t, dir, ring).Protection(); again != p {
		t.Errorf("with a keyring there now, the protection became %v", again)
	}
	wantFiles(t, dir, fileName, keyFileName)
}

func TestALostKeyIsExplainedAndNothingTouched(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	fill(t, openTest(t, dir, ring))
	e, err := wantRefused(t, Options{Dir: dir, Keyring: newMemoryKeyring()})
	if e.Temporary || errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("an entry that is gone: %v", err)
	}
	if e, _ := wantRefused(t, Options{Dir: dir, Keyring: noKeyring{}}); !e.Temporary {
		t.Errorf("a keyring that is locked: %v", e)
	}
	for account := range ring.entries {
		wrong := newMemoryKeyring()
		wrong.entries[account] = base64.StdEncoding.EncodeToString(make([]byte, keySize))
		wantRefused(t, Options{Dir: dir, Keyring: wrong})
		wrong.entries[account] = "canary-client-secret"
		wantRefused(t, Options{Dir: dir, Keyring: wrong})
	}
	openTest(t, dir, ring)
}

func TestALostKeyFileIsExplainedAndNothingTouched(t *testing.T) {
	dir := t.TempDir()
	fill(t, openTest(t, dir, noKeyring{}))
	path := filepath.Join(dir, keyFileName)
	good, err := os.ReadFile(path)
	must(t, err)
	for name, content := range map[string]string{
		"empty":       "",
		"garbage":     "canary-client-secret",
		"too short":   keyFilePrefix + "AAAA",
		"another key": keyFilePrefix + base64.StdEncoding.EncodeToString(make([]byte, keySize)),
		"enormous":    strings.Repeat("x", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			must(t, os.WriteFile(path, []byte(content), 0o600))
			wantRefused(t, Options{Dir: dir, Keyring: noKeyring{}})
		})
	}
	must(t, os.Remove(path))
	wantRefused(t, Options{Dir: dir, Keyring: noKeyring{}})
	must(t, os.WriteFile(path, good, 0o600))
	openTest(t, dir, noKeyring{})
	if runtime.GOOS != "windows" {
		must(t, os.Chmod(path, 0o640))
		if e, _ := wantRefused(t, Options{Dir: dir, Keyring: noKeyring{}}); !strings.Contains(e.Next, "chmod 600") {
			t.Errorf("an open key file: %v", e)
		}
	}
}

func TestAKeyFileIsNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, noKeyring{})
	path := filepath.Join(dir, keyFileName)
	before, err := os.ReadFile(path)
	must(t, err)
	aside := filepath.Join(t.TempDir(), fileName)
	must(t, os.Rename(filepath.Join(dir, fileName), aside))
	fill(t, openTest(t, dir, noKeyring{}))
	after, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the key of the store that was put aside is lost")
	}
}

func TestAKeyringThatHangsIsGivenUp(t *testing.T) {
	ring := hangingKeyring{make(chan struct{})}
	t.Cleanup(func() { close(ring.let) })
	patient := &patientKeyring{ring: ring, patience: 20 * time.Millisecond}
	if err := patient.keep(t.Context(), "a", make([]byte, keySize)); !errors.Is(err, errKeyringSilent) {
		t.Errorf("keep: %v", err)
	}
	_, err := patient.fetch(t.Context(), "a") // at once, and without another goroutine
	wantProblem(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	if _, err := Open(ctx, Options{Dir: dir, Keyring: ring}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := Open(ctx, Options{Dir: dir, Keyring: ring}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expired: %v", err)
	}
	openTest(t, dir, noKeyring{}) // what the expired one left is no obstacle
	wantFiles(t, dir, fileName, keyFileName)
}

func TestTheSystemsKeyringIsQuickToRefuse(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "nothing"))
	began := time.Now()
	if _, err := (systemKeyring{}).Get(keyringService, "none"); err == nil {
		t.Error("an entry was found without a bus")
	}
	if err := (systemKeyring{}).Set(keyringService, "none", "x"); err == nil {
		t.Error("an entry was kept without a bus")
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestANewerStoreIsRefusedUntouched(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fill(t, s)
	tamper(t, s, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte(bucketMeta)).Put([]byte(metaSchema), []byte(strconv.Itoa(schemaVersion+1)))
	})
	if e, _ := wantRefused(t, Options{Dir: dir, Keyring: ring}); !strings.Contains(e.Why, fmt.Sprint("version ", schemaVersion+1)) {
		t.Errorf("newer: %v", e)
	}
	before := directory(t, dir)
	wantProblem(t, s.SaveRegistration(t.Context(), exampleRegistration("r"))) // opened before the migration
	_, err := s.Tenants(t.Context())
	wantProblem(t, err)
	if !bytes.Equal(before[fileName], directory(t, dir)[fileName]) {
		t.Error("an older program wrote into a newer store")
	}
}

func TestAReplacedStoreIsNotWrittenWithTheOldKey(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fill(t, s)
	must(t, os.Remove(s.Path()))
	_, err := s.Tenants(t.Context())
	wantProblem(t, err)
	wantProblem(t, s.SaveRegistration(t.Context(), exampleRegistration("r")))
	wantFiles(t, dir) // neither reading nor writing makes a new file
	openTest(t, dir, ring)
	_, err = s.Tenants(t.Context())
	if e := wantProblem(t, err); !strings.Contains(e.Why, "replaced") {
		t.Errorf("replaced: %v", e)
	}
	wantProblem(t, s.SaveRegistration(t.Context(), exampleRegistration("r")))
}

func TestAStartThatWasCutOffIsFinishedByTheNext(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	openTest(t, dir, ring)
	complete, err := os.ReadFile(filepath.Join(dir, fileName))
	must(t, err)
	for name, left := range map[string][]byte{
		"before its first byte": {}, "half written": complete[:5000], "garbage": bytes.Repeat([]byte("x"), 20000), "before its name": complete,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, fileName+unfinishedSuffix), left, 0o600))
			must(t, os.WriteFile(filepath.Join(dir, keyFileName+unfinishedSuffix), []byte("half"), 0o600))
			fill(t, openTest(t, dir, ring))
			wantFiles(t, dir, fileName, keyFileName+unfinishedSuffix)
		})
	}
}

func TestALeftSecondNameIsRemoved(t *testing.T) {
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	must(t, os.Link(s.Path(), s.Path()+unfinishedSuffix))
	fill(t, openTest(t, dir, ring))
	wantFiles(t, dir, fileName)
}

func TestADirectoryThatCannotBeUsedIsExplained(t *testing.T) {
	if _, err := Open(t.Context(), Options{Keyring: noKeyring{}}); err == nil {
		t.Error("no directory is no problem")
	}
	file := filepath.Join(t.TempDir(), "a file")
	must(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(t.Context(), Options{Dir: file, Keyring: noKeyring{}})
	wantProblem(t, err)
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, fileName), 0o700))
	_, err = Open(t.Context(), Options{Dir: dir, Keyring: noKeyring{}})
	wantProblem(t, err)
}
