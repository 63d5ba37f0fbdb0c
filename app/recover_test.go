package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// damagedDirectory makes a data directory with a backup, protected in that way, and damages the data file.
func damagedDirectory(t *testing.T, kind tenant.ProtectionKind, passphrase secret.Text) app.Options {
	t.Helper()
	o := app.Options{Program: "desktop", Data: t.TempDir()}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	_, changed := a.Workbench.ChangeProtection(t.Context(), kind, passphrase) // which makes a backup
	if err := errors.Join(changed, a.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(o.Data, "partnerdesk.bolt"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(make([]byte, 24<<10), 0)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return o
}

// fails starts on a data directory that does not open, and returns why.
func fails(t *testing.T, o app.Options) error {
	t.Helper()
	a, err := app.New(t.Context(), o)
	if err == nil {
		t.Fatal(errors.Join(errors.New("it opens"), a.Close()))
	}
	return err
}

func TestABackupIsOfferedForADamagedFileAndTakesItsPlace(t *testing.T) {
	o := damagedDirectory(t, tenant.ByKeyFile, secret.Text{})
	b, found := app.Offer(t.Context(), o, fails(t, o))
	if !found || b.Problem != nil {
		t.Fatalf("offered: %t, %v", found, b.Problem)
	}
	done, err := app.Recover(t.Context(), o, "")
	if err != nil || done.Backup.Name != b.Name {
		t.Fatalf("took %q, offered %q: %v", done.Backup.Name, b.Name, err)
	}
	a, err := app.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestABackupThatWantsAPassphraseIsOfferedToo(t *testing.T) {
	right := secret.New("four words are enough")
	o := damagedDirectory(t, tenant.ByPassphrase, right)
	failure := fails(t, o)
	if b, found := app.Offer(t.Context(), o, failure); !found || b.Problem == nil {
		t.Errorf("unasked, offered: %t, %v", found, b.Problem)
	}
	o.Passphrase = func(context.Context, int) (secret.Text, error) { return right, nil }
	if b, found := app.Offer(t.Context(), o, failure); !found || b.Problem != nil {
		t.Errorf("with the passphrase, offered: %t, %v", found, b.Problem)
	}
}

func TestNoBackupIsOfferedForAFileThatIsNotTheReason(t *testing.T) {
	o := damagedDirectory(t, tenant.ByKeyFile, secret.Text{})
	if b, found := app.Offer(t.Context(), o, errors.New("the disk is full")); found {
		t.Errorf("offered %s", b.Name)
	}
}
