package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"partnerdesk/core/tenant"
)

type registrationRecord struct {
	Environment  string `json:"environment"`
	Base         string `json:"base_url"`
	ClientID     string `json:"client_id"`
	ClientSecret []byte `json:"client_secret,omitempty"` // sealed
	PrivateKey   []byte `json:"private_key,omitempty"`   // sealed
	RedirectURI  string `json:"redirect_uri"`
	Exchange     string `json:"exchange,omitempty"`
	Certificate  string `json:"certificate,omitempty"`
}

var registrations = table[tenant.Registration, registrationRecord]{
	bucket:  bucketRegistrations,
	planned: true,
	noun:    "registration",
	pack: func(r tenant.Registration, x *box) registrationRecord {
		return registrationRecord{
			Environment:  string(r.Environment),
			Base:         r.Base,
			ClientID:     r.ClientID,
			ClientSecret: x.seal("client_secret", r.ClientSecret),
			PrivateKey:   x.seal("private_key", r.PrivateKey),
			RedirectURI:  r.RedirectURI,
			Exchange:     string(r.Exchange),
			Certificate:  r.Certificate,
		}
	},
	unpack: func(r registrationRecord, x *box) tenant.Registration {
		return tenant.Registration{
			Name:         x.key,
			Environment:  tenant.Environment(r.Environment),
			Base:         r.Base,
			ClientID:     r.ClientID,
			ClientSecret: x.open("client_secret", r.ClientSecret),
			PrivateKey:   x.open("private_key", r.PrivateKey),
			RedirectURI:  r.RedirectURI,
			Exchange:     tenant.ExchangeProtocol(r.Exchange),
			Certificate:  r.Certificate,
		}
	},
}

// Registrations returns all registrations by name.
func (s *Store) Registrations(ctx context.Context) ([]tenant.Registration, error) {
	var all []tenant.Registration
	err := s.view(ctx, "list registrations", func(w *work) (err error) {
		all, err = registrations.list(w)
		return err
	})
	return all, err
}

// Registration returns the registration of that name, or an error that is tenant.ErrNotFound.
func (s *Store) Registration(ctx context.Context, name string) (tenant.Registration, error) {
	var r tenant.Registration
	err := s.view(ctx, "read registration", func(w *work) (err error) {
		r, err = registrations.need(w, name)
		return err
	})
	return r, err
}

// SaveRegistration adds a registration, or replaces the one of the same name. What a registration must
// fulfil is for [tenant.Registration.Validate] to say.
//
// While tenants hang on it, it stays the same app in the same environment: their tokens would be shown to
// somebody else otherwise. Only the sandbox may move, and be made anew. A new secret, key or way of exchange is
// somebody's answer to what failed, so the poller tries the tenants again at once.
func (s *Store) SaveRegistration(ctx context.Context, r tenant.Registration) error {
	if err := checkName("name", r.Name); err != nil {
		return fmt.Errorf("save registration: %w", err)
	}
	return s.update(ctx, "save registration", func(w *work) error {
		stored, found, err := registrations.get(w, r.Name)
		if errors.Is(err, ErrDamaged) && r.Environment == tenant.Sandbox {
			// The sandbox's is made anew at every start, and nobody can add it by hand.
			found, err = false, nil
		}
		if err != nil {
			return err
		}
		if found {
			if err := mayReplace(w, stored, r); err != nil {
				return err
			}
		}
		return registrations.put(w, r.Name, r)
	})
}

func mayReplace(w *work, stored, r tenant.Registration) error {
	keys, err := tenantsOf(w, r.Name)
	if err != nil || len(keys) == 0 {
		return err
	}
	if !stored.SameApp(r) {
		return tenantsLeftProblem("The registration %q cannot become another app or move to another environment.", r.Name, len(keys))
	}
	if stored.ClientSecret.Equal(r.ClientSecret) && stored.PrivateKey.Equal(r.PrivateKey) &&
		stored.Exchange == r.Exchange && stored.Certificate == r.Certificate {
		return nil
	}
	for _, key := range keys {
		if err := forgiveVisit(w, key); err != nil {
			return err
		}
	}
	return nil
}

// RemoveRegistration removes a registration, unless tenants hang on it: without it nothing could be done
// with their tokens any more, not even end them.
func (s *Store) RemoveRegistration(ctx context.Context, name string) error {
	return s.update(ctx, "remove registration", func(w *work) error {
		if found, err := registrations.has(w, name); err != nil || !found {
			return firstError(err, notFound(registrations.noun, name))
		}
		keys, err := tenantsOf(w, name)
		if err != nil {
			return err
		}
		if len(keys) > 0 {
			return tenantsLeftProblem("The registration %q cannot be removed.", name, len(keys))
		}
		return registrations.remove(w, name)
	})
}

// tenantsOf lists the tenants of a registration without decoding them: a damaged record is a tenant too.
func tenantsOf(w *work, registration string) ([]tenant.Key, error) {
	b, err := tenants.in(w)
	if err != nil {
		return nil, err
	}
	prefix := []byte(recordKey(tenant.Key{Registration: registration}))
	var keys []tenant.Key
	cursor := b.Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		keys = append(keys, tenantKey(string(k)))
	}
	return keys, nil
}

// tenantsLeftProblem says what cannot be done, in a sentence with a place for the registration's name.
func tenantsLeftProblem(what, name string, count int) error {
	belong := fmt.Sprintf("%d tenants belong", count)
	if count == 1 {
		belong = "One tenant belongs"
	}
	return problem(tenant.CauseInput, "check registration", fmt.Sprintf(what, name), belong+" to it.", "Remove its tenants first, or choose another name.", nil)
}

// firstError returns the first that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
