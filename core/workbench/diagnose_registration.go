package workbench

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// clockLimit is how far this machine's clock may be off: a signed token names its minute, and tokens that
	// come back live for five. clockWarning is when it is worth a word.
	clockLimit   = 5 * time.Minute
	clockWarning = time.Minute
	// certificateWarning is how long before its end a server's certificate is worth a word.
	certificateWarning = 7 * 24 * time.Hour
)

// registrationStages are what must hold before anybody can sign in, or a token be signed.
func (e *examination) registrationStages() []stage {
	base := e.subject.Registration.Base
	return []stage{
		{DiagnoseName, "Name resolution", "The name of the sign-in host is known.", stepTimeout,
			func(ctx context.Context) (finding, error) { return e.resolve(ctx, base) }},
		{DiagnoseTLS, "TLS", "The connection is TLS 1.2 or newer, with a certificate that this machine trusts.", stepTimeout,
			func(ctx context.Context) (finding, error) { return e.handshake(ctx, base) }},
		{DiagnoseClock, "Clock", "This machine's clock agrees with SuperOffice's.", stepTimeout, e.clock},
		{DiagnoseMetadata, "Metadata", "What answers describes itself as SuperOffice's identity provider.", stepTimeout, e.metadata},
		{DiagnoseKeySet, "Key set", "SuperOffice's tokens can be validated.", stepTimeout, e.keySet},
		{DiagnoseClient, "Client secret", "SuperOffice takes the app's client id and client secret.", stepTimeout, e.client},
		{DiagnoseKeyPair, "Key pair", "The app's private key can sign.", stepTimeout, e.keyPair},
	}
}

func (e *examination) resolve(ctx context.Context, address string) (finding, error) {
	route, err := e.Network.Resolve(ctx, address)
	switch {
	case err != nil:
		return finding{}, err
	case route.Proxy:
		return passed("The way leads through the proxy " + route.Host + ", at " + listed(route.Addresses) + "."), nil
	case route.Literal:
		return skipped(route.Host + " is an address already."), nil
	}
	return passed(route.Host + " is " + listed(route.Addresses) + "."), nil
}

// listed names the first few.
func listed(all []string) string {
	const most = 3
	if len(all) > most {
		return strings.Join(all[:most], ", ") + fmt.Sprintf(" and %d more", len(all)-most)
	}
	return strings.Join(all, ", ")
}

func (e *examination) handshake(ctx context.Context, address string) (finding, error) {
	if u, err := url.Parse(address); err == nil && u.Scheme == "http" && tenant.IsLoopback(u.Hostname()) {
		return skipped("The address is plain http on this computer, so that nothing travels over a network."), nil
	}
	found, err := e.Network.Handshake(ctx, address)
	if err != nil {
		return finding{}, err
	}
	left := found.Until.Sub(e.Now())
	f := passed(fmt.Sprintf("%s; the certificate for %s from %s ends in %s, at %s.", found.Version,
		tenant.OrDash(found.Subject), tenant.OrDash(found.Issuer), tenant.Span(left), found.Until.UTC().Format(time.DateTime)+" UTC"))
	if left < certificateWarning {
		f.warning = "The certificate ends soon. Whoever runs the server, or the proxy before it, must renew it."
	}
	return f, nil
}

// clock reads the metadata, whose answer tells the time; what becomes of the metadata is the next step's.
func (e *examination) clock(ctx context.Context) (finding, error) {
	e.discovery, e.discovering = e.SuperID.Discover(ctx, e.subject.Registration)
	if !e.discovery.Timed {
		return skipped("No answer told the time."), nil
	}
	skew := e.discovery.Skew
	off := tenant.ClockOff(skew)
	switch {
	case skew.Abs() > clockLimit:
		return finding{}, &tenant.Problem{Op: "compare the clocks", Explanation: tenant.CauseClock.Explain("This machine's clock is wrong.",
			"It is "+off+" SuperOffice's, and a signed token names its minute.", "")}
	case off == "":
		return passed("It is within a second of SuperOffice's."), nil
	}
	f := passed("It is " + off + " SuperOffice's.")
	if skew.Abs() > clockWarning {
		f.warning = "More than " + tenant.Wait(clockLimit) + " would keep everything from working. Let this machine set its clock by itself."
	}
	return f, nil
}

func (e *examination) metadata(context.Context) (finding, error) {
	if e.discovering != nil {
		return finding{}, e.discovering
	}
	return passed("The issuer is " + e.discovery.Issuer + ", as it must be."), nil
}

func (e *examination) keySet(ctx context.Context) (finding, error) {
	keys, err := e.SuperID.Keys(ctx, e.subject.Registration)
	if err != nil {
		return finding{}, err
	}
	if keys.Pinned == nil {
		return passed(tenant.Plural(len(keys.IDs), "key") + " that can be used: " + listed(redactedAll(keys.IDs)) + "."), nil
	}
	f := passed(fmt.Sprintf("Tokens are validated with the pinned certificate %s, until %s UTC.", keys.Pinned.Thumbprint, keys.Pinned.NotAfter.UTC().Format(time.DateTime)))
	f.warning = keys.Pinned.Warning(e.Now())
	switch {
	case keys.Trouble != nil:
		f.detail += " The key set cannot be read, so nobody knows whether SuperOffice still signs with its key."
	case !keys.Listed:
		f.warning = strings.TrimSpace("SuperOffice's key set does not hold the pinned certificate's key: tokens of today may be refused. " + f.warning)
	default:
		f.detail += " Its key is in SuperOffice's key set."
	}
	return f, nil
}

// redactedAll hides what a server may have put where a name was asked for.
func redactedAll(all []string) []string {
	shown := make([]string, len(all))
	for i, s := range all {
		shown[i] = journal.Redact(s)
	}
	return shown
}

// client proves client id and secret. A tenant with a system user cannot do without a secret.
func (e *examination) client(ctx context.Context) (finding, error) {
	reg := e.subject.Registration
	if reg.ClientSecret.Empty() {
		if e.needsSystemUser() {
			return finding{}, incomplete("It has no client secret, which the system user needs.",
				"Enter the client secret (application token) that the Developer Portal shows.")
		}
		return skipped("The registration has no client secret, as apps have that only sign people in."), nil
	}
	proof, err := e.SuperID.CheckClient(ctx, reg)
	fingerprint := "Client secret " + reg.ClientSecret.Fingerprint() + ": "
	switch {
	case err != nil:
		return finding{}, err
	case !proof.Proven:
		return skipped(fingerprint + "the answer to a made-up refresh token does not tell whether it fits (" + proof.Answer + "). An exchange, or a sign-in, proves it."), nil
	}
	return passed(fingerprint + "SuperOffice refused nothing but the refresh token, which was made up."), nil
}

func (e *examination) keyPair(context.Context) (finding, error) {
	reg := e.subject.Registration
	if reg.PrivateKey.Empty() {
		if e.needsSystemUser() {
			return finding{}, incomplete("It has no private key, which must sign the system user token.",
				"Add the private key that belongs to the app in this environment.")
		}
		return skipped("The registration has no private key, as apps have that only sign people in."), nil
	}
	key, err := CheckKey(reg.PrivateKey, secret.Text{})
	if err != nil {
		return finding{}, err
	}
	f := passed(fmt.Sprintf("An RSA key of %d bits, fingerprint %s. Whether the Developer Portal knows its public half, an exchange proves.", key.Bits, key.Fingerprint))
	if key.Weak {
		f.warning = fmt.Sprintf("Fewer than %d bits are no longer held to be safe. Ask SuperOffice for a new key.", SafeKeyBits)
	}
	return f, nil
}

func (e *examination) needsSystemUser() bool { return !e.subject.Tenant.SystemUserToken.Empty() }

func incomplete(why, next string) error {
	return &tenant.Problem{Op: "look at the registration", Explanation: tenant.CauseIncomplete.Explain("The registration cannot be used for this.", why, next)}
}
