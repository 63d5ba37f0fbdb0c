package ui

import (
	"fmt"
	"strings"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// maxKeyFile bounds what is read as a private key: the largest RSA keys in XML are far smaller.
const maxKeyFile = 64 << 10

// registrationFields are what the dialog holds, as typed.
type registrationFields struct {
	Name         string
	Environment  tenant.Environment
	Base         string
	ClientID     string
	ClientSecret secret.Text
	PrivateKey   secret.Text
	RedirectURI  string
}

// registration is what the fields stand for.
func (f registrationFields) registration() tenant.Registration {
	base := f.Environment.BaseURL()
	if base == "" {
		base = strings.TrimRight(strings.TrimSpace(f.Base), "/")
	}
	return tenant.Registration{
		Name: strings.TrimSpace(f.Name), Environment: f.Environment, Base: base,
		ClientID: strings.TrimSpace(f.ClientID), ClientSecret: f.ClientSecret, PrivateKey: f.PrivateKey,
		RedirectURI: strings.TrimSpace(f.RedirectURI),
	}
}

// registrable are the environments that a person can add: the sandbox is there by itself.
func registrable() []tenant.Environment {
	var list []tenant.Environment
	for _, e := range tenant.Environments() {
		if e != tenant.Sandbox {
			list = append(list, e)
		}
	}
	return list
}

// redirectVerdict judges a redirect URI as it is typed.
func redirectVerdict(s string) (string, tone) {
	if err := tenant.CheckRedirectURI(strings.TrimSpace(s)); err != nil {
		return tenant.Sentence(err), toneBad
	}
	return textRedirectGood, toneMuted
}

// looksLikeKey keeps a clipboard that holds something else from becoming a private key.
func looksLikeKey(s string) bool {
	return strings.Contains(s, "PRIVATE KEY-----") || strings.Contains(s, "<RSAKeyValue>")
}

// keyVerdict describes a private key of so many bits without showing it.
func keyVerdict(key secret.Text, bits int) (string, tone) {
	kind := "PEM"
	if strings.Contains(key.Reveal(), "<RSAKeyValue>") {
		kind = "XML"
	}
	text := fmt.Sprintf("RSA key of %d bits, %s, fingerprint %s", bits, kind, key.Fingerprint())
	if bits < workbench.SafeKeyBits {
		return text + ": weak, ask SuperOffice for a new one", toneWarning
	}
	return text, toneGood
}
