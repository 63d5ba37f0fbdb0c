package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// tokenCommand holds the commands on tokens.
type tokenCommand struct {
	Inspect inspectToken `cmd:"" help:"Validate an id token or an exchange's token step by step, and show what it says. With --keys or --certificate neither registration nor data directory is needed, and with a file no network."`
}

type inspectToken struct {
	File        string `arg:"" help:"The file with the token; - for standard input."`
	Keys        string `placeholder:"FILE|URL" xor:"key" help:"The key set to validate with. Without it: the pinned certificate or the key set of the registration."`
	Certificate string `placeholder:"F" xor:"key" help:"The certificate to validate with, PEM or DER."`
	Issuer      string `placeholder:"I" help:"What the token must name as its issuer; without it what the registration or SuperOffice's exchange demands."`
	Audience    string `placeholder:"A" help:"What the token must name as its audience; without it as above."`
	Nonce       string `placeholder:"N" help:"The nonce of the sign-in; without it the step is left out."`
	At          moment `placeholder:"TIME" help:"The time to validate for, like 2026-01-31T08:00:00Z, or how long ago (10m); without it now."`
}

// Validate refuses what can be told before any file is read.
func (c *inspectToken) Validate() error {
	return oneOnStandardInput("token, key set and certificate", c.File, c.Keys, c.Certificate)
}

// Run prints each step with pass or fail, then the claims. The exit status is 1 where a step failed.
func (c *inspectToken) Run(ctx context.Context, s *session) error {
	req, err := c.request(s)
	if err != nil {
		return err
	}
	if !req.NeedsRegistration() {
		result, err := app.InspectToken(ctx, req)
		return s.showInspection(result, err)
	}
	return s.with(ctx, func(a *app.App) error {
		if err := s.ensureSandbox(ctx, a); err != nil {
			return err
		}
		result, err := a.Workbench.InspectToken(ctx, req)
		return s.showInspection(result, err)
	})
}

// showInspection prints how far the validation came, where it came to one.
func (s *session) showInspection(result workbench.TokenInspection, failure error) error {
	if failure != nil && len(result.Checks) == 0 {
		return failure
	}
	return errors.Join(failure, s.out.value(result, func(w io.Writer) { writeInspection(w, result) }))
}

// request reads the files before the data directory is touched.
func (c *inspectToken) request(s *session) (workbench.TokenRequest, error) {
	req := workbench.TokenRequest{Registration: s.registration, Issuer: c.Issuer, Audience: c.Audience, Nonce: secret.New(c.Nonce), At: c.At.Time}
	token, err := s.readInput("token", c.File, "Give the file that holds the token, and nothing else.")
	if err != nil {
		return req, err
	}
	req.Token = secret.New(strings.TrimSpace(strings.TrimPrefix(string(token), "\ufeff")))
	if strings.HasPrefix(c.Keys, "https://") || strings.HasPrefix(c.Keys, "http://") {
		req.KeySetURL = c.Keys
		return req, nil
	}
	if c.Keys != "" {
		req.KeySet, err = s.readInput("key set", c.Keys, "Give the file that holds the key set (JSON), or its address.")
		return req, err
	}
	req.Certificate, err = s.certificateOf(c.Certificate)
	return req, err
}

// certificateOf reads a certificate as it is, which may be no text; nil where no file is named.
func (s *session) certificateOf(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	return s.readInput("certificate", file, "Give SuperOffice's public certificate of this environment.")
}

func (s *session) readInput(what, file, next string) ([]byte, error) {
	b, err := s.readBounded(file)
	if err == nil && len(b) == 0 {
		err = errors.New("it is empty")
	}
	if err == nil {
		return b, nil
	}
	return nil, unreadable(what, file, err, next)
}

func writeInspection(w io.Writer, i workbench.TokenInspection) {
	fmt.Fprintf(w, "Token:\t%s, validated for %s with %s\n", i.Kind, at(i.At), plain(i.KeySource))
	fmt.Fprintf(w, "Header:\talg %s, kid %s, x5t %s\n", plain(tenant.OrDash(i.Header.Algorithm)), plain(tenant.OrDash(i.Header.KeyID)), plain(tenant.OrDash(i.Header.X5T)))
	if i.Warning != "" {
		fmt.Fprintf(w, "Warning:\t%s\n", plain(i.Warning))
	}
	fmt.Fprintln(w)
	writeValidation(w, i.Checks, i.Claims, i.Genuine)
}

// writeValidation prints what came of a token: each step, then the claims where there are any.
func writeValidation(w io.Writer, checks []workbench.Check, claims []workbench.TokenClaim, genuine bool) {
	writeChecks(w, checks)
	if len(claims) == 0 {
		return
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, claimsHeading(genuine))
	for _, c := range claims {
		fmt.Fprintf(w, "%s\t%s\n", plain(c.Name), plain(claimText(c)))
	}
}

// writeChecks prints a validation as a list that a person can follow.
func writeChecks(w io.Writer, checks []workbench.Check) {
	for _, c := range checks {
		mark := "✗"
		switch {
		case c.Passed:
			mark = "✓"
		case !c.Checked:
			mark = "–"
		}
		fmt.Fprintf(w, "%s %s\t%s\n", mark, c.Name, plain(c.Reason))
	}
}

func claimsHeading(genuine bool) string {
	if genuine {
		return "The claims, as SuperOffice signed them:"
	}
	return "The claims, which anybody may have written:"
}

// claimText shows the times of a token also as people read them.
func claimText(c workbench.TokenClaim) string {
	if c.Fingerprint != "" {
		return fingerprint(c.Fingerprint, "none")
	}
	switch v := c.Value.(type) {
	case string:
		return v
	case json.Number:
		seconds, err := v.Int64()
		if name := c.Name; err == nil && (name == "exp" || name == "nbf" || name == "iat") {
			return fmt.Sprintf("%s (%s)", v, time.Unix(seconds, 0).UTC().Format(time.RFC3339))
		}
		return v.String()
	}
	b, err := json.Marshal(c.Value)
	if err != nil {
		return "not shown: " + err.Error()
	}
	return string(b)
}
