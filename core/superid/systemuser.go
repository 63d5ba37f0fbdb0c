package superid

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"partnerdesk/core/secret"
)

// SignSystemUserToken makes the signed system token (docs.superoffice.com, "System user flow"):
//
//	token + "." + yyyyMMddHHmm in UTC + "." + base64(RSA PKCS#1 v1.5, SHA-256, of all before the last dot)
//
// The token may hold dots itself, so a verifier splits from the right.
func SignSystemUserToken(token secret.Text, key *rsa.PrivateKey, at time.Time) (secret.Text, error) {
	if token.Empty() {
		return secret.Text{}, fmt.Errorf("sign the system user token: %w", ErrNoSystemUser)
	}
	if key == nil {
		return secret.Text{}, errors.New("sign the system user token: no private key")
	}
	stamped := token.Reveal() + "." + at.UTC().Format("200601021504")
	digest := sha256.Sum256([]byte(stamped))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		return secret.Text{}, fmt.Errorf("sign the system user token: %w", err)
	}
	return secret.New(stamped + "." + base64.StdEncoding.EncodeToString(signature)), nil
}
