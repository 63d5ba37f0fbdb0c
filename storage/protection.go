package storage

import (
	"context"
	"errors"
	"fmt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// Protection says what guards the data key, as far as this program has noticed, for a window to show.
func (s *Store) Protection() tenant.Protection {
	if u := s.unlocked.Load(); u != nil {
		return u.identity.record.describe()
	}
	return tenant.Protection{}
}

// CurrentProtection reads from the file what guards the data key.
func (s *Store) CurrentProtection(ctx context.Context) (tenant.Protection, error) {
	var p tenant.Protection
	err := s.view(ctx, "read protection", func(w *work) error {
		old, err := leftovers.orNone(w, onlyKey)
		p = w.record.describe()
		p.OldKeys = len(old)
		return err
	})
	return p, err
}

// describe puts a store's protection in words.
func (r identityRecord) describe() tenant.Protection {
	p := tenant.Protection{Generation: r.Generation, Since: r.CreatedAt}
	if !r.ChangedAt.IsZero() {
		p.Since = r.ChangedAt
	}
	switch r.Protection {
	case byKeyring:
		p.Kind = tenant.ByKeyring
		p.Sentence = "Secrets are sealed with a key that the operating system's secret store keeps."
	case byPassphrase:
		p.Kind = tenant.ByPassphrase
		p.Sentence = "Secrets are sealed with a key that takes your passphrase at each start. Nobody can restore it for you."
	default:
		p.Kind = tenant.ByKeyFile
		p.Sentence = "Secrets are sealed with a key in a file of the data directory, which only you may read. Whoever copies the whole directory has the secrets."
		if r.ChangedAt.IsZero() {
			p.Sentence = "Secrets are sealed with a key in a file of the data directory, which only you may read: the operating system's secret store was not available when the data directory was made. Whoever copies the whole directory has the secrets."
		}
	}
	return p
}

// lockProtection is the name of the lock that one change of the protection holds from its beginning to its end.
const lockProtection = "protection"

// A change of the protection goes through these steps. Whatever cuts it off, the store opens with what its
// record says, and what lies elsewhere is on the list of leftovers.
const (
	stepNoted    = "noted"    // the new place is on the list of leftovers
	stepKept     = "kept"     // the new key lies in the new place
	stepSealed   = "sealed"   // the transaction that switches is complete, and not committed
	stepSwitched = "switched" // the record says the new place; the old one is on the list
	stepWiped    = "wiped"    // the old key is gone; its place is still on the list
)

// change is what is to become of the protection.
type change struct {
	to protectionKind
	// passphrase is the new one, for byPassphrase.
	passphrase secret.Text
	// rotate gives the store a new data key too.
	rotate bool
}

// ChangeProtection wraps the data key anew: with a new key in the operating system's secret store or in a key
// file, or with one made of the passphrase, which is ignored otherwise. The old key is then removed from its
// place. The secrets themselves stay as they are; [Store.RotateDataKey] seals them anew.
//
// Copies of the file that were made before need the old key, which is gone afterwards, or the old passphrase.
func (s *Store) ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) error {
	c := change{passphrase: passphrase}
	switch to {
	case tenant.ByKeyring:
		c.to = byKeyring
	case tenant.ByKeyFile:
		c.to = byKeyFile
	case tenant.ByPassphrase:
		if passphrase.Empty() {
			return fmt.Errorf("change protection: %w", problem(tenant.CauseInput, "check passphrase",
				"The protection cannot be changed.", "No passphrase is given.", "", nil))
		}
		c.to = byPassphrase
	default:
		return fmt.Errorf("change protection: there is no protection by %q", to)
	}
	return s.rewrap(ctx, "change protection", c)
}

// RotateDataKey gives the store a new data key, and seals every secret and sums every record anew in one
// transaction. The protection stays of its kind, with a new key of its own; a passphrase stays the same. A
// record that cannot be trusted stays as it is.
func (s *Store) RotateDataKey(ctx context.Context) error {
	return s.rewrap(ctx, "rotate data key", change{rotate: true})
}

func (s *Store) rewrap(ctx context.Context, op string, c change) error {
	release, err := s.Exclusive(ctx, lockProtection)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer release()
	// Brings this program to what the other one may have changed.
	if err := s.view(ctx, op, func(*work) error { return nil }); err != nil {
		return err
	}
	old := s.unlocked.Load()
	if old == nil {
		return fmt.Errorf("%s: %w", op, errClosed)
	}
	next, wrapping, err := s.plan(old, c)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if next.outside() {
		defer clear(wrapping)
		if err := s.keepNew(ctx, op, next, wrapping); err != nil {
			return err
		}
	}
	if err := s.switchTo(ctx, op, old, next); err != nil {
		return err
	}
	s.reached(stepSwitched)
	s.wipeLeftovers(ctx)
	scrubbed := s.scrub(ctx)
	// The backups from before opened with the key that is gone: here is one that opens with the new key, without the
	// pages that were overwritten. A damaged record, which a person is told of elsewhere, keeps nobody from changing
	// the key; the day's backup follows when it is removed.
	_, err = s.BackupNow(ctx)
	if errors.Is(err, ErrDamaged) {
		err = nil
	}
	if err := firstError(scrubbed, err); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// outside reports whether the wrapping key lies somewhere: a passphrase's is made anew each time.
func (u *unlocked) outside() bool { return u.identity.record.Protection != byPassphrase }

// plan makes the next identity with its keys, and the key that wraps it, without storing anything.
func (s *Store) plan(old *unlocked, c change) (*unlocked, []byte, error) {
	record := old.identity.record
	record.ChangedAt = s.now().UTC()
	dataKey := old.keys.data
	if c.rotate {
		c.to = record.Protection
		record.Generation++
		dataKey = randomBytes(keySize)
	}
	wrapping := randomBytes(keySize)
	switch {
	case c.to != byPassphrase:
		p := newPlace(c.to)
		record.Protection, record.Place, record.Passphrase = p.Protection, p.Name, nil
	case c.rotate:
		wrapping = old.keys.wrapping
	default:
		d := s.vault.costs
		d.Salt = randomBytes(saltSize)
		record.Protection, record.Place, record.Passphrase = byPassphrase, "", &d
		wrapping = d.key(c.passphrase)
	}
	if err := record.wrap(dataKey, wrapping); err != nil {
		return nil, nil, err
	}
	raw, err := encodeIdentity(record)
	if err != nil {
		return nil, nil, err
	}
	keys, err := deriveKeys(dataKey)
	if err != nil {
		return nil, nil, err
	}
	if c.to == byPassphrase {
		keys.wrapping = wrapping
	}
	return &unlocked{identity: identity{schema: old.identity.schema, raw: raw, record: record}, keys: keys}, wrapping, nil
}

// keepNew stores the new wrapping key where the record will say it is. The place is noted before, so that the key is
// found when the change is cut off.
func (s *Store) keepNew(ctx context.Context, op string, next *unlocked, wrapping []byte) error {
	record := next.identity.record
	note := func(w *work) error { return noteLeftover(w, record.place()) }
	if err := s.update(ctx, op, note); err != nil {
		return err
	}
	s.reached(stepNoted)
	if err := s.vault.keep(ctx, record.ID, record.place(), wrapping); err != nil {
		// The key that could not be kept wraps nothing: if some of it lies there, it opens nothing.
		_ = s.vault.wipe(context.WithoutCancel(ctx), record.ID, record.place())
		_ = s.update(context.WithoutCancel(ctx), op, func(w *work) error { return dropLeftovers(w, record.place()) })
		if record.Protection == byKeyring {
			err = keyringRefusedProblem(err)
		}
		return fmt.Errorf("%s: %w", op, err)
	}
	s.reached(stepKept)
	return nil
}

func keyringRefusedProblem(err error) error {
	return problem(tenant.CauseSecretStore, "keep key in secret store",
		"The protection stays as it is.",
		fmt.Sprintf("The operating system's secret store did not take the key: %v.", err),
		"Unlock the secret store (sign in to the desktop, open its password manager) and try again, or choose a passphrase. Nothing was changed.", err)
}

// switchTo makes next the store's identity, in one transaction with all that hangs on its keys.
func (s *Store) switchTo(ctx context.Context, op string, old, next *unlocked) error {
	return s.do(ctx, op, task{
		write: true,
		run: s.transaction(func(before *work) error {
			if s.unlocked.Load() != old {
				return replacedProblem(s.file.path)
			}
			after := &work{tx: before.tx, keys: next.keys, schema: next.identity.schema, record: next.identity.record}
			if next.identity.record.Generation != old.identity.record.Generation {
				if err := sealAnew(before, after); err != nil {
					return err
				}
			}
			if err := writeIdentity(before.tx, next.identity.raw); err != nil {
				return err
			}
			if err := swapLeftovers(after, next, old); err != nil {
				return err
			}
			s.reached(stepSealed)
			return nil
		}),
		// The lock is still held: nobody sees the new identity with the old keys.
		committed: func() error { s.unlocked.CompareAndSwap(old, next); return nil },
	})
}

// swapLeftovers takes the new place from the list, and puts the old one on it.
func swapLeftovers(w *work, next, old *unlocked) error {
	if next.outside() {
		if err := dropLeftovers(w, next.identity.record.place()); err != nil {
			return err
		}
	}
	if old.outside() {
		return noteLeftover(w, old.identity.record.place())
	}
	return nil
}
