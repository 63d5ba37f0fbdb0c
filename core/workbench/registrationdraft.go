package workbench

import (
	"context"
	"errors"
	"fmt"

	"partnerdesk/core/tenant"
)

// RegistrationDraft is a registration as somebody has entered it, and not stored yet: a new one, or one that takes
// the place of the stored one of the same name.
type RegistrationDraft struct {
	tenant.Registration
	// Replaces is true for one that takes another's place. Without it, a name that is in use is refused.
	Replaces bool
	// KeepSecret, KeepKey and KeepCertificate take these from the stored one, so that nobody has to be shown a
	// secret to change what stands beside it.
	KeepSecret, KeepKey, KeepCertificate bool
}

// SaveRegistration stores a draft after looking at every part of it, see [Workbench.AddRegistration].
func (w *Workbench) SaveRegistration(ctx context.Context, d RegistrationDraft) error {
	r, err := w.complete(ctx, "save registration", "The registration cannot be stored.", d)
	if err != nil {
		return err
	}
	return w.AddRegistration(ctx, r)
}

// complete is what a draft stands for: with what it keeps, and its name free where it must be.
func (w *Workbench) complete(ctx context.Context, op, what string, d RegistrationDraft) (tenant.Registration, error) {
	r, err := checkedRegistration(op, what, d.Registration)
	if err != nil {
		return r, err
	}
	stored, err := w.Store.Registration(ctx, r.Name)
	switch {
	case errors.Is(err, tenant.ErrNotFound) && !d.Replaces:
		return r, nil
	case err != nil && d.Replaces:
		return w.registration(ctx, r.Name) // which says so in words for people
	case err != nil:
		return r, err
	case !d.Replaces:
		return r, refusedInput(op, what, fmt.Errorf("there is a registration %q already: choose another name, or edit that one", r.Name))
	}
	if d.KeepSecret {
		r.ClientSecret = stored.ClientSecret
	}
	if d.KeepKey {
		r.PrivateKey = stored.PrivateKey
	}
	if d.KeepCertificate {
		r.Certificate = stored.Certificate
	}
	return r, nil
}
