package superid

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	"partnerdesk/core/secret"
)

// The names in the first line of a PEM block (RFC 7468, and OpenSSL for PKCS#1).
const (
	pemPKCS1     = "RSA PRIVATE KEY"
	pemPKCS8     = "PRIVATE KEY"
	pemEncrypted = "ENCRYPTED PRIVATE KEY"
	pemPublic    = "PUBLIC KEY"
)

func isPEM(raw string) bool { return strings.Contains(raw, "-----BEGIN ") }

// parsePEMKey takes the first private key of the text.
func parsePEMKey(raw string, passphrase secret.Text) (PrivateKey, error) {
	block, err := findKeyBlock(raw)
	if err != nil {
		return PrivateKey{}, err
	}
	der, encrypted := block.Bytes, true
	switch {
	case len(der) > maxKeyDER:
		return PrivateKey{}, refuseKey(ErrKeySize, fmt.Sprintf("it has more than %d bits", MaxAppKeyBits))
	case block.Type == pemEncrypted:
		der, err = decryptPKCS8(der, passphrase)
	case isOldEncrypted(block):
		der, err = decryptOld(block, passphrase)
	default:
		encrypted = false
	}
	if err != nil {
		return PrivateKey{}, err
	}
	key, form, err := parseKeyDER(der)
	if err != nil {
		return PrivateKey{}, err
	}
	return PrivateKey{RSA: key, Form: form, Encrypted: encrypted}, nil
}

// findKeyBlock finds the first private key; certificates and public keys beside it are passed over. Lines
// may be indented, as they are when somebody copied them out of another file.
func findKeyBlock(raw string) (*pem.Block, error) {
	lines := strings.Split(raw, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	public := false
	for block, rest := pem.Decode([]byte(strings.Join(lines, "\n"))); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case pemPKCS1, pemPKCS8, pemEncrypted:
			return block, nil
		case "EC PRIVATE KEY", "DSA PRIVATE KEY":
			return nil, refuseKind(strings.TrimSuffix(block.Type, " PRIVATE KEY"))
		case "OPENSSH PRIVATE KEY":
			return nil, &keyRefusal{ErrKeyForm, "it is in the form that only SSH knows", "Convert it with “ssh-keygen -p -m PEM -f FILE”."}
		case pemPublic, "RSA PUBLIC KEY", "CERTIFICATE":
			public = true
		}
	}
	if public {
		return nil, refusePublic()
	}
	return nil, refuseKey(ErrKeyForm, "the PEM holds no private key, or it is damaged")
}

func refusePublic() error {
	return refuseKey(ErrPublicOnly, "it is only the public half of the key, which cannot sign")
}

func refuseKind(kind string) error {
	return refuseKey(ErrNotRSA, "it is a key of another kind ("+kind+"), and SuperOffice takes signatures of RSA keys only")
}

// pkcs8Key is PrivateKeyInfo (RFC 5958 section 2); what may follow is passed over.
type pkcs8Key struct {
	Version   int
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte
}

// pkcs1Key is the beginning of RSAPrivateKey (RFC 8017 appendix A.1.2): the public half.
type pkcs1Key struct {
	Version int
	N, E    *big.Int
}

// openKeyDER unwraps PKCS#8 where there is one, as some tools write one form under the other's name, and
// reads the public half, which is cheap. damaged is what to say of bytes that are no key.
func openKeyDER(der []byte, damaged error) (inner []byte, form KeyForm, public *rsa.PublicKey, err error) {
	inner, form = der, KeyPKCS1
	var outer pkcs8Key
	if _, err := asn1.Unmarshal(der, &outer); err == nil {
		if !outer.Algorithm.Algorithm.Equal(oidRSA()) {
			return nil, "", nil, refuseKind(kindOf(outer.Algorithm.Algorithm))
		}
		inner, form = outer.Key, KeyPKCS8
	}
	var numbers pkcs1Key
	if _, err := asn1.Unmarshal(inner, &numbers); err != nil {
		return nil, "", nil, damaged
	}
	public, err = publicKey(numbers.N, numbers.E)
	return inner, form, public, err
}

func oidRSA() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1} }

// kindOf names the algorithms that people meet.
func kindOf(oid asn1.ObjectIdentifier) string {
	switch id := oid.String(); id {
	case "1.2.840.10045.2.1":
		return "EC"
	case "1.3.101.112":
		return "Ed25519"
	case "1.2.840.113549.1.1.10":
		return "RSA-PSS"
	case "1.2.840.10040.4.1":
		return "DSA"
	default:
		return id
	}
}

func parseKeyDER(der []byte) (*rsa.PrivateKey, KeyForm, error) {
	inner, form, public, err := openKeyDER(der, refuseKey(ErrKeyForm, "the PEM is damaged"))
	if err != nil {
		return nil, "", err
	}
	// The size comes first: the library calls a short key damaged.
	if err := checkKeySize(public.N.BitLen()); err != nil {
		return nil, "", err
	}
	key, err := x509.ParsePKCS1PrivateKey(inner)
	if err != nil { // the public half was readable
		return nil, "", refuseKey(ErrKeyForm, "its numbers do not belong together")
	}
	return key, form, nil
}

// pem writes the private key as PKCS#8, and the public half as SubjectPublicKeyInfo (RFC 5280 section
// 4.1.2.7).
func (k PrivateKey) pem() (private secret.Text, public string, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.RSA)
	if err != nil {
		return secret.Text{}, "", fmt.Errorf("write the private key as PEM: %w", err)
	}
	private = secret.New(string(pem.EncodeToMemory(&pem.Block{Type: pemPKCS8, Bytes: der})))
	public = string(pem.EncodeToMemory(&pem.Block{Type: pemPublic, Bytes: publicDER(&k.RSA.PublicKey)}))
	return private, public, nil
}

func publicDER(key *rsa.PublicKey) []byte {
	der, _ := x509.MarshalPKIXPublicKey(key) // fails for types that it does not know, and RSA's it does
	return der
}
