package superid

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// What may be wrong with a private key.
var (
	// ErrKeyForm: neither of the forms in which keys are handed out, or damaged.
	ErrKeyForm = errors.New("not a readable RSA private key")
	// ErrPublicOnly: the public half, which cannot sign.
	ErrPublicOnly = errors.New("only the public half of the key")
	// ErrEncryptedKey: protected by a passphrase, which is not supported yet.
	ErrEncryptedKey = errors.New("key is encrypted")
	// ErrKeySize: fewer than 1024 or more than 8192 bits.
	ErrKeySize = errors.New("key size out of range")
)

const (
	// maxKeyText bounds the text: 8192 bits take 7 KB in either form.
	maxKeyText = 32 << 10
	maxKeyDER  = 6 << 10
)

const opKey = "read the private key"

// ParsePrivateKey reads an app's key as the Developer Portal hands it out (.NET RSAKeyValue XML, with or
// without a byte order mark and white space) or as PEM (PKCS#1, PKCS#8). Keys of 1024 to 8192 bits are
// accepted; under 2048 bits deserves a warning by the caller.
func ParsePrivateKey(text secret.Text) (*rsa.PrivateKey, error) {
	raw := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text.Reveal()), "\uFEFF"))
	var key *rsa.PrivateKey
	var err error
	switch {
	case len(raw) > maxKeyText:
		err = fmt.Errorf("%w: it has %d KB", ErrKeyForm, len(raw)>>10)
	case strings.HasPrefix(raw, "<"):
		key, err = parseXMLKey(raw)
	case strings.Contains(raw, "-----BEGIN "):
		key, err = parsePEMKey([]byte(raw))
	default:
		err = fmt.Errorf("%w: neither RSAKeyValue XML nor PEM", ErrKeyForm)
	}
	if err != nil {
		return nil, keyProblem(err)
	}
	return key, nil
}

func keyProblem(err error) error {
	e := tenant.Explanation{What: "The app's private key cannot be used.", Fault: tenant.FaultRegistration,
		Why:  "It is neither an RSAKeyValue XML nor a PEM private key, or it is damaged.",
		Next: "Give the private key file as the Developer Portal handed it out."}
	switch {
	case errors.Is(err, ErrPublicOnly):
		e.Why = "It is only the public half of the key, which cannot sign."
	case errors.Is(err, ErrEncryptedKey):
		e.Why, e.Next = "It is protected by a passphrase.", "Give it without the passphrase; Partnerdesk seals what it stores."
	case errors.Is(err, ErrKeySize):
		e.Why = fmt.Sprintf("An RSA key must have %d to %d bits.", minKeyBits, maxKeyBits)
	}
	return &tenant.Problem{Op: opKey, Explanation: e, Err: err}
}

// rsaKeyValue is .NET's RSA.ToXmlString(true). DP, DQ and InverseQ follow from the rest and are not
// needed.
type rsaKeyValue struct {
	XMLName                    xml.Name `xml:"RSAKeyValue"`
	Modulus, Exponent, P, Q, D string
}

func parseXMLKey(raw string) (*rsa.PrivateKey, error) {
	d := xml.NewDecoder(strings.NewReader(raw))
	// The text is Unicode already, whatever encoding the declaration still names.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var v rsaKeyValue
	if d.Decode(&v) != nil { // the error may quote the key
		return nil, fmt.Errorf("%w: not an RSAKeyValue element", ErrKeyForm)
	}
	if v.Modulus != "" && v.Exponent != "" && v.D == "" && v.P == "" && v.Q == "" {
		return nil, ErrPublicOnly
	}
	numbers := map[string]*big.Int{}
	for name, text := range map[string]string{"Modulus": v.Modulus, "Exponent": v.Exponent, "P": v.P, "Q": v.Q, "D": v.D} {
		n, err := xmlNumber(text)
		if err != nil {
			return nil, fmt.Errorf("%w: its %s is missing or not base64", ErrKeyForm, name)
		}
		numbers[name] = n
	}
	exponent := numbers["Exponent"]
	if exponent.BitLen() > 31 {
		return nil, fmt.Errorf("%w: its Exponent is too large", ErrKeyForm)
	}
	bits := numbers["Modulus"].BitLen()
	if numbers["P"].BitLen()+numbers["Q"].BitLen() > bits+1 || numbers["D"].BitLen() > bits {
		return nil, fmt.Errorf("%w: its numbers do not belong together", ErrKeyForm)
	}
	return checkKey(&rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: numbers["Modulus"], E: int(exponent.Int64())},
		D:         numbers["D"], Primes: []*big.Int{numbers["P"], numbers["Q"]},
	})
}

// xmlNumber reads a big-endian number in base64; the decoder passes over line breaks, and the rest of
// the white space goes here.
func xmlNumber(text string) (*big.Int, error) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || len(b) == 0 || len(b) > maxKeyDER {
		return nil, ErrKeyForm
	}
	return new(big.Int).SetBytes(b), nil
}

// parsePEMKey takes the first private key of the text; certificates and public keys beside it are
// passed over.
func parsePEMKey(raw []byte) (*rsa.PrivateKey, error) {
	public := false
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "RSA PRIVATE KEY", "PRIVATE KEY":
			return parseDERKey(block)
		case "ENCRYPTED PRIVATE KEY":
			return nil, ErrEncryptedKey
		case "EC PRIVATE KEY", "DSA PRIVATE KEY":
			return nil, fmt.Errorf("%w: it is not an RSA key", ErrKeyForm)
		case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE":
			public = true
		}
	}
	if public {
		return nil, ErrPublicOnly
	}
	return nil, fmt.Errorf("%w: the PEM holds no key", ErrKeyForm)
}

func parseDERKey(block *pem.Block) (*rsa.PrivateKey, error) {
	if strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		return nil, ErrEncryptedKey
	}
	if len(block.Bytes) > maxKeyDER {
		return nil, ErrKeySize
	}
	// Some tools write one form under the other's name, so both are tried.
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return checkKey(key)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: the PEM is damaged, or its key is too short", ErrKeyForm)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%w: it is not an RSA key", ErrKeyForm)
	}
	return checkKey(key)
}

// checkKey makes sure that the numbers belong together, in the order that keeps absurd keys cheap.
func checkKey(key *rsa.PrivateKey) (*rsa.PrivateKey, error) {
	if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return nil, fmt.Errorf("%w: it has %d bits", ErrKeySize, bits)
	}
	key.Precompute()
	if key.Validate() != nil {
		return nil, fmt.Errorf("%w: its numbers do not belong together", ErrKeyForm)
	}
	return key, nil
}
