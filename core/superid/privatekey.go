package superid

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// What may be wrong with a private key.
var (
	// ErrKeyForm: neither of the forms in which keys are handed out, or damaged.
	ErrKeyForm = errors.New("not a readable RSA private key")
	// ErrPublicOnly: the public half, which cannot sign.
	ErrPublicOnly = errors.New("only the public half of the key")
	// ErrNotRSA: a key of another kind, like EC. SuperOffice takes RS256 signatures only.
	ErrNotRSA = errors.New("not an RSA key")
	// ErrEncryptedKey: protected by a passphrase, which was not given.
	ErrEncryptedKey = errors.New("key is encrypted")
	// ErrPassphrase: protected by another passphrase than the one that was given.
	ErrPassphrase = errors.New("passphrase does not open the key")
	// ErrKeySize: fewer than 1024 or more than 4096 bits.
	ErrKeySize = errors.New("key size out of range")
)

const (
	// MinAppKeyBits and MaxAppKeyBits bound an app's key. SuperOffice has handed out keys of 1024 bits; what
	// its key set may hold is another matter.
	MinAppKeyBits = 1024
	MaxAppKeyBits = 4096
	// maxKeyText bounds the text: 4096 bits take 4 KB in either form, and certificates may stand beside them.
	maxKeyText = 32 << 10
	// maxKeyDER bounds a number or a key: 4096 bits take 2.4 KB, and a key that is somewhat too large shall
	// still be told its size.
	maxKeyDER = 6 << 10
)

// KeyForm is how the text of a private key is written.
type KeyForm string

// The forms. PKCS#1 is only read.
const (
	KeyXML   KeyForm = "RSAKeyValue XML" // .NET's RSA.ToXmlString, as the Developer Portal hands keys out
	KeyPKCS1 KeyForm = "PKCS#1 PEM"      // RFC 8017 appendix A.1.2
	KeyPKCS8 KeyForm = "PKCS#8 PEM"      // RFC 5958
)

// PrivateKey is an app's key, and how it was written. The key lies behind a pointer, which no verb of fmt
// follows, and no encoder takes it.
type PrivateKey struct {
	RSA  *rsa.PrivateKey `json:"-" xml:"-"`
	Form KeyForm
	// Encrypted is true where the text was protected by a passphrase.
	Encrypted bool
}

// GobEncode refuses: gob has no tag that would leave the key out.
func (PrivateKey) GobEncode() ([]byte, error) {
	return nil, errors.New("encode the private key: it is not for encoding")
}

const opKey = "read the private key"

// ParsePrivateKey reads an app's key as it is stored: in any form that [ReadPrivateKey] takes, without a
// passphrase.
func ParsePrivateKey(text secret.Text) (*rsa.PrivateKey, error) {
	key, err := ReadPrivateKey(text, secret.Text{})
	if err != nil {
		return nil, err
	}
	return key.RSA, nil
}

// ReadPrivateKey reads an app's key from a file's content: as the Developer Portal hands it out (.NET
// RSAKeyValue XML) or as PEM (PKCS#1, PKCS#8, and either of them encrypted), in UTF-8 or UTF-16, with or
// without a byte order mark and white space. Keys of 1024 to 4096 bits are accepted; under 2048 bits
// deserves a warning by the caller. The passphrase is for encrypted keys; another key passes over it.
func ReadPrivateKey(text, passphrase secret.Text) (PrivateKey, error) {
	key, err := readKeyText(text, passphrase)
	if err == nil {
		err = checkKey(key.RSA)
	}
	if err != nil {
		return PrivateKey{}, keyProblem(err)
	}
	return key, nil
}

func readKeyText(text, passphrase secret.Text) (PrivateKey, error) {
	raw, err := keyText(text)
	switch {
	case err != nil:
		return PrivateKey{}, err
	case isXMLKey(raw):
		key, err := parseXMLKey(raw)
		return PrivateKey{RSA: key, Form: KeyXML}, err
	case isPEM(raw):
		return parsePEMKey(raw, passphrase)
	}
	return PrivateKey{}, refuseKey(ErrKeyForm, "it is neither RSAKeyValue XML nor PEM")
}

// NewPrivateKey makes a key of so many bits. It has been written in no form yet.
func NewPrivateKey(bits int) (PrivateKey, error) {
	if err := checkKeySize(bits); err != nil {
		return PrivateKey{}, keyProblem(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("make an RSA key: %w", err)
	}
	return PrivateKey{RSA: key}, nil
}

// Write writes both halves in the key's form, not encrypted; PKCS#1 becomes PKCS#8.
func (k PrivateKey) Write() (private secret.Text, public string, err error) {
	if k.Form == KeyXML {
		return k.xml()
	}
	return k.pem()
}

// keyText makes one kind of text of what a key file may hold: without byte order mark, surrounding white
// space and carriage returns. Windows tools write UTF-16 with a byte order mark; without one, the zeros
// beside the first character give it away.
func keyText(text secret.Text) (string, error) {
	raw := text.Reveal()
	if len(raw) > 2*maxKeyText {
		return "", refuseKey(ErrKeyForm, fmt.Sprintf("it has %d KB", len(raw)>>10))
	}
	switch {
	case strings.HasPrefix(raw, "\xff\xfe"), len(raw) > 1 && raw[1] == 0:
		raw = fromUTF16(raw, 0)
	case strings.HasPrefix(raw, "\xfe\xff"), len(raw) > 1 && raw[0] == 0:
		raw = fromUTF16(raw, 1)
	}
	raw = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(raw), "\uFEFF"))
	if len(raw) > maxKeyText {
		return "", refuseKey(ErrKeyForm, fmt.Sprintf("it has %d KB", len(raw)>>10))
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(raw), nil
}

// fromUTF16 reads UTF-16 whose low bytes stand at the even (0) or odd (1) places. Half a character at the
// end is left out.
func fromUTF16(raw string, low int) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i+low]) | uint16(raw[2*i+1-low])<<8
	}
	return string(utf16.Decode(units))
}

// checkKey makes sure that the numbers belong together, in the order that keeps absurd keys cheap.
func checkKey(key *rsa.PrivateKey) error {
	if err := checkKeySize(key.N.BitLen()); err != nil {
		return err
	}
	if len(key.Primes) != 2 {
		return refuseKey(ErrKeyForm, "it has more than two primes")
	}
	key.Precompute()
	if key.Validate() != nil {
		return refuseKey(ErrKeyForm, "its numbers do not belong together")
	}
	return nil
}

func checkKeySize(bits int) error {
	if bits < MinAppKeyBits || bits > MaxAppKeyBits {
		return refuseKey(ErrKeySize, fmt.Sprintf("it has %d bits, and an app's key must have %d to %d", bits, MinAppKeyBits, MaxAppKeyBits))
	}
	return nil
}

// keyRefusal is one of the errors above with what is the matter in this case. Nothing in it quotes the key.
type keyRefusal struct {
	kind error
	why  string
	// next replaces the taxonomy's own words where there is something better to do.
	next string
}

func (r *keyRefusal) Error() string { return r.kind.Error() + ": " + r.why }
func (r *keyRefusal) Unwrap() error { return r.kind }

func refuseKey(kind error, why string) error { return &keyRefusal{kind: kind, why: why} }

func keyProblem(err error) error {
	why, next := "", ""
	if r, ok := errors.AsType[*keyRefusal](err); ok {
		why, next = tenant.Sentence(errors.New(r.why)), r.next
	}
	return &tenant.Problem{Op: opKey, Err: err,
		Explanation: tenant.CauseKeyUnusable.Explain("The app's private key cannot be used.", why, next)}
}
