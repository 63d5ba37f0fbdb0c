package superid

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math"
	"strings"
	"testing"

	"partnerdesk/core/secret"
)

// hostileKey is an encrypted key that says of itself whatever the test likes.
func hostileKey(t *testing.T, derivation string, parameters any, iv, data []byte) secret.Text {
	t.Helper()
	der := func(v any) []byte {
		b, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	algorithm := func(id string, parameters any) pkix.AlgorithmIdentifier {
		return pkix.AlgorithmIdentifier{Algorithm: oid(id), Parameters: asn1.RawValue{FullBytes: der(parameters)}}
	}
	type pair struct{ A, B pkix.AlgorithmIdentifier }
	const aes256, viaPBES2 = "2.16.840.1.101.3.4.1.42", "1.2.840.113549.1.5.13"
	return secret.New(pemText("ENCRYPTED PRIVATE KEY", der(struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}{algorithm(viaPBES2, pair{algorithm(derivation, parameters), algorithm(aes256, iv)}), data})))
}

func oid(dotted string) asn1.ObjectIdentifier {
	var id asn1.ObjectIdentifier
	for _, part := range strings.Split(dotted, ".") {
		n := 0
		for _, digit := range part {
			n = 10*n + int(digit-'0')
		}
		id = append(id, n)
	}
	return id
}

// A file decides how much work its passphrase is, and some files are sent by people who mean harm.
func TestAHostileEncryptedKeyNeitherHangsNorCrashes(t *testing.T) {
	const viaPBKDF2, viaScrypt = "1.2.840.113549.1.5.12", "1.3.6.1.4.1.11591.4.11"
	type iterations struct {
		Salt []byte
		N    int
	}
	type costs struct {
		Salt    []byte
		N, R, P int
	}
	salt, block := []byte("12345678"), make([]byte, 16)
	for name, row := range map[string]struct {
		text secret.Text
		why  string
	}{
		"endless PBKDF2":       {hostileKey(t, viaPBKDF2, iterations{salt, math.MaxInt32}, block, block), "more work"},
		"more than endless":    {hostileKey(t, viaPBKDF2, iterations{salt, math.MaxInt64}, block, block), "more work"},
		"no PBKDF2":            {hostileKey(t, viaPBKDF2, iterations{salt, 0}, block, block), "damaged"},
		"less than none":       {hostileKey(t, viaPBKDF2, iterations{salt, -1}, block, block), "damaged"},
		"scrypt, all memory":   {hostileKey(t, viaScrypt, costs{salt, 1 << 30, 8, 1}, block, block), "more work"},
		"scrypt, wide":         {hostileKey(t, viaScrypt, costs{salt, 2, math.MaxInt32, 1}, block, block), "more work"},
		"scrypt, overflowing":  {hostileKey(t, viaScrypt, costs{salt, 1 << 62, math.MaxInt64, math.MaxInt64}, block, block), "more work"},
		"scrypt, often":        {hostileKey(t, viaScrypt, costs{salt, 1 << 14, 8, 1 << 20}, block, block), "more work"},
		"scrypt, no power":     {hostileKey(t, viaScrypt, costs{salt, 1000, 8, 1}, block, block), "damaged"},
		"scrypt, none":         {hostileKey(t, viaScrypt, costs{salt, 0, 0, 0}, block, block), "damaged"},
		"an unknown function":  {hostileKey(t, "1.2.3", iterations{salt, 1}, block, block), "does not know"},
		"a short start":        {hostileKey(t, viaPBKDF2, iterations{salt, 1}, block[:15], block), "damaged"},
		"half a block":         {hostileKey(t, viaPBKDF2, iterations{salt, 1}, block, block[:8]), "damaged"},
		"no block":             {hostileKey(t, viaPBKDF2, iterations{salt, 1}, block, nil), "damaged"},
		"no parameters":        {secret.New(pemText("ENCRYPTED PRIVATE KEY", []byte{0x30, 0x00})), "damaged"},
		"no DER":               {secret.New(pemText("ENCRYPTED PRIVATE KEY", []byte("canary"))), "damaged"},
		"old, no start":        {secret.New(oldEncrypted("AES-256-CBC")), "does not know"},
		"old, a short start":   {secret.New(oldEncrypted("AES-256-CBC,00")), "does not know"},
		"old, unknown":         {secret.New(oldEncrypted("ROT13,00")), "does not know"},
		"old, half a block":    {secret.New(oldEncrypted("AES-256-CBC,00112233445566778899AABBCCDDEEFF")), "does not know"},
		"nothing comes out":    {hostileKey(t, viaPBKDF2, iterations{salt, 1}, block, block), "not the one"},
		"nothing much, scrypt": {hostileKey(t, viaScrypt, costs{salt, 2, 1, 1}, block, block), "not the one"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadPrivateKey(row.text, secret.New(testPassphrase))
			if !errors.Is(err, ErrKeyForm) && !errors.Is(err, ErrPassphrase) {
				t.Fatalf("got %v", err)
			}
			if e := explained(t, err); !strings.Contains(e.Why, row.why) {
				t.Errorf("the reason is %q, want %q", e.Why, row.why)
			}
			assertNoCanary(t, err)
		})
	}
}

// oldEncrypted is a key in OpenSSL's old form whose cipher is whatever the test says.
func oldEncrypted(info string) string {
	return "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: " + info + "\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"
}
