// Package secret holds text that cannot be printed: tokens, tickets, client secrets and private keys.
//
// Every way that Go offers to turn a value into characters (fmt verbs, log/slog, JSON, XML, text) yields
// the same mask. The characters leave only through [Text.Reveal], which is therefore the one word to
// search for when asking where a secret goes.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"log/slog"
)

// Mask is what stands in the place of a secret wherever one would have been printed.
const Mask = "[secret]"

// Text is a secret. The zero value is the empty secret. A Text is immutable and may be copied; compare
// with [Text.Equal], as == compares identity.
//
// The characters lie behind a pointer because fmt does not call the methods of a value that sits in
// another struct's unexported field: it prints the fields instead, and of a pointer only the address.
type Text struct{ characters *string }

// New makes a secret of s.
func New(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{&s}
}

// Reveal returns the characters. Call it only where they are handed to the wire, the seal or a signer.
func (t Text) Reveal() string {
	if t.characters == nil {
		return ""
	}
	return *t.characters
}

// Empty reports whether there is nothing to hide.
func (t Text) Empty() bool { return t.characters == nil }

// Equal compares in constant time.
func (t Text) Equal(other Text) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// Fingerprint is the first 8 hex digits of the SHA-256: enough for a person to compare two secrets,
// useless for anything else. The empty secret has the fingerprint "none".
func (t Text) Fingerprint() string {
	if t.Empty() {
		return "none"
	}
	sum := sha256.Sum256([]byte(t.Reveal()))
	return hex.EncodeToString(sum[:4])
}

// String returns the mask, or nothing for the empty secret.
func (t Text) String() string {
	if t.Empty() {
		return ""
	}
	return Mask
}

// GoString returns the mask for %#v.
func (t Text) GoString() string { return t.String() }

// Format prints the mask for every verb, so that no verb reaches the field behind it.
func (t Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue gives log/slog the mask.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText gives JSON, XML and every other text encoder the mask. What must be stored is revealed by
// the store, on purpose and sealed.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText takes the characters in, so that a server's answer can be decoded straight into a secret.
func (t *Text) UnmarshalText(b []byte) error {
	*t = New(string(b))
	return nil
}
