package workbench_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// choices keeps settings, as the store does: what change refuses is not kept.
type choices struct {
	workbench.Store
	settings tenant.Settings
}

func (d *choices) UpdateSettings(_ context.Context, change func(*tenant.Settings) error) error {
	changed := d.settings
	if err := change(&changed); err != nil {
		return err
	}
	d.settings = changed
	return nil
}

func TestSettingsOutOfBoundsAreRefused(t *testing.T) {
	for what, change := range map[string]func(*tenant.Settings){
		"The poll interval must lie between":        func(s *tenant.Settings) { s.PollInterval = time.Second },
		"The request budget must lie between":       func(s *tenant.Settings) { s.RequestBudget = 0 },
		"The request budget must lie between 1 and": func(s *tenant.Settings) { s.RequestBudget = 1001 },
		`Read the maintenance window "sometimes"`:   func(s *tenant.Settings) { s.Maintenance = "daily 01:00-02:00; sometimes" },
	} {
		d := &choices{settings: tenant.DefaultSettings()}
		w := workbench.New(workbench.Options{Store: d, Log: slog.New(slog.DiscardHandler)})
		err := w.UpdateSettings(t.Context(), func(s *tenant.Settings) error { change(s); return nil })
		if e := tenant.Explain(err); e.Cause != tenant.CauseInput || !strings.HasPrefix(e.Why, what) {
			t.Errorf("%s: %v", what, err)
		}
		if d.settings != tenant.DefaultSettings() {
			t.Errorf("%s: it was stored all the same", what)
		}
	}
}
