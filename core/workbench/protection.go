package workbench

import (
	"context"
	"log/slog"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// Protection says what guards the key that seals the secrets of the data file.
func (w *Workbench) Protection(ctx context.Context) (tenant.Protection, error) {
	return w.Store.CurrentProtection(ctx)
}

// ChangeProtection has the key that seals the secrets guarded in another way, or in the same way with a new key.
// The passphrase is for [tenant.ByPassphrase]. Whatever cuts the change off, the data file opens with one of
// the two. A program that runs meanwhile goes on by itself, unless it needs the new passphrase.
func (w *Workbench) ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error) {
	if to == tenant.ByPassphrase {
		if err := tenant.CheckPassphrase(passphrase); err != nil {
			return tenant.Protection{}, &tenant.Problem{Op: "check passphrase", Err: err, Explanation: tenant.CauseInput.Explain(
				"The protection stays as it is.", tenant.Sentence(err), "Choose a longer one, which you can remember or keep in a safe place.")}
		}
	}
	if err := w.Store.ChangeProtection(ctx, to, passphrase); err != nil {
		return tenant.Protection{}, err
	}
	return w.newProtection(ctx, "Changed the protection of the data file")
}

// RotateDataKey gives the data file a new data key: every secret is sealed anew.
func (w *Workbench) RotateDataKey(ctx context.Context) (tenant.Protection, error) {
	if err := w.Store.RotateDataKey(ctx); err != nil {
		return tenant.Protection{}, err
	}
	return w.newProtection(ctx, "Gave the data file a new data key, and sealed every secret anew")
}

func (w *Workbench) newProtection(ctx context.Context, message string) (tenant.Protection, error) {
	p, err := w.Store.CurrentProtection(ctx)
	if err == nil {
		w.Log.InfoContext(ctx, message, slog.String("protection", p.Kind.Label()), slog.Int("generation", p.Generation))
	}
	return p, err
}
