package storage

import (
	"bytes"
	"context"
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
}

var registrations = table[tenant.Registration, registrationRecord]{
	bucket: bucketRegistrations,
	noun:   "registration",
	pack: func(r tenant.Registration, x *box) registrationRecord {
		return registrationRecord{
			Environment:  string(r.Environment),
			Base:         r.Base,
			ClientID:     r.ClientID,
			ClientSecret: x.seal("client_secret", r.ClientSecret),
			PrivateKey:   x.seal("private_key", r.PrivateKey),
			RedirectURI:  r.RedirectURI,
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
func (s *Store) SaveRegistration(ctx context.Context, r tenant.Registration) error {
	if err := checkName("name", r.Name); err != nil {
		return fmt.Errorf("save registration: %w", err)
	}
	return s.update(ctx, "save registration", func(w *work) error {
		return registrations.put(w, r.Name, r)
	})
}

// RemoveRegistration removes a registration, unless tenants hang on it: without it nothing could be done
// with their tokens any more, not even end them.
func (s *Store) RemoveRegistration(ctx context.Context, name string) error {
	return s.update(ctx, "remove registration", func(w *work) error {
		if found, err := registrations.has(w, name); err != nil || !found {
			return firstError(err, notFound(registrations.noun, name))
		}
		count, err := countTenants(w, name)
		if err != nil {
			return err
		}
		if count > 0 {
			return tenantsLeftProblem(name, count)
		}
		return registrations.remove(w, name)
	})
}

// countTenants counts without decoding: a damaged record is a tenant too.
func countTenants(w *work, registration string) (int, error) {
	b, err := tenants.in(w)
	if err != nil {
		return 0, err
	}
	prefix := []byte(recordKey(tenant.Key{Registration: registration}))
	count := 0
	cursor := b.Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		count++
	}
	return count, nil
}

func tenantsLeftProblem(name string, count int) error {
	belong := fmt.Sprintf("%d tenants belong", count)
	if count == 1 {
		belong = "One tenant belongs"
	}
	p := problem("check registration",
		fmt.Sprintf("The registration %q cannot be removed.", name),
		belong+" to it.", "Remove its tenants first.", nil)
	p.Fault = tenant.FaultPerson
	return p
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
