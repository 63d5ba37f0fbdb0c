package tenant

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"partnerdesk/core/secret"
)

// ProtectionKind says where the key comes from that unlocks the data file.
type ProtectionKind string

// The kinds of protection, in the order of preference.
const (
	ByKeyring    ProtectionKind = "keyring"
	ByPassphrase ProtectionKind = "passphrase"
	ByKeyFile    ProtectionKind = "key-file"
)

// Label is the kind in words for people.
func (k ProtectionKind) Label() string {
	switch k {
	case ByKeyring:
		return "operating system's secret store"
	case ByPassphrase:
		return "passphrase"
	case ByKeyFile:
		return "key file"
	}
	return string(k)
}

// Protection says what guards the key that seals the secrets of the data file.
type Protection struct {
	Kind ProtectionKind `json:"kind"`
	// Generation counts the data keys that the data file has had.
	Generation int `json:"generation"`
	// Since is when the protection or the data key was changed last; when the data file was made, if never.
	Since time.Time `json:"since"`
	// Sentence says in words for people what the kind means.
	Sentence string `json:"sentence"`
	// OldKeys is how many keys that are no longer used could not be removed from their place yet. Each
	// start of a program tries again.
	OldKeys int `json:"old_keys"`
}

// MinPassphrase is how many characters a passphrase must have: whoever has a copy of the file can try as many
// as time allows.
const MinPassphrase = 12

// CheckPassphrase refuses a passphrase that is too short to protect anything.
func CheckPassphrase(passphrase secret.Text) error {
	if passphrase.Empty() {
		return errors.New("no passphrase is given")
	}
	if n := utf8.RuneCountInString(passphrase.Reveal()); n < MinPassphrase {
		return fmt.Errorf("the passphrase is too short: it must have at least %d characters, like four words", MinPassphrase)
	}
	return nil
}
