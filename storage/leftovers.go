package storage

import (
	"context"
	"slices"
)

type leftoversRecord struct {
	Places []place `json:"places"`
}

// leftovers is a single record: the places outside of the file where a wrapping key may lie that the store does
// not need. It changes in the transaction that changes the identity, so it never names the key in use.
var leftovers = table[[]place, leftoversRecord]{
	bucket: bucketLeftovers,
	noun:   "list of old keys",
	pack:   func(places []place, _ *box) leftoversRecord { return leftoversRecord{places} },
	unpack: func(r leftoversRecord, _ *box) []place { return r.Places },
}

func noteLeftover(w *work, p place) error {
	list, err := leftovers.orNone(w, onlyKey)
	if err != nil || slices.Contains(list, p) {
		return err
	}
	return leftovers.put(w, onlyKey, append(list, p))
}

func dropLeftovers(w *work, done ...place) error {
	list, err := leftovers.orNone(w, onlyKey)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(list, func(p place) bool { return slices.Contains(done, p) })
	return leftovers.put(w, onlyKey, left)
}

// tidyLeftovers wipes what a change of the protection has left, unless one is under way. What cannot be wiped
// now is tried again at the next start: it is no reason not to start.
func (s *Store) tidyLeftovers(ctx context.Context) {
	if p, err := s.CurrentProtection(ctx); err != nil || p.OldKeys == 0 {
		return
	}
	short, cancel := context.WithTimeout(ctx, lockEvery)
	defer cancel()
	release, err := s.Exclusive(short, lockProtection)
	if err != nil {
		return
	}
	defer release()
	s.wipeLeftovers(ctx)
}

// wipeLeftovers removes the keys on the list from their places. The caller holds the lock of the protection.
// [tenant.Protection.OldKeys] tells of those that stay.
func (s *Store) wipeLeftovers(ctx context.Context) {
	var list []place
	var id string
	err := s.view(ctx, "list old keys", func(w *work) (err error) {
		list, err = leftovers.orNone(w, onlyKey)
		id = w.record.ID
		// Two copies of a store may have gone different ways: what one has left, the other may use.
		list = slices.DeleteFunc(list, func(p place) bool { return checkPlace(p) != nil || p == w.record.place() })
		return err
	})
	if err != nil {
		return
	}
	list = slices.DeleteFunc(list, func(p place) bool { return s.vault.wipe(ctx, id, p) != nil })
	if len(list) == 0 {
		return
	}
	s.reached(stepWiped)
	// Without this, the next start wipes again what is gone.
	_ = s.update(ctx, "forget old keys", func(w *work) error { return dropLeftovers(w, list...) })
}
