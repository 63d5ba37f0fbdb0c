package workbench

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

// Relation is how two registrations stand to each other in one respect.
type Relation string

// The relations. RelationUnknown is for what could not be read of one of them.
const (
	RelationSame      Relation = "same"
	RelationDifferent Relation = "different"
	RelationUnknown   Relation = "unknown"
)

// ComparedRow is one respect in which two registrations are compared. It holds no secret: of those, the
// fingerprints.
type ComparedRow struct {
	// Name is for scripts, Label for people.
	Name  string `json:"name"`
	Label string `json:"label"`
	// A and B are the values, as people read them.
	A        string   `json:"a"`
	B        string   `json:"b"`
	Relation Relation `json:"relation"`
	// Advice is what must be, or what it means, on the way from one environment to another.
	Advice string `json:"advice,omitempty"`
	// Troubles are what cannot work with one of them or with both.
	Troubles []tenant.Explanation `json:"troubles,omitempty"`
}

// Comparison holds two registrations side by side, such as an app's in development and in production.
type Comparison struct {
	A string `json:"a"`
	B string `json:"b"`
	// OK is true where nothing was found that cannot work. That something is the same or different is no failure.
	OK   bool          `json:"ok"`
	Rows []ComparedRow `json:"rows"`
	// Cause is the first of the troubles; nil where there is none.
	Cause *tenant.Explanation `json:"cause,omitempty"`
}

// side is a registration with what its provider says.
type side struct {
	reg         tenant.Registration
	discovery   superid.Discovery
	discovering error
	keys        superid.Keys
	keyTrouble  error
}

// CompareRegistrations holds two registrations against each other and against what an app needs. Issuer and key
// set are read from their providers; one that does not answer is no failure of the registration.
func (w *Workbench) CompareRegistrations(ctx context.Context, a, b string) (Comparison, error) {
	sides := [2]side{}
	if a == b {
		return Comparison{}, refusedInput("compare registrations", "There is nothing to compare.", errors.New("both are the registration "+a))
	}
	for i, name := range []string{a, b} {
		var err error
		if sides[i].reg, err = w.registration(ctx, name); err != nil {
			return Comparison{}, err
		}
	}
	var asking sync.WaitGroup
	for i := range sides {
		asking.Go(func() { w.ask(ctx, &sides[i]) })
	}
	asking.Wait()
	if ctx.Err() != nil {
		return Comparison{}, &tenant.Problem{Op: "compare registrations", Err: context.Cause(ctx), Explanation: tenant.Explain(ctx.Err())}
	}
	c := Comparison{A: sides[0].reg.Name, B: sides[1].reg.Name, OK: true, Rows: comparedRows(sides[0], sides[1])}
	for _, row := range c.Rows {
		if len(row.Troubles) > 0 && c.OK {
			c.OK, c.Cause = false, &row.Troubles[0]
		}
	}
	return c, nil
}

func (w *Workbench) ask(ctx context.Context, s *side) {
	ctx, cancel := context.WithTimeout(ctx, 2*stepTimeout)
	defer cancel()
	s.discovery, s.discovering = w.SuperID.Discover(ctx, s.reg)
	s.keys, s.keyTrouble = w.SuperID.Keys(ctx, s.reg)
}

// comparedRows puts the rows into the order in which a person would check them in the Developer Portal.
func comparedRows(a, b side) []ComparedRow {
	elsewhere := a.reg.Base != b.reg.Base
	own := func(what string) string {
		if elsewhere {
			return "Each environment has its own " + what + "."
		}
		return ""
	}
	rows := []ComparedRow{
		plainRow("environment", "Environment", a.reg.Environment.Label(), b.reg.Environment.Label(), ""),
		plainRow("base-url", "Address", a.reg.Base, b.reg.Base, ""),
		issuerRow(a, b),
		warned(plainRow("client-id", "Client id", strings.ToLower(a.reg.ClientID), strings.ToLower(b.reg.ClientID), own("client id")), elsewhere),
		warned(secretRow(a.reg, b.reg, own("client secret")), elsewhere),
		keyRow(a.reg, b.reg, elsewhere),
		redirectRow(a.reg, b.reg),
		plainRow("exchange", "Exchange", strings.ToUpper(string(cmp.Or(a.reg.Exchange, tenant.REST))),
			strings.ToUpper(string(cmp.Or(b.reg.Exchange, tenant.REST))), "Either works everywhere; the same makes one test stand for both."),
		keySetRow(a, b, own("keys")),
		warned(certificateRow(a, b, own("certificate")), elsewhere),
	}
	return rows
}

func plainRow(name, label, a, b, advice string) ComparedRow {
	row := ComparedRow{Name: name, Label: label, A: a, B: b, Relation: RelationDifferent, Advice: advice}
	if a == b {
		row.Relation = RelationSame
	}
	return row
}

// warned says that a value that should differ between two environments does not, where there is one.
func warned(row ComparedRow, elsewhere bool) ComparedRow {
	if elsewhere && row.Relation == RelationSame && row.A != none {
		row.Advice += " The same one in both is likely to be a copy that one of them does not accept."
	}
	return row
}

// none is what stands for a value that is not there.
const none = "none"

func issuerRow(a, b side) ComparedRow {
	said := func(s side) string {
		if s.discovering != nil {
			return "not read: " + explained(s.discovering).Why
		}
		return s.discovery.Issuer
	}
	row := plainRow("issuer", "Issuer", said(a), said(b), "Tokens must name it, so a token of one environment is none in the other.")
	if a.discovering != nil || b.discovering != nil {
		row.Relation = RelationUnknown
	}
	return row
}

// secretRow: fingerprints tell whether secrets are the same without showing them.
func secretRow(a, b tenant.Registration, advice string) ComparedRow {
	row := plainRow("client-secret", "Client secret", a.ClientSecret.Fingerprint(), b.ClientSecret.Fingerprint(), advice)
	for _, reg := range []tenant.Registration{a, b} {
		if reg.ClientSecret.Empty() && !reg.PrivateKey.Empty() {
			row.Troubles = append(row.Troubles, tenant.CauseIncomplete.Explain("The registration "+reg.Name+" has no system user.",
				"It has a private key, but no client secret.", "Enter the client secret (application token) that the Developer Portal shows."))
		}
	}
	return row
}

func keyRow(a, b tenant.Registration, elsewhere bool) ComparedRow {
	row := plainRow("private-key", "Private key", superid.KeyFingerprint(a.PrivateKey), superid.KeyFingerprint(b.PrivateKey), "")
	if elsewhere {
		row.Advice = "The Developer Portal hands out a key for each environment, and refuses the other's signatures."
	}
	for _, reg := range []tenant.Registration{a, b} {
		if reg.PrivateKey.Empty() {
			row.Troubles = append(row.Troubles, tenant.CauseIncomplete.Explain("The registration "+reg.Name+" has no system user.",
				"It has no private key, which must sign the system user token.", "Add the private key that belongs to the app in this environment."))
			continue
		}
		if _, err := CheckKey(reg.PrivateKey, secret.Text{}); err != nil {
			row.Troubles = append(row.Troubles, *explained(err))
		}
	}
	return warned(row, elsewhere)
}

// nativePattern is the Developer Portal's template for the redirect URI of a native app.
const nativePattern = `^http://127.0.0.1\:\d{4,10}$`

func redirectRow(a, b tenant.Registration) ComparedRow {
	row := plainRow("redirect-uri", "Redirect URI", a.RedirectURI, b.RedirectURI, "Each must be what the Developer Portal knows in its environment.")
	for _, reg := range []tenant.Registration{a, b} {
		if err := tenant.CheckRedirectURI(reg.RedirectURI); err != nil {
			row.Troubles = append(row.Troubles, tenant.CauseRedirectURI.Explain("Nobody can sign in with the registration "+reg.Name+".",
				tenant.Sentence(err), ""))
			continue
		}
		fit := " fits the portal's template for native apps"
		if tenant.RedirectURIFits(nativePattern, reg.RedirectURI) != nil {
			fit = " does not fit the portal's template for native apps (" + nativePattern + "), so it must be registered as it stands"
		}
		row.Advice += " That of " + reg.Name + fit + "."
	}
	return row
}

func keySetRow(a, b side, advice string) ComparedRow {
	said := func(s side) string {
		err := cmp.Or(s.keyTrouble, s.keys.Trouble)
		if err != nil {
			return "not read: " + explained(err).Why
		}
		return listed(redactedAll(s.keys.IDs))
	}
	row := plainRow("key-set", "Key set", said(a), said(b), advice)
	known, other := slices.Sorted(slices.Values(a.keys.IDs)), slices.Sorted(slices.Values(b.keys.IDs))
	switch {
	case cmp.Or(a.keyTrouble, a.keys.Trouble, b.keyTrouble, b.keys.Trouble) != nil:
		row.Relation = RelationUnknown
	case slices.Equal(known, other):
		row.Relation = RelationSame
	default:
		row.Relation = RelationDifferent
	}
	return row
}

func certificateRow(a, b side, advice string) ComparedRow {
	said := func(s side) string {
		switch {
		case s.reg.Certificate == "":
			return none
		case s.keys.Pinned == nil:
			return "not readable"
		}
		return s.keys.Pinned.Thumbprint
	}
	row := plainRow("certificate", "Pinned certificate", said(a), said(b), "")
	for _, s := range []side{a, b} {
		switch {
		case s.reg.Certificate == "":
			continue
		case s.keys.Pinned == nil:
			row.Troubles = append(row.Troubles, *explained(s.keyTrouble))
		case s.keys.Trouble == nil && !s.keys.Listed:
			row.Troubles = append(row.Troubles, tenant.CauseCertificateStale.Explain("The certificate that "+s.reg.Name+" pins does not fit.",
				"SuperOffice's key set there does not hold its key.", ""))
		}
		row.Advice = advice
	}
	return row
}
