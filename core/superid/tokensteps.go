package superid

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// The steps that look into the claims, in the order of the list in idtoken.go.

func (in *inspection) checkIssuer() error {
	issuer, err := in.claims.text("iss")
	if err != nil {
		return err
	}
	if in.want.open && in.want.issuer == "" {
		return notGiven("issuer", issuer)
	}
	if issuer != in.want.issuer {
		return fmt.Errorf("it is %q, and must be %q", clip(issuer, 200), in.want.issuer)
	}
	return nil
}

func (in *inspection) checkAudience() error {
	audience, err := in.claims.texts("aud")
	if err != nil {
		return err
	}
	want := in.want.audience(in.claims)
	if in.want.open && want == "" {
		return notGiven("audience", strings.Join(audience, " "))
	}
	if want == "" || !slices.Contains(audience, want) {
		return fmt.Errorf("it is %q, and must be %q", clip(strings.Join(audience, " "), 200), want)
	}
	party, err := in.claims.text("azp")
	if err != nil {
		return err
	}
	if in.want.idToken && (party != "" || len(audience) > 1) && party != want {
		return fmt.Errorf("the authorized party (azp) is %q, and must be %q", clip(party, 200), want)
	}
	return nil
}

func (in *inspection) checkExpiry() error {
	expires, err := in.claims.time("exp", false)
	if err != nil {
		return err
	}
	if expires.IsZero() {
		return errors.New("there is no exp claim")
	}
	if !in.now.Before(expires.Add(maxSkew)) {
		return timeError{"it ended at", expires, in.now, expires.Add(maxSkew).Sub(in.now)}
	}
	return nil
}

func (in *inspection) checkNotBefore() error {
	begins, err := in.claims.time("nbf", false)
	if err != nil {
		return err
	}
	if begins.After(in.now.Add(maxSkew)) {
		return timeError{"it begins at", begins, in.now, begins.Add(-maxSkew).Sub(in.now)}
	}
	return nil
}

// checkIssuedAt accepts a quoted number, which SuperOffice's samples show.
func (in *inspection) checkIssuedAt() error {
	issued, err := in.claims.time("iat", true)
	if err != nil {
		return err
	}
	if issued.IsZero() && in.want.idToken {
		return errors.New("there is no iat claim")
	}
	if issued.After(in.now.Add(maxSkew)) {
		return timeError{"it was issued at", issued, in.now, issued.Add(-maxSkew).Sub(in.now)}
	}
	return nil
}

func (in *inspection) checkNonce() error {
	if in.want.nonce == nil {
		return notGiven("nonce", "")
	}
	nonce, err := in.claims.text("nonce")
	if err != nil {
		return errors.New("it is not text") // the type's error would not quote it either; be sure
	}
	if in.want.nonce.Empty() || !in.want.nonce.Equal(secret.New(nonce)) {
		return errors.New("it is not the one that this sign-in sent")
	}
	return nil
}

func (in *inspection) checkSubject() error {
	subject, err := in.claims.text("sub")
	if err != nil {
		return err
	}
	if strings.TrimSpace(subject) == "" {
		return errors.New("there is no sub claim")
	}
	return nil
}

func (in *inspection) readClaims() error { return in.result.read(in.claims) }

// checkTenant also demands an exchange's serial number, as its audience is made of it.
func (in *inspection) checkTenant() error {
	ctx, serial := in.result.ContextID, in.result.Serial
	if in.want.contextID != "" && ctx != in.want.contextID {
		return fmt.Errorf("it is about %q, and %q was asked for", clip(ctx, 40), in.want.contextID)
	}
	if in.want.ticket && serial == "" {
		return errors.New("there is no serial claim")
	}
	if in.want.open {
		return notGiven("tenant", ctx)
	}
	if in.want.serial != "" && serial != in.want.serial {
		return fmt.Errorf("its serial number is %q, and the tenant's is %q", clip(serial, 40), in.want.serial)
	}
	return nil
}

// takeTicket also makes sure that the ticket can stand in a header.
func (in *inspection) takeTicket() error {
	ticket, err := in.claims.text(identity + "ticket")
	if err != nil {
		return errors.New("the ticket is not text")
	}
	if ticket == "" || strings.ContainsFunc(ticket, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("the ticket is missing or holds characters that no ticket has")
	}
	in.ticket = secret.New(ticket)
	return nil
}

// notGiven leaves a step of an inspection out.
func notGiven(what, found string) error {
	err := fmt.Errorf("%w, as no %s was given to compare with", ErrNotChecked, what)
	if found != "" {
		err = fmt.Errorf("%w; it is %q", err, clip(found, 200))
	}
	return err
}

// timeError is a time that lies outside what clocks may be apart.
type timeError struct {
	what string
	when time.Time
	now  time.Time
	off  time.Duration // what would have to be added to our clock for the step to pass, at least
}

// Error names both times.
func (e timeError) Error() string {
	return fmt.Sprintf("%s %s, and now it is %s", e.what, stamp(e.when), stamp(e.now))
}

func stamp(t time.Time) string { return tenant.Moment(t, time.UTC) + " UTC" }
