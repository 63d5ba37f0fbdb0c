package superid

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
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

// signerID is the app whose key it is.
type signerID struct{ base, clientID string }

// signer is an app's private key with the text that it was read from.
type signer struct {
	text secret.Text
	key  *rsa.PrivateKey
}

// signingHalf is a registration's private key. It is read again only when its text has changed: reading and
// checking costs a fifth of a signature, and a tick may sign for thousands of tenants.
func (c *Client) signingHalf(reg tenant.Registration) (*rsa.PrivateKey, error) {
	id := signerID{baseOf(reg), reg.ClientID}
	c.mu.Lock()
	known := c.signers[id]
	c.mu.Unlock()
	if known.key != nil && known.text.Equal(reg.PrivateKey) {
		return known.key, nil
	}
	key, err := ParsePrivateKey(reg.PrivateKey)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.signers[id] = signer{reg.PrivateKey, key}
	c.mu.Unlock()
	return key, nil
}

// KnownToken says where a registration has brought a system user token from before.
type KnownToken int

// The places. Any of them shows that the app has the system user option.
const (
	KnownNowhere   KnownToken = iota
	KnownElsewhere            // from another tenant
	KnownHere                 // from the tenant itself: that token is still stored
)

// NoSystemUser says why the claims of a sign-in hold no system user token, and is nil where they hold one.
// The server does not say, so the possible reasons are told apart by what is known otherwise. Where no token is
// known from before, the option is the likelier reason: SuperOffice sends nobody back with a code for whose
// tenant nobody has approved the app.
func NoSystemUser(c Claims, known KnownToken) *tenant.Explanation {
	if !c.SystemUserToken.Empty() {
		return nil
	}
	company := cmp.Or(c.CompanyName, c.ContextID)
	cause, why, next := missingToken(c, company, known)
	what := "There is no system user token for " + company + "."
	if known == KnownHere {
		what = "The sign-in brought no system user token for " + company + "."
		why += " The stored token is kept: it may still work, and the next exchange proves it."
		next = "Exchange the stored token to see whether it still works. Where it does not, this helps. " + next
	}
	e := cause.Explain(what, why, next)
	return &e
}

func missingToken(c Claims, company string, known KnownToken) (cause tenant.Cause, why, next string) {
	const again = "sign in again, have the approval page shown again, and click “I approve”."
	person := "an administrator"
	if c.Administrator == nil {
		person = "somebody" // the token does not say who it was
	}
	switch {
	case c.Administrator != nil && !*c.Administrator:
		return tenant.CauseNotAdministrator,
			c.Subject + " is not an administrator of " + company + ", and only an administrator can approve the app.",
			"Ask an administrator of " + company + " to sign in here and click “I approve”."
	case known == KnownHere:
		return tenant.CauseNotApproved,
			"There was one before, so the app had the system user option, and " + company + " had approved it. One of the two may have been taken back.",
			"As an administrator of " + company + ", " + again
	case known == KnownElsewhere:
		return tenant.CauseNotApproved,
			"The app has the system user option, as another tenant's system user token shows. So what is missing is the approval of the system user for " + company + ".",
			"As an administrator of " + company + ", " + again
	}
	return tenant.CauseOptionMissing,
		"Either the app does not have the system user option, or " + company + " has not approved it. The option is the likelier reason: " +
			person + " came back from the approval page, and no tenant has brought this app a system user token yet.",
		"See in the Developer Portal whether the app has the system user option in this environment. Switch it on, or if it is on already, " + again
}
