package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// companyCommand holds the commands on companies.
type companyCommand struct {
	Create createCompany `cmd:"" help:"Create a company from the tenant's own default."`
}

type createCompany struct {
	Tenant contextID    `required:"" placeholder:"CTX" help:"The tenant's context identifier, like Cust12345."`
	As     tenant.Actor `required:"" enum:"login-user, system-user" placeholder:"ACTOR" help:"As whom: ${enum}."`
	Name   string       `placeholder:"N" help:"The company's name; without it SuperId- and the Unix seconds."`
}

// Run creates the company and prints what came of it. With --json that is printed for a failure too: the
// outcome says whether the company may be there all the same.
func (c *createCompany) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := s.reachable(ctx, a, c.Tenant)
		if err != nil {
			return err
		}
		if t.Environment == tenant.Production && !s.confirm(fmt.Sprintf(
			"This creates a company in the production tenant %s (%s). Go on?", t.ContextID, plain(tenant.OrDash(t.CompanyName)))) {
			return context.Canceled
		}
		result, err := a.Workbench.CreateCompany(ctx, workbench.CompanyRequest{Key: t.Key, As: c.As, Name: c.Name})
		if err != nil && !s.out.json {
			s.noteNotCreated(result)
			return err
		}
		return errors.Join(err, s.out.value(result, func(w io.Writer) { writeCompany(w, result) }))
	})
}

// noteNotCreated says what matters most after a failure, which tells of a request only. Where it is not clear
// whether the company was created, the failure says so itself.
func (s *session) noteNotCreated(r workbench.CompanyResult) {
	if r.Outcome == workbench.NotCreated {
		s.out.note("No company was created.\n")
	}
}

func writeCompany(w io.Writer, r workbench.CompanyResult) {
	c := r.Company
	fmt.Fprintf(w, "Outcome:\t%s, as %s\n", r.Outcome, r.As.Label())
	fmt.Fprintf(w, "Tenant:\t%s\n", r.ContextID)
	fmt.Fprintf(w, "Name:\t%s\n", plain(c.Name))
	fmt.Fprintf(w, "Company id:\t%d\n", c.ID)
	fmt.Fprintf(w, "Created by:\t%s\n", plain(tenant.OrDash(c.CreatedBy)))
	fmt.Fprintf(w, "Our contact:\t%s\n", plain(tenant.OrDash(c.Owner)))
	fmt.Fprintf(w, "Date:\t%s\n", at(c.CreatedAt))
	fmt.Fprintf(w, "Credential:\t%s\n", plain(r.Credential))
	fmt.Fprintf(w, "Time taken:\t%s\n", tenant.Took(r.Took))
	caption := "Requests:"
	for _, q := range r.Requests {
		fmt.Fprintf(w, "%s\t%s %s: %s, %s\n", caption, q.Method, plain(q.Path), status(q.Status), tenant.Took(q.Took))
		caption = ""
	}
}

// status is an HTTP status, or that none came.
func status(code int) string {
	if code == 0 {
		return "no answer"
	}
	return fmt.Sprintf("HTTP %d", code)
}
