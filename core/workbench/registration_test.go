package workbench_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// brokenShelf has one registration, which cannot be read.
type brokenShelf struct {
	workbench.Store
	removed  string
	settings tenant.Settings
}

func (s *brokenShelf) Registration(context.Context, string) (tenant.Registration, error) {
	return tenant.Registration{}, errors.New("the record is damaged")
}

func (s *brokenShelf) RemoveRegistration(_ context.Context, name string) error {
	s.removed = name
	return nil
}

func (s *brokenShelf) UpdateSettings(_ context.Context, change func(*tenant.Settings) error) error {
	return change(&s.settings)
}

func TestADamagedRegistrationCanBeRemovedAndIsNotOverwritten(t *testing.T) {
	shelf := &brokenShelf{settings: tenant.DefaultSettings()}
	shelf.settings.Registration = "app"
	w := workbench.New(workbench.Options{Store: shelf, Log: slog.New(slog.DiscardHandler)})
	v, _ := newWard(t)
	for _, replaces := range []bool{false, true} {
		if err := w.SaveRegistration(t.Context(), workbench.RegistrationDraft{Registration: v.registrations["app"], Replaces: replaces}); err == nil {
			t.Errorf("replacing is %v, and what is damaged is written over", replaces)
		}
	}
	if err := w.RemoveRegistration(t.Context(), "app"); err != nil || shelf.removed != "app" || shelf.settings.Registration != tenant.SandboxName {
		t.Errorf("removed is %q, in use is %q: %v", shelf.removed, shelf.settings.Registration, err)
	}
}
