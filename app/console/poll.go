package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

type pollCommand struct {
	Once          bool           `help:"Carry out one tick and leave: 0 when nothing failed, 1 when something did or another process polls."`
	Interval      *time.Duration `placeholder:"D" help:"The time between two ticks, 5s to 1h, in the place of the setting."`
	Demonstration bool           `help:"Exchange the token and log on for every tenant at every tick, as the tutorial does."`
}

// Help tells what is printed, which depends on who reads it.
func (c *pollCommand) Help() string {
	return "Each event is printed as it happens: as a line for a person at a terminal, and else as JSON, one event a line, which --once ends with a count of the visits."
}

// Validate refuses an interval out of bounds.
func (c *pollCommand) Validate() error {
	if c.Interval == nil {
		return nil
	}
	return tenant.CheckPollInterval(*c.Interval)
}

// Run polls until ctx ends, or once, and prints the journal's events of it as they happen.
func (c *pollCommand) Run(ctx context.Context, s *session) error {
	if s.registration != "" {
		return wrongUse(errors.New("poll visits the tenants of all registrations: leave --registration out, and deactivate the tenants that it must not visit"))
	}
	return s.with(ctx, func(a *app.App) error {
		o, err := a.Workbench.Overview(ctx)
		if err != nil {
			return err
		}
		if sandboxNeeded(o) {
			if err := a.Sandbox.Ensure(ctx); err != nil {
				s.out.warn(err) // the tenants of real environments are visited all the same
			}
		}
		options := c.options(a)
		shown, err := showEvents(ctx, s, a, options.Log)
		if err != nil {
			return err
		}
		if !c.Once {
			poller.New(options).Run(ctx)
			return shown.finish()
		}
		tick, err := poller.New(options).Once(ctx)
		if err = errors.Join(err, shown.finish()); err != nil {
			return err
		}
		return s.finishTick(tick)
	})
}

// sandboxNeeded reports whether the poller will meet the sandbox, or somebody is about to sign in to it.
func sandboxNeeded(o workbench.Overview) bool {
	return sandboxed(o, o.Poller.Settings.Registration) ||
		slices.ContainsFunc(o.Tenants, func(t workbench.TenantView) bool { return t.Environment == tenant.Sandbox })
}

// options are the application's with the flags applied.
func (c *pollCommand) options(a *app.App) poller.Options {
	options := a.PollerOptions()
	options.Demonstration = c.Demonstration
	if c.Interval != nil {
		options.Interval = *c.Interval
	}
	return options
}

// finishTick tells how the one tick went.
func (s *session) finishTick(tick tenant.Tick) error {
	if s.eventsAsJSON() {
		last := struct {
			Tick tenant.Tick `json:"tick"`
		}{tick}
		if err := s.out.line(s.out.stdout, last); err != nil {
			return err
		}
	}
	if tick.Failed == 0 {
		return nil
	}
	return &tenant.Problem{Op: "poll once", Err: fmt.Errorf("%d of %d visits failed", tick.Failed, tick.Active), Explanation: tenant.CauseVisitsFailed.Explain(
		fmt.Sprintf("%s of %s could not be logged on to.", tenant.Thousands(tick.Failed), tenant.Plural(tick.Active, "active tenant")), "", "")}
}
