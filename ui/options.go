package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/data"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logpane"
)

// Desk is what the window asks of the workbench. Every method may wait and is called off the user
// interface's goroutine.
type Desk interface {
	// Pulse tells who polls, and by its revision whether anything else of what Overview returns has changed, by this
	// program or the other one. It is cheap to ask.
	Pulse(ctx context.Context) (workbench.Pulse, error)
	Overview(ctx context.Context) (workbench.Overview, error)
	SignIn(ctx context.Context, request workbench.SignInRequest, hooks workbench.SignInHooks) (workbench.SignedIn, error)
	// SignOut ends the login user's login. The result says what became of its tokens after an error too.
	SignOut(ctx context.Context, request workbench.SignOutRequest) (workbench.SignedOut, error)
	CreateCompany(ctx context.Context, request workbench.CompanyRequest) (workbench.CompanyResult, error)
	// ResolveCompany looks once more for a company that a result could not tell of; it saves nothing.
	ResolveCompany(ctx context.Context, last workbench.CompanyResult) (workbench.CompanyResult, error)
	// CompanyResults are what came of the last companies of a tenant, the newest first.
	CompanyResults(ctx context.Context, key tenant.Key) ([]workbench.CompanyResult, error)
	// CompanyPage is the address of a company in the tenant's web client.
	CompanyPage(ctx context.Context, key tenant.Key, id int64) (string, error)
	// Diagnose goes through all that must hold for a tenant. What was found is there after an error too.
	Diagnose(ctx context.Context, request workbench.DiagnoseRequest) (workbench.Diagnosis, error)
	// Validation is how the id token of a tenant's last sign-in was validated; its time is zero where nothing was kept.
	Validation(ctx context.Context, key tenant.Key) (tenant.Validation, error)
	// History is how a tenant fared in the last 24 hours.
	History(ctx context.Context, key tenant.Key) (tenant.History, error)
	SetActive(ctx context.Context, key tenant.Key, active bool) error
	// SetActiveAll and VisitAll are for many tenants in one piece of work; they pass over those that are gone.
	SetActiveAll(ctx context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error)
	VisitAll(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error)
	// VisitNow has the poller visit a tenant without waiting, even one that rests.
	VisitNow(ctx context.Context, key tenant.Key) error
	// Offboard ends what can be ended of a tenant and deletes it here. The receipt is there after an error too.
	Offboard(ctx context.Context, request workbench.OffboardRequest) (workbench.Receipt, error)
	// SaveRegistration stores a registration as it was entered.
	SaveRegistration(ctx context.Context, draft workbench.RegistrationDraft) error
	RemoveRegistration(ctx context.Context, name string) error
	UseRegistration(ctx context.Context, name string) error
	Settings(ctx context.Context) (tenant.Settings, error)
	UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error
	// CheckForUpdate asks the address in the settings, if there is one, for the newest version of this program.
	CheckForUpdate(ctx context.Context) (workbench.UpdateCheck, error)
	// TakeOver asks the process that polls to let this one's poller, which must run, poll instead. It does not wait.
	TakeOver(ctx context.Context) error
	// Ticks are the poller's of the last 24 hours, those from since on, the oldest first.
	Ticks(ctx context.Context, since time.Time) ([]tenant.Tick, error)
	// Protection says what guards the key of the data file, as either program left it.
	Protection(ctx context.Context) (tenant.Protection, error)
	// ChangeProtection takes the passphrase for [tenant.ByPassphrase] only.
	ChangeProtection(ctx context.Context, to tenant.ProtectionKind, passphrase secret.Text) (tenant.Protection, error)
	RotateDataKey(ctx context.Context) (tenant.Protection, error)
	data.Desk
}

// Poller is the window's switch for the background poller of this program. Start and Stop may wait and are
// called off the user interface's goroutine; Running answers at once.
type Poller interface {
	Start()
	Stop()
	Running() bool
}

// EventSource delivers the journal events of both programs, oldest first and in batches, until ctx ends.
// It calls deliver from one goroutine.
type EventSource func(ctx context.Context, deliver func([]journal.Event)) error

// Options is all that the window needs from outside. Desk, Poller, Events, Journal, OpenURL, OpenFolder and Do must be
// set, and OpenPage where there is a Guide.
type Options struct {
	Desk   Desk
	Poller Poller
	Events EventSource
	// Journal is where the live log looks up all fields of a line.
	Journal logpane.Journal
	// Quit ends the program; nil means the app's own Quit.
	Quit func()
	// OpenURL opens the system browser.
	OpenURL func(url string) error
	// OpenFolder shows a folder in the system's file manager. It may wait.
	OpenFolder func(path string) error
	// OpenPage shows a file of HTML in the system's browser. It may wait. Guide is the first page of the guide that came
	// with the program, "" where none did.
	OpenPage func(path string) error
	Guide    string
	// Do runs a function on the user interface's goroutine and does not wait for it: fyne.Do, and in tests
	// a queue.
	Do func(func())
	// Now is the clock; nil means time.Now. Times are shown in its location.
	Now func() time.Time
	// Every is how often the store is read for changes; zero means a second.
	Every time.Duration
	// Since keeps older events of the journal from lighting up the ten steps; zero means the time of New.
	Since time.Time
	// DataDir, a whole path, and Version stand in the footer, and in About with JournalDir.
	DataDir, Version, JournalDir string
	// Warning says what is wrong with the room that the journal takes, nil where nothing is. It answers at once.
	Warning func() error
	// SandboxURL returns the address under which the sandbox shows each tenant's companies, "" while there is
	// no sandbox.
	SandboxURL func() string
	Appearance kit.Appearance
	// Tray is the menu of the program's icon in the screen's tray, which the window fills, and from which it can be
	// opened again. Nil where there is no tray.
	Tray *fyne.Menu
	// Notify shows a notification of the system. It may wait. Nil means that the app's own is used.
	Notify func(*fyne.Notification)
	// FallbackFonts have the letters that Fyne's own fonts lack; the live log asks them last.
	FallbackFonts []fyne.Resource
	// MaxLines caps the live log; zero means 200,000 lines.
	MaxLines int
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Since.IsZero() {
		o.Since = o.Now()
	}
	if o.SandboxURL == nil {
		o.SandboxURL = func() string { return "" }
	}
	if o.Warning == nil {
		o.Warning = func() error { return nil }
	}
	if o.MaxLines == 0 {
		o.MaxLines = 200_000
	}
	return o
}
