package app

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"partnerdesk/core/journal"
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
