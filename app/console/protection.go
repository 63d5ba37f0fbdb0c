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
)

const (
	// passphraseVariable holds the passphrase of the data file.
	passphraseVariable = "PARTNERDESK_PASSPHRASE"
	// newPassphraseVariable holds the one that is to take its place.
	newPassphraseVariable = "PARTNERDESK_NEW_PASSPHRASE"
)

// passphrase is how this program answers when the data file asks for its passphrase; nil where there is
// none to give.
func (s *session) passphrase() func(context.Context, int) (secret.Text, error) {
	if s.dataPassphraseFile == "" && os.Getenv(passphraseVariable) == "" {
		return nil
	}
	return func(_ context.Context, attempt int) (secret.Text, error) {
		if attempt > 1 {
			return secret.Text{}, errors.New("there is no other passphrase to try")
		}
		return s.secretOf("passphrase", s.dataPassphraseFile, passphraseVariable)
	}
}

// protectionCommand holds the commands on what guards the data file's key; without one it shows it.
type protectionCommand struct {
	Show   showProtection   `cmd:"" default:"1" help:"Show what guards the key that seals the secrets, and since when."`
	Change changeProtection `cmd:"" help:"Have the key guarded in another way. Nothing is lost, whatever cuts it off."`
	Rotate rotateDataKey    `cmd:"" help:"Make a new data key, and seal every secret anew."`
}

type showProtection struct{}

// Run shows the protection.
func (showProtection) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		p, err := a.Workbench.Protection(ctx)
		if err != nil {
			return err
		}
		return s.showProtection(p)
	})
}

type changeProtection struct {
	To                tenant.ProtectionKind `arg:"" enum:"keyring, passphrase, key-file" help:"keyring (the operating system's secret store), passphrase (asked at each start), or key-file (in the data directory, readable by you only)."`
	NewPassphraseFile string                `placeholder:"F" help:"The file with the new passphrase; - for standard input. Without it: the variable PARTNERDESK_NEW_PASSPHRASE, else, if no passphrase protects now, --data-passphrase-file or PARTNERDESK_PASSPHRASE."`
}

// Validate refuses a passphrase that would not be used.
func (c *changeProtection) Validate() error {
	if c.NewPassphraseFile != "" && c.To != tenant.ByPassphrase {
		return errors.New("only the protection by a passphrase takes a new passphrase")
	}
	return nil
}

// Run changes the protection.
func (c *changeProtection) Run(ctx context.Context, s *session) error {
	if err := oneOnStandardInput("the passphrase and the new one", s.dataPassphraseFile, c.NewPassphraseFile); err != nil {
		return wrongUse(err)
	}
	return s.with(ctx, func(a *app.App) error {
		var passphrase secret.Text
		if c.To == tenant.ByPassphrase {
			var err error
			if passphrase, err = c.newPassphrase(ctx, s, a); err != nil {
				return err
			}
		}
		p, err := a.Workbench.ChangeProtection(ctx, c.To, passphrase)
		if err != nil {
			return err
		}
		return s.showProtection(p)
	})
}

// newPassphrase finds the passphrase that is to protect. One that protects now is not taken for it by mistake.
func (c *changeProtection) newPassphrase(ctx context.Context, s *session, a *app.App) (secret.Text, error) {
	const what = "new passphrase"
	if c.NewPassphraseFile != "" || os.Getenv(newPassphraseVariable) != "" {
		return s.secretOf(what, c.NewPassphraseFile, newPassphraseVariable)
	}
	now, err := a.Workbench.Protection(ctx)
	if err != nil {
		return secret.Text{}, err
	}
	if now.Kind == tenant.ByPassphrase || s.dataPassphraseFile == "" && os.Getenv(passphraseVariable) == "" {
		return secret.Text{}, &tenant.Problem{Op: "find new passphrase", Explanation: tenant.CauseInput.Explain(
			"The protection stays as it is.", "No new passphrase is given.",
			"Save it in a file that only you can read, and name the file with --new-passphrase-file.")}
	}
	return s.secretOf(what, s.dataPassphraseFile, passphraseVariable)
}

type rotateDataKey struct{}

// Run makes a new data key.
func (rotateDataKey) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		p, err := a.Workbench.RotateDataKey(ctx)
		if err != nil {
			return err
		}
		return s.showProtection(p)
	})
}

func (s *session) showProtection(p tenant.Protection) error {
	return s.out.value(p, func(w io.Writer) {
		fmt.Fprintf(w, "Protection:\t%s\n", p.Kind.Label())
		fmt.Fprintf(w, "Data key:\tgeneration %d\n", p.Generation)
		fmt.Fprintf(w, "Since:\t%s\n", at(p.Since))
		fmt.Fprintf(w, "Meaning:\t%s\n", p.Sentence)
		if p.OldKeys > 0 {
			fmt.Fprintf(w, "Old keys:\t%s could not be removed yet; each start tries again.\n", tenant.Thousands(p.OldKeys))
		}
	})
}
