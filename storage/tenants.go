package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

type tenantRecord struct {
	CompanyName     string    `json:"company_name"`
	Serial          string    `json:"serial"`
	SystemUserToken []byte    `json:"system_user_token,omitempty"` // sealed
	Active          bool      `json:"active"`
	AddedAt         time.Time `json:"added_at,omitzero"`
	SignedInAt      time.Time `json:"signed_in_at,omitzero"`
	SignedInAs      string    `json:"signed_in_as,omitempty"`
}

var tenants = table[tenant.Tenant, tenantRecord]{
	bucket:  bucketTenants,
	planned: true,
	noun:    "tenant",
	pack: func(t tenant.Tenant, x *box) tenantRecord {
		return tenantRecord{
			CompanyName:     t.CompanyName,
			Serial:          t.Serial,
			SystemUserToken: x.seal("system_user_token", t.SystemUserToken),
			Active:          t.Active,
			AddedAt:         t.AddedAt.UTC(),
			SignedInAt:      t.SignedInAt.UTC(),
			SignedInAs:      t.SignedInAs,
		}
	},
	unpack: func(r tenantRecord, x *box) tenant.Tenant {
		return tenant.Tenant{
			Key:             tenantKey(x.key),
			CompanyName:     r.CompanyName,
			Serial:          r.Serial,
			SystemUserToken: x.open("system_user_token", r.SystemUserToken),
			Active:          r.Active,
			AddedAt:         r.AddedAt,
			SignedInAt:      r.SignedInAt,
			SignedInAs:      r.SignedInAs,
		}
	},
}

// Tenant returns one tenant, or an error that is tenant.ErrNotFound.
func (s *Store) Tenant(ctx context.Context, key tenant.Key) (tenant.Tenant, error) {
	var t tenant.Tenant
	err := s.view(ctx, "read tenant", func(w *work) (err error) {
		t, err = tenants.need(w, recordKey(key))
		return err
	})
	return t, err
}

// CountTenants returns how many tenants there are. It reads none of them, and so counts damaged ones too.
func (s *Store) CountTenants(ctx context.Context) (int, error) {
	n := 0
	err := s.view(ctx, "count tenants", func(w *work) error {
		b, err := tenants.in(w)
		if err != nil {
			return err
		}
		return b.ForEach(func(_, _ []byte) error { n++; return nil })
	})
	return n, err
}

// SaveSignIn stores what a sign-in gave, in one transaction, and reports whether the tenant is new.
//
// A tenant that is stored already keeps its AddedAt and its Active, and its system user token if the
// sign-in came without one. A token that changed drops the ticket, which the old one bought. What the
// poller had against the tenant is forgotten. The registration must still be there: a sign-in takes minutes,
// and a tenant without its registration could neither be polled nor offboarded.
func (s *Store) SaveSignIn(ctx context.Context, t tenant.Tenant, l tenant.Login) (isNew bool, err error) {
	if err := checkSignIn(t.Key, l.Key); err != nil {
		return false, fmt.Errorf("save sign-in: %w", err)
	}
	l.Key = t.Key
	err = s.update(ctx, "save sign-in", func(w *work) error {
		if found, err := registrations.has(w, t.Registration); err != nil || !found {
			return firstError(err, notFound(registrations.noun, t.Registration))
		}
		stored, found, err := tenants.get(w, recordKey(t.Key))
		if err != nil {
			return err
		}
		isNew = !found
		if found {
			if t, err = renewed(w, stored, t); err != nil {
				return err
			}
		}
		if err := tenants.put(w, recordKey(t.Key), t); err != nil {
			return err
		}
		return logins.put(w, recordKey(l.Key), l)
	})
	return isNew && err == nil, err
}

func checkSignIn(t, l tenant.Key) error {
	if l != (tenant.Key{}) && l != t {
		return fmt.Errorf("the login is to %s, the tenant is %s", l, t)
	}
	return checkKey(t)
}

// renewed merges a sign-in into the tenant that is stored, and forgets what the old token stood for. A
// sign-in is a person's answer to what failed before, so the poller tries again at once.
func renewed(w *work, stored, t tenant.Tenant) (tenant.Tenant, error) {
	t.AddedAt, t.Active = stored.AddedAt, stored.Active
	if t.SystemUserToken.Empty() {
		t.SystemUserToken = stored.SystemUserToken
	}
	if !t.SystemUserToken.Equal(stored.SystemUserToken) {
		if err := tickets.remove(w, recordKey(t.Key)); err != nil {
			return t, err
		}
	}
	return t, forgiveVisit(w, t.Key)
}

// ReplaceSystemUserToken stores a system user token that SuperOffice has issued anew in an exchange, if
// the stored one still is old: a sign-in may have brought a newer one meanwhile. A poller plans on as before.
func (s *Store) ReplaceSystemUserToken(ctx context.Context, key tenant.Key, old, issued secret.Text) error {
	return s.update(ctx, "replace system user token", func(w *work) error {
		t, err := tenants.need(w, recordKey(key))
		if err != nil {
			return err
		}
		if !t.SystemUserToken.Equal(old) {
			return errUnchanged
		}
		t.SystemUserToken = issued
		return tenants.quietly().put(w, recordKey(key), t)
	})
}

// SetActive switches the poller's visits to a tenant on or off. Switching on forgets earlier failures, so
// that the tenant is visited at once.
func (s *Store) SetActive(ctx context.Context, key tenant.Key, active bool) error {
	return s.update(ctx, "switch tenant", func(w *work) error { return switchTenant(w, key, active) })
}

func switchTenant(w *work, key tenant.Key, active bool) error {
	t, err := tenants.need(w, recordKey(key))
	if err != nil {
		return err
	}
	turned := t.Active != active
	t.Active = active
	if err := tenants.put(w, recordKey(key), t); err != nil {
		return err
	}
	if turned {
		if err := noteSwitch(w, key, active); err != nil {
			return err
		}
	}
	if !active {
		return nil
	}
	return forgiveVisit(w, key)
}

// SetActiveAll is SetActive for many tenants in one transaction. It passes over those that are gone or damaged, and
// returns the others.
func (s *Store) SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error) {
	return s.eachOf(ctx, "switch tenants", keys, func(w *work, key tenant.Key) (bool, error) {
		return true, switchTenant(w, key, active)
	})
}

// ForgiveAll forgets the failures of many tenants in one transaction, so that they are visited at once. It passes
// over those that are gone, damaged or not active, and returns the others.
func (s *Store) ForgiveAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error) {
	return s.eachOf(ctx, "ask for visits", keys, func(w *work, key tenant.Key) (bool, error) {
		t, err := tenants.need(w, recordKey(key))
		if err != nil || !t.Active {
			return false, err
		}
		return true, forgiveVisit(w, key)
	})
}

// eachOf does something to each of many tenants in one transaction, and returns those to which it was done. Where it
// was done to none, nothing is stored.
func (s *Store) eachOf(ctx context.Context, op string, keys []tenant.Key, do func(*work, tenant.Key) (bool, error)) ([]tenant.Key, error) {
	var done []tenant.Key
	err := s.update(ctx, op, func(w *work) error {
		done = nil
		for _, key := range keys {
			did, err := do(w, key)
			switch {
			case errors.Is(err, tenant.ErrNotFound), errors.Is(err, ErrDamaged):
			case err != nil:
				return err
			case did:
				done = append(done, key)
			}
		}
		if len(done) == 0 {
			return errUnchanged
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

// RemoveTenant removes a tenant with all that is kept of it in one transaction.
func (s *Store) RemoveTenant(ctx context.Context, key tenant.Key) error {
	return s.update(ctx, "remove tenant", func(w *work) error {
		k := recordKey(key)
		if err := needTenant(w, key); err != nil {
			return err
		}
		return firstError(tenants.remove(w, k), logins.remove(w, k), tickets.remove(w, k), visits.remove(w, k), exchanges.remove(w, k),
			validations.remove(w, k), histories.remove(w, k), companies.remove(w, k))
	})
}

// needTenant refuses work for a tenant that is gone: what comes late from a sign-in, an exchange or a
// visit must not bring a removed tenant's secrets back.
func needTenant(w *work, key tenant.Key) error {
	found, err := tenants.has(w, recordKey(key))
	if err == nil && !found {
		err = notFound(tenants.noun, key.String())
	}
	return err
}
