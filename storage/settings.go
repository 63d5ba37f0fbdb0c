package storage

import (
	"cmp"
	"context"
	"errors"
	"time"

	"partnerdesk/core/tenant"
)

type settingsRecord struct {
	Registration  string        `json:"registration"`
	PollInterval  time.Duration `json:"poll_interval_ns"`
	Demonstration bool          `json:"demonstration"`
	// A record from before these two has the defaults, which an empty text would not tell from "none".
	RequestBudget int                 `json:"request_budget,omitempty"`
	Maintenance   *tenant.Maintenance `json:"maintenance,omitempty"`
	// A program that does not know this one drops it when it changes a setting. Nobody is asked then, as at the
	// beginning, which is why the schema's version stays.
	UpdateAddress string `json:"update_address,omitempty"`
}

var settings = table[tenant.Settings, settingsRecord]{
	bucket:  bucketSettings,
	planned: true,
	noun:    "settings",
	pack: func(s tenant.Settings, _ *box) settingsRecord {
		return settingsRecord{
			Registration: s.Registration, PollInterval: s.PollInterval, Demonstration: s.Demonstration,
			RequestBudget: s.RequestBudget, Maintenance: &s.Maintenance, UpdateAddress: s.UpdateAddress,
		}
	},
	unpack: func(r settingsRecord, _ *box) tenant.Settings {
		s := tenant.DefaultSettings()
		s.Registration, s.PollInterval, s.Demonstration = r.Registration, r.PollInterval, r.Demonstration
		s.RequestBudget = cmp.Or(r.RequestBudget, s.RequestBudget)
		if r.Maintenance != nil {
			s.Maintenance = *r.Maintenance
		}
		s.UpdateAddress = r.UpdateAddress
		return s
	},
}

func readSettings(w *work) (tenant.Settings, error) {
	stored, found, err := settings.get(w, onlyKey)
	if err == nil && !found {
		return tenant.DefaultSettings(), nil
	}
	return stored, err
}

// Settings returns the choices that both programs share; the defaults where nobody has chosen.
func (s *Store) Settings(ctx context.Context) (tenant.Settings, error) {
	var stored tenant.Settings
	err := s.view(ctx, "read settings", func(w *work) (err error) {
		stored, err = readSettings(w)
		return err
	})
	return stored, err
}

// UpdateSettings lets change edit the settings inside the transaction, so that two programs can change
// two of them at the same time. Nothing is stored when change returns an error.
func (s *Store) UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error {
	return s.update(ctx, "update settings", func(w *work) error {
		before, err := readSettings(w)
		damaged := errors.Is(err, ErrDamaged)
		if damaged {
			before, err = tenant.DefaultSettings(), nil // what is stored now can be trusted again
		}
		if err != nil {
			return err
		}
		after := before
		if err := callersWork(func() error { return change(&after) }); err != nil {
			return err
		}
		if after == before && !damaged {
			return errUnchanged
		}
		return settings.put(w, onlyKey, after)
	})
}

// callersWork marks a panic in a caller's function as the caller's.
func callersWork(do func() error) error {
	defer func() {
		if p := recover(); p != nil {
			panic(callersPanic{p})
		}
	}()
	return do()
}
