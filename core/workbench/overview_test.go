package workbench_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// counted is a shelf that knows of exchanges.
type counted struct {
	shelf
	exchanges tenant.Exchanges
}

func (c counted) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Tenants: []tenant.Tenant{{Key: key}}, Exchanges: map[tenant.Key]tenant.Exchanges{key: c.exchanges}}, nil
}

func TestAViewTellsTodaysExchangesByTheDayInUTC(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c := counted{exchanges: tenant.Exchanges{Key: key, Day: day, Counts: []int{3, 0, 7}}}
	now := day.Add(30 * time.Minute).In(time.FixedZone("", -5*3600)) // still the last day of February there
	w := workbench.New(workbench.Options{Store: c, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
	view, err := w.Tenant(t.Context(), key)
	if err != nil || view.ExchangesToday != 3 || view.ExchangesMost.Count != 7 || !view.ExchangesMost.Day.Equal(day.AddDate(0, 0, -2)) {
		t.Errorf("the view is %+v, %v", view, err)
	}
	text, err := json.Marshal(view)
	if err != nil || !strings.Contains(string(text), `"exchanges_today":3,"exchanges_most":{"day":"2026-02-27T00:00:00Z","count":7}`) {
		t.Errorf("as JSON it is %s, %v", text, err)
	}
	now = now.Add(24 * time.Hour)
	if view, err := w.Tenant(t.Context(), key); err != nil || view.ExchangesToday != 0 {
		t.Errorf("a day later the view is %+v, %v", view, err)
	}
}
