package superid

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"partnerdesk/core/tenant"
)

// maxCertificate bounds what is read; honest ones have 2 KB.
const maxCertificate = 64 << 10

// Certificate is SuperOffice's public certificate of one environment. A registration that pins it validates
// tokens with its key, without asking for the key set. Nothing else in it is believed or checked: who pins
// it vouches for it, as its own signature (made by itself, with SHA-1) proves nothing.
type Certificate struct {
	// PEM is the certificate in one form, whatever it was given in.
	PEM string
	// Thumbprint is the SHA-1 of the certificate in upper-case hexadecimal, as SuperOffice's tokens name
	// it in kid.
	Thumbprint string
	// Fingerprint is the SHA-256 in hexadecimal, to compare with what another program shows.
	Fingerprint         string
	Subject             string
	NotBefore, NotAfter time.Time

	x5t string // the thumbprint in base64url
	key *rsa.PublicKey
}

// ParseCertificate reads one X.509 certificate with an RSA key of 2048 bits or more, as PEM or DER (the
// contents of a .crt, .cer or .pem file). One that has expired is taken, see [Certificate.Warning].
func ParseCertificate(b []byte) (Certificate, error) {
	der, err := certificateDER(b)
	if err != nil {
		return Certificate{}, unusableCertificate(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return Certificate{}, unusableCertificate(errors.New("it is no X.509 certificate, as PEM or DER"))
	}
	key, ok := parsed.PublicKey.(*rsa.PublicKey)
	if !ok {
		return Certificate{}, unusableCertificate(errors.New("its key is not RSA, and SuperOffice signs with RS256"))
	}
	if bits := key.N.BitLen(); bits < minSigningBits || bits > maxKeyBits {
		return Certificate{}, unusableCertificate(fmt.Errorf("its key has %d bits, and must have %d to %d", bits, minSigningBits, maxKeyBits))
	}
	short, long := sha1.Sum(parsed.Raw), sha256.Sum256(parsed.Raw)
	return Certificate{
		PEM:         string(pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: parsed.Raw})),
		Thumbprint:  strings.ToUpper(hex.EncodeToString(short[:])),
		Fingerprint: hex.EncodeToString(long[:]),
		Subject:     clip(serverWords(parsed.Subject.String()), 200),
		NotBefore:   parsed.NotBefore.UTC(), NotAfter: parsed.NotAfter.UTC(),
		x5t: base64.RawURLEncoding.EncodeToString(short[:]), key: key,
	}, nil
}

const pemCertificate = "CERTIFICATE"

// certificateDER unpacks PEM. A file with several certificates is a chain, of which only one signs: which
// one is not for us to guess.
func certificateDER(b []byte) ([]byte, error) {
	if len(b) > maxCertificate {
		return nil, fmt.Errorf("it has %d KB", len(b)>>10)
	}
	var found []byte
	isPEM := false
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		isPEM = true
		switch {
		case strings.Contains(block.Type, "PRIVATE KEY"):
			return nil, errors.New("it holds a private key; SuperOffice's public certificate is asked for")
		case block.Type != pemCertificate:
		case found != nil:
			return nil, errors.New("it holds several certificates; give the one with whose key SuperOffice signs")
		default:
			found = block.Bytes
		}
	}
	if isPEM && found == nil {
		return nil, errors.New("it holds no certificate")
	}
	if !isPEM {
		found = b
	}
	return found, nil
}

func unusableCertificate(err error) error {
	const op, next = "read the certificate", "Give SuperOffice's public certificate of this environment, as .crt, .cer or .pem file."
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: %w", ErrRegistration, err), Explanation: tenant.CauseInput.Explain(
		"The certificate cannot be used.", tenant.Sentence(err), next)}
}

// Warning says what is odd about the certificate at that time, and is empty where nothing is. A certificate
// outside its dates still validates: trust comes from whoever pinned it, no authority can renew it, and
// a token that its key has signed is genuine. But SuperOffice is likely to have replaced it, so a person
// should look.
func (c Certificate) Warning(now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return "The certificate expired at " + stamp(c.NotAfter) + "; SuperOffice may sign with another by now."
	case now.Before(c.NotBefore):
		return "The certificate is valid from " + stamp(c.NotBefore) + " on; SuperOffice may still sign with another."
	}
	return ""
}

// find holds a token's header against the certificate. A kid that is no thumbprint names nothing that could
// be compared, so the signature decides.
func (c Certificate) find(kid, x5t string) (candidate, error) {
	byKid := thumbprint(kid)
	if fits := byKid == c.x5t || x5t == c.x5t; !fits && (byKid != "" || x5t != "") {
		return candidate{}, fmt.Errorf("%w: the header names another certificate than %s", ErrCertificate, c.Thumbprint)
	}
	return candidate{c.key, fmt.Errorf("%w: it was not made with the key of %s", ErrCertificate, c.Thumbprint)}, nil
}
