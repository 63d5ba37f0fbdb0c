package workbench_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// safe is a store whose protection can be changed, and which may hold damaged records.
type safe struct {
	shelf
	kind       tenant.ProtectionKind
	passphrase secret.Text
	generation int
	refuses    error
	damaged    []tenant.Damaged
}

func (s *safe) CurrentProtection(context.Context) (tenant.Protection, error) {
	return tenant.Protection{Kind: s.kind, Generation: s.generation}, nil
}

func (s *safe) ChangeProtection(_ context.Context, to tenant.ProtectionKind, passphrase secret.Text) error {
	if s.refuses == nil {
		s.kind, s.passphrase = to, passphrase
	}
	return s.refuses
}

func (s *safe) RotateDataKey(context.Context) error {
	if s.refuses == nil {
		s.generation++
	}
	return s.refuses
}

func (s *safe) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Damaged: s.damaged}, nil
}

func TestAChangeOfTheProtectionIsLoggedWithoutThePassphrase(t *testing.T) {
	var log bytes.Buffer
	s := &safe{kind: tenant.ByKeyFile, generation: 1}
	w := workbench.New(workbench.Options{Store: s, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now})
	good := secret.New("canary of four words")

	_, err := w.ChangeProtection(t.Context(), tenant.ByPassphrase, secret.New("canary"))
	if e := tenant.Explain(err); e.Cause != tenant.CauseInput || !strings.Contains(e.Why, "12 characters") || s.kind != tenant.ByKeyFile {
		t.Errorf("a short passphrase: %v; now %s", err, s.kind)
	}
	p, err := w.ChangeProtection(t.Context(), tenant.ByPassphrase, good)
	if err != nil || p.Kind != tenant.ByPassphrase || !s.passphrase.Equal(good) {
		t.Errorf("changed to %v: %v", p, err)
	}
	if p, err = w.RotateDataKey(t.Context()); err != nil || p.Generation != 2 {
		t.Errorf("rotated to %v: %v", p, err)
	}
	if shown, err := w.Protection(t.Context()); err != nil || shown != p {
		t.Errorf("shown: %v, %v", shown, err)
	}
	told := log.String()
	if !strings.Contains(told, "Changed the protection") || !strings.Contains(told, "generation=2") || strings.Contains(told, "canary") {
		t.Errorf("the log says %s", told)
	}

	log.Reset()
	s.refuses = errors.New("no")
	_, err = w.RotateDataKey(t.Context())
	_, err2 := w.ChangeProtection(t.Context(), tenant.ByKeyring, secret.Text{})
	if !errors.Is(err, s.refuses) || !errors.Is(err2, s.refuses) || log.Len() > 0 {
		t.Errorf("refused: %v, %v; the log says %s", err, err2, log.String())
	}
}

func TestWhatCannotBeTrustedIsToldByTenant(t *testing.T) {
	app := tenant.Key{Registration: "Stage app"}
	s := &safe{damaged: []tenant.Damaged{
		{Record: "registration", Key: app}, {Record: "tenant", Key: key}, {Record: "ticket", Key: key}, {Record: "settings"},
	}}
	w := workbench.New(workbench.Options{Store: s, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	o, err := w.Overview(t.Context())
	if err != nil || len(o.Damaged) != 3 {
		t.Fatalf("%d are told of, %v", len(o.Damaged), err)
	}
	for i, want := range []struct {
		key        tenant.Key
		what, next string
	}{
		{app, "1 record of the registration Stage app cannot be trusted: registration.", "and add them again"},
		{key, "2 records of " + key.ContextID + " cannot be trusted: tenant, ticket.", "partnerdesk-console tenants remove " + key.ContextID},
		{tenant.Key{}, "1 record of the data file cannot be trusted: settings.", "Choose the settings again"},
	} {
		got := o.Damaged[i]
		if got.Key != want.key || got.Trouble.What != want.what || !strings.Contains(got.Trouble.Next, want.next) || got.Trouble.Cause != tenant.CauseFilesBroken {
			t.Error(cmp.Diff(want.what, got.Trouble.What), got)
		}
	}
}
