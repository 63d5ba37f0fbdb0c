package superid

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"partnerdesk/core/secret"
)

// The steps of a validation, one error each, in the order in which they are carried out.
var (
	// ErrForm: not a signed JWT of three parts with unambiguous JSON (RFC 7515 sections 4 and 7.1, RFC
	// 7519 section 4), or one that demands extensions that nobody here understands (crit, RFC 7515
	// section 4.1.11).
	ErrForm = errors.New("malformed token")
	// ErrAlgorithm: not RS256, the only algorithm in SuperOffice's metadata (RFC 8725 section 3.1).
	ErrAlgorithm = errors.New("algorithm not allowed")
	// ErrKey: the provider has no key that could have signed it (OpenID Connect Core 1.0 section 10.1).
	ErrKey = errors.New("no matching key")
	// ErrSignature: not signed by the provider (RFC 7515 section 5.2).
	ErrSignature = errors.New("wrong signature")
	// ErrIssuer: issued by somebody else (Core section 3.1.3.7, step 2).
	ErrIssuer = errors.New("wrong issuer")
	// ErrAudience: meant for somebody else (Core section 3.1.3.7, steps 3 to 5).
	ErrAudience = errors.New("wrong audience")
	// ErrExpiry: no longer valid (Core section 3.1.3.7, step 9).
	ErrExpiry = errors.New("expired")
	// ErrNotBefore: not valid yet (RFC 7519 section 4.1.5).
	ErrNotBefore = errors.New("not valid yet")
	// ErrIssuedAt: issued in the future, or at no time at all (Core section 2).
	ErrIssuedAt = errors.New("wrong time of issue")
	// ErrNonce: the answer to another sign-in (Core section 3.1.3.7, step 11).
	ErrNonce = errors.New("wrong nonce")
	// ErrSubject: about nobody (Core section 2).
	ErrSubject = errors.New("no subject")
	// ErrClaims: a SuperOffice claim is missing or of the wrong type (docs.superoffice.com, "Validate
	// security tokens").
	ErrClaims = errors.New("wrong SuperOffice claims")
	// ErrTenant: about another tenant than the one that was asked for.
	ErrTenant = errors.New("wrong tenant")
	// ErrTicket: the exchange's token carries no usable ticket.
	ErrTicket = errors.New("no ticket")

	// ErrCertificate, beside ErrKey or ErrSignature: the registration pins another certificate than the one
	// with whose key the token was signed (docs.superoffice.com, "Validate security tokens").
	ErrCertificate = errors.New("pinned certificate does not fit")
	// ErrNotChecked marks a step that was left out: because an earlier one failed, or, in an inspection,
	// because there is nothing to compare with.
	ErrNotChecked = errors.New("not checked")

	errEarlier = fmt.Errorf("%w, as an earlier step failed", ErrNotChecked)
)

const (
	// maxSkew is how far clocks may be apart.
	maxSkew = 5 * time.Minute
	// maxToken bounds a token; honest ones have 2 KB.
	maxToken = 128 << 10
	// maxDepth bounds the nesting of its JSON.
	maxDepth = 16
)

// Check is one ticked or failed step of a validation.
type Check struct {
	// Name is the step's name for people: "signature".
	Name string
	// Err is nil for a step that passed. It wraps ErrNotChecked for one that was left out, and the step's
	// error above for one that refused the token.
	Err error
}

// Failed reports whether the step was carried out and refused the token.
func (c Check) Failed() bool { return c.Err != nil && !errors.Is(c.Err, ErrNotChecked) }

// expectation is what a token must say.
type expectation struct {
	// certificate is the one that the registration pins (PEM); empty means the provider's key set.
	certificate string
	// keys, where it is set, takes the place of both.
	keys func(ctx context.Context, kid, x5t string) (candidate, error)

	issuer string
	// audience is called after the form is known; the exchange's audience depends on a claim.
	audience func(claims object) string
	// idToken adds the steps that only an id token knows: issued at, azp, subject.
	idToken bool
	// nonce is the sign-in's; nil leaves the step out.
	nonce *secret.Text
	// contextID and serial are the tenant's; empty accepts any.
	contextID, serial string
	// ticket adds the step that takes the ticket out, and demands the serial number.
	ticket bool
	// open leaves out, as not checked, the steps for which an inspection was given nothing to compare
	// with: issuer, audience, nonce and tenant. Whoever acts on a token leaves nothing open.
	open bool
}

// inspection is a token on its way through the steps.
type inspection struct {
	client *Client
	ctx    context.Context // of the one call that the inspection lives in
	base   string
	want   expectation

	signed         string // header and claims as they were signed; empty until the token's form is known
	signature      []byte
	header, claims object
	key            candidate // zero until it is found
	now            time.Time

	result Claims
	ticket secret.Text
}

// step is one row of the list. run's errors are wrapped in err.
type step struct {
	name string
	err  error
	run  func() error
}

// stepSignature is the name of the step on which all that follows rests.
const stepSignature = "signature"

// steps is the list that a reviewer can tick.
func (in *inspection) steps(raw secret.Text) []step {
	list := []step{
		{"form", ErrForm, func() error { return in.parse(raw.Reveal()) }},
		{"algorithm", ErrAlgorithm, in.checkAlgorithm},
		{"key", ErrKey, in.findKey},
		{stepSignature, ErrSignature, in.checkSignature},
		{"issuer", ErrIssuer, in.checkIssuer},
		{"audience", ErrAudience, in.checkAudience},
		{"expiry", ErrExpiry, in.checkExpiry},
		{"not before", ErrNotBefore, in.checkNotBefore},
		{"issued at", ErrIssuedAt, in.checkIssuedAt},
	}
	if in.want.nonce != nil || in.want.open && in.want.idToken {
		list = append(list, step{"nonce", ErrNonce, in.checkNonce})
	}
	if in.want.idToken {
		list = append(list, step{"subject", ErrSubject, in.checkSubject})
	}
	list = append(list,
		step{"claims", ErrClaims, in.readClaims},
		step{"tenant", ErrTenant, in.checkTenant})
	if in.want.ticket {
		list = append(list, step{"ticket", ErrTicket, in.takeTicket})
	}
	return list
}

// validated is what a token that passed every step says.
type validated struct {
	claims Claims
	ticket secret.Text
	checks []Check
}

// validate carries out every step that can be carried out, and believes the token only if all passed.
// The checks come back in either case; the error is the first failed step's.
func (c *Client) validate(ctx context.Context, base string, raw secret.Text, want expectation) (validated, error) {
	in := &inspection{client: c, ctx: ctx, base: base, want: want, now: c.now()}
	return in.carryOut(raw)
}

func (in *inspection) carryOut(raw secret.Text) (validated, error) {
	var v validated
	var first error
	for _, s := range in.steps(raw) {
		check := Check{Name: s.name}
		switch err := in.run(s); {
		case errors.Is(err, ErrNotChecked):
			check.Err = err
		case err != nil:
			check.Err = fmt.Errorf("%w: %w", s.err, err)
		}
		if first == nil && check.Failed() {
			first = check.Err
		}
		v.checks = append(v.checks, check)
	}
	if first != nil {
		return v, first
	}
	v.claims, v.ticket = in.result, in.ticket
	return v, nil
}

// run leaves out what cannot be said of a token without form.
func (in *inspection) run(s step) error {
	if s.err != ErrForm && in.signed == "" {
		return errEarlier
	}
	return s.run()
}

// parse takes the token apart. It reads the JSON itself, because the library would let pass what must be refused:
// duplicate names, of which different readers take different ones (RFC 7519 section 4), and anything after the
// object.
func (in *inspection) parse(raw string) error {
	if raw == "" {
		return errors.New("there is no token")
	}
	if len(raw) > maxToken {
		return fmt.Errorf("it has %d KB", len(raw)>>10)
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return errors.New("it does not have three parts of base64url, two of them JSON objects")
	}
	decoded := make([][]byte, len(parts))
	parser := jwt.NewParser(jwt.WithStrictDecoding())
	for i, part := range parts {
		var err error
		if decoded[i], err = parser.DecodeSegment(part); err != nil {
			return errors.New("a part is not base64url") // err may quote it
		}
	}
	objects := make([]object, 2)
	for i := range objects {
		var err error
		if objects[i], err = parseObject(decoded[i]); err != nil {
			return err
		}
	}
	if _, there := objects[0]["crit"]; there {
		return errors.New("its header demands an extension (crit)")
	}
	for _, name := range []string{"kid", "x5t"} {
		if _, err := objects[0].text(name); err != nil {
			return err
		}
	}
	in.signed, in.signature = strings.TrimSuffix(raw, "."+parts[2]), decoded[2]
	in.header, in.claims = objects[0], objects[1]
	return nil
}

func (in *inspection) checkAlgorithm() error {
	alg, err := in.header.text("alg")
	if err != nil {
		return err
	}
	if alg != jwt.SigningMethodRS256.Alg() {
		return fmt.Errorf("it is %q, and must be %q", clip(alg, 40), jwt.SigningMethodRS256.Alg())
	}
	return nil
}

// findKey asks the provider's key set, or the pinned certificate, and nobody else. Keys and addresses of
// keys in the header (jwk, jku, x5c, x5u) are the sender's word, and ignored (RFC 8725 section 3.10).
func (in *inspection) findKey() error {
	if in.checkAlgorithm() != nil {
		return errEarlier
	}
	kid, _ := in.header.text("kid")
	x5t, _ := in.header.text("x5t")
	var err error
	switch {
	case in.want.keys != nil:
		in.key, err = in.want.keys(in.ctx, kid, x5t)
	case in.want.certificate != "":
		var pinned Certificate
		if pinned, err = ParseCertificate([]byte(in.want.certificate)); err == nil {
			in.key, err = pinned.find(kid, x5t)
		}
	default:
		in.key, err = in.client.signingKey(in.ctx, in.base, kid, x5t)
	}
	return err
}

func (in *inspection) checkSignature() error {
	if in.key.key == nil {
		return errEarlier
	}
	if jwt.SigningMethodRS256.Verify(in.signed, in.signature, in.key.key) != nil {
		return in.key.unfit
	}
	return nil
}
