package journal_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

func export(t testing.TB, dir string, q journal.Query, f journal.Format) string {
	t.Helper()
	var b bytes.Buffer
	n, err := journal.Export(t.Context(), &b, dir, q, f)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(search(t, dir, q)); n != want {
		t.Errorf("%d events, not %d", n, want)
	}
	return b.String()
}

// table reads an export as a program does that knows of the byte order mark.
func table(t testing.TB, text string) [][]string {
	t.Helper()
	text, found := strings.CutPrefix(text, "\ufeff")
	if !found {
		t.Error("Excel would not take it for UTF-8")
	}
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("RFC 4180 ends each line with CRLF")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestACSVHasWhatSuperOfficeAsksFor: source, date, user, time and address, of each event.
func TestACSVHasWhatSuperOfficeAsksFor(t *testing.T) {
	dir := t.TempDir()
	c := newClock()
	_, log := open(t, journal.Options{Dir: dir, Now: c.now})
	log.Warn("It \"failed\",\nsaid Åse.", journal.Component("keeper"), journal.Step(tenant.StepExchange), journal.User("anne@example.com"),
		journal.Remote("sod.superoffice.com:443"), journal.Tenant(tenant.Key{Registration: "prod", ContextID: "Cust12345"}), "took", time.Second, "n", 2)
	c.move(time.Microsecond)
	log.Info("short")
	got := table(t, export(t, dir, everything(), journal.CSV))
	want := [][]string{
		{"date", "time", "source", "level", "step", "registration", "tenant", "user", "address", "message", "details"},
		{"2025-11-02", "12:00:00.123456Z", "console/keeper", "WARN", "8", "prod", "Cust12345", "anne@example.com", "sod.superoffice.com:443",
			`It "failed",\nsaid Åse.`, `{"took":"1s","n":"2"}`},
		{"2025-11-02", "12:00:00.123457Z", "console", "INFO", "", "", "", "", "", "short", ""},
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir})
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "\r=1", `=cmd|' /C calc'!A0`} {
		log.Info(evil, journal.User(evil), journal.Remote(evil), journal.Component("c"), evil, evil,
			journal.Tenant(tenant.Key{Registration: evil, ContextID: evil}))
	}
	for _, row := range table(t, export(t, dir, everything(), journal.CSV))[1:] {
		for i, value := range row {
			if strings.HasPrefix(value, "=") || strings.IndexAny(value, "+-@＝\t\r\n") == 0 {
				t.Errorf("%s: %q", journal.CSVColumns()[i], value)
			}
		}
	}
}

func TestAnExportHoldsNoSecret(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x-2025-11-02.jsonl"), // as a program would that masks nothing
		fmt.Sprintf(`{"time":"2025-11-02T12:00:00Z","level":"INFO","message":"got %s","user":"%[1]s","ticket":"canary","note":"%[1]s"}`+"\n", canaryTicket))
	for _, f := range []journal.Format{journal.CSV, journal.JSONLines} {
		if text := export(t, dir, everything(), f); strings.Contains(text, canaryTicket) || strings.Contains(text, "canary") || !strings.Contains(text, "[secret]") {
			t.Errorf("%s: %s", f, text)
		}
	}
}

func TestJSONLinesAreTheJournalsOwn(t *testing.T) {
	dir := history(t)
	q := everything()
	q.Text = "console"
	text := export(t, dir, q, journal.JSONLines)
	again := t.TempDir()
	write(t, filepath.Join(again, "x-2025-11-02.jsonl"), text) // what was exported can be searched as before
	if !sameEvents(search(t, again, everything()), search(t, dir, q)) {
		t.Error(text)
	}
	for line := range strings.Lines(text) {
		if !json.Valid([]byte(line)) {
			t.Error(line)
		}
	}
}

type fullDisk struct{ room int }

var errFull = errors.New("full")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAnExportThatFailsSaysSo(t *testing.T) {
	dir := t.TempDir()
	_, log := open(t, journal.Options{Dir: dir})
	for range 2000 {
		log.Info("m", "filler", strings.Repeat("x", 200))
	}
	for _, f := range []journal.Format{journal.CSV, journal.JSONLines} {
		for _, room := range []int{0, 200_000} {
			if _, err := journal.Export(t.Context(), &fullDisk{room}, dir, everything(), f); !errors.Is(err, errFull) {
				t.Errorf("%s, %d: %v", f, room, err)
			}
		}
	}
	if _, err := journal.Export(t.Context(), &fullDisk{}, dir, everything(), "xml"); err == nil {
		t.Error("xml is no format")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := journal.Export(stopped, &fullDisk{1 << 30}, dir, everything(), journal.CSV); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
