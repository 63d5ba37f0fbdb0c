package workbench_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// cabinet is a shelf that keeps the results.
type cabinet struct {
	shelf
	results []tenant.CompanyResult
}

func (c *cabinet) NoteCompany(_ context.Context, r tenant.CompanyResult) error {
	c.results = append([]tenant.CompanyResult{r}, slices.DeleteFunc(c.results, r.Same)...)
	return nil
}

func (c *cabinet) CompanyResults(context.Context, tenant.Key) ([]tenant.CompanyResult, error) {
	return c.results, nil
}

// lookout is a door that writes down what is asked of the tenant, and knows where it is.
type lookout struct {
	door
	status online.Status
	err    error
}

func (lookout) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	o.Record(online.Request{Method: map[bool]string{true: http.MethodPost, false: http.MethodGet}[o.Writes]})
	return door{}.Call(ctx, s, as, o, do)
}

func (l lookout) Running(context.Context, keeper.Subject) (online.Status, error) {
	return l.status, l.err
}

// lose creates a company whose answer is lost and which no search shows at first.
func lose(t *testing.T, name string, c *crm) (*cabinet, *workbench.Workbench, *time.Time, workbench.CompanyResult) {
	t.Helper()
	store, now := &cabinet{}, time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	w := workbench.New(workbench.Options{Store: store, Keeper: lookout{}, Contacts: c, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
	c.save = func() (bool, error) { return false, io.ErrUnexpectedEOF }
	var stages []workbench.CompanyStage
	lost, err := w.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.SystemUser, Name: name,
		Progress: func(s workbench.CompanyStage) { stages = append(stages, s) }})
	if err == nil || lost.Outcome != workbench.CouldNotTell || lost.Trouble == nil {
		t.Fatalf("it came to %q, %v", lost.Outcome, err)
	}
	if want := []workbench.CompanyStage{workbench.CompanySearching, workbench.CompanyPreparing, workbench.CompanySaving, workbench.CompanyLookingUp}; !slices.Equal(stages, want) {
		t.Errorf("the person is told of %v", stages)
	}
	if kept, err := w.CompanyResults(t.Context(), key); err != nil || len(kept) != 1 || kept[0].Outcome != workbench.CouldNotTell {
		t.Fatalf("%d kept, %v", len(kept), err)
	}
	return store, w, &now, lost
}

func TestLookingAgainNeverSavesAndKnowsInTheEnd(t *testing.T) {
	older, newer := online.Found{ID: 77, Name: "Mine"}, online.Found{ID: 78, Name: "Mine"}
	for what, row := range map[string]struct {
		name    string
		before  []online.Found
		after   []online.Found
		later   time.Duration
		lookup  error
		outcome workbench.Outcome
		says    string
	}{
		"it has appeared":                  {"Mine", nil, []online.Found{newer}, time.Second, nil, workbench.Created, ""},
		"it stands beside an older one":    {"Mine", []online.Found{older}, []online.Found{older, newer}, time.Second, nil, workbench.Created, ""},
		"only the older one, at once":      {"Mine", []online.Found{older}, []online.Found{older}, 20 * time.Second, nil, workbench.CouldNotTell, "Look again in 100 s"},
		"only the older one, much later":   {"Mine", []online.Found{older}, []online.Found{older}, time.Hour, nil, workbench.NotCreated, "was not created"},
		"nothing, when no server works on": {"Mine", nil, nil, 2 * time.Minute, nil, workbench.NotCreated, "was not created"},
		"the search fails":                 {"Mine", nil, nil, time.Hour, io.ErrUnexpectedEOF, workbench.CouldNotTell, "Search for “Mine”"},
		"nothing, of a name with a quote":  {"O'Brien", nil, nil, time.Hour, nil, workbench.CouldNotTell, "apostrophe"},
		"there, and it has a quote":        {"O'Brien", nil, []online.Found{{ID: 5, Name: "O'Brien"}}, time.Second, nil, workbench.Created, ""},
	} {
		t.Run(what, func(t *testing.T) {
			c := &crm{companies: row.before}
			store, w, now, lost := lose(t, row.name, c)
			*now = now.Add(row.later)
			c.companies, c.lookupErr = row.after, row.lookup
			got, err := w.ResolveCompany(t.Context(), lost)
			if got.Outcome != row.outcome || c.saves != 1 || (err != nil) != (row.outcome == workbench.CouldNotTell) {
				t.Fatalf("%q after %d saves, %v", got.Outcome, c.saves, err)
			}
			if got.Outcome == workbench.Created && (got.Company.ID == 0 || got.Company.ID == older.ID || got.Trouble != nil) {
				t.Errorf("the wrong company: %d, %v", got.Company.ID, got.Trouble)
			}
			if row.says != "" && (got.Trouble == nil || !strings.Contains(got.Trouble.Sentence(), row.says)) {
				t.Errorf("the person is told %v", got.Trouble)
			}
			if len(got.Requests) != len(lost.Requests)+1 || len(store.results) != 1 || store.results[0].Outcome != row.outcome {
				t.Errorf("%d requests, %d results are kept", len(got.Requests), len(store.results))
			}
		})
	}
}

func TestWhatWasThereBeforeMayBeUnknown(t *testing.T) {
	c := &crm{lookupErr: &online.Refusal{Status: http.StatusBadRequest}}
	_, w, now, lost := lose(t, "O'Brien", c)
	*now = now.Add(time.Hour)
	c.companies, c.lookupErr = []online.Found{{ID: 5, Name: "O'Brien"}}, nil
	got, err := w.ResolveCompany(t.Context(), lost)
	if err == nil || got.Outcome != workbench.CouldNotTell || !strings.Contains(got.Trouble.Why, "whether it was there before") {
		t.Errorf("%q, %v", got.Outcome, err)
	}
}

func TestASaveThatWasAnsweredWithAFailureIsOverAtOnce(t *testing.T) {
	c := &crm{}
	_, w, _, lost := lose(t, "Mine", c)
	lost.Requests[len(lost.Requests)-2].Status = http.StatusBadGateway // the save, before the look-up
	if got, err := w.ResolveCompany(t.Context(), lost); err != nil || got.Outcome != workbench.NotCreated {
		t.Errorf("%q, %v", got.Outcome, err)
	}
}

func TestLookingAgainCanBeGivenUp(t *testing.T) {
	c := &crm{}
	store, w, _, lost := lose(t, "Mine", c)
	ctx, giveUp := context.WithCancel(t.Context())
	giveUp()
	got, err := w.ResolveCompany(ctx, lost)
	if !errors.Is(err, context.Canceled) || !got.Same(lost) || got.Outcome != lost.Outcome || len(store.results[0].Requests) != len(lost.Requests) {
		t.Errorf("%q, %v", got.Outcome, err)
	}
}

func TestWhatIsKnownIsNotLookedUp(t *testing.T) {
	c := &crm{}
	done := workbench.CompanyResult{Key: key, Outcome: workbench.Created}
	if got, err := newBench(c).ResolveCompany(t.Context(), done); err != nil || got.Outcome != workbench.Created || c.lookups != 0 {
		t.Errorf("%q after %d look-ups, %v", got.Outcome, c.lookups, err)
	}
}

func TestACompanysPageIsWhereTheTenantIsNow(t *testing.T) {
	down := errors.New("suspended")
	for want, l := range map[string]lookout{
		"https://online2.superoffice.com/Cust1/default.aspx?contact.main?contact_id=1042": {status: online.Status{
			API: "https://api.superoffice.com/Cust1/api", Endpoint: "https://online2.superoffice.com/Cust1"}},
		"https://app.superoffice.com/Cust1/default.aspx?contact.main?contact_id=1042": {status: online.Status{API: "https://app.superoffice.com/Cust1/api"}},
		"": {err: down},
	} {
		w := workbench.New(workbench.Options{Store: shelf{}, Keeper: l, Log: slog.New(slog.DiscardHandler)})
		if got, err := w.CompanyPage(t.Context(), key, 1042); got != want || !errors.Is(err, l.err) {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
