package workbench_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/update"
	"partnerdesk/core/workbench"
)

// newsstand answers as the test says, and counts who asks.
type newsstand struct {
	release update.Release
	failure error
	asked   []string
}

func (n *newsstand) Newest(_ context.Context, address string) (update.Release, error) {
	n.asked = append(n.asked, address)
	if n.failure != nil {
		return update.Release{}, n.failure
	}
	return n.release, nil
}

func (d *choices) Settings(context.Context) (tenant.Settings, error) { return d.settings, nil }

const newestAt = "https://example.com/newest.json?token=canary"

func newsBench(version string) (*choices, *newsstand, *bytes.Buffer, *workbench.Workbench) {
	d, n, log := &choices{settings: tenant.DefaultSettings()}, &newsstand{release: update.Release{Version: "0.2.0", Page: "https://example.com/0.2.0"}}, &bytes.Buffer{}
	w := workbench.New(workbench.Options{Store: d, Releases: n, Version: version, Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
		Log: slog.New(slog.NewTextHandler(log, nil))})
	return d, n, log, w
}

func TestNobodyIsAskedForUpdatesUnlessTheSettingsNameSomebody(t *testing.T) {
	d, n, log, w := newsBench("0.1.0")
	c, err := w.CheckForUpdate(t.Context())
	if err != nil || c != (workbench.UpdateCheck{Version: "0.1.0", Comparable: true}) || len(n.asked) > 0 || log.Len() > 0 {
		t.Errorf("%+v, %v; asked %v, journal %s", c, err, n.asked, log)
	}
	d.settings.UpdateAddress = newestAt
	c, err = w.CheckForUpdate(t.Context())
	want := workbench.UpdateCheck{Address: newestAt, At: time.Unix(1_800_000_000, 0), Version: "0.1.0", Comparable: true,
		Newest: "0.2.0", Page: "https://example.com/0.2.0", Newer: true}
	if err != nil || c != want || len(n.asked) != 1 || n.asked[0] != newestAt {
		t.Errorf("%+v, %v; asked %v", c, err, n.asked)
	}
	if !strings.Contains(log.String(), "A newer version of Partnerdesk is there") || strings.Contains(log.String(), "canary") {
		t.Errorf("the journal has\n%s", log)
	}
}

func TestABuildWithoutANumberIsNeverOld(t *testing.T) {
	d, _, log, w := newsBench("devel")
	d.settings.UpdateAddress = newestAt
	if c, err := w.CheckForUpdate(t.Context()); err != nil || c.Newer || c.Comparable || c.Newest != "0.2.0" || log.Len() > 0 {
		t.Errorf("%+v, %v; journal %s", c, err, log)
	}
}

// A server that is away for a week would otherwise be in the journal seven times a week, from each computer.
func TestALastingFailureToAskIsTheJournalsOnce(t *testing.T) {
	d, n, log, w := newsBench("0.2.0")
	d.settings.UpdateAddress = newestAt
	told := func(times int) {
		t.Helper()
		c, err := w.CheckForUpdate(t.Context())
		if n.failure != nil && (!errors.Is(err, n.failure) || c.Address != newestAt || c.At.IsZero() || c.Newest != "") {
			t.Errorf("%+v, %v", c, err)
		}
		if got := strings.Count(log.String(), "could not be asked for"); got != times {
			t.Errorf("told %d times, want %d:\n%s", got, times, log)
		}
	}
	away := &tenant.Problem{Op: "ask", Explanation: tenant.CauseUnreachable.Explain("No answer.", "", "")}
	n.failure = away
	told(1)
	told(1)
	n.failure = context.Canceled // a person gave up
	told(1)
	n.failure = &tenant.Problem{Op: "ask", Explanation: tenant.CauseInput.Explain("No release.", "", "")}
	told(2)
	n.failure = nil
	told(2)
	n.failure = away
	told(3)
}
