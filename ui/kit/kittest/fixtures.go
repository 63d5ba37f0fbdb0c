package kittest

import (
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// Noon is when the tests of the window take place.
var Noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// SandboxRegistration is the one that is always there, and in use.
var SandboxRegistration = workbench.RegistrationView{Name: "sandbox", Environment: tenant.Sandbox, Base: "http://127.0.0.1:4711", Current: true}

// EmptyStore is the store of the first start: the sandbox registration, and a poller that ticks in this window.
func EmptyStore() workbench.Overview {
	return workbench.Overview{Revision: 1, Registrations: []workbench.RegistrationView{SandboxRegistration},
		Poller: workbench.PollerView{Settings: tenant.DefaultSettings(), Here: true, Lease: tenant.Lease{
			Owner: tenant.Owner{Program: "desktop", PID: 17}, Until: Noon.Add(time.Minute), Last: tenant.Tick{At: Noon.Add(-time.Second)}}}}
}

// Nordlys is a tenant with which all is well.
func Nordlys() workbench.TenantView {
	return workbench.TenantView{
		Key: tenant.Key{Registration: "sandbox", ContextID: "Cust10234"}, Environment: tenant.Sandbox,
		CompanyName: "Nordlys Ærlig Handel AS", Serial: "1893041276", Active: true, SignedIn: true, SignedInAs: "ada@nordlys.example",
		SignedInAt: Noon.Add(-7 * time.Minute), TokenFingerprint: "9f2c41d7", Verdict: tenant.Well, State: tenant.StateRunning,
		Proofs: []tenant.Proof{
			{Kind: tenant.ProofStatus, At: Noon.Add(-12 * time.Second), Detail: "Running"},
			{Kind: tenant.ProofExchange, At: Noon.Add(-41 * time.Minute)},
			{Kind: tenant.ProofPrincipal, At: Noon.Add(-12 * time.Second), Detail: "as System user 10234"},
			{Kind: tenant.ProofCompany, At: Noon.Add(-72 * time.Hour), Name: "Fjord & Fell", ID: 1017, As: tenant.SystemUser},
		},
		StateName: "Running", LogOnAt: Noon.Add(-12 * time.Second), LogOnAs: "System user 10234", TicketUntil: Noon.Add(5*time.Hour + 59*time.Minute),
	}
}

// Blomster is a tenant that was never visited.
func Blomster() workbench.TenantView {
	v := Nordlys()
	v.ContextID, v.CompanyName, v.Verdict = "Cust20871", "Blomster & Sønn", tenant.Unknown
	v.LogOnAt, v.LogOnAs, v.TicketUntil = time.Time{}, "", time.Time{}
	v.Proofs = tenant.ProofsOf(tenant.Visit{}, tenant.Exchanges{}).All()
	return v
}

// StoreOf is a store with tenants, all logged on to at the last tick.
func StoreOf(tenants ...workbench.TenantView) workbench.Overview {
	o := EmptyStore()
	o.Tenants = tenants
	o.Poller.Lease.Last = tenant.Tick{At: Noon.Add(-12 * time.Second), Active: len(tenants), LoggedOn: len(tenants)}
	return o
}

// Created is a company that was created as the request asked.
func Created(r workbench.CompanyRequest) workbench.CompanyResult {
	result := workbench.CompanyResult{Key: r.Key, As: r.As, Outcome: workbench.Created, At: Noon, Took: 184 * time.Millisecond,
		Credential: "Bearer access token, fingerprint 51ab09ce",
		Company:    tenant.Company{ID: 1042, Name: "SuperId-1773489600", CreatedBy: "ADA", Owner: "Nordlys Ærlig Handel AS", CreatedAt: Noon},
		Requests: []online.Request{
			{Method: "GET", Path: "/Cust10234/api/v1/Contact/default", Status: 200, Took: 41 * time.Millisecond},
			{Method: "POST", Path: "/Cust10234/api/v1/Contact", Status: 200, Took: 96 * time.Millisecond},
		}}
	if r.As == tenant.SystemUser {
		result.Credential = "SOTicket, fingerprint 77e0d3b1"
		result.Company.ID, result.Company.CreatedBy = 1043, "SYSTEM"
	}
	if r.Name != "" {
		result.Company.Name = r.Name
	}
	return result
}

// SomeEvents are twelve lines of a log: the ten steps of the tutorial, a warning and an error.
func SomeEvents() []journal.Event {
	at := Noon.Add(-8 * time.Minute)
	event := func(step tenant.Step, level slog.Level, ctx, message string) journal.Event {
		at = at.Add(7 * time.Second)
		e := journal.Event{Time: at, Level: level, Program: "desktop", Step: step, Message: message}
		if ctx != "" {
			e.Registration, e.Tenant = "sandbox", ctx
		}
		return e
	}
	return []journal.Event{
		event(1, slog.LevelInfo, "", "Partnerdesk has started"),
		event(2, slog.LevelInfo, "", "Ready to sign in"),
		event(3, slog.LevelInfo, "", "Opening SuperID in the browser"),
		event(4, slog.LevelInfo, "", "The browser came back with an approval"),
		event(5, slog.LevelInfo, "Cust10234", "The id token passed all 11 checks"),
		event(6, slog.LevelInfo, "Cust10234", "Stored the tenant Nordlys Ærlig Handel AS"),
		event(7, slog.LevelInfo, "", "Polled 1 active tenant: 1 logged on, 0 exchanged, 0 resting, 0 failed"),
		event(8, slog.LevelInfo, "Cust10234", "Exchanged the system user token for a ticket"),
		event(9, slog.LevelInfo, "Cust10234", "The answer passed all 7 checks"),
		event(10, slog.LevelInfo, "Cust10234", "Logged on as System user 10234"),
		event(0, slog.LevelWarn, "Cust20871", "The tenant is not running: Suspended"),
		event(0, slog.LevelError, "Cust20871", "Could not log on: 503 from the tenant"),
	}
}

// ADay are the ticks of a day with a quiet night, an hour of failures, and two exchanges.
func ADay() []tenant.Tick {
	var list []tenant.Tick
	for minute := 24 * 60; minute > 0; minute-- {
		t := tenant.Tick{At: Noon.Add(-time.Duration(minute) * time.Minute), Active: 20, LoggedOn: 12 + minute/60%5}
		switch {
		case minute == 700 || minute == 180:
			t.Exchanges = 1
		case minute > 660 && minute < 780:
			continue // nobody polled
		case minute >= 240 && minute < 300:
			t.LoggedOn, t.Failed = 9, 3
		}
		list = append(list, t)
	}
	return list
}
