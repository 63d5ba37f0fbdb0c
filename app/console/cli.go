package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
)

// commandLine is the whole command line: the flags before the command, and the commands.
type commandLine struct {
	Data         string `placeholder:"DIR" help:"The data directory, in the place of ${data_variable} or the system's own."`
	Registration string `placeholder:"NAME" help:"The registration to use, in the place of the current one."`
	// DataPassphraseFile is the data file's own; commands on keys have another.
	DataPassphraseFile string `placeholder:"F" help:"The file with the passphrase of the data file, where it is protected by one; - for standard input. Without it: the variable PARTNERDESK_PASSPHRASE."`

	JSON    bool        `name:"json" help:"Print one JSON value, or one a line; failures go to standard error, as JSON too."`
	Verbose bool        `help:"Print the steps of a sign-in's validation and an error's whole chain, and write routine events to the journal."`
	Version versionFlag `help:"Print the version, the data directory and the size of the journal in it."`
	Man     manFlag     `help:"Print the manual page, as man reads it: --man | man -l -"`

	Sandbox  sandboxCommand      `cmd:"" help:"Serve SuperOffice CRM Online in miniature on this computer, until interrupted."`
	Register registrationCommand `cmd:"" name:"registration" help:"The apps as the Developer Portal knows them, one for each environment."`
	SignIn   signInCommand       `cmd:"" help:"Sign in to a tenant in the browser and store it with its system user token."`
	SignOut  signOutCommand      `cmd:"" help:"End the login user's login to a tenant, at SuperID and on this computer. The system user's token is left alone."`
	Tenants  tenantsCommand      `cmd:"" help:"The tenants that administrators have signed in to."`
	Company  companyCommand      `cmd:"" help:"Companies, the proof that the app works in a tenant."`
	Token    tokenCommand        `cmd:"" help:"Tokens, taken apart and validated step by step."`
	System   systemUserCommand   `cmd:"" name:"system-user" help:"The system user flow piece by piece: sign a token, exchange it for a ticket."`
	Poll     pollCommand         `cmd:"" help:"The service console: exchange tokens for tickets and log on to every active tenant, again and again."`
	Doctor   doctorCommand       `cmd:"" help:"Find out why a tenant does not work, or whether a registration can: walk all that must hold, and stop at the first cause."`
	Settings settingsCommand     `cmd:"" help:"The settings that both programs share: the poller's interval, request budget, planned maintenance and demonstration, and whom to ask for new versions."`
	Update   updateCommand       `cmd:"" help:"Ask for the newest version of Partnerdesk at the address that the settings name. Nothing is downloaded, and without an address nobody is asked."`
	Key      keyCommand          `cmd:"" help:"Private keys of apps: make one, convert between XML and PEM, check one."`
	Protect  protectionCommand   `cmd:"" name:"protection" help:"What guards the key that seals the secrets: the operating system's secret store, a passphrase, or a key file."`
	Recover  recoverCommand      `cmd:"" help:"Put a backup in the place of a data file that is damaged or gone."`
	Import   importCommand       `cmd:"" help:"Bring tenants along from other programs."`
	Export   exportCommand       `cmd:"" help:"Hand tenants to other programs."`
	Backup   backupCommand       `cmd:"" help:"Write registrations, tenants, logins and settings to a file under a passphrase, to restore them on another machine. The sandbox's are left out."`
	Restore  restoreCommand      `cmd:"" help:"Take a backup in: add what is not there, and tell of what is."`
	Log      logCommand          `cmd:"" help:"What both programs did: the journal."`
	Licences licencesCommand     `cmd:"" help:"Print the licences of Partnerdesk and of all that is built into both programs."`
}

// runner is a command, parsed.
type runner interface {
	Run(ctx context.Context, s *session) error
}

// parse reads the command line. The runner is nil where the command line was answered already (--help,
// --version). The session is never nil, so that an error can be printed the way that was asked for.
func parse(args []string, stdin io.Reader, stdout, stderr io.Writer) (runner, *session, error) {
	// An error may come before --json was understood.
	s := &session{stdin: stdin, out: printer{stdout: stdout, stderr: stderr, json: slices.Contains(args, "--json")}}
	line := &commandLine{}
	answered := false
	parser, err := kong.New(line,
		kong.Name("partnerdesk-console"),
		kong.Description("Partnerdesk's command line and service console, for partner administrators of SuperOffice CRM Online. "+
			"The exit status is 0 when the command did what it was told, 1 when it failed, and 2 when the command line was wrong."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { answered = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"data_variable": app.DataVariable},
	)
	if err != nil {
		return nil, s, fmt.Errorf("build the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if answered {
		return nil, s, nil
	}
	if err != nil {
		return nil, s, wrongUse(err)
	}
	s.data, s.registration, s.verbose, s.dataPassphraseFile = line.Data, line.Registration, line.Verbose, line.DataPassphraseFile
	s.out.json, s.out.verbose = line.JSON, line.Verbose
	command, ok := parsed.Selected().Target.Addr().Interface().(runner)
	if !ok {
		return nil, s, fmt.Errorf("run %s: it is no command", parsed.Command())
	}
	return command, s, nil
}

// versionFlag answers --version without a command.
type versionFlag bool

// BeforeReset prints the answer as soon as the flag is seen, like kong's own --help.
func (versionFlag) BeforeReset(parsed *kong.Context, k *kong.Kong) error {
	asked := ""
	out := printer{stdout: k.Stdout, stderr: k.Stderr}
	for _, p := range parsed.Path {
		switch {
		case p.Flag == nil:
		case p.Flag.Name == "data":
			asked, _ = parsed.FlagValue(p.Flag).(string)
		case p.Flag.Name == "json":
			out.json = true
		}
	}
	data, err := app.DataDir(asked)
	if err != nil {
		return err
	}
	size := out.journalSize(app.JournalDir(data))
	v := version{Version: app.Version(), Data: data, Journal: size.Bytes}
	if err := out.value(v, func(w io.Writer) {
		fmt.Fprintf(w, "Partnerdesk %s\nData directory: %s\nJournal: %s\n", v.Version, v.Data, size)
	}); err != nil {
		return err
	}
	k.Exit(exitDone)
	return nil
}

type version struct {
	Version string `json:"version"`
	Data    string `json:"data_directory"`
	Journal int64  `json:"journal_bytes"`
}

// usageError is a command line that cannot be carried out as it stands.
type usageError struct{ error }

// Unwrap returns the cause.
func (u usageError) Unwrap() error { return u.error }

// wrongUse marks err as the fault of the command line, unless somebody has explained it already.
func wrongUse(err error) error {
	if _, explained := errors.AsType[*tenant.Problem](err); explained {
		return err
	}
	return usageError{err}
}

// contextID is a tenant's context identifier on the command line.
type contextID string

// UnmarshalText takes what has the form of one.
func (c *contextID) UnmarshalText(b []byte) error {
	if !tenant.IsContextID(string(b)) {
		return fmt.Errorf("%q is no context identifier: Cust and digits, like Cust12345", b)
	}
	*c = contextID(b)
	return nil
}

// moment is a time on the command line: an RFC 3339 time, or how long ago.
type moment struct{ time.Time }

// UnmarshalText reads both forms.
func (m *moment) UnmarshalText(b []byte) error {
	text := strings.TrimSpace(string(b))
	if ago, err := time.ParseDuration(text); err == nil {
		if ago < 0 {
			return fmt.Errorf("%q lies in the future", text)
		}
		m.Time = time.Now().Add(-ago)
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is neither a duration like 1h nor a time like 2026-01-31T08:00:00Z", text)
	}
	m.Time = at
	return nil
}
