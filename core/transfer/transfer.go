// Package transfer writes and reads the file in which a partner's data moves to another machine:
// registrations, tenants, logins and settings, under a passphrase.
//
// The file is an age file (age-encryption.org/v1) with a scrypt recipient, so that the age tool opens it too:
// nobody's data hangs on this program. Inside are JSON values, one a line: a head with the version, then one
// for each thing. A thing that a version does not know would be lost silently, so each new one makes a new
// version, and a reader refuses the versions that it does not know.
package transfer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// format names what the file is, version how it is laid out.
	format  = "partnerdesk-transfer"
	version = 1

	// MinPassphrase is the fewest characters of a passphrase.
	MinPassphrase = 12
	// maxWork bounds the memory that a file can demand for its passphrase: scrypt with 2 to this power takes
	// 1 GB. The age tool writes 18.
	maxWork = 20
	// maxSize bounds what is read from inside a file.
	maxSize = 256 << 20
)

// What is wrong with a file or a passphrase; errors.Is finds them.
var (
	ErrPassphrase = errors.New("the passphrase does not fit")
	ErrNoTransfer = errors.New("it is no file of this kind")
	ErrNewer      = errors.New("a newer version has written it")
	ErrDamaged    = errors.New("it is damaged, or not whole")
)

// CheckPassphrase says why a passphrase is too weak to write a file with.
func CheckPassphrase(p secret.Text) error {
	text := p.Reveal()
	if n := utf8.RuneCountInString(text); n < MinPassphrase {
		return fmt.Errorf("the passphrase has %d characters and needs %d: whoever finds the file can try passphrases at home, day and night", n, MinPassphrase)
	}
	first, _ := utf8.DecodeRuneInString(text)
	if strings.Trim(text, string(first)) == "" {
		return errors.New("the passphrase is one character again and again, which is what is tried first")
	}
	return nil
}

// Write writes all under a passphrase.
func Write(w io.Writer, all tenant.Portable, passphrase secret.Text, now time.Time) error {
	if err := CheckPassphrase(passphrase); err != nil {
		return err
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return fmt.Errorf("prepare encryption: %w", err)
	}
	sealed, err := age.Encrypt(w, recipient)
	if err != nil {
		return fmt.Errorf("begin encryption: %w", err)
	}
	if err := writeLines(sealed, all, now); err != nil {
		return err
	}
	if err := sealed.Close(); err != nil {
		return fmt.Errorf("end encryption: %w", err)
	}
	return nil
}

func writeLines(w io.Writer, all tenant.Portable, now time.Time) error {
	b := bufio.NewWriter(w)
	lines := json.NewEncoder(b)
	write := func(l line) error {
		if err := lines.Encode(l); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		return nil
	}
	if err := write(line{Head: &head{format, version, now.UTC()}}); err != nil {
		return err
	}
	if all.Settings != nil {
		if err := write(line{Settings: packSettings(*all.Settings)}); err != nil {
			return err
		}
	}
	for _, r := range all.Registrations {
		if err := write(line{Registration: packRegistration(r)}); err != nil {
			return err
		}
	}
	for _, t := range all.Tenants {
		if err := write(line{Tenant: packTenant(t)}); err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// Read reads a file to its end and returns what it holds: all of it, or an error.
func Read(r io.Reader, passphrase secret.Text) (tenant.Portable, error) {
	none := tenant.Portable{}
	if passphrase.Empty() {
		return none, ErrPassphrase
	}
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return none, fmt.Errorf("prepare decryption: %w", err)
	}
	identity.SetMaxWorkFactor(maxWork)
	opened, err := age.Decrypt(r, identity)
	if err != nil {
		return none, explainOpening(err)
	}
	inside := &io.LimitedReader{R: opened, N: maxSize}
	all, err := readLines(inside)
	if inside.N <= 0 {
		return none, fmt.Errorf("%w: it is longer than %d MB", ErrNoTransfer, maxSize>>20)
	}
	return all, err
}

// explainOpening tells a wrong passphrase from a file that was not made with one.
func explainOpening(err error) error {
	if mismatch, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		if len(mismatch.StanzaTypes) == 1 && mismatch.StanzaTypes[0] == "scrypt" {
			return ErrPassphrase
		}
		return fmt.Errorf("%w: it was not made with a passphrase", ErrNoTransfer)
	}
	// The library's own words may quote the file.
	return fmt.Errorf("%w: it does not begin as an age file with a passphrase does", ErrNoTransfer)
}

func readLines(r io.Reader) (tenant.Portable, error) {
	var all tenant.Portable
	lines := json.NewDecoder(r)
	next := func(n int) (line, error) {
		var l line
		err := lines.Decode(&l)
		if err == nil || errors.Is(err, io.EOF) {
			return l, err
		}
		if _, wrong := errors.AsType[*json.SyntaxError](err); wrong && n == 1 {
			return l, ErrNoTransfer
		}
		// The decoder's own words may quote a secret.
		return l, fmt.Errorf("%w: value %d cannot be read", ErrDamaged, n)
	}
	first, err := next(1)
	switch {
	case errors.Is(err, io.EOF):
		return all, fmt.Errorf("%w: it is empty", ErrNoTransfer)
	case err != nil && !errors.Is(err, ErrNoTransfer):
		return all, err
	case err != nil || first.Head == nil || first.Head.Format != format:
		return all, fmt.Errorf("%w: what is in it was not written by this program", ErrNoTransfer)
	case first.Head.Version != version:
		return all, fmt.Errorf("%w: it has version %d, and this program knows %d", ErrNewer, first.Head.Version, version)
	}
	for n := 2; ; n++ {
		l, err := next(n)
		if errors.Is(err, io.EOF) {
			if err := check(all); err != nil {
				return tenant.Portable{}, err
			}
			return all, nil
		}
		if err != nil {
			return tenant.Portable{}, err
		}
		switch {
		case l.Registration != nil:
			all.Registrations = append(all.Registrations, l.Registration.unpack())
		case l.Tenant != nil:
			all.Tenants = append(all.Tenants, l.Tenant.unpack())
		case l.Settings != nil:
			chosen := l.Settings.unpack()
			all.Settings = &chosen
		default:
			return tenant.Portable{}, fmt.Errorf("%w: value %d is nothing that version %d has", ErrDamaged, n, version)
		}
	}
}

// check refuses what no store would have written: the file may have been made by hand.
func check(all tenant.Portable) error {
	seen := map[tenant.Key]bool{}
	for _, r := range all.Registrations {
		name := tenant.Key{Registration: r.Name}
		if err := r.Validate(); err != nil || seen[name] {
			return fmt.Errorf("%w: the registration %q is not as one can be stored", ErrDamaged, r.Name)
		}
		seen[name] = true
	}
	for _, t := range all.Tenants {
		if !tenant.IsContextID(t.ContextID) || seen[t.Key] || !seen[tenant.Key{Registration: t.Registration}] {
			return fmt.Errorf("%w: the tenant %q is not as one can be stored", ErrDamaged, t.Key)
		}
		seen[t.Key] = true
	}
	if all.Settings != nil && all.Settings.Check() != nil {
		return fmt.Errorf("%w: the settings are not as they can be stored", ErrDamaged)
	}
	return nil
}
