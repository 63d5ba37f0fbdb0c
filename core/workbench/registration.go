package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// AddRegistration stores an app's registration after looking at every part of it. One of the same name is
// replaced, and keeps its tenants, if it is the same app in the same environment. The private key is stored
// as PEM, whatever form it came in; an encrypted one is [ConvertKey]'s first. The certificate may be PEM or
// DER, and one that has expired is stored with a warning in the log, see [superid.Certificate.Warning].
func (w *Workbench) AddRegistration(ctx context.Context, r tenant.Registration) error {
	const op, what = "add registration", "The registration cannot be stored."
	r, err := checkedRegistration(op, what, r)
	if err != nil {
		return err
	}
	if !r.PrivateKey.Empty() {
		key, err := ConvertKey(r.PrivateKey, secret.Text{}, KeyPEM)
		if err != nil {
			return err
		}
		r.PrivateKey = key.Private
	}
	pinned, err := pinCertificate(&r)
	if err != nil {
		return err
	}
	if err := w.Store.SaveRegistration(ctx, r); err != nil {
		return err
	}
	if r.Certificate != "" {
		w.logPinned(ctx, r.Name, pinned)
	}
	w.Log.InfoContext(ctx, "Stored the registration "+r.Name, slog.String("environment", string(r.Environment)),
		slog.String("base_url", r.Base), slog.String("client_id", r.ClientID))
	w.due()
	return nil
}

// checkedRegistration is a registration whose parts can be used, as far as they tell without being opened.
func checkedRegistration(op, what string, r tenant.Registration) (tenant.Registration, error) {
	r.Base = strings.TrimRight(r.Base, "/")
	if err := r.Validate(); err != nil {
		return r, refusedInput(op, what, err)
	}
	if r.Name == tenant.SandboxName {
		return r, refusedInput(op, what, fmt.Errorf("the name %q belongs to the built-in sandbox", tenant.SandboxName))
	}
	return r, nil
}

// logPinned notes which certificate tokens are validated with from now on.
func (w *Workbench) logPinned(ctx context.Context, registration string, c superid.Certificate) {
	log := w.Log.With(slog.String("registration", registration), slog.String("thumbprint", c.Thumbprint),
		slog.String("sha256", c.Fingerprint))
	log.InfoContext(ctx, "Pinned a certificate: it takes the place of the key set", slog.Time("until", c.NotAfter))
	if warning := c.Warning(w.Now()); warning != "" {
		log.WarnContext(ctx, warning)
	}
}

// RemoveRegistration deletes a registration that no tenant hangs on.
func (w *Workbench) RemoveRegistration(ctx context.Context, name string) error {
	if name == tenant.SandboxName {
		return refusedInput("remove registration", "The registration cannot be removed.", fmt.Errorf("the registration %q is built in", name))
	}
	// One that cannot be read can be removed all the same.
	if _, err := w.registration(ctx, name); errors.Is(err, tenant.ErrNotFound) {
		return err
	}
	if err := w.Store.RemoveRegistration(ctx, name); err != nil {
		return err
	}
	w.Log.InfoContext(ctx, "Removed the registration "+name)
	return w.UpdateSettings(ctx, func(s *tenant.Settings) error {
		if s.Registration == name {
			s.Registration = tenant.SandboxName
		}
		return nil
	})
}

// UseRegistration makes a registration the one that sign-in uses when none is named.
func (w *Workbench) UseRegistration(ctx context.Context, name string) error {
	if _, err := w.registration(ctx, name); err != nil {
		return err
	}
	return w.UpdateSettings(ctx, func(s *tenant.Settings) error {
		s.Registration = name
		return nil
	})
}
