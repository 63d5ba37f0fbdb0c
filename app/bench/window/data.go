package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/storage"
)

// noKeyring keeps the bench out of the secret store of whoever runs it: the key goes to a file then.
type noKeyring struct{}

var errNoKeyring = errors.New("the bench uses none")

func (noKeyring) Get(string, string) (string, error) { return "", errNoKeyring }
func (noKeyring) Set(string, string, string) error   { return errNoKeyring }
func (noKeyring) Delete(string, string) error        { return errNoKeyring }

// registration is one that is never called: all its tenants rest or are switched off.
const registration = "bench"

// fill makes a data directory with so many tenants that have a history, of which nobody is to be visited, and a
// journal with so many lines.
func fill(ctx context.Context, dir string, tenants, lines int) error {
	store, err := storage.Open(ctx, storage.Options{Dir: dir, Keyring: noKeyring{}})
	if err != nil {
		return fmt.Errorf("make a data directory: %w", err)
	}
	all, visits := fleet(tenants, time.Now())
	if _, err = store.Import(ctx, all, tenant.ImportOptions{}); err == nil {
		err = store.SaveVisits(ctx, visits)
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return fmt.Errorf("fill a data directory: %w", err)
	}
	return write(ctx, dir, tenants, lines)
}

// fleet has two kinds of tenants in turns: one that rests after a failure until tomorrow, and one that is switched off.
func fleet(n int, now time.Time) (tenant.Portable, []tenant.Visit) {
	all := tenant.Portable{Registrations: []tenant.Registration{{
		Name: registration, Environment: tenant.Custom, Base: "http://127.0.0.1:9", ClientID: "bench", RedirectURI: tenant.DefaultRedirectURI,
	}}}
	visits := make([]tenant.Visit, 0, n)
	for i := range n {
		key := tenant.Key{Registration: registration, ContextID: contextOf(i)}
		t := tenant.Tenant{
			Key: key, CompanyName: fmt.Sprintf("Fjellheim Regnskap %d AS", i), Serial: fmt.Sprint(1_000_000 + i),
			SystemUserToken: secret.New(fmt.Sprintf("Bench-%032d", i)), Active: i%2 == 0, AddedAt: now, SignedInAt: now,
			SignedInAs: "admin@customer.example",
		}
		v := tenant.Visit{Key: key, State: tenant.StateRunning, StateAt: now, StateValidUntil: now.Add(time.Hour), LogOnAt: now.Add(-time.Hour), LogOnAs: "system"}
		if t.Active {
			why := tenant.CauseUnreachable.Explain("The tenant could not be reached.", "", "")
			v.Failures, v.FailedAt, v.RetryAt, v.Trouble, v.FailedStep = 9, now, now.Add(24*time.Hour), &why, tenant.VisitPrincipal
		}
		all.Tenants = append(all.Tenants, tenant.PortableTenant{Tenant: t})
		visits = append(visits, v)
	}
	return all, visits
}

func contextOf(i int) string { return fmt.Sprintf("Cust%05d", 10_000+i) }

// write writes lines to the journal as a console would whose poller visits all tenants in turns.
func write(ctx context.Context, dir string, tenants, lines int) error {
	j, err := journal.Open(journal.Options{Dir: app.JournalDir(dir), Program: "console"})
	if err != nil {
		return fmt.Errorf("write a journal: %w", err)
	}
	log := slog.New(j.Handler()).With(journal.Component("poller"))
	for i := range lines {
		key := tenant.Key{Registration: registration, ContextID: contextOf(i % tenants)}
		log.InfoContext(ctx, "Logged on to context "+key.ContextID, journal.Step(tenant.StepWebServices), journal.Tenant(key),
			journal.User("system"), slog.Duration("took", time.Duration(i%900)*time.Millisecond), slog.Int("requests", i%3))
	}
	if err := errors.Join(j.Err(), j.Close()); err != nil {
		return fmt.Errorf("write a journal: %w", err)
	}
	return nil
}
