package registration

import (
	"fmt"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// maxFormFile bounds what is read for a form: the largest keys and certificates are far smaller.
const maxFormFile = 64 << 10

// fields are what the dialog holds, as typed.
type fields struct {
	Name         string
	Environment  tenant.Environment
	Base         string
	ClientID     string
	ClientSecret secret.Text
	PrivateKey   secret.Text
	RedirectURI  string
	Exchange     tenant.ExchangeProtocol
	// Certificate is a file's content, PEM or DER; empty without one.
	Certificate string
}

// registration is what the fields stand for.
func (f fields) registration() tenant.Registration {
	base := f.Environment.BaseURL()
	if base == "" {
		base = strings.TrimRight(strings.TrimSpace(f.Base), "/")
	}
	return tenant.Registration{
		Name: strings.TrimSpace(f.Name), Environment: f.Environment, Base: base,
		ClientID: strings.TrimSpace(f.ClientID), ClientSecret: f.ClientSecret, PrivateKey: f.PrivateKey,
		RedirectURI: strings.TrimSpace(f.RedirectURI), Exchange: f.Exchange, Certificate: f.Certificate,
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
func redirectVerdict(s string) (string, kit.Tone) {
	if err := tenant.CheckRedirectURI(strings.TrimSpace(s)); err != nil {
		return tenant.Sentence(err), kit.ToneBad
	}
	return textRedirectGood.String(), kit.ToneMuted
}

// patternVerdict says whether a redirect URI is one that the portal would accept; "" while nothing was typed.
func patternVerdict(pattern, uri string) (string, kit.Tone) {
	pattern, uri = strings.TrimSpace(pattern), strings.TrimSpace(uri)
	if pattern == "" {
		return "", kit.ToneMuted
	}
	if err := tenant.RedirectURIFits(pattern, uri); err != nil {
		return tenant.Sentence(err), kit.ToneBad
	}
	return textPatternFits.String(), kit.ToneGood
}

// protocols are the ways to exchange a system user token, in the order in which they are offered.
func protocols() []tenant.ExchangeProtocol {
	return []tenant.ExchangeProtocol{tenant.REST, tenant.SOAP}
}

func protocolLabel(p tenant.ExchangeProtocol) string {
	if p == tenant.REST {
		return "REST (recommended)"
	}
	return strings.ToUpper(string(p))
}

// looksLikeKey keeps a clipboard that holds something else from becoming a private key.
func looksLikeKey(s string) bool {
	return strings.Contains(s, "PRIVATE KEY-----") || strings.Contains(s, "<RSAKeyValue>")
}

// keyView describes a private key without showing it.
func keyView(info workbench.KeyInfo) fileView {
	v := fileView{StateTone: kit.ToneGood, State: fmt.Sprintf("%s, %d bits, fingerprint %s", info.Form, info.Bits, info.Fingerprint)}
	if info.Encrypted {
		v.Detail, v.DetailTone = textKeyUnlocked.String(), kit.ToneMuted
	}
	if info.Weak {
		v.Detail, v.DetailTone = fmt.Sprintf(textKeyWeak.String(), workbench.SafeKeyBits), kit.ToneWarning
	}
	return v
}

// certificateVerdict describes a certificate by what a person compares.
func certificateVerdict(c workbench.CertificateView, zone *time.Location) fileView {
	v := fileView{State: c.Subject, StateTone: kit.ToneGood, DetailTone: kit.ToneMuted}
	v.Detail = "Valid until " + tenant.Moment(c.NotAfter, zone) + ", thumbprint " + c.Thumbprint
	if c.Warning != "" {
		v.StateTone, v.DetailTone = kit.ToneWarning, kit.ToneWarning
		v.Detail += "\n" + c.Warning
	}
	return v
}
