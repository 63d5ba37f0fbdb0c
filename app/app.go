// Package app is the composition root: it builds the store, the journal, the clients and the use cases
// that both programs work with, owns them, and takes them down in reverse order.
//
// The desktop and the console each make one [App] on the same data directory and may run at the same
// time.
package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/poller"
	"partnerdesk/core/probe"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/update"
	"partnerdesk/core/workbench"
	"partnerdesk/storage"
)

// Options are what the two programs differ in.
type Options struct {
	// Program is "desktop" or "console", as journal and lease name it.
	Program string
	// Data is the data directory; see [DataDir].
	Data string
	// Passphrase gets the passphrase of a data file that is protected by one: attempt counts from 1 to 3, and is more
	// than 1 where the passphrase before was wrong. Nil means that the program has no way to ask.
	Passphrase func(ctx context.Context, attempt int) (secret.Text, error)
	// Verbose writes routine events to the journal too.
	Verbose bool
	// Now is the clock of all parts; nil means time.Now. With another one hours can pass in seconds.
	Now func() time.Time
}

// App holds everything below the window and the command line. Its parts are safe for many goroutines.
type App struct {
	Options
	// Started is when this process began to be one.
	Started   time.Time
	Store     *storage.Store
	Journal   *journal.Journal
	Log       *slog.Logger
	Workbench *workbench.Workbench
	Polling   *Polling
	Sandbox   *SandboxHost

	superid *superid.Client
	keeper  *keeper.Keeper
	online  *online.Client
	owner   tenant.Owner
	cancel  context.CancelFunc
}

// New opens the data directory and builds the parts. Nothing runs yet that nobody asked for: polling
// and the sandbox start when they are told to.
func New(ctx context.Context, o Options) (_ *App, err error) {
	if o.Data, err = DataDir(o.Data); err != nil {
		return nil, err
	}
	store, err := storage.Open(ctx, storage.Options{Dir: o.Data, Passphrase: o.Passphrase, Now: o.Now})
	if err != nil {
		return nil, err
	}
	log, err := journal.Open(journal.Options{Dir: JournalDir(o.Data), Program: o.Program})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if !o.Verbose {
		log.SetLevel(slog.LevelInfo)
	}
	a := &App{Options: o, Started: time.Now(), Store: store, Journal: log, Log: slog.New(log.Handler()).With(journal.Process(os.Getpid()))}
	a.owner = thisProcess(o.Program, a.Started)
	root, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.cancel = cancel
	a.build(root)
	a.Log.Log(ctx, a.lifeLevel(), "Partnerdesk has started", journal.Component("app"), journal.Step(tenant.StepStart),
		slog.String("version", Version()), slog.String("protection", a.Store.Protection().Kind.Label()))
	a.Store.KeepBackups(a.tellBackup)
	return a, nil
}

// tellBackup writes the backup of a day to the journal, or why there is none.
func (a *App) tellBackup(b storage.Backup, err error) {
	if err != nil {
		a.Log.Warn("The backup of the data file failed", journal.Component("app"), journal.Failure(err))
		return
	}
	a.Log.Info("A backup of the data file was made", journal.Component("app"), slog.String("backup", b.Name))
}

func (a *App) build(root context.Context) {
	a.superid = superid.New(superid.Options{Now: a.Now})
	a.online = online.New(online.Options{Now: a.Now})
	a.keeper = keeper.New(root, keeper.Options{Store: a.Store, SuperID: a.superid, Status: a.online, Log: a.Log, Now: a.Now})
	a.Polling = newPolling(root, a.PollerOptions())
	a.Workbench = workbench.New(workbench.Options{
		Store: a.Store, SuperID: a.superid, Keeper: a.keeper, Contacts: a.online, Principals: a.online,
		Network: probe.New(probe.Options{}), Releases: update.New(update.Options{Version: Version()}), Version: Version(),
		Log: a.Log, Owner: a.owner,
		Due: a.Polling.Now,
	})
	a.Sandbox = newSandboxHost(root, a.Store, SandboxDir(a.Data), a.Log)
}

// InspectToken inspects a token for which the request brings the key. Unlike the same of an [App] it needs
// no data directory, and leaves nothing behind.
func InspectToken(ctx context.Context, req workbench.TokenRequest) (workbench.TokenInspection, error) {
	client := superid.New(superid.Options{})
	defer client.Close()
	return workbench.New(workbench.Options{SuperID: client, Log: slog.New(slog.DiscardHandler)}).InspectToken(ctx, req)
}

// PollerOptions are those of this process's poller, for a caller that changes some of them.
func (a *App) PollerOptions() poller.Options {
	return poller.Options{Store: a.Store, Keeper: a.keeper, WebServices: a.online, Log: a.Log, Now: a.Now, Owner: a.owner}
}

// Close stops everything, waits for it, and closes the files.
func (a *App) Close() error {
	a.Polling.Stop()
	a.cancel()
	a.keeper.Close()
	err := a.Sandbox.Close()
	a.online.CloseIdleConnections()
	a.superid.Close()
	err = errors.Join(err, a.Store.Close()) // waits for a backup, which the journal is to hear of
	a.Log.Log(context.Background(), a.lifeLevel(), "Partnerdesk has ended", journal.Component("app"))
	return errors.Join(err, a.Journal.Close())
}

// lifeLevel is the level at which start and end are told: a script that runs the console every minute must
// not fill the log with them.
func (a *App) lifeLevel() slog.Level {
	if a.Program == "console" {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// JournalDir is where the journal of a data directory lies.
func JournalDir(data string) string { return filepath.Join(data, "journal") }

// SandboxDir is where the sandbox of a data directory keeps its state.
func SandboxDir(data string) string { return filepath.Join(data, "sandbox") }

func thisProcess(program string, started time.Time) tenant.Owner {
	host, err := os.Hostname()
	if err != nil {
		host = "this computer"
	}
	return tenant.Owner{Program: program, Host: host, PID: os.Getpid(), Started: started.UTC().Truncate(time.Microsecond)}
}
