package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/storage"
)

// Backups returns the backups in a data directory, newest first, each with what is wrong with it. It works
// where the store does not open.
func Backups(ctx context.Context, o Options) ([]storage.Backup, error) {
	data, err := DataDir(o.Data)
	if err != nil {
		return nil, err
	}
	return storage.Backups(ctx, storage.Options{Dir: data, Passphrase: o.Passphrase})
}

// Offer returns the backup that [Recover] would take, where the data file is the reason why [New] failed with
// failure: the newest good one, else the newest that only wants to be unlocked. Nobody is to be asked for a passphrase
// only to be told of it: where none is known, o.Passphrase is nil.
func Offer(ctx context.Context, o Options, failure error) (storage.Backup, bool) {
	if !errors.Is(failure, storage.ErrDamaged) {
		return storage.Backup{}, false
	}
	all, err := Backups(ctx, o)
	if err != nil {
		return storage.Backup{}, false // the failure itself is what there is to tell
	}
	if i := slices.IndexFunc(all, func(b storage.Backup) bool { return b.Problem == nil }); i >= 0 {
		return all[i], true
	}
	if i := slices.IndexFunc(all, func(b storage.Backup) bool {
		cause := tenant.Explain(b.Problem).Cause
		return cause == tenant.CauseSecretStore || cause == tenant.CauseInput
	}); i >= 0 {
		return all[i], true
	}
	return storage.Backup{}, false
}

// Recover puts a backup in the place of the data file, the newest good one where name is empty, and writes
// to the journal that it did. The caller has no [App] open on the data directory.
func Recover(ctx context.Context, o Options, name string) (done storage.Recovery, err error) {
	if o.Data, err = DataDir(o.Data); err != nil {
		return storage.Recovery{}, err
	}
	done, err = storage.Recover(ctx, storage.Options{Dir: o.Data, Passphrase: o.Passphrase}, name)
	if done.Backup.Name == "" {
		return done, err // nothing was done
	}
	log, openErr := journal.Open(journal.Options{Dir: JournalDir(o.Data), Program: o.Program})
	if openErr != nil {
		return done, errors.Join(err, openErr)
	}
	slog.New(log.Handler()).With(journal.Process(os.Getpid())).Warn("The data file was replaced by a backup; what was changed since then is lost",
		journal.Component("app"), slog.String("backup", done.Backup.Name), slog.Time("backup_time", done.Backup.At),
		slog.String("aside", done.Aside), journal.Failure(err))
	return done, errors.Join(err, log.Close())
}
