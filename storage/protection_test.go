package storage

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

var canaryPassphrase = secret.New("canary passphrase of four words")

// says answers with one passphrase, however often it is asked.
func says(passphrase secret.Text) func(context.Context, int) (secret.Text, error) {
	return func(context.Context, int) (secret.Text, error) { return passphrase, nil }
}

// cheaply makes new passphrases of a store cost little, as each of these tests needs several.
func cheaply(s *Store) *Store {
	s.vault.costs = derivation{Passes: 1, Memory: minMemory, Lanes: 1}
	return s
}

// lair is a data directory and a keyring, with all the places where a key can lie.
type lair struct {
	t    testing.TB
	dir  string
	ring *memoryKeyring
}

func newLair(t testing.TB) lair { return lair{t, t.TempDir(), newMemoryKeyring()} }

func (l lair) open() *Store {
	l.t.Helper()
	return cheaply(openWith(l.t, Options{Dir: l.dir, Keyring: l.ring, Passphrase: says(canaryPassphrase)}))
}

// keys counts the keys that lie in the keyring and in key files.
func (l lair) keys() (inRing, inFiles int) {
	l.t.Helper()
	files, err := filepath.Glob(filepath.Join(l.dir, "*.key*"))
	must(l.t, err)
	l.ring.mu.Lock()
	defer l.ring.mu.Unlock()
	return len(l.ring.entries), len(files)
}

func (l lair) wantKeys(kind tenant.ProtectionKind) {
	l.t.Helper()
	want := map[tenant.ProtectionKind][2]int{tenant.ByKeyring: {1, 0}, tenant.ByKeyFile: {0, 1}}[kind]
	if ring, files := l.keys(); [2]int{ring, files} != want {
		l.t.Errorf("by %s: %d keys in the keyring, %d in files", kind, ring, files)
	}
}

func wantContent(t testing.TB, s *Store, want map[string]any) {
	t.Helper()
	got, err := content(t.Context(), s)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheProtectionChangesFromEachToEach(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	fill(t, s)
	want, err := content(ctx, s)
	must(t, err)
	kinds := []tenant.ProtectionKind{
		tenant.ByPassphrase, tenant.ByKeyFile, tenant.ByKeyring, tenant.ByKeyFile, tenant.ByPassphrase,
		tenant.ByPassphrase, tenant.ByKeyring, tenant.ByKeyring, tenant.ByKeyFile, tenant.ByKeyFile,
	}
	for _, kind := range kinds {
		must(t, s.ChangeProtection(ctx, kind, canaryPassphrase))
		p, err := s.CurrentProtection(ctx)
		must(t, err)
		if p.Kind != kind || p.OldKeys != 0 || p.Generation != 1 || p.Sentence == "" || p != s.Protection() {
			t.Errorf("changed to %s: %v", kind, p)
		}
		l.wantKeys(kind)
		wantContent(t, s, want)
		wantContent(t, l.open(), want)
	}
	wantNoCanary(t, l.dir)
}

func TestANewDataKeySealsEverythingAnew(t *testing.T) {
	for _, kind := range []tenant.ProtectionKind{tenant.ByKeyring, tenant.ByPassphrase, tenant.ByKeyFile} {
		t.Run(string(kind), func(t *testing.T) {
			ctx, l := t.Context(), newLair(t)
			s := l.open()
			key := fill(t, s)
			must(t, s.ChangeProtection(ctx, kind, canaryPassphrase))
			want, err := content(ctx, s)
			must(t, err)
			old := s.unlocked.Load()
			must(t, s.RotateDataKey(ctx))
			if p := s.Protection(); p.Kind != kind || p.Generation != 2 {
				t.Errorf("protection %v", p)
			}
			l.wantKeys(kind)
			wantContent(t, s, want)
			wantContent(t, l.open(), want)
			must(t, s.view(ctx, "read with the old key", func(w *work) error {
				w.keys = old.keys
				for _, has := range []func() error{
					func() error { _, err := registrations.need(w, key.Registration); return err },
					func() error { _, err := tenants.need(w, recordKey(key)); return err },
					func() error { _, err := logins.need(w, recordKey(key)); return err },
					func() error { _, err := tickets.need(w, recordKey(key)); return err },
					func() error { _, err := visits.need(w, recordKey(key)); return err },
					func() error { _, err := exchanges.need(w, recordKey(key)); return err },
					func() error { _, err := settings.need(w, onlyKey); return err },
				} {
					if err := has(); !errors.Is(err, ErrDamaged) {
						t.Errorf("the old data key still opens a record: %v", err)
					}
				}
				return nil
			}))
			wantNoCanary(t, l.dir)
		})
	}
}

// The record that cannot be trusted is still there afterwards, still cannot be, and can still be removed.
func TestADamagedRecordStopsNoNewDataKey(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	key := fill(t, s)
	customer, login := exampleTenant(key.Registration, "Cust2")
	_, err := s.SaveSignIn(ctx, customer, login)
	must(t, err)
	breakRecord(t, s, bucketTenants, recordKey(key))
	must(t, s.RotateDataKey(ctx))
	shot, err := s.Snapshot(ctx)
	must(t, err)
	if len(shot.Tenants) != 1 || !cmp.Equal(shot.Damaged, []tenant.Damaged{{Record: "tenant", Key: key}}) {
		t.Errorf("%d tenants, damaged %v", len(shot.Tenants), shot.Damaged)
	}
	must(t, s.RemoveTenant(ctx, key))
}

// The other program goes on with its work, whatever was changed: only for a new passphrase it needs a person.
func TestTheOtherProgramUnlocksAnewByItself(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s, other := l.open(), l.open()
	fill(t, s)
	want, err := content(ctx, s)
	must(t, err)
	for _, change := range []func() error{
		func() error { return s.RotateDataKey(ctx) },
		func() error { return s.ChangeProtection(ctx, tenant.ByKeyFile, secret.Text{}) },
		func() error { return errors.Join(s.RotateDataKey(ctx), s.RotateDataKey(ctx)) },
		func() error { return s.ChangeProtection(ctx, tenant.ByKeyring, secret.Text{}) },
	} {
		must(t, change())
		wantContent(t, other, want)
		if other.Protection() != s.Protection() {
			t.Errorf("the other program shows %v", other.Protection())
		}
		s, other = other, s
	}
	must(t, s.ChangeProtection(ctx, tenant.ByPassphrase, canaryPassphrase))
	for range 2 {
		_, err = other.Tenants(ctx)
		if e := wantProblem(t, err); e.Fault != tenant.FaultPerson || !strings.Contains(e.What, "new passphrase") {
			t.Errorf("a new passphrase: %v", e)
		}
	}
	another := l.open()
	must(t, s.RotateDataKey(ctx))
	wantContent(t, another, want) // the passphrase is the same
	must(t, s.ChangeProtection(ctx, tenant.ByKeyring, secret.Text{}))
	wantContent(t, another, want)
	wantContent(t, other, want)
}

func TestManyGoroutinesOfTwoProgramsGoOnWhileTheKeysChange(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s, other := l.open(), l.open()
	fill(t, s)
	stop := make(chan struct{})
	var work sync.WaitGroup
	updates := make([]int, 4)
	for n := range updates {
		work.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				err := []*Store{s, other}[n%2].UpdateSettings(ctx, func(c *tenant.Settings) error { c.PollInterval++; return nil })
				if err != nil {
					t.Errorf("update: %v", err)
					return
				}
				updates[n]++
			}
		})
	}
	for n := range 4 {
		must(t, []*Store{s, other}[n%2].RotateDataKey(ctx))
		must(t, []*Store{other, s}[n%2].ChangeProtection(ctx, []tenant.ProtectionKind{tenant.ByKeyFile, tenant.ByKeyring}[n%2], secret.Text{}))
	}
	close(stop)
	work.Wait()
	got, err := l.open().Settings(ctx)
	must(t, err)
	if sum := updates[0] + updates[1] + updates[2] + updates[3]; got.PollInterval != time.Minute+time.Duration(sum) {
		t.Errorf("%d updates, and the interval is %d over", sum, got.PollInterval-time.Minute)
	}
	if p := s.Protection(); p.Generation != 5 {
		t.Errorf("generation %d", p.Generation)
	}
	l.wantKeys(tenant.ByKeyring)
}

func TestTenThousandTenantsGetANewDataKeyInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("10,000 tenants take a while")
	}
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	key := fill(t, s)
	must(t, s.update(ctx, "fill", func(w *work) error {
		for n := range benchTenants - 1 {
			customer, login := exampleTenant(key.Registration, "Cust"+string(rune('a'+n%26))+time.Duration(n).String())
			k := recordKey(customer.Key)
			if err := errors.Join(tenants.put(w, k, customer), logins.put(w, k, login)); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, s.RotateDataKey(ctx))
	all, err := l.open().Tenants(ctx)
	must(t, err)
	if len(all) != benchTenants {
		t.Errorf("%d tenants", len(all))
	}
}

func TestWhatCannotBeAProtectionIsRefused(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	if err := s.ChangeProtection(ctx, "prayer", secret.Text{}); err == nil {
		t.Error("any protection will do")
	}
	wantProblem(t, s.ChangeProtection(ctx, tenant.ByPassphrase, secret.Text{}))
	bare := openTest(t, t.TempDir(), noKeyring{})
	err := bare.ChangeProtection(ctx, tenant.ByKeyring, secret.Text{})
	if e := wantProblem(t, err); e.Cause != tenant.CauseSecretStore || !errors.Is(err, errNoKeyring) {
		t.Errorf("no keyring: %v", err)
	}
	p, err := bare.CurrentProtection(ctx)
	must(t, err)
	if p.Kind != tenant.ByKeyFile || p.OldKeys != 0 {
		t.Errorf("afterwards: %v", p)
	}
}

// An old key that cannot be wiped is told, and wiped by a later start.
func TestAnOldKeyThatStaysIsToldAndTriedAgain(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	fill(t, s)
	s.vault.ring.ring = noKeyring{} // locked meanwhile
	must(t, s.ChangeProtection(ctx, tenant.ByPassphrase, canaryPassphrase))
	p, err := s.CurrentProtection(ctx)
	must(t, err)
	if p.OldKeys != 1 {
		t.Errorf("old keys: %d", p.OldKeys)
	}
	p, err = l.open().CurrentProtection(ctx)
	must(t, err)
	if p.OldKeys != 0 {
		t.Errorf("old keys after the next start: %d", p.OldKeys)
	}
	l.wantKeys(tenant.ByPassphrase)
}

func TestTheKeyOfAnotherStoreIsNotWiped(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	first := openTest(t, l.dir, noKeyring{})
	fill(t, first)
	want, err := content(ctx, first)
	must(t, err)
	aside := filepath.Join(t.TempDir(), fileName)
	must(t, os.Rename(first.Path(), aside))
	second := openTest(t, l.dir, noKeyring{})
	must(t, second.ChangeProtection(ctx, tenant.ByKeyFile, secret.Text{}))
	must(t, second.RotateDataKey(ctx))
	must(t, os.Rename(aside, first.Path()))
	wantContent(t, openTest(t, l.dir, noKeyring{}), want)
}

// keyBytes are a store's keys, in the forms in which they could lie somewhere.
func keyBytes(s *Store) []string {
	var all []string
	k := s.unlocked.Load().keys
	for _, key := range [][]byte{k.data, k.sum, k.wrapping} {
		if len(key) > 0 {
			all = append(all, string(key), base64.StdEncoding.EncodeToString(key))
		}
	}
	return all
}

func TestNoFileHoldsAKeyOrThePassphrase(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	fill(t, s)
	all := append(keyBytes(s), canaryPassphrase.Reveal())
	for _, account := range l.ring.entries {
		key, err := base64.StdEncoding.DecodeString(account)
		must(t, err)
		all = append(all, string(key), account)
	}
	must(t, s.RotateDataKey(ctx))
	all = append(all, keyBytes(s)...)
	must(t, s.ChangeProtection(ctx, tenant.ByPassphrase, canaryPassphrase))
	must(t, s.RotateDataKey(ctx))
	all = append(all, keyBytes(s)...)
	if len(all) < 12 || slices.Contains(all, "") {
		t.Fatalf("%d keys to look for", len(all))
	}
	for name, content := range directory(t, filepath.Dir(s.Path())) {
		for n, key := range all {
			if strings.Contains(string(content), key) {
				t.Errorf("%s holds key %d", name, n)
			}
		}
	}
}

func TestAWrappedKeyOpensOnlyAsWhatItIs(t *testing.T) {
	wrapping, data := randomBytes(keySize), randomBytes(keySize)
	record := identityRecord{ID: "a", Generation: 2, Protection: byKeyring, Place: "0011223344556677"}
	must(t, record.wrap(data, wrapping))
	if _, err := unwrap(record, wrapping); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*identityRecord){
		"another store":      func(r *identityRecord) { r.ID = "b" },
		"another generation": func(r *identityRecord) { r.Generation = 1 },
		"another protection": func(r *identityRecord) { r.Protection = byKeyFile },
		"another place":      func(r *identityRecord) { r.Place = "0011223344556678" },
		"the first place":    func(r *identityRecord) { r.Place = "" },
	} {
		other := record
		edit(&other)
		if _, err := unwrap(other, wrapping); !errors.Is(err, errSeal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
