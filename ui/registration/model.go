package registration

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// maxFormFile bounds what is read for a form: the largest keys and certificates are far smaller.
const maxFormFile = 64 << 10

// place is a place in the form at which something may be wrong. The order is that of the form.
type place int

// The places. Nowhere is what concerns none of them.
const (
	atAddress place = iota
	atName
	atClientID
	atSecret
	atKey
	atRedirect
	atPattern
	atCertificate
	nowhere
)

// fields are what the form holds, as typed.
type fields struct {
	Name         string
	Environment  tenant.Environment
	Base         string
	ClientID     string
	ClientSecret secret.Text
	PrivateKey   secret.Text
	RedirectURI  string
	// Pattern is what the portal knows; it is only held against the redirect URI.
	Pattern  string
	Exchange tenant.ExchangeProtocol
	// Certificate is a file's content, PEM or DER; empty without one.
	Certificate string
	// KeepKey and KeepCertificate are for an edited registration whose stored ones stay.
	KeepKey, KeepCertificate bool
}

// emptyFields are those of a form for a new registration.
func emptyFields() fields {
	return fields{Environment: tenant.Development, RedirectURI: tenant.DefaultRedirectURI, Exchange: tenant.REST}
}

// fieldsOf are those of a form in which a stored registration is changed.
func fieldsOf(r workbench.RegistrationView) fields {
	return fields{Name: r.Name, Environment: r.Environment, Base: r.Base, ClientID: r.ClientID, RedirectURI: r.RedirectURI,
		Exchange: r.Exchange, KeepKey: r.KeyFingerprint != "none", KeepCertificate: r.CertificatePinned}
}

// draft is what the fields stand for. In an edited registration an empty secret stays what it is.
func (f fields) draft(edited bool) workbench.RegistrationDraft {
	return workbench.RegistrationDraft{
		Registration: tenant.Registration{
			Name: strings.TrimSpace(f.Name), Environment: f.Environment, Base: f.base(),
			ClientID: strings.TrimSpace(f.ClientID), ClientSecret: f.clientSecret(), PrivateKey: f.PrivateKey,
			RedirectURI: strings.TrimSpace(f.RedirectURI), Exchange: f.Exchange, Certificate: f.Certificate,
		},
		Replaces: edited, KeepSecret: edited && f.clientSecret().Empty(), KeepKey: f.KeepKey, KeepCertificate: f.KeepCertificate,
	}
}

func (f fields) base() string {
	if fixed := f.Environment.BaseURL(); fixed != "" {
		return fixed
	}
	return strings.TrimRight(strings.TrimSpace(f.Base), "/")
}

// clientSecret is without the line break that is copied along so easily.
func (f fields) clientSecret() secret.Text {
	return secret.New(strings.TrimSpace(f.ClientSecret.Reveal()))
}

// complaint says what is wrong at a place, "" where nothing is. taken are the names that a new registration
// cannot have.
func (f fields) complaint(at place, taken []string) string {
	switch at {
	case atAddress:
		return sentenceOf(tenant.CheckBaseURL(f.base()))
	case atName:
		name := strings.TrimSpace(f.Name)
		if slices.Contains(taken, name) {
			return textNameTaken.String()
		}
		return sentenceOf(tenant.CheckRegistrationName(name))
	case atClientID:
		return sentenceOf(tenant.CheckClientID(strings.TrimSpace(f.ClientID)))
	case atSecret:
		if strings.ContainsAny(f.clientSecret().Reveal(), " \t\r\n") {
			return textSecretOneWord.String()
		}
	case atRedirect:
		return sentenceOf(tenant.CheckRedirectURI(strings.TrimSpace(f.RedirectURI)))
	case atPattern:
		if pattern := strings.TrimSpace(f.Pattern); pattern != "" {
			return sentenceOf(tenant.RedirectURIFits(pattern, strings.TrimSpace(f.RedirectURI)))
		}
	}
	return ""
}

func sentenceOf(err error) string {
	if err == nil {
		return ""
	}
	return words.Of(tenant.Sentence(err))
}

// advice is what stands at a place where there is nothing to complain of.
func (f fields) advice(at place, edited bool) (string, kit.Tone) {
	switch at {
	case atAddress:
		if f.Environment == tenant.Production {
			return textProductionHint.String(), kit.ToneProduction
		}
	case atClientID:
		return textClientIDHint.String(), kit.ToneMuted
	case atSecret:
		if edited {
			return textSecretKeptHint.String(), kit.ToneMuted
		}
		return textSecretHint.String(), kit.ToneMuted
	case atKey:
		if f.PrivateKey.Empty() && !f.KeepKey {
			return textKeyHint.String(), kit.ToneMuted
		}
	case atRedirect:
		return textRedirectGood.String(), kit.ToneMuted
	case atPattern:
		if strings.TrimSpace(f.Pattern) != "" {
			return textPatternFits.String(), kit.ToneGood
		}
	}
	return "", kit.ToneMuted
}

// registrable are the environments that a person can add: the sandbox is there by itself.
func registrable() []tenant.Environment {
	return slices.DeleteFunc(tenant.Environments(), func(e tenant.Environment) bool { return e == tenant.Sandbox })
}

// environmentTexts are an environment's name, and below it where it is.
func environmentTexts(e tenant.Environment) (title, host string) {
	switch e {
	case tenant.Development:
		return textDevelopment.String(), strings.TrimPrefix(e.BaseURL(), "https://")
	case tenant.Stage:
		return textStage.String(), strings.TrimPrefix(e.BaseURL(), "https://")
	case tenant.Production:
		return textProduction.String(), strings.TrimPrefix(e.BaseURL(), "https://")
	}
	return textCustom.String(), textCustomHost.String()
}

// portalURL is where partners log in to the Developer Portal.
const portalURL = "https://dev.superoffice.com"

// portalTemplate is the portal's own name of the template, which is the same in every language.
const portalTemplate string = "Server to Server"

// guideLine is one thing to do in the portal. Value, where it is set, is entered there as it stands.
type guideLine struct{ Caption, Text, Value string }

// guideOf are the things to do in the portal, in their order, for an app in an environment with this redirect URI.
// The words are those of the portal's pages: docs.superoffice.com, Developer Portal, Application configuration.
func guideOf(e tenant.Environment, redirectURI string) []guideLine {
	save := textGuideSave
	if e == tenant.Stage || e == tenant.Production {
		save = textGuidePublish
	}
	pattern, urls := portalPattern(redirectURI), textGuideRedirect.String()
	if example := exampleOf(redirectURI); example != pattern {
		urls = textGuidePattern.With(example)
	}
	return []guideLine{
		{textCaptionCreate.String(), textGuideTemplate.String(), portalTemplate},
		{textCaptionNative.String(), textGuideNative.String(), ""},
		{textCaptionURLs.String(), urls, pattern},
		{textCaptionSecrets.String(), textGuideSecret.String(), ""},
		{textCaptionSave.String(), save.String(), ""},
	}
}

// registered is the redirect URI that the portal is to know, as it was typed and taken apart: the default one until
// there is one that can be registered.
func registered(redirectURI string) (string, *url.URL) {
	redirectURI = strings.TrimSpace(redirectURI)
	u, err := url.Parse(redirectURI)
	if err != nil || tenant.CheckRedirectURI(redirectURI) != nil {
		return tenant.DefaultRedirectURI, &url.URL{Scheme: "http", Host: strings.TrimPrefix(tenant.DefaultRedirectURI, "http://")}
	}
	return redirectURI, u
}

// anyPort reports whether a redirect URI leaves the port to the system.
func anyPort(u *url.URL) bool { return strings.Trim(u.Port(), "0") == "" }

// portalPattern is what to register for a redirect URI: the URI itself to the last character, or where any port may
// do, the pattern of the portal's own template for native apps with the URI's host and path.
func portalPattern(redirectURI string) string {
	exact, u := registered(redirectURI)
	if !anyPort(u) {
		return exact
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		host = regexp.QuoteMeta("[" + host + "]")
	}
	return "^http://" + host + `\:\d{4,10}` + regexp.QuoteMeta(u.EscapedPath()) + "$"
}

// exampleOf is a redirect URI as a sign-in sends it. The port is the first of those that systems hand out (RFC 6335
// section 6).
func exampleOf(redirectURI string) string {
	exact, u := registered(redirectURI)
	if !anyPort(u) {
		return exact
	}
	u.Host = net.JoinHostPort(u.Hostname(), "49152")
	return u.String()
}

// protocols are the ways to exchange a system user token, in the order in which they are offered.
func protocols() []tenant.ExchangeProtocol {
	return []tenant.ExchangeProtocol{tenant.REST, tenant.SOAP}
}

func protocolLabel(p tenant.ExchangeProtocol) string {
	if p == tenant.REST {
		return textExchangeREST.String()
	}
	return strings.ToUpper(string(p))
}

// looksLikeKey keeps a clipboard that holds something else from becoming a private key.
func looksLikeKey(s string) bool {
	return strings.Contains(s, "PRIVATE KEY-----") || strings.Contains(s, "<RSAKeyValue>")
}

// looksLikeCertificate is for a file that was dropped, where nobody has said what it is: PEM, or DER by its name.
func looksLikeCertificate(name, content string) bool {
	ending := strings.ToLower(name)
	return strings.Contains(content, "BEGIN CERTIFICATE-----") || strings.HasSuffix(ending, ".cer") || strings.HasSuffix(ending, ".crt")
}

// keyView describes a private key without showing it.
func keyView(info workbench.KeyInfo) fileView {
	v := fileView{StateTone: kit.ToneGood, State: textKeyState.With(info.Form, info.Bits, info.Fingerprint)}
	if info.Encrypted {
		v.Detail, v.DetailTone = textKeyUnlocked.String(), kit.ToneMuted
	}
	if info.Weak {
		v.Detail, v.DetailTone = textKeyWeak.With(workbench.SafeKeyBits), kit.ToneWarning
	}
	return v
}

// certificateVerdict describes a certificate by what a person compares.
func certificateVerdict(c workbench.CertificateView, zone *time.Location) fileView {
	v := fileView{State: c.Subject, StateTone: kit.ToneGood, DetailTone: kit.ToneMuted}
	v.Detail = textCertificateUntil.With(words.Moment(c.NotAfter, zone), c.Thumbprint)
	if c.Warning != "" {
		v.StateTone, v.DetailTone = kit.ToneWarning, kit.ToneWarning
		v.Detail += "\n" + words.Of(c.Warning)
	}
	return v
}
