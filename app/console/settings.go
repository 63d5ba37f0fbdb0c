package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
)

// settingsCommand holds the commands on the choices that both programs share; without one it shows them.
type settingsCommand struct {
	Show showSettings `cmd:"" default:"1" help:"Show the settings, and when SuperOffice plans maintenance next."`
	Set  setSettings  `cmd:"" help:"Change settings. A poller that runs, in either program, obeys within seconds."`
}

type showSettings struct{}

// Run shows the settings.
func (showSettings) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error { return s.showSettings(ctx, a) })
}

type setSettings struct {
	PollInterval  *time.Duration `placeholder:"D" help:"The time between two ticks, 5s to 1h."`
	RequestBudget *int           `placeholder:"N" help:"How many requests a second the poller may make to one environment, 1 to 1000."`
	Maintenance   *maintenance   `placeholder:"TEXT" help:"When SuperOffice plans to work on its service, in UTC+1, as in \"daily 01:00-03:00; Thu 22:00-06:00; 2026-12-01 20:00-05:00\"; default for what SuperOffice publishes, none for nothing."`
	Demonstration *onOff         `placeholder:"on|off" help:"Whether the poller exchanges the token and logs on for every tenant at every tick, as the tutorial does."`
	UpdateAddress *updateAddress `placeholder:"URL|off" help:"The https address that the window, at its start and once a day, and the command update ask for the newest version of Partnerdesk; off, as at the beginning, for nobody. Its server learns this computer's address and this program's version. The poller never asks."`
}

// maintenance is [tenant.Maintenance] on the command line, with words for the two usual ones.
type maintenance tenant.Maintenance

// UnmarshalText takes the windows or a word.
func (m *maintenance) UnmarshalText(b []byte) error {
	windows := tenant.Maintenance(b)
	switch windows {
	case "default":
		windows = tenant.DefaultMaintenance()
	case "none":
		windows = ""
	}
	*m = maintenance(windows)
	return windows.Check()
}

// updateAddress is [tenant.Settings.UpdateAddress] on the command line, with a word for none.
type updateAddress string

// UnmarshalText takes the address or the word.
func (a *updateAddress) UnmarshalText(b []byte) error {
	text := string(b)
	if text == "" {
		return errors.New("say off for no address")
	}
	if text == "off" {
		text = ""
	}
	*a = updateAddress(text)
	return tenant.CheckUpdateAddress(text)
}

// onOff is a switch that can also be left as it is.
type onOff bool

// UnmarshalText takes the two words.
func (o *onOff) UnmarshalText(b []byte) error {
	if text := string(b); text != "on" && text != "off" {
		return fmt.Errorf("%q is neither on nor off", text)
	}
	*o = string(b) == "on"
	return nil
}

// Validate refuses what is out of bounds, and a change of nothing.
func (c *setSettings) Validate() error {
	if *c == (setSettings{}) {
		return errors.New("say what to change: --poll-interval, --request-budget, --maintenance, --demonstration or --update-address")
	}
	if c.PollInterval != nil {
		if err := tenant.CheckPollInterval(*c.PollInterval); err != nil {
			return err
		}
	}
	if c.RequestBudget != nil {
		return tenant.CheckRequestBudget(*c.RequestBudget)
	}
	return nil
}

// Run changes what was named, leaves the rest, and shows all of it.
func (c *setSettings) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		err := a.Workbench.UpdateSettings(ctx, func(t *tenant.Settings) error {
			take(&t.PollInterval, c.PollInterval)
			take(&t.RequestBudget, c.RequestBudget)
			take(&t.Maintenance, (*tenant.Maintenance)(c.Maintenance))
			take(&t.Demonstration, (*bool)(c.Demonstration))
			take(&t.UpdateAddress, (*string)(c.UpdateAddress))
			return nil
		})
		if err != nil {
			return err
		}
		return s.showSettings(ctx, a)
	})
}

// take puts a choice in the place of the setting, where there is one.
func take[T any](setting, choice *T) {
	if choice != nil {
		*setting = *choice
	}
}

// settingsView are the settings as they are printed.
type settingsView struct {
	Registration  string  `json:"registration"`
	PollInterval  float64 `json:"poll_interval_seconds"`
	RequestBudget int     `json:"request_budget"`
	Demonstration bool    `json:"demonstration"`
	Maintenance   string  `json:"maintenance"`
	// UnderWayUntil is when the maintenance that is planned for now ends; zero where none is.
	UnderWayUntil time.Time `json:"maintenance_under_way_until,omitzero"`
	// NextFrom and NextUntil are the next window's; zero where none is to come.
	NextFrom  time.Time `json:"maintenance_next_from,omitzero"`
	NextUntil time.Time `json:"maintenance_next_until,omitzero"`
	// UpdateAddress is empty where nobody is asked for new versions.
	UpdateAddress string `json:"update_address"`
}

func (s *session) showSettings(ctx context.Context, a *app.App) error {
	settings, err := a.Workbench.Settings(ctx)
	if err != nil {
		return err
	}
	view := viewSettings(settings, time.Now())
	return s.out.value(view, view.write)
}

func viewSettings(s tenant.Settings, now time.Time) settingsView {
	v := settingsView{
		Registration: s.Registration, PollInterval: s.PollInterval.Seconds(), RequestBudget: s.RequestBudget,
		Demonstration: s.Demonstration, Maintenance: string(s.Maintenance),
		UpdateAddress: s.UpdateAddress,
	}
	v.UnderWayUntil, _ = s.Maintenance.Until(now)
	v.NextFrom, v.NextUntil = s.Maintenance.Next(now)
	return v
}

func (v settingsView) write(w io.Writer) {
	fmt.Fprintf(w, "Registration:\t%s\n", plain(v.Registration))
	fmt.Fprintf(w, "Poll interval:\t%s\n", time.Duration(v.PollInterval*float64(time.Second)))
	fmt.Fprintf(w, "Request budget:\t%s a second to each environment\n", tenant.Plural(v.RequestBudget, "request"))
	fmt.Fprintf(w, "Demonstration:\t%s\n", yesNo(v.Demonstration))
	fmt.Fprintf(w, "Update notice:\t%s\n", plain(cmp.Or(v.UpdateAddress, "off")))
	if v.Maintenance == "" {
		fmt.Fprintln(w, "Planned maintenance:\tnone")
		return
	}
	fmt.Fprintf(w, "Planned maintenance:\t%s (UTC+1)\n", plain(v.Maintenance))
	if !v.UnderWayUntil.IsZero() {
		fmt.Fprintf(w, "Under way now, until:\t%s\n", at(v.UnderWayUntil))
	}
	if v.NextFrom.IsZero() {
		fmt.Fprintln(w, "Next window:\tnone is to come")
		return
	}
	fmt.Fprintf(w, "Next window:\t%s until %s\n", at(v.NextFrom), at(v.NextUntil))
}
