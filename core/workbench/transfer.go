package workbench

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/transfer"
)

// MinPassphrase is the fewest characters of a backup's passphrase.
const MinPassphrase = transfer.MinPassphrase

// CheckBackupPassphrase says, before any work is done, why a passphrase cannot protect a backup.
func CheckBackupPassphrase(p secret.Text) error {
	if err := transfer.CheckPassphrase(p); err != nil {
		return refusedInput("check passphrase", "The backup was not written.", err)
	}
	return nil
}

// Backup is what a backup holds. The sandbox's registrations and tenants are not in it: they belong to the
// sandbox of this data directory.
type Backup struct {
	Registrations []string `json:"registrations"`
	Tenants       int      `json:"tenants"`
	Logins        int      `json:"logins"`
	// LeftOut counts the tenants of the sandbox.
	LeftOut int `json:"left_out"`
}

// Backup writes registrations, tenants, logins and settings, with all their secrets, under a passphrase (see
// package transfer), for [Workbench.Restore] on another machine.
func (w *Workbench) Backup(ctx context.Context, to io.Writer, passphrase secret.Text) (Backup, error) {
	result := Backup{Registrations: []string{}}
	if err := CheckBackupPassphrase(passphrase); err != nil {
		return result, err
	}
	stored, err := w.Store.Export(ctx)
	if err != nil {
		return result, err
	}
	all := tenant.Portable{Settings: stored.Settings}
	moves := map[string]bool{}
	for _, r := range stored.Registrations {
		if r.Environment != tenant.Sandbox {
			all.Registrations = append(all.Registrations, r)
			result.Registrations = append(result.Registrations, r.Name)
			moves[r.Name] = true
		}
	}
	for _, t := range stored.Tenants {
		if !moves[t.Registration] {
			result.LeftOut++
			continue
		}
		all.Tenants = append(all.Tenants, t)
		result.Tenants++
		if t.Login != nil {
			result.Logins++
		}
	}
	if err := transfer.Write(to, all, passphrase, w.Now()); err != nil {
		return result, err
	}
	w.Log.InfoContext(ctx, "Made a backup under a passphrase", slog.Int("registrations", len(result.Registrations)),
		slog.Int("tenants", result.Tenants), slog.Int("logins", result.Logins))
	return result, nil
}

// Restored is what came of a restore.
type Restored struct {
	DryRun        bool           `json:"dry_run"`
	Registrations []RestoredItem `json:"registrations"`
	Tenants       []RestoredItem `json:"tenants"`
	// Settings is empty where none came.
	Settings tenant.ImportOutcome `json:"settings,omitempty"`
}

// RestoredItem is a registration or a tenant, and what became of it.
type RestoredItem struct {
	Registration string               `json:"registration"`
	ContextID    string               `json:"ctx,omitempty"`
	Outcome      tenant.ImportOutcome `json:"outcome"`
}

// Restore takes the contents of a backup in, in one transaction. What is stored already stays, unless o says
// to replace it.
func (w *Workbench) Restore(ctx context.Context, from io.Reader, passphrase secret.Text, o tenant.ImportOptions) (Restored, error) {
	result := Restored{DryRun: o.DryRun, Registrations: []RestoredItem{}, Tenants: []RestoredItem{}}
	all, err := transfer.Read(from, passphrase)
	if err != nil {
		return result, explainRestore(err)
	}
	for _, r := range all.Registrations {
		if r.Environment == tenant.Sandbox || r.Name == tenant.SandboxName {
			return result, explainRestore(transfer.ErrDamaged)
		}
	}
	outcomes, err := w.Store.Import(ctx, all, o)
	if err != nil {
		return result, err
	}
	for i, r := range all.Registrations {
		result.Registrations = append(result.Registrations, RestoredItem{Registration: r.Name, Outcome: outcomes.Registrations[i]})
	}
	for i, t := range all.Tenants {
		result.Tenants = append(result.Tenants, RestoredItem{t.Registration, t.ContextID, outcomes.Tenants[i]})
	}
	result.Settings = outcomes.Settings
	if !o.DryRun {
		w.imported(all, outcomes)
		w.Log.InfoContext(ctx, "Restored a backup", slog.Int("registrations", len(result.Registrations)),
			slog.Int("tenants", len(result.Tenants)), slog.Bool("replace", o.Replace))
	}
	return result, nil
}

// explainRestore says why a backup was not read.
func explainRestore(err error) error {
	const op, what = "read backup", "Nothing was restored."
	explained := tenant.CauseInput.Explain(what, tenant.Sentence(err), "Give a file that “backup” has written.")
	switch {
	case errors.Is(err, transfer.ErrPassphrase):
		explained = tenant.CauseInput.Explain(what, "The passphrase is not the one that the backup was made with.", "Give that passphrase. Without it nobody can read the backup.")
	case errors.Is(err, transfer.ErrNewer):
		explained.Next = "Use the version of Partnerdesk that has written it, or a newer one."
	case errors.Is(err, transfer.ErrDamaged):
		explained = tenant.CauseFilesBroken.Explain(what, tenant.Sentence(err), "Use another backup.")
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: explained}
}
