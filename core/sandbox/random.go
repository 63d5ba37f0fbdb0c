package sandbox

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf16"
)

// appName is the registered app. It holds a space and a dot because real ones do, and the system user
// token begins with it.
const appName = "Partnerdesk v1.0"

// alphabet is what the random end of a system user token is made of.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// randomBytes cannot fail: crypto/rand ends the program rather than return less.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

func randomHex(n int) string { return hex.EncodeToString(randomBytes(n)) }

// newSystemUserToken makes "App Name-" and ten letters and digits.
func newSystemUserToken() string {
	b := randomBytes(10)
	for i := range b {
		b[i] = alphabet[b[i]%byte(len(alphabet))]
	}
	return appName + "-" + string(b)
}

// newOpaqueToken makes a token of the form "8A:Cust12345." and random base64.
func newOpaqueToken(kind, ctx string) string {
	return kind + ":" + ctx + "." + base64.StdEncoding.EncodeToString(randomBytes(48))
}

// newTicketText makes the text of a ticket: "7T:" and base64 of UTF-16LE "<32 hex>;<number>;<ctx>".
func newTicketText(associateID string, ctx string) string {
	units := utf16.Encode([]rune(randomHex(16) + ";" + associateID + ";" + ctx))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8))
	}
	return "7T:" + base64.StdEncoding.EncodeToString(b)
}
