package tenants

import (
	"maps"

	"partnerdesk/core/tenant"
)

// selection is which tenants are selected. The chosen one of them is what the rest of the window is about, and where
// the arrow keys go on from; the anchor is where a selection of several began.
type selection struct {
	keys           map[tenant.Key]bool
	chosen, anchor tenant.Key
}

// one selects a tenant alone; the zero key none.
func (s *selection) one(k tenant.Key) {
	s.keys, s.chosen, s.anchor = map[tenant.Key]bool{}, k, k
	if k != (tenant.Key{}) {
		s.keys[k] = true
	}
}

// toggle takes a tenant into the selection, or out of it while another one is left.
func (s *selection) toggle(k tenant.Key) {
	switch {
	case !s.keys[k]:
		s.keys[k], s.chosen, s.anchor = true, k, k
	case len(s.keys) > 1:
		delete(s.keys, k)
		s.anchor = k
	}
}

// through selects all from the anchor to a tenant, in the order of the table, and no other. position says where a
// tenant stands, -1 for one that is not shown.
func (s *selection) through(k tenant.Key, shown []tenant.Key, position func(tenant.Key) int) {
	from, to := position(s.anchor), position(k)
	if from < 0 {
		from, s.anchor = to, k
	}
	s.keys, s.chosen = map[tenant.Key]bool{}, k
	for i := min(from, to); i <= max(from, to); i++ {
		s.keys[shown[i]] = true
	}
}

// all selects every tenant that is shown, and leaves the chosen one.
func (s *selection) all(shown []tenant.Key) {
	s.keys = make(map[tenant.Key]bool, len(shown))
	for _, k := range shown {
		s.keys[k] = true
	}
}

// keep leaves in the selection what is still there. The chosen one is the window's to change.
func (s *selection) keep(r *Roster) {
	maps.DeleteFunc(s.keys, func(k tenant.Key, _ bool) bool {
		_, there := r.index[k]
		return !there
	})
}
