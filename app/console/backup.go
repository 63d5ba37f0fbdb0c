package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/wholefile"
	"partnerdesk/core/workbench"
)

// backupPassphraseVariable is used where no file is named.
const backupPassphraseVariable = "PARTNERDESK_BACKUP_PASSPHRASE"

// backupPassphrase is the flag of both commands.
type backupPassphrase struct {
	PassphraseFile string `placeholder:"F" help:"The file with the passphrase; - for standard input. Without it: the variable PARTNERDESK_BACKUP_PASSPHRASE, or a question at the terminal."`
}

type backupCommand struct {
	File string `arg:"" help:"The new file. It must not be there yet."`
	backupPassphrase
}

// backedUp is what the command prints with --json.
type backedUp struct {
	File string `json:"file"`
	workbench.Backup
}

// Run writes the backup.
func (c *backupCommand) Run(ctx context.Context, s *session) error {
	file := wholefile.File{Name: c.File, Op: "write backup", What: "The backup could not be written to %s.", Taken: "Name another file: this one may be the only backup."}
	if err := file.Replaceable(); err != nil { // before anybody makes up a passphrase
		return err
	}
	passphrase, err := c.read(s, true)
	if err != nil {
		return err
	}
	if err := workbench.CheckBackupPassphrase(passphrase); err != nil {
		return err
	}
	return s.with(ctx, func(a *app.App) error {
		done := backedUp{File: c.File}
		if err := file.Write(func(w io.Writer) (err error) {
			done.Backup, err = a.Workbench.Backup(ctx, w, passphrase)
			return err
		}); err != nil {
			return err
		}
		return s.out.value(done, func(w io.Writer) { writeBackedUp(w, done) })
	})
}

func writeBackedUp(w io.Writer, b backedUp) {
	fmt.Fprintf(w, "Backup:\t%s, which nobody can read without the passphrase\n", plain(b.File))
	fmt.Fprintf(w, "Registrations:\t%s\n", tenant.Thousands(len(b.Registrations)))
	fmt.Fprintf(w, "Tenants:\t%s\n", tenant.Thousands(b.Tenants))
	fmt.Fprintf(w, "Logins:\t%s\n", tenant.Thousands(b.Logins))
	if b.LeftOut > 0 {
		fmt.Fprintf(w, "Left out:\t%s of the sandbox, which belongs to this data directory\n", tenant.Thousands(b.LeftOut))
	}
}

type restoreCommand struct {
	File string `arg:"" help:"The file that “backup” has written; - for standard input."`
	backupPassphrase
	Replace bool `help:"Let the backup's registrations, tenants and settings take the place of those that are stored already; without it those stay as they are."`
	DryRun  bool `help:"Only say what would be done."`
}

// Validate refuses two things on one standard input.
func (c *restoreCommand) Validate() error {
	return oneOnStandardInput("backup and passphrase", c.File, c.PassphraseFile)
}

// Run takes the backup in, and prints what became of each part of it.
func (c *restoreCommand) Run(ctx context.Context, s *session) error {
	file := io.NopCloser(s.stdin)
	if c.File != standardInput {
		f, err := os.Open(c.File)
		if err != nil {
			return unreadable("backup", c.File, err, "Give the file that “backup” has written.")
		}
		file = f
	}
	defer file.Close()
	passphrase, err := c.read(s, false)
	if err != nil {
		return err
	}
	return s.with(ctx, func(a *app.App) error {
		done, err := a.Workbench.Restore(ctx, file, passphrase, tenant.ImportOptions{Replace: c.Replace, DryRun: c.DryRun})
		if err != nil {
			return err
		}
		return s.out.value(done, func(w io.Writer) { writeRestored(w, done) })
	})
}

func writeRestored(w io.Writer, r workbench.Restored) {
	if r.DryRun {
		fmt.Fprintln(w, "This is what would be done; nothing was.")
	}
	for _, item := range r.Registrations {
		fmt.Fprintf(w, "Registration\t%s\t%s\n", plain(item.Registration), outcomeLine(item.Outcome))
	}
	for _, item := range r.Tenants {
		fmt.Fprintf(w, "Tenant\t%s/%s\t%s\n", plain(item.Registration), item.ContextID, outcomeLine(item.Outcome))
	}
	if r.Settings != "" {
		fmt.Fprintf(w, "Settings\t\t%s\n", outcomeLine(r.Settings))
	}
}

// outcomeLine is an outcome with what to do about it.
func outcomeLine(o tenant.ImportOutcome) string {
	switch o {
	case tenant.ImportKept:
		return "kept as stored here; --replace takes the backup's"
	case tenant.ImportLeftOut:
		return "left out: the registration of this name is another app here"
	}
	return string(o)
}

// read gets the passphrase from the file, the environment or the person, who types a new one twice.
func (c backupPassphrase) read(s *session, isNew bool) (secret.Text, error) {
	text, err := s.secretOf("passphrase", c.PassphraseFile, backupPassphraseVariable)
	if err != nil || !text.Empty() {
		return text, err
	}
	if s.out.json || !isTerminal(s.stdin) || c.PassphraseFile != "" {
		return text, usageError{fmt.Errorf("--passphrase-file is missing, and %s is not set", backupPassphraseVariable)}
	}
	text, err = s.askSecret("Passphrase of the backup: ")
	if err != nil || !isNew {
		return text, err
	}
	if err := workbench.CheckBackupPassphrase(text); err != nil {
		return secret.Text{}, err
	}
	again, err := s.askSecret("Once more: ")
	if err == nil && !again.Equal(text) {
		err = errors.New("the two passphrases differ")
		err = &tenant.Problem{Op: "ask for passphrase", Err: err, Explanation: tenant.CauseInput.Explain("The backup was not written.", tenant.Sentence(err), "")}
	}
	return text, err
}

// askSecret asks the person at the terminal, which does not show what they type.
func (s *session) askSecret(question string) (secret.Text, error) {
	restore, err := hideTyping(s.stdin)
	if err != nil {
		return secret.Text{}, &tenant.Problem{Op: "hide what is typed", Err: err, Explanation: tenant.CauseInput.Explain(
			"The passphrase was not asked for.", "This terminal cannot hide what is typed.", "Give it with --passphrase-file.")}
	}
	defer restore()
	s.out.note("%s", question)
	line, err := readLine(s.stdin)
	s.out.note("\n")
	return secret.New(line), err
}

// readLine reads to the end of a line and not beyond: what follows may be the answer to the next question.
func readLine(r io.Reader) (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < maxSecretFile {
		n, err := r.Read(one)
		if n == 1 {
			if one[0] == '\n' || one[0] == '\r' {
				return string(line), nil
			}
			line = append(line, one[0])
			continue
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("the line is longer than %d KB", maxSecretFile>>10)
}
