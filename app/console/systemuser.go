package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// systemUserCommand holds the commands that carry out the system user flow piece by piece.
type systemUserCommand struct {
	Sign     signSystemUser     `cmd:"" help:"Sign a system user token and print the signed system token, which is a secret. Needs no data directory."`
	Exchange exchangeSystemUser `cmd:"" help:"Exchange a tenant's system user token for a ticket now, and show how the answer was validated."`
}

type signSystemUser struct {
	TokenFile string    `required:"" placeholder:"F" help:"The file with the system user token; - for standard input."`
	Key       string    `required:"" placeholder:"F" help:"The file with the app's private key, XML or PEM; - for standard input."`
	At        time.Time `placeholder:"TIME" help:"The time in the signature, like 2026-01-31T08:00:00Z; without it now. SuperOffice accepts it for minutes."`
}

// Run prints the signed system token alone, as it was asked for explicitly, so that a script can take it.
func (c *signSystemUser) Run(_ context.Context, s *session) error {
	if onStandardInput(c.TokenFile, c.Key, s.passphraseFile) > 1 {
		return wrongUse(errors.New("standard input can hold one of token, private key and passphrase"))
	}
	token, err := s.readSecret("system user token", c.TokenFile)
	if err != nil {
		return err
	}
	if token.Empty() || strings.ContainsAny(token.Reveal(), "\r\n") {
		return unreadable("system user token", c.TokenFile, errors.New("it does not hold exactly one line"))
	}
	key, err := s.openKey(c.Key, s.passphraseFile)
	if err != nil {
		return err
	}
	at := c.At
	if at.IsZero() {
		at = time.Now()
	}
	signed, err := workbench.SignSystemUserToken(token, key, at)
	if err != nil {
		return err
	}
	result := struct {
		Signed string    `json:"signed_system_token"`
		At     time.Time `json:"at"`
	}{signed.Reveal(), at.UTC().Truncate(time.Minute)}
	return s.out.value(result, func(w io.Writer) { fmt.Fprintln(w, result.Signed) })
}

type exchangeSystemUser struct {
	Tenant contextID `required:"" placeholder:"CTX" help:"The tenant's context identifier, like Cust12345."`
	SOAP   bool      `name:"soap" xor:"protocol" help:"By SOAP for this once, whatever the registration says."`
	REST   bool      `name:"rest" xor:"protocol" help:"By REST for this once, whatever the registration says."`
}

// Run exchanges and prints what came. With --json that is printed for a failure too, as it holds the checks.
func (c *exchangeSystemUser) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := s.reachable(ctx, a, c.Tenant)
		if err != nil {
			return err
		}
		result, err := a.Workbench.Exchange(ctx, workbench.ExchangeRequest{Key: t.Key, Protocol: c.protocol()})
		if err != nil && !s.out.json && len(result.Checks) == 0 {
			return err
		}
		if printed := s.out.value(result, func(w io.Writer) { writeExchange(w, result) }); err == nil {
			err = printed
		}
		return err
	})
}

func (c *exchangeSystemUser) protocol() tenant.ExchangeProtocol {
	switch {
	case c.SOAP:
		return tenant.SOAP
	case c.REST:
		return tenant.REST
	}
	return "" // the registration's
}

func writeExchange(w io.Writer, r workbench.ExchangeResult) {
	fmt.Fprintf(w, "Tenant:\t%s\n", r.ContextID)
	fmt.Fprintf(w, "Protocol:\t%s\n", strings.ToUpper(string(r.Protocol)))
	fmt.Fprintf(w, "Time taken:\t%s\n", tenant.Took(r.Took))
	fmt.Fprintf(w, "Clock:\t%s\n", clockLine(r.ClockSkew))
	fmt.Fprintf(w, "Ticket:\t%s\n", fingerprint(r.TicketFingerprint, "none"))
	if !r.TicketUntil.IsZero() {
		fmt.Fprintf(w, "Good until:\t%s, unless it is used before\n", at(r.TicketUntil))
	}
	fmt.Fprintln(w)
	writeValidation(w, r.Checks, r.Claims, true) // claims are there only where every check passed
}

// clockLine says how this machine's clock stands to SuperOffice's.
func clockLine(skew time.Duration) string {
	if off := tenant.ClockOff(skew); off != "" {
		return off + " SuperOffice's"
	}
	return "as SuperOffice's"
}
