package storage

import (
	"context"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

type loginRecord struct {
	UserName          string    `json:"user_name"`
	AssociateID       string    `json:"associate_id"`
	Administrator     bool      `json:"administrator"`
	AccessToken       []byte    `json:"access_token,omitempty"` // sealed
	AccessTokenExpiry time.Time `json:"access_token_expiry,omitzero"`
	RefreshToken      []byte    `json:"refresh_token,omitempty"` // sealed
}

var logins = table[tenant.Login, loginRecord]{
	bucket: bucketLogins,
	noun:   "login",
	pack: func(l tenant.Login, x *box) loginRecord {
		return loginRecord{
			UserName:          l.UserName,
			AssociateID:       l.AssociateID,
			Administrator:     l.Administrator,
			AccessToken:       x.seal("access_token", l.AccessToken),
			AccessTokenExpiry: l.AccessTokenExpiry.UTC(),
			RefreshToken:      x.seal("refresh_token", l.RefreshToken),
		}
	},
	unpack: func(r loginRecord, x *box) tenant.Login {
		return tenant.Login{
			Key:               tenantKey(x.key),
			UserName:          r.UserName,
			AssociateID:       r.AssociateID,
			Administrator:     r.Administrator,
			AccessToken:       x.open("access_token", r.AccessToken),
			AccessTokenExpiry: r.AccessTokenExpiry,
			RefreshToken:      x.open("refresh_token", r.RefreshToken),
		}
	},
}

// Login returns what the last sign-in to a tenant gave, or an error that is tenant.ErrNotFound.
func (s *Store) Login(ctx context.Context, key tenant.Key) (tenant.Login, error) {
	var l tenant.Login
	err := s.view(ctx, "read login", func(w *work) (err error) {
		l, err = logins.need(w, recordKey(key))
		return err
	})
	return l, err
}

// RenewLogin stores a renewed login if the stored one still has the refresh token that was used for it, and
// returns what is stored then: a sign-in that came meanwhile wins. It refuses with tenant.ErrNotFound when
// the tenant is gone.
func (s *Store) RenewLogin(ctx context.Context, l tenant.Login, used secret.Text) (tenant.Login, error) {
	err := s.update(ctx, "renew login", func(w *work) error {
		stored, err := logins.need(w, recordKey(l.Key))
		if err != nil {
			return err
		}
		if !stored.RefreshToken.Equal(used) {
			l = stored
			return errUnchanged
		}
		return logins.put(w, recordKey(l.Key), l)
	})
	return l, err
}

// RemoveLogin removes the login to a tenant if its refresh token still is onlyIf, and reports whether it did:
// a sign-in that came meanwhile stays. The tenant with its system user token stays in any case.
func (s *Store) RemoveLogin(ctx context.Context, key tenant.Key, onlyIf secret.Text) (removed bool, err error) {
	err = s.update(ctx, "remove login", func(w *work) error {
		stored, found, err := logins.get(w, recordKey(key))
		if err != nil {
			return err
		}
		if !found || !stored.RefreshToken.Equal(onlyIf) {
			return errUnchanged
		}
		removed = true
		return logins.remove(w, recordKey(key))
	})
	return removed && err == nil, err
}
