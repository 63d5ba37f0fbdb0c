package tenant

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"partnerdesk/core/secret"
)

// Registration is an app as SuperOffice's Developer Portal knows it in one environment.
type Registration struct {
	// Name is what the administrator calls it; it is the key in the store.
	Name        string
	Environment Environment
	// Base is the environment's address without a trailing slash: fixed for SuperOffice's own, found at
	// every start for the sandbox.
	Base     string
	ClientID string
	// ClientSecret is SuperOffice's "application token". Native apps may have none; the system user
	// needs one.
	ClientSecret secret.Text
	// PrivateKey is the app's RSA key as it was given (PEM, or .NET RSAKeyValue XML). It signs the system
	// user token; an app without a system user has none.
	PrivateKey secret.Text
	// Exchange is how a system user token is exchanged for a ticket; empty means [REST].
	Exchange ExchangeProtocol
	// Certificate, where there is one, is the certificate (PEM) with whose key SuperOffice signs its tokens
	// in this environment. It then takes the place of the key set, which is not asked for.
	Certificate string
	// RedirectURI is the loopback address that the portal knows. Port 0 means any free port, for
	// registrations that are a pattern.
	RedirectURI string
}

// ExchangeProtocol is one of the two services through which SuperOffice exchanges system user tokens. Both do
// the same.
type ExchangeProtocol string

// The protocols.
const (
	REST ExchangeProtocol = "rest"
	SOAP ExchangeProtocol = "soap"
)

// SandboxName is the name of the registration that is there from the first start.
const SandboxName = "sandbox"

// DefaultRedirectURI fits the Developer Portal's pattern for native apps: any port, no path.
const DefaultRedirectURI = "http://127.0.0.1:0"

// maxRegistrationName is how many letters a registration's name may have.
const maxRegistrationName = 64

var errRegistrationName = errors.New("the name must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, and begin with a letter or digit")

var clientID = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// Validate says what is wrong with a registration before it is stored, in words for people.
func (r Registration) Validate() error {
	if err := CheckRegistrationName(r.Name); err != nil {
		return err
	}
	if _, err := ParseEnvironment(string(r.Environment)); err != nil {
		return err
	}
	if fixed := r.Environment.BaseURL(); fixed != "" && r.Base != fixed {
		return fmt.Errorf("the address of %s is %s, and cannot be another", r.Environment, fixed)
	}
	if err := CheckBaseURL(r.Base); err != nil {
		return err
	}
	if err := CheckClientID(r.ClientID); err != nil {
		return err
	}
	switch r.Exchange {
	case "", REST, SOAP:
	default:
		return fmt.Errorf("the exchange can be %s or %s", REST, SOAP)
	}
	return CheckRedirectURI(r.RedirectURI)
}

// CheckRegistrationName accepts what a registration may be called. It is no regular expression: one that repeats all of
// Unicode's letters takes longer to compile than all else that a program does before it begins.
func CheckRegistrationName(s string) error {
	if !utf8.ValidString(s) || s == "" || utf8.RuneCountInString(s) > maxRegistrationName {
		return errRegistrationName
	}
	for i, r := range s {
		plain := unicode.IsLetter(r) || unicode.IsNumber(r)
		if !plain && (i == 0 || !strings.ContainsRune(" ._-", r)) {
			return errRegistrationName
		}
	}
	return nil
}

// CheckClientID accepts a client id as the Developer Portal hands it out.
func CheckClientID(s string) error {
	if !clientID.MatchString(s) {
		return errors.New("the client id must be the 32 hexadecimal digits that the Developer Portal shows")
	}
	return nil
}
