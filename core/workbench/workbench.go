// Package workbench holds the use cases: what a partner administrator does with Partnerdesk, whether
// through the window or through the console. It ties sign-in, keeper, web services and store together,
// and writes the journal's account of it, step by step.
package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/probe"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/update"
)

// Store keeps registrations, tenants and settings.
type Store interface {
	// Signals are cheap to read.
	Signals(ctx context.Context) (tenant.Signals, error)
	Snapshot(ctx context.Context) (tenant.Snapshot, error)
	Registration(ctx context.Context, name string) (tenant.Registration, error)
	SaveRegistration(ctx context.Context, r tenant.Registration) error
	RemoveRegistration(ctx context.Context, name string) error
	Tenant(ctx context.Context, k tenant.Key) (tenant.Tenant, error)
	SaveSignIn(ctx context.Context, t tenant.Tenant, l tenant.Login) (isNew bool, err error)
	// SaveValidation keeps how the id token of the last sign-in was validated; Validation's time is zero where
	// nothing was kept.
	SaveValidation(ctx context.Context, v tenant.Validation) error
	Validation(ctx context.Context, k tenant.Key) (tenant.Validation, error)
	// History is how a tenant fared since a time. A day of it is kept.
	History(ctx context.Context, k tenant.Key, since time.Time) (tenant.History, error)
	Login(ctx context.Context, k tenant.Key) (tenant.Login, error)
	// RemoveLogin removes a login if its refresh token still is onlyIf, and reports whether it did.
	RemoveLogin(ctx context.Context, k tenant.Key, onlyIf secret.Text) (removed bool, err error)
	SetActive(ctx context.Context, k tenant.Key, active bool) error
	// SetActiveAll and ForgiveAll pass over tenants that are gone, and return the others. ForgiveAll passes over
	// those that are not active, too.
	SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error)
	ForgiveAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error)
	// NoteCompany keeps what a try to create a company came to: for the tenant's proofs, and among its last results,
	// where it takes the place of what was known of the same try.
	NoteCompany(ctx context.Context, r tenant.CompanyResult) error
	// CompanyResults are a tenant's last results, the newest first.
	CompanyResults(ctx context.Context, k tenant.Key) ([]tenant.CompanyResult, error)
	RemoveTenant(ctx context.Context, k tenant.Key) error
	// Export and Import move all of it, or some tenants, from and to elsewhere, each in one transaction.
	Export(ctx context.Context) (tenant.Portable, error)
	Import(ctx context.Context, all tenant.Portable, o tenant.ImportOptions) (tenant.ImportOutcomes, error)
	Settings(ctx context.Context) (tenant.Settings, error)
	UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error
	// AskForLease asks whoever polls to hand over to asker, who waits until then, and returns the lease.
	AskForLease(ctx context.Context, asker tenant.Owner, until time.Time) (tenant.Lease, error)
	// Ticks are the poller's of the last 24 hours, those from since on, the oldest first.
	Ticks(ctx context.Context, since time.Time) ([]tenant.Tick, error)
	CurrentProtection(ctx context.Context) (tenant.Protection, error)
	// ChangeProtection takes the passphrase for [tenant.ByPassphrase] only.
	ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) error
	RotateDataKey(ctx context.Context) error
}

// SuperID signs a person in and out, and takes tokens apart.
type SuperID interface {
	SignIn(ctx context.Context, reg tenant.Registration, req superid.SignInRequest) (superid.SignedIn, error)
	Revoke(ctx context.Context, reg tenant.Registration, token secret.Text, hint superid.TokenHint) (superid.Revocation, error)
	EndSessionURL(ctx context.Context, reg tenant.Registration) (string, error)
	Inspect(ctx context.Context, raw secret.Text, o superid.InspectOptions) (superid.Inspection, error)
	// Discover, Keys and CheckClient ask anew, for a diagnosis.
	Discover(ctx context.Context, reg tenant.Registration) (superid.Discovery, error)
	Keys(ctx context.Context, reg tenant.Registration) (superid.Keys, error)
	CheckClient(ctx context.Context, reg tenant.Registration) (superid.ClientProof, error)
}

// Keeper calls tenants with the right credential.
type Keeper interface {
	Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error
	Exchange(ctx context.Context, s keeper.Subject) (superid.Exchanged, error)
	// Prove is an exchange whose ticket is thrown away.
	Prove(ctx context.Context, s keeper.Subject) (superid.Exchanged, error)
	// Running asks for the tenant's status anew.
	Running(ctx context.Context, s keeper.Subject) (online.Status, error)
	Forget(k tenant.Key)
}

// Contacts is the part of a tenant's web services that creates companies.
type Contacts interface {
	NewContact(ctx context.Context, call online.Call, name string) (entity []byte, err error)
	SaveContact(ctx context.Context, call online.Call, entity []byte) (tenant.Company, error)
	FindContacts(ctx context.Context, call online.Call, name string) ([]online.Found, error)
}

// Principals is the part of a tenant's web services that says whom it takes the caller for.
type Principals interface {
	Principal(ctx context.Context, call online.Call) (tenant.Principal, error)
}

// Network looks at the way to a server, below what the protocols see of it.
type Network interface {
	Resolve(ctx context.Context, address string) (probe.Route, error)
	Handshake(ctx context.Context, address string) (probe.TLS, error)
}

// Releases asks an address for the newest release of this program.
type Releases interface {
	Newest(ctx context.Context, address string) (update.Release, error)
}

// Options are a workbench's parts.
type Options struct {
	Store    Store
	SuperID  SuperID
	Keeper   Keeper
	Contacts Contacts
	// Principals and Network are for a diagnosis.
	Principals Principals
	Network    Network
	Releases   Releases
	// Version is this program's own.
	Version string
	Log     *slog.Logger
	Now     func() time.Time
	// Owner is this process, to tell its own poller lease from another's.
	Owner tenant.Owner
	// Due, where it is set, is called when a tenant should be visited without waiting for the next tick.
	Due func()
}

// Workbench is safe for many goroutines.
type Workbench struct {
	Options
	doctor   *slog.Logger // for diagnoses, which have a component of their own in the journal
	mu       sync.Mutex
	lastName int64 // the Unix seconds in the last name made here
	// releaseTrouble is the cause of the last failure to ask for a release, "" after an answer: the journal hears of it once.
	releaseTrouble tenant.Cause
}

// New makes a workbench.
func New(o Options) *Workbench {
	if o.Now == nil {
		o.Now = time.Now
	}
	doctor := o.Log.With(journal.Component("doctor"))
	o.Log = o.Log.With(journal.Component("workbench"))
	return &Workbench{Options: o, doctor: doctor}
}

// registration returns the named registration, or the current one.
func (w *Workbench) registration(ctx context.Context, name string) (tenant.Registration, error) {
	if name == "" {
		settings, err := w.Store.Settings(ctx)
		if err != nil {
			return tenant.Registration{}, err
		}
		name = settings.Registration
	}
	reg, err := w.Store.Registration(ctx, name)
	if errors.Is(err, tenant.ErrNotFound) {
		err = &tenant.Problem{Op: fmt.Sprintf("find registration %q", name), Err: err,
			Explanation: tenant.CauseNotThere.Explain(fmt.Sprintf("There is no registration %q.", name), "", "Choose one that is there, or add it.")}
	}
	return reg, err
}

// subject returns a tenant with its registration.
func (w *Workbench) subject(ctx context.Context, k tenant.Key) (keeper.Subject, error) {
	t, err := w.Store.Tenant(ctx, k)
	if err != nil {
		return keeper.Subject{}, explainNoTenant(k, err)
	}
	reg, err := w.registration(ctx, k.Registration)
	return keeper.Subject{Registration: reg, Tenant: t}, err
}

func explainNoTenant(k tenant.Key, err error) error {
	if !errors.Is(err, tenant.ErrNotFound) {
		return err
	}
	return &tenant.Problem{Op: "find tenant " + k.String(), Err: err,
		Explanation: tenant.CauseNotThere.Explain("There is no tenant "+k.ContextID+" here.", "", "Sign in to it first.")}
}

// Settings returns the settings that both programs share.
func (w *Workbench) Settings(ctx context.Context) (tenant.Settings, error) {
	return w.Store.Settings(ctx)
}

// UpdateSettings changes the settings that both programs share. Nothing is stored when one of them is out of bounds.
func (w *Workbench) UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error {
	return w.Store.UpdateSettings(ctx, func(s *tenant.Settings) error {
		if err := change(s); err != nil {
			return err
		}
		if err := s.Check(); err != nil {
			return refusedInput("change settings", "The settings cannot be stored.", err)
		}
		return nil
	})
}

// refusedInput is the problem with something that a person asked for. what says what is not done.
func refusedInput(op, what string, err error) error {
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseInput.Explain(what, tenant.Sentence(err), "")}
}
