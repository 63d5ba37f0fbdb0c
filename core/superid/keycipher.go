package superid

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"hash"
	"strings"

	"golang.org/x/crypto/scrypt"

	"partnerdesk/core/secret"
)

// What deriving a key from the passphrase may cost. The file says how much, and a hostile one must not hang
// the program: these are some seconds and 256 MB, well above what tools write today (OpenSSL: 2048
// iterations of PBKDF2, or scrypt with 16 MB; OWASP asks for 1.4 million, or 128 MB).
const (
	maxIterations   = 5_000_000
	maxScryptMemory = 256 << 20
	maxScryptWork   = 4 * maxScryptMemory
)

// encryptedKey is EncryptedPrivateKeyInfo (RFC 5958 section 3).
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// pbes2 is how a PKCS#8 key is encrypted (RFC 8018 appendix A.4).
type pbes2 struct {
	Derivation, Encryption pkix.AlgorithmIdentifier
}

// pbkdf2Parameters are PBKDF2-params (RFC 8018 appendix A.2).
type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// scryptParameters are scrypt-params (RFC 7914 section 7.1).
type scryptParameters struct {
	Salt      []byte
	N, R, P   int
	KeyLength int `asn1:"optional"`
}

// decryptPKCS8 opens what “ENCRYPTED PRIVATE KEY” holds: PBES2 with PBKDF2 or scrypt, and AES or triple DES
// in CBC mode. That is what OpenSSL since 1.1 and .NET write.
func decryptPKCS8(der []byte, passphrase secret.Text) ([]byte, error) {
	if passphrase.Empty() {
		return nil, refuseEncrypted()
	}
	damaged := refuseKey(ErrKeyForm, "the PEM is damaged")
	var info encryptedKey
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, damaged
	}
	if info.Algorithm.Algorithm.String() != "1.2.840.113549.1.5.13" {
		return nil, refuseCipher() // PKCS#12's and PBES1's old ways
	}
	var scheme pbes2
	if _, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &scheme); err != nil {
		return nil, damaged
	}
	keySize, newBlock, err := cipherOf(scheme.Encryption.Algorithm)
	if err != nil {
		return nil, err
	}
	var iv []byte
	if _, err := asn1.Unmarshal(scheme.Encryption.Parameters.FullBytes, &iv); err != nil {
		return nil, damaged
	}
	key, err := deriveKey(scheme.Derivation, passphrase, keySize)
	if err != nil {
		return nil, err
	}
	block, err := newBlock(key)
	if err != nil || len(iv) != block.BlockSize() || len(info.Data) == 0 || len(info.Data)%block.BlockSize() != 0 {
		return nil, damaged
	}
	plain := make([]byte, len(info.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, info.Data)
	return opened(unpad(plain, block.BlockSize()))
}

func cipherOf(oid asn1.ObjectIdentifier) (keySize int, newBlock func([]byte) (cipher.Block, error), err error) {
	switch oid.String() {
	case "2.16.840.1.101.3.4.1.2":
		return 16, aes.NewCipher, nil
	case "2.16.840.1.101.3.4.1.22":
		return 24, aes.NewCipher, nil
	case "2.16.840.1.101.3.4.1.42":
		return 32, aes.NewCipher, nil
	case "1.2.840.113549.3.7":
		return 24, des.NewTripleDESCipher, nil
	}
	return 0, nil, refuseCipher()
}

// deriveKey makes the cipher's key of the passphrase, the way that the file names.
func deriveKey(how pkix.AlgorithmIdentifier, passphrase secret.Text, size int) ([]byte, error) {
	damaged := refuseKey(ErrKeyForm, "the PEM is damaged")
	costly := refuseKey(ErrKeyForm, "its encryption asks for more work than any key needs")
	switch how.Algorithm.String() {
	case "1.2.840.113549.1.5.12": // PBKDF2
		var p pbkdf2Parameters
		if _, err := asn1.Unmarshal(how.Parameters.FullBytes, &p); err != nil || p.Iterations < 1 {
			return nil, damaged
		}
		if p.Iterations > maxIterations {
			return nil, costly
		}
		prf, err := prfOf(p.PRF.Algorithm)
		if err != nil {
			return nil, err
		}
		return pbkdf2.Key(prf, passphrase.Reveal(), p.Salt, p.Iterations, size)
	case "1.3.6.1.4.1.11591.4.11": // scrypt
		var p scryptParameters
		if _, err := asn1.Unmarshal(how.Parameters.FullBytes, &p); err != nil || p.N < 1 || p.R < 1 || p.P < 1 {
			return nil, damaged
		}
		// Divided rather than multiplied: the numbers may be as large as they like.
		if p.N > maxScryptMemory/128/p.R || p.P > maxScryptWork/128/p.R/p.N {
			return nil, costly
		}
		key, err := scrypt.Key([]byte(passphrase.Reveal()), p.Salt, p.N, p.R, p.P, size)
		if err != nil {
			return nil, damaged
		}
		return key, nil
	}
	return nil, refuseCipher()
}

// prfOf is the hash of PBKDF2's HMAC; none named means SHA-1.
func prfOf(oid asn1.ObjectIdentifier) (func() hash.Hash, error) {
	switch oid.String() {
	case "", "1.2.840.113549.2.7":
		return sha1.New, nil
	case "1.2.840.113549.2.9":
		return sha256.New, nil
	case "1.2.840.113549.2.10":
		return sha512.New384, nil
	case "1.2.840.113549.2.11":
		return sha512.New, nil
	}
	return nil, refuseCipher()
}

// unpad takes PKCS#7's padding off (RFC 8018 section 6.1.1). There is nobody to learn from a difference in
// time: whoever has the file and the passphrase has the key.
func unpad(plain []byte, size int) []byte {
	n := int(plain[len(plain)-1])
	if n < 1 || n > size || !bytes.Equal(plain[len(plain)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil
	}
	return plain[:len(plain)-n]
}

// opened tells a wrong passphrase from a right one: what comes out is a SEQUENCE that fills the bytes.
func opened(der []byte) ([]byte, error) {
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &whole); err != nil || len(rest) > 0 || whole.Tag != asn1.TagSequence {
		return nil, &keyRefusal{ErrPassphrase, "the passphrase is not the one that the key was protected with", "Try again with the right passphrase."}
	}
	return der, nil
}

// isOldEncrypted recognizes OpenSSL's form before PKCS#8 (RFC 1421's headers in a PKCS#1 block).
func isOldEncrypted(block *pem.Block) bool {
	return strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED")
}

func decryptOld(block *pem.Block, passphrase secret.Text) ([]byte, error) {
	if passphrase.Empty() {
		return nil, refuseEncrypted()
	}
	//lint:ignore SA1019 the form is weak, as its deprecation says, but people hold such keys, and here they are only read
	der, err := x509.DecryptPEMBlock(block, []byte(passphrase.Reveal()))
	if err != nil && !errors.Is(err, x509.IncorrectPasswordError) {
		return nil, refuseCipher()
	}
	return opened(der)
}

func refuseEncrypted() error {
	return &keyRefusal{ErrEncryptedKey, "it is protected by a passphrase", "Give the passphrase as well, or the key without one; Partnerdesk seals what it stores."}
}

func refuseCipher() error {
	return &keyRefusal{ErrKeyForm, "it is encrypted in a way that Partnerdesk does not know",
		"Take the passphrase off with “openssl pkey -in FILE -out NEW”, and give that file."}
}
