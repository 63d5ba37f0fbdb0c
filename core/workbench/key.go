package workbench

import (
	"errors"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
)

// SafeKeyBits is the size that is asked of an RSA key today (NIST SP 800-57 part 1). SuperOffice has handed
// out smaller ones.
const SafeKeyBits = 2048

// KeyForm is how a private key is written.
type KeyForm = superid.KeyForm

// The forms in which keys are written: .NET's, and everybody else's.
const (
	KeyXML = superid.KeyXML
	KeyPEM = superid.KeyPKCS8
)

// KeyInfo is what may be said of a private key.
type KeyInfo struct {
	Form KeyForm `json:"form"`
	// Encrypted is true where a passphrase protects it.
	Encrypted bool `json:"encrypted"`
	Bits      int  `json:"bits"`
	// Fingerprint is the same for every form of one key, and the one that registrations are shown with.
	Fingerprint string `json:"fingerprint"`
	// Weak is true under [SafeKeyBits].
	Weak bool `json:"weak"`
}

// WrittenKey is a private key in one of the forms, not encrypted, with its public half in the same form.
type WrittenKey struct {
	KeyInfo
	Private secret.Text `json:"-"`
	Public  string      `json:"-"`
}

// CheckKey reads a private key as a file holds it, and says what it is or why it cannot be used. The
// passphrase is empty where there is none; a key that is not encrypted passes over it.
func CheckKey(text, passphrase secret.Text) (KeyInfo, error) {
	key, err := superid.ReadPrivateKey(text, passphrase)
	if err != nil {
		return KeyInfo{}, err
	}
	return infoOf(key), nil
}

// NeedsPassphrase reports whether a private key was refused for its passphrase alone: none was given, or not
// the one that the key was protected with.
func NeedsPassphrase(err error) bool {
	return errors.Is(err, superid.ErrEncryptedKey) || errors.Is(err, superid.ErrPassphrase)
}

// ConvertKey writes a private key in another form, or in the same one without its passphrase.
func ConvertKey(text, passphrase secret.Text, form KeyForm) (WrittenKey, error) {
	key, err := superid.ReadPrivateKey(text, passphrase)
	if err != nil {
		return WrittenKey{}, err
	}
	return writeKey(key, form)
}

// GenerateKey makes a new key. It takes seconds where it is large.
func GenerateKey(bits int, form KeyForm) (WrittenKey, error) {
	key, err := superid.NewPrivateKey(bits)
	if err != nil {
		return WrittenKey{}, err
	}
	return writeKey(key, form)
}

func writeKey(key superid.PrivateKey, form KeyForm) (WrittenKey, error) {
	key.Form, key.Encrypted = form, false
	private, public, err := key.Write()
	if err != nil {
		return WrittenKey{}, err
	}
	return WrittenKey{KeyInfo: infoOf(key), Private: private, Public: public}, nil
}

func infoOf(key superid.PrivateKey) KeyInfo {
	bits := key.RSA.N.BitLen()
	return KeyInfo{Form: key.Form, Encrypted: key.Encrypted, Bits: bits, Fingerprint: key.Fingerprint(), Weak: bits < SafeKeyBits}
}
