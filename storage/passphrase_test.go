package storage

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// withPassphrase is a lair whose store is protected by the canary passphrase.
func withPassphrase(t *testing.T) lair {
	t.Helper()
	l := newLair(t)
	s := l.open()
	fill(t, s)
	must(t, s.ChangeProtection(t.Context(), tenant.ByPassphrase, canaryPassphrase))
	return l
}

func TestAPassphraseMayBeTriedThreeTimes(t *testing.T) {
	ctx, l := t.Context(), withPassphrase(t)
	var asked []int
	answers := func(right int) func(context.Context, int) (secret.Text, error) {
		asked = nil
		return func(_ context.Context, attempt int) (secret.Text, error) {
			asked = append(asked, attempt)
			if attempt == right {
				return canaryPassphrase, nil
			}
			return secret.New("canary wrong one"), nil
		}
	}
	for right := 1; right <= 4; right++ {
		s, err := Open(ctx, Options{Dir: l.dir, Keyring: l.ring, Passphrase: answers(right)})
		if len(asked) != min(right, 3) || asked[0] != 1 {
			t.Errorf("asked %v", asked)
		}
		if right <= 3 {
			must(t, err)
			must(t, s.Close())
			continue
		}
		if e := wantProblem(t, err); e.Cause != tenant.CauseInput || !errors.Is(err, errSeal) {
			t.Errorf("wrong three times: %v", err)
		}
		wantSilent(t, err)
	}
}

func TestAPassphraseThatNobodyGivesIsExplained(t *testing.T) {
	l := withPassphrase(t)
	e, _ := wantRefused(t, Options{Dir: l.dir, Keyring: l.ring})
	if e.Cause != tenant.CauseInput || e.Fault != tenant.FaultPerson {
		t.Errorf("without a way to ask: %v", e)
	}
	no := errors.New("no terminal")
	fails := func(context.Context, int) (secret.Text, error) { return secret.Text{}, no }
	if _, err := Open(t.Context(), Options{Dir: l.dir, Keyring: l.ring, Passphrase: fails}); !errors.Is(err, no) {
		t.Errorf("a way that fails: %v", err)
	}
	once := func(_ context.Context, attempt int) (secret.Text, error) {
		if attempt > 1 {
			return secret.Text{}, no
		}
		return secret.New("the content of a file"), nil
	}
	_, err := wantRefused(t, Options{Dir: l.dir, Keyring: l.ring, Passphrase: once})
	if e := wantProblem(t, err); e.Cause != tenant.CauseInput {
		t.Errorf("wrong, and there is no other: %v", e)
	}
	ctx, cancel := context.WithCancel(t.Context())
	leaves := func(context.Context, int) (secret.Text, error) { cancel(); return secret.Text{}, ctx.Err() }
	if _, err := Open(ctx, Options{Dir: l.dir, Keyring: l.ring, Passphrase: leaves}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Whoever can write the file must not be able to hang the program, to exhaust its memory or to end it.
func TestAFileCannotAskForAnyCost(t *testing.T) {
	l := withPassphrase(t)
	s := l.open()
	good := *s.unlocked.Load().identity.record.Passphrase
	for name, edit := range map[string]func(*derivation){
		"no passes":       func(d *derivation) { d.Passes = 0 },
		"many passes":     func(d *derivation) { d.Passes = 1 << 31 },
		"no memory":       func(d *derivation) { d.Memory = 0 },
		"much memory":     func(d *derivation) { d.Memory = 1 << 31 },
		"both together":   func(d *derivation) { d.Passes, d.Memory = maxPasses, maxMemory },
		"no lanes":        func(d *derivation) { d.Lanes = 0 },
		"many lanes":      func(d *derivation) { d.Lanes = 255 },
		"no salt":         func(d *derivation) { d.Salt = nil },
		"a large salt":    func(d *derivation) { d.Salt = make([]byte, 1<<16) },
		"nothing of it":   func(d *derivation) { *d = derivation{} },
		"a place outside": nil,
	} {
		t.Run(name, func(t *testing.T) {
			record := s.unlocked.Load().identity.record
			d := good
			record.Passphrase = &d
			if edit != nil {
				edit(&d)
			} else {
				record.Protection, record.Place = byKeyFile, "/../../etc/passwd"
			}
			rewriteIdentity(t, s, record)
			_, err := wantRefused(t, Options{Dir: l.dir, Keyring: l.ring, Passphrase: says(canaryPassphrase)})
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("refused with %v", err)
			}
		})
	}
	record := s.unlocked.Load().identity.record
	record.Passphrase = nil
	rewriteIdentity(t, s, record)
	wantRefused(t, Options{Dir: l.dir, Keyring: l.ring, Passphrase: says(canaryPassphrase)})
	rewriteIdentity(t, s, s.unlocked.Load().identity.record)
	l.open()
}

// rewriteIdentity edits the identity as somebody without a key could: its checksum is a plain one.
func rewriteIdentity(t *testing.T, s *Store, record identityRecord) {
	t.Helper()
	raw, err := encodeIdentity(record)
	must(t, err)
	tamper(t, s, func(tx *bolt.Tx) error { return writeIdentity(tx, raw) })
}

func TestANewPassphraseCostsWhatItShould(t *testing.T) {
	l := newLair(t)
	s := openWith(t, Options{Dir: l.dir, Keyring: l.ring})
	must(t, s.ChangeProtection(t.Context(), tenant.ByPassphrase, canaryPassphrase))
	d := s.unlocked.Load().identity.record.Passphrase
	must(t, d.check())
	if d.Memory < 64<<10 || d.Passes < 3 {
		t.Errorf("%d KiB, %d passes", d.Memory, d.Passes)
	}
	salt := string(d.Salt)
	must(t, s.ChangeProtection(t.Context(), tenant.ByPassphrase, canaryPassphrase))
	if string(s.unlocked.Load().identity.record.Passphrase.Salt) == salt {
		t.Error("the salt is the same again")
	}
	var stored map[string]any
	record, err := json.Marshal(s.unlocked.Load().identity.record)
	must(t, err)
	must(t, json.Unmarshal(record, &stored))
	if _, there := stored["passphrase"].(map[string]any)["salt"]; !there {
		t.Errorf("the file in %s does not say how its passphrase is used", filepath.Base(l.dir))
	}
}
