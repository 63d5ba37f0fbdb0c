package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"partnerdesk/app"
	"partnerdesk/app/metrics"
	"partnerdesk/core/journal"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

type pollCommand struct {
	Once          bool           `help:"Carry out one tick and leave: 0 when nothing failed, 1 when something did or another process polls."`
	Interval      *time.Duration `placeholder:"D" help:"The time between two ticks, 5s to 1h, in the place of the setting."`
	RequestBudget *int           `placeholder:"N" help:"How many requests a second may be made to one environment, 1 to 1000, in the place of the setting."`
	Demonstration bool           `help:"Exchange the token and log on for every tenant at every tick, as the tutorial does."`
	Metrics       string         `placeholder:"ADDR" help:"Serve /metrics, in Prometheus's text format, and /healthz at a loopback address, like 127.0.0.1:9464; port 0 for any."`
}

// Help tells what is printed, which depends on who reads it, and how the command ends.
func (c *pollCommand) Help() string {
	return "Each event is printed as it happens: as a line for a person at a terminal, and else as JSON, one event a line, which --once ends with a count of the visits. " +
		"Told to leave (SIGTERM, Ctrl+C), it finishes the requests in flight, gives the poller lease back and leaves within 5 seconds with status 0; told once more, it leaves at once. " +
		"Under systemd it reports itself (Type=notify, WatchdogSec)."
}

// Validate refuses what is out of bounds.
func (c *pollCommand) Validate() error {
	if c.Interval != nil {
		if err := tenant.CheckPollInterval(*c.Interval); err != nil {
			return err
		}
	}
	if c.RequestBudget != nil {
		if err := tenant.CheckRequestBudget(*c.RequestBudget); err != nil {
			return err
		}
	}
	switch {
	case c.Metrics == "":
		return nil
	case c.Once:
		return errors.New("--metrics: with --once there is nobody to ask for them")
	}
	if err := metrics.CheckAddress(c.Metrics); err != nil {
		return fmt.Errorf("--metrics: %w", err)
	}
	return nil
}

// Run polls until ctx ends, or once, and prints the journal's events of it as they happen.
func (c *pollCommand) Run(ctx context.Context, s *session) error {
	if s.registration != "" {
		return wrongUse(errors.New("poll visits the tenants of all registrations: leave --registration out, and deactivate the tenants that it must not visit"))
	}
	err := s.with(ctx, func(a *app.App) error { return c.poll(ctx, s, a) })
	if !c.Once && ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // a service that is told to leave while it starts has not failed
	}
	return err
}

func (c *pollCommand) poll(ctx context.Context, s *session, a *app.App) error {
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
		return errors.Join(c.serve(ctx, a, options), shown.finish())
	}
	tick, err := poller.New(options).Once(ctx)
	if err = errors.Join(err, shown.finish()); err != nil {
		return err
	}
	return s.finishTick(tick)
}

// serve polls until ctx ends, and lets whoever supervises the service know how it fares.
func (c *pollCommand) serve(ctx context.Context, a *app.App, options poller.Options) (err error) {
	log := options.Log.With(journal.Component(program))
	heard := newPulse(time.Now, func(ctx context.Context) time.Duration { return c.interval(ctx, a) })
	systemd := newNotifier(log)
	options.Alive = func() {
		heard.alive()
		systemd.alive()
	}
	options.Ticked = func(t tenant.Tick, err error) {
		heard.ticked(t, err)
		systemd.ticked(t, err)
	}
	polling := poller.New(options)
	if c.Metrics != "" {
		server, startErr := metrics.Serve(ctx, c.Metrics, metrics.Handler(measured{polling, heard}, app.Version()), a.Log)
		if startErr != nil {
			return startErr
		}
		defer func() { err = errors.Join(err, server.Close()) }()
		log.InfoContext(ctx, "Serving the metrics at http://"+server.Address()+"/metrics")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		polling.Run(ctx)
	}()
	<-ctx.Done()
	systemd.stopping()
	<-done
	return nil
}

// measured is what the metrics are made of.
type measured struct {
	*poller.Poller
	*pulse
}

// interval is the time between two turns, as the poller itself takes it.
func (c *pollCommand) interval(ctx context.Context, a *app.App) time.Duration {
	if c.Interval != nil {
		return *c.Interval
	}
	settings, err := a.Workbench.Settings(ctx)
	if err != nil {
		return tenant.DefaultPollInterval
	}
	return settings.PollInterval
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
	if c.RequestBudget != nil {
		options.Budget = float64(*c.RequestBudget)
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
