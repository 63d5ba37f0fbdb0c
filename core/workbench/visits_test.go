package workbench_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// fleet is a store of tenants, each active or not. Cust9 is gone.
type fleet struct {
	workbench.Store
	active map[string]bool
	asked  []string
}

func (f *fleet) SetActiveAll(_ context.Context, keys []tenant.Key, active bool) ([]tenant.Key, error) {
	var done []tenant.Key
	for _, k := range keys {
		if _, there := f.active[k.ContextID]; there {
			f.active[k.ContextID] = active
			done = append(done, k)
		}
	}
	return done, nil
}

func (f *fleet) ForgiveAll(_ context.Context, keys []tenant.Key) ([]tenant.Key, error) {
	var done []tenant.Key
	for _, k := range keys {
		if f.active[k.ContextID] {
			f.asked = append(f.asked, k.ContextID)
			done = append(done, k)
		}
	}
	return done, nil
}

func TestManyTenantsAtOnceAreToldOfOneByOneAndVisitedTogether(t *testing.T) {
	var log bytes.Buffer
	due := 0
	f := &fleet{active: map[string]bool{"Cust1": true, "Cust2": true}}
	w := workbench.New(workbench.Options{Store: f, Log: slog.New(slog.NewTextHandler(&log, nil)), Due: func() { due++ }})
	keys := []tenant.Key{{Registration: "app", ContextID: "Cust1"}, {Registration: "app", ContextID: "Cust9"}, {Registration: "app", ContextID: "Cust2"}}
	done, err := w.SetActiveAll(t.Context(), keys, false)
	if err != nil || len(done) != 2 || f.active["Cust1"] || due != 0 || strings.Count(log.String(), "Deactivated the tenant") != 2 {
		t.Errorf("deactivated %v, %v; visits asked for %d times; the journal says %s", done, err, due, log.String())
	}
	if done, err := w.VisitAll(t.Context(), keys); err != nil || len(done) != 0 || due != 0 {
		t.Errorf("tenants that are not active are visited: %v, %v", done, err)
	}
	if done, err = w.SetActiveAll(t.Context(), keys[2:], true); err != nil || len(done) != 1 || due != 1 {
		t.Errorf("activated %v, %v; visits asked for %d times", done, err, due)
	}
	if done, err = w.VisitAll(t.Context(), keys); err != nil || !slices.Equal(f.asked, []string{"Cust2"}) || due != 2 {
		t.Errorf("asked for visits to %v, %v; %d times", done, err, due)
	}
}
