package sandbox

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" // the thumbprint of a certificate is SHA-1 by its definition (x5t)
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

const keyBits = 2048

// signer is the identity provider's signing key with its self-signed certificate.
type signer struct {
	key         *rsa.PrivateKey
	certificate []byte // DER
}

func newKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("generate a key: %w", err)
	}
	return key, nil
}

// newSigner makes a key and a certificate of ten years.
func newSigner(now time.Time) (signer, error) {
	key, err := newKey()
	if err != nil {
		return signer{}, err
	}
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(randomBytes(8)),
		Subject:      pkix.Name{CommonName: "Partnerdesk sandbox federated login", Organization: []string{"Sandbox"}},
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.AddDate(10, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return signer{}, fmt.Errorf("make the signing certificate: %w", err)
	}
	return signer{key: key, certificate: der}, nil
}

func (s signer) thumbprint() [sha1.Size]byte { return sha1.Sum(s.certificate) }

// kid is the certificate's thumbprint in upper-case hex.
func (s signer) kid() string {
	sum := s.thumbprint()
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// x5t is the same bytes in base64url.
func (s signer) x5t() string {
	sum := s.thumbprint()
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s signer) certificatePEM() string { return toPEM("CERTIFICATE", s.certificate) }

func toPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// keyToPEM writes PKCS#8.
func keyToPEM(key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encode the private key: %w", err)
	}
	return toPEM("PRIVATE KEY", der), nil
}

// keyFromPEM reads what keyToPEM wrote.
func keyFromPEM(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("read the private key: no PEM block")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the private key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read the private key: it is %T, not RSA", parsed)
	}
	return key, nil
}

// keyToXML writes the RSAKeyValue that the Developer Portal hands out. .NET wants every part at its full
// length, leading zeros included.
func keyToXML(key *rsa.PrivateKey) string {
	full := key.Size()
	half := (full + 1) / 2
	key.Precompute()
	var out bytes.Buffer
	part := func(name string, n *big.Int, length int) {
		fmt.Fprintf(&out, "<%s>%s</%s>", name,
			base64.StdEncoding.EncodeToString(n.FillBytes(make([]byte, length))), name)
	}
	out.WriteString("<RSAKeyValue>")
	part("Modulus", key.N, full)
	part("Exponent", big.NewInt(int64(key.E)), 3)
	part("P", key.Primes[0], half)
	part("Q", key.Primes[1], half)
	part("DP", key.Precomputed.Dp, half)
	part("DQ", key.Precomputed.Dq, half)
	part("InverseQ", key.Precomputed.Qinv, half)
	part("D", key.D, full)
	out.WriteString("</RSAKeyValue>")
	return out.String()
}
