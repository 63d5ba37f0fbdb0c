package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// program is how journal and lease name this program.
const program = "console"

// session is what every command gets: the flags before the command, and the ways in and out.
type session struct {
	data         string
	registration string
	verbose      bool
	// dataPassphraseFile is empty where none was named.
	dataPassphraseFile string
	stdin              io.Reader
	out                printer
}

// with opens the data directory for one piece of work and closes it again.
func (s *session) with(ctx context.Context, do func(*app.App) error) (err error) {
	a, err := app.New(ctx, app.Options{Program: program, Data: s.data, Verbose: s.verbose, Passphrase: s.passphrase()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return do(a)
}

// current is the name of the registration to use: the one that was asked for, else the one that is set.
func (s *session) current(o workbench.Overview) string {
	if s.registration != "" {
		return s.registration
	}
	return o.Poller.Settings.Registration
}

// sandboxed reports whether a registration is one of the sandbox. The built-in one is, even before it
// exists.
func sandboxed(o workbench.Overview, name string) bool {
	reg, found := findRegistration(o, name)
	if !found {
		return name == tenant.SandboxName
	}
	return reg.Environment == tenant.Sandbox
}

// ensureSandbox sees to it that the sandbox is served, where the registration to use is one of the sandbox.
func (s *session) ensureSandbox(ctx context.Context, a *app.App) error {
	o, err := a.Workbench.Overview(ctx)
	if err != nil || !sandboxed(o, s.current(o)) {
		return err
	}
	return a.Sandbox.Ensure(ctx)
}

func findRegistration(o workbench.Overview, name string) (workbench.RegistrationView, bool) {
	i := slices.IndexFunc(o.Registrations, func(r workbench.RegistrationView) bool { return r.Name == name })
	if i < 0 {
		return workbench.RegistrationView{}, false
	}
	return o.Registrations[i], true
}

// tenant finds the one tenant that a context identifier stands for. The same one may be stored under
// several registrations, and then --registration decides.
func (s *session) tenant(ctx context.Context, a *app.App, ctxID contextID) (workbench.TenantView, error) {
	o, err := a.Workbench.Overview(ctx)
	if err != nil {
		return workbench.TenantView{}, err
	}
	var found []workbench.TenantView
	for _, t := range o.Tenants {
		if t.ContextID == string(ctxID) && (s.registration == "" || t.Registration == s.registration) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		if d, damaged := s.distrusted(o, ctxID); damaged {
			return workbench.TenantView{}, &tenant.Problem{Op: "find tenant " + d.Key.String(), Explanation: d.Trouble}
		}
		return workbench.TenantView{}, s.noTenant(ctxID)
	case 1:
		return found[0], nil
	}
	return workbench.TenantView{}, severalTenants(ctxID, found)
}

// distrusted finds what cannot be trusted of a tenant.
func (s *session) distrusted(o workbench.Overview, ctxID contextID) (workbench.DamageView, bool) {
	for _, d := range o.Damaged {
		if d.ContextID == string(ctxID) && (s.registration == "" || d.Registration == s.registration) {
			return d, true
		}
	}
	return workbench.DamageView{}, false
}

// warnOfDamage tells what a list leaves out, or shows without a part.
func (s *session) warnOfDamage(o workbench.Overview) {
	for _, d := range o.Damaged {
		s.out.warn(&tenant.Problem{Op: "read the data file", Explanation: d.Trouble})
	}
}

// reachable is [session.tenant] for a command that calls the tenant: one of the sandbox's is served then.
func (s *session) reachable(ctx context.Context, a *app.App, ctxID contextID) (workbench.TenantView, error) {
	t, err := s.tenant(ctx, a, ctxID)
	if err == nil && t.Environment == tenant.Sandbox {
		err = a.Sandbox.Ensure(ctx)
	}
	return t, err
}

func noRegistration(name string) error {
	return &tenant.Problem{Op: "find registration " + name, Err: tenant.ErrNotFound, Explanation: tenant.CauseNotThere.Explain(
		fmt.Sprintf("There is no registration %q.", name), "", "“partnerdesk-console registration list” shows those that are there.")}
}

func (s *session) noTenant(ctxID contextID) error {
	where := "here"
	if s.registration != "" {
		where = "under the registration " + s.registration
	}
	return &tenant.Problem{Op: "find tenant " + string(ctxID), Err: tenant.ErrNotFound, Explanation: tenant.CauseNotThere.Explain(
		fmt.Sprintf("There is no tenant %s %s.", ctxID, where), "Nobody has signed in to it, or it was removed.",
		"Sign in to it first; “partnerdesk-console tenants” lists those that are there.")}
}

func severalTenants(ctxID contextID, found []workbench.TenantView) error {
	names := make([]string, len(found))
	for i, t := range found {
		names[i] = t.Registration
	}
	return &tenant.Problem{Op: "find tenant " + string(ctxID), Explanation: tenant.CauseInput.Explain(
		fmt.Sprintf("There are %d tenants %s.", len(found), ctxID),
		"It is stored under the registrations "+strings.Join(names, ", ")+".",
		"Say which one is meant with --registration NAME.")}
}

// confirm asks the person at the terminal. Where nobody can answer, the command itself is the answer.
func (s *session) confirm(question string) bool {
	if s.out.json || !isTerminal(s.stdin) {
		return true
	}
	s.out.note("%s [y/N] ", question)
	var answer string
	if _, err := fmt.Fscanln(s.stdin, &answer); err != nil {
		return false
	}
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes"
}
