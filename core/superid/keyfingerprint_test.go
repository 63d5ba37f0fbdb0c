package superid

import (
	"crypto/x509"
	"encoding/binary"
	"testing"

	"partnerdesk/core/secret"
)

// Two people compare a file with what is stored: the form must not matter, and the key must.
func TestAFingerprintIsTheKeysAndNotItsTexts(t *testing.T) {
	key := providerKey()
	want := PrivateKey{RSA: key}.Fingerprint()
	for name, text := range map[string]string{
		"XML":                 xmlKey(key, true),
		"XML in UTF-16":       inUTF16("\uFEFF"+xmlKey(key, true), binary.LittleEndian),
		"XML, public half":    xmlKey(key, false),
		"PKCS#1":              pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
		"PKCS#8":              pemText("PRIVATE KEY", pkcs8(key)),
		"after a certificate": pemText("CERTIFICATE", []byte("x")) + pemText("PRIVATE KEY", pkcs8(key)),
	} {
		if got := KeyFingerprint(secret.New(text)); got != want {
			t.Errorf("%s has the fingerprint %s, want %s", name, got, want)
		}
	}
	if other := KeyFingerprint(secret.New(xmlKey(appKey(), true))); other == want || len(other) != 8 {
		t.Errorf("another key has the fingerprint %s", other)
	}
}

// What cannot be read can still be told apart.
func TestTextThatIsNoKeyHasItsOwnFingerprint(t *testing.T) {
	for _, text := range []string{
		"", "words", "<RSAKeyValue/>", xmlKey(appKey(), true)[:300], pemText("PRIVATE KEY", []byte("x")), pemText("CERTIFICATE", []byte("x")),
		pemText("ENCRYPTED PRIVATE KEY", []byte("x")), oldEncrypted("AES-128-CBC,00"),
	} {
		s := secret.New(text)
		if got := KeyFingerprint(s); got != s.Fingerprint() {
			t.Errorf("the text of %d bytes has the fingerprint %s, want %s", len(text), got, s.Fingerprint())
		}
	}
}

// A window that refreshes often shows the fingerprints of all registrations.
func BenchmarkKeyFingerprint(b *testing.B) {
	for name, text := range map[string]string{"XML": xmlKey(providerKey(), true), "PEM": pemText("PRIVATE KEY", pkcs8(providerKey()))} {
		s := secret.New(text)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				KeyFingerprint(s)
			}
		})
		b.Run(name+", parsed", func(b *testing.B) {
			for b.Loop() {
				if _, err := ParsePrivateKey(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
