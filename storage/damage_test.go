package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const manyTenants = 16

// fillPages stores enough for trees of more than one page.
func fillPages(t testing.TB, s *Store) {
	t.Helper()
	key := fill(t, s)
	must(t, s.update(t.Context(), "fill", func(w *work) error {
		for n := range manyTenants {
			customer, login := exampleTenant(key.Registration, fmt.Sprintf("Cust%d", 100+n))
			k := recordKey(customer.Key)
			err := errors.Join(tenants.put(w, k, customer), logins.put(w, k, login), visits.put(w, k, exampleVisit(customer.Key)),
				tickets.put(w, k, tenant.Ticket{Key: customer.Key, Text: secret.New("canary-ticket"), UsedAt: customer.AddedAt}))
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// damagedStore is a store's file for a test to damage.
type damagedStore struct {
	t       *testing.T
	ring    Keyring
	path    string
	healthy []byte
	want    map[string]any
	// backup is the one that each refusal must name.
	backup string
}

func newDamaged(t *testing.T) *damagedStore {
	t.Helper()
	dir, ring := t.TempDir(), newMemoryKeyring()
	s := openTest(t, dir, ring)
	fillPages(t, s)
	want, err := content(t.Context(), s)
	must(t, err)
	healthy, err := os.ReadFile(s.Path())
	must(t, err)
	b, err := s.BackupNow(t.Context())
	must(t, err)
	return &damagedStore{t, ring, s.Path(), healthy, want, b.Name}
}

// restore puts the healthy file back under the same name, for the checks at the test's end.
func (d *damagedStore) restore() {
	d.t.Helper()
	must(d.t, os.WriteFile(d.path, d.healthy, 0o600))
}

// use opens the file as it is now and does a bit of everything. It may fail with a problem; what it must
// not do is panic, or give out something else than what was stored.
func (d *damagedStore) use(what string) error {
	d.t.Helper()
	s, err := Open(d.t.Context(), Options{Dir: filepath.Dir(d.path), Keyring: d.ring})
	if err == nil {
		var got map[string]any
		if got, err = content(d.t.Context(), s); err == nil {
			if !reflect.DeepEqual(d.want, got) { // the quick way: cmp is for the message
				d.t.Errorf("%s: %s", what, cmp.Diff(d.want, got))
			}
			err = s.SetActive(d.t.Context(), tenant.Key{Registration: "Stage app", ContextID: "Cust100"}, true)
		}
	}
	if err == nil {
		return nil
	}
	if e := wantProblem(d.t, err); !strings.Contains(e.Why+e.What, d.path) && !strings.Contains(e.What, "record") {
		d.t.Errorf("%s: the problem does not name the file: %v", what, e)
	}
	if e := tenant.Explain(err); s == nil && !strings.Contains(e.Next, d.backup) || !strings.Contains(e.Next, "partnerdesk-console recover") {
		d.t.Errorf("%s: no way back is named: %v", what, e)
	}
	wantSilent(d.t, err)
	return err
}

func TestAFlippedBitIsNoticed(t *testing.T) {
	d := newDamaged(t)
	noticed := 0
	const step = 331 // every page is hit many times, in all of its parts
	for at := 0; at < len(d.healthy); at += step {
		flipped := append([]byte(nil), d.healthy...)
		flipped[at] ^= 1 << (at / step % 8)
		must(t, os.WriteFile(d.path, flipped, 0o600))
		if err := d.use(fmt.Sprintf("byte %d", at)); err != nil {
			noticed++
		}
	}
	d.restore()
	if noticed < len(d.healthy)/step/8 {
		t.Errorf("only %d flipped bits were noticed", noticed)
	}
	t.Logf("%d of %d flipped bits lay where something is stored", noticed, len(d.healthy)/step)
}

// TestEachHeaderIsChecked flips a bit in every byte of the headers and first elements of all pages: page numbers
// that lead in circles, positions outside of the page, lists of free pages that are not free.
func TestEachHeaderIsChecked(t *testing.T) {
	d := newDamaged(t)
	page := os.Getpagesize()
	for begin := 0; begin < len(d.healthy); begin += page {
		isMeta, size := begin < 2*page, 2*elementSize
		if isMeta {
			size = metaSize
		}
		for at := begin; at < begin+headerSize+size; at++ {
			flipped := append([]byte(nil), d.healthy...)
			flipped[at] ^= 1 << (at % 8)
			must(t, os.WriteFile(d.path, flipped, 0o600))
			what := fmt.Sprintf("byte %d of page %d", at-begin, begin/page)
			err := d.use(what)
			if isMeta && at >= begin+headerSize && !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: bbolt may have undone a transaction: %v", what, err)
			}
		}
	}
	d.restore()
}

func TestATruncatedFileIsRefused(t *testing.T) {
	d := newDamaged(t)
	for size := 0; size < len(d.healthy); size += 512 {
		must(t, os.WriteFile(d.path, d.healthy[:size], 0o600))
		what := fmt.Sprintf("%d of %d bytes", size, len(d.healthy))
		if err := d.use(what); err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		} else if err == nil && size < len(d.healthy)/2 {
			t.Errorf("%s: no error", what)
		}
		if info, err := os.Stat(d.path); err != nil || info.Size() < int64(size) {
			t.Errorf("%s: the file was cut: %v", what, err)
		}
	}
	d.restore()
}

func TestWhatIsNoStoreIsRefused(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "text": "hello", "long": strings.Repeat("not a bbolt file. ", 5000), "zeros": strings.Repeat("\x00", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, fileName), []byte(content), 0o600))
			_, err := wantRefused(t, Options{Dir: dir, Keyring: newMemoryKeyring()})
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestAFileThatIsCutWhileInUse faults in the memory map: nothing looks the file through again once it is
// open. The lock must be free afterwards, and the healthy file usable again.
func TestAFileThatIsCutWhileInUse(t *testing.T) {
	d := newDamaged(t)
	for _, size := range []int{0, 100, 4096, 8192, 16384, 20000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			s, err := Open(t.Context(), Options{Dir: filepath.Dir(d.path), Keyring: d.ring})
			must(t, err)
			must(t, os.Truncate(d.path, int64(size)))
			for range 3 {
				_, err = content(t.Context(), s)
				wantProblem(t, err)
				if _, err := s.BackupNow(t.Context()); !errors.Is(err, ErrDamaged) {
					t.Errorf("a backup of it: %v", err)
				}
				if err := s.SetActive(t.Context(), tenant.Key{Registration: "Stage app", ContextID: "Cust115"}, true); err == nil {
					t.Error("a write went into a file that was cut")
				}
			}
			if all := backupsOf(t, Options{Dir: filepath.Dir(d.path), Keyring: d.ring}); len(all) != 1 || all[0].Problem != nil {
				t.Errorf("the backups are %v", all)
			}
			d.restore()
			got, err := content(t.Context(), s)
			must(t, err)
			if diff := cmp.Diff(d.want, got); diff != "" {
				t.Error(diff)
			}
			must(t, s.SetActive(t.Context(), tenant.Key{Registration: "Stage app", ContextID: "Cust115"}, true))
			d.restore()
		})
	}
}

// TestABackupIsDamagedInAllTheSameWays has Recover meet what Open meets: no backup that is not whole may get
// into the place of the file, and looking at it must not panic.
func TestABackupIsDamagedInAllTheSameWays(t *testing.T) {
	d := newDamaged(t)
	o := Options{Dir: filepath.Dir(d.path), Keyring: d.ring}
	path := filepath.Join(o.Dir, backupFolder, d.backup)
	whole, err := os.ReadFile(path)
	must(t, err)
	bad := 0
	damaged := func(what string, content []byte) {
		must(t, os.WriteFile(path, content, 0o600))
		all, err := Backups(t.Context(), o)
		must(t, err)
		if len(all) != 1 {
			t.Fatalf("%s: %d backups", what, len(all))
		}
		if all[0].Problem != nil {
			wantSilent(t, all[0].Problem)
			bad++
			return
		}
		// It passes for good, so it must be.
		elsewhere := &damagedStore{t, d.ring, filepath.Join(t.TempDir(), fileName), nil, d.want, ""}
		must(t, os.WriteFile(elsewhere.path, content, 0o600))
		if err := elsewhere.use(what); err != nil {
			t.Errorf("%s: passed for good: %v", what, err)
		}
	}
	const step = 1009
	for at := 0; at < len(whole); at += step {
		flipped := append([]byte(nil), whole...)
		flipped[at] ^= 1 << (at / step % 8)
		damaged(fmt.Sprintf("byte %d", at), flipped)
	}
	for size := 0; size < len(whole); size += 4096 - 512 {
		damaged(fmt.Sprintf("%d of %d bytes", size, len(whole)), whole[:size])
	}
	damaged("whole", whole)
	if bad < len(whole)/(4096-512) {
		t.Errorf("only %d were found out", bad)
	}
}
