package workbench_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

var key = tenant.Key{Registration: "app", ContextID: "Cust1"}

// shelf is a store with one tenant; what a test of companies does not ask for is not there.
type shelf struct{ workbench.Store }

func (shelf) Tenant(_ context.Context, k tenant.Key) (tenant.Tenant, error) {
	if k != key {
		return tenant.Tenant{}, tenant.ErrNotFound
	}
	return tenant.Tenant{Key: key, CompanyName: "C"}, nil
}

func (shelf) Registration(context.Context, string) (tenant.Registration, error) {
	return tenant.Registration{Name: "app"}, nil
}

func (shelf) NoteCompany(context.Context, tenant.CompanyResult) error { return nil }

func (shelf) Snapshot(context.Context) (tenant.Snapshot, error) { return tenant.Snapshot{}, nil }

// door lets every call through once; what the real keeper repeats is its own tests' matter.
type door struct{ workbench.Keeper }

func (door) Forget(tenant.Key) {}

func (door) Call(ctx context.Context, _ keeper.Subject, _ tenant.Actor, _ keeper.CallOptions, do func(context.Context, online.Call) error) error {
	return do(ctx, online.Call{Credential: online.Bearer(secret.New("8A:canary"))})
}

// crm is a tenant's list of companies.
type crm struct {
	companies []online.Found
	saves     int
	lookups   int
	// save is what the server does with a save: whether the company is there afterwards, and the answer.
	save      func() (carriedOut bool, err error)
	lookupErr error
}

func (c *crm) NewContact(_ context.Context, _ online.Call, name string) ([]byte, error) {
	return []byte(name), nil
}

func (c *crm) SaveContact(_ context.Context, _ online.Call, entity []byte) (tenant.Company, error) {
	c.saves++
	carriedOut, err := true, error(nil)
	if c.save != nil {
		carriedOut, err = c.save()
	}
	id := int64(len(c.companies) + 1)
	if carriedOut {
		c.companies = append(c.companies, online.Found{ID: id, Name: string(entity)})
	}
	if err != nil {
		return tenant.Company{}, err
	}
	return tenant.Company{ID: id, Name: string(entity), CreatedBy: "TY"}, nil
}

func (c *crm) FindContacts(_ context.Context, _ online.Call, name string) ([]online.Found, error) {
	c.lookups++
	var found []online.Found
	for _, f := range c.companies {
		if f.Name == name {
			found = append(found, f)
		}
	}
	return found, c.lookupErr
}

func newBench(c *crm) *workbench.Workbench {
	return workbench.New(workbench.Options{
		Store: shelf{}, Keeper: door{}, Contacts: c, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Unix(1_700_000_000, 0) },
	})
}

func TestACompanyIsCreatedUnderTheTutorialsName(t *testing.T) {
	c := &crm{}
	w := newBench(c)
	first, err := w.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.LoginUser})
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.SystemUser})
	if err != nil {
		t.Fatal(err)
	}
	if first.Company.Name != "SuperId-1700000000" || second.Company.Name != "SuperId-1700000001" {
		t.Errorf("two presses in one second made %q and %q", first.Company.Name, second.Company.Name)
	}
	if first.Outcome != workbench.Created || first.Company.CreatedBy != "TY" || !strings.HasPrefix(first.Credential, "Bearer ") || strings.Contains(first.Credential, "canary") {
		t.Errorf("the result is %+v", first)
	}
	if c.lookups != 0 {
		t.Errorf("%d look-ups for a clear success", c.lookups)
	}
}

func TestAnUnclearSaveIsLookedUpAndNeverRepeated(t *testing.T) {
	boom := &online.Refusal{Status: http.StatusBadGateway}
	for name, row := range map[string]struct {
		carriedOut bool
		answer     error
		lookupErr  error
		before     bool // a company of that name was there already
		outcome    workbench.Outcome
		fails      bool
	}{
		"500, but it is there":               {true, boom, nil, false, workbench.Created, false},
		"500, and it is not there":           {false, boom, nil, false, workbench.NotCreated, true},
		"500, an older one is there":         {false, boom, nil, true, workbench.NotCreated, true},
		"500, beside an older one":           {true, boom, nil, true, workbench.Created, false},
		"the line broke, it is there":        {true, io.ErrUnexpectedEOF, nil, false, workbench.Created, false},
		"the line broke, it is not there":    {false, io.ErrUnexpectedEOF, nil, false, workbench.CouldNotTell, true},
		"an unreadable success, it is there": {true, online.ErrUnreadable, nil, false, workbench.Created, false},
		"the look-up fails too":              {true, boom, io.ErrUnexpectedEOF, false, workbench.CouldNotTell, true},
		"refused with 400":                   {false, &online.Refusal{Status: 400}, nil, false, workbench.NotCreated, true},
		"refused with 403":                   {false, &online.Refusal{Status: 403}, nil, false, workbench.NotCreated, true},
	} {
		t.Run(name, func(t *testing.T) {
			c := &crm{}
			c.save = func() (bool, error) { c.lookupErr = row.lookupErr; return row.carriedOut, row.answer }
			if row.before {
				c.companies = []online.Found{{ID: 77, Name: "Mine"}}
			}
			result, err := newBench(c).CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.SystemUser, Name: "Mine"})
			if result.Outcome != row.outcome || (err != nil) != row.fails || c.saves != 1 {
				t.Errorf("outcome %q after %d saves, %v", result.Outcome, c.saves, err)
			}
			if row.outcome == workbench.Created && (result.Company.ID == 0 || result.Company.ID == 77) {
				t.Errorf("the wrong company: %+v", result.Company)
			}
			if row.outcome == workbench.CouldNotTell && !strings.Contains(tenant.Explain(err).Next, "Mine") {
				t.Errorf("the person is told %+v", tenant.Explain(err))
			}
		})
	}
}

func TestANameWithAQuoteCanBeCreatedWhateverTheSearchMakesOfIt(t *testing.T) {
	const name = "O'Brien"
	badFilter, boom := &online.Refusal{Status: http.StatusBadRequest}, &online.Refusal{Status: http.StatusBadGateway}
	for what, row := range map[string]struct {
		lookupErr error
		save      error
		outcome   workbench.Outcome
	}{
		"the search works":                        {nil, nil, workbench.Created},
		"the search refuses the filter":           {badFilter, nil, workbench.Created},
		"refused, and the save is unclear":        {badFilter, boom, workbench.CouldNotTell},
		"found nothing, and the save is unclear":  {nil, boom, workbench.CouldNotTell},
		"the search is down: nothing is tried":    {boom, nil, workbench.NotCreated},
		"the search may not be used by this user": {&online.Refusal{Status: http.StatusForbidden}, nil, workbench.NotCreated},
	} {
		t.Run(what, func(t *testing.T) {
			c := &crm{lookupErr: row.lookupErr}
			c.save = func() (bool, error) { return row.save == nil, row.save }
			result, err := newBench(c).CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.SystemUser, Name: name})
			if result.Outcome != row.outcome || (err == nil) != (row.outcome == workbench.Created) {
				t.Errorf("outcome %q, %v", result.Outcome, err)
			}
		})
	}
}

// refusingDoor is a keeper whose renewal fails after the tenant has refused the credential, or before
// anything is sent.
type refusingDoor struct {
	door
	before bool
}

var errRenewal = &tenant.Problem{Op: "refresh", Explanation: tenant.CauseLoginEnded.Explain("The login has ended.", "", "")}

func (d refusingDoor) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	if d.before && o.Writes {
		return errRenewal
	}
	if err := d.door.Call(ctx, s, as, o, do); err != nil && !d.before {
		return errRenewal
	}
	return nil
}

func TestASaveThatWasProvedUndoneIsNotCreatedWhateverFollows(t *testing.T) {
	for name, row := range map[string]struct {
		before  bool
		answer  error
		outcome workbench.Outcome
		lookups int
	}{
		"401, and the renewal fails":   {false, &online.Refusal{Status: 401}, workbench.NotCreated, 0},
		"421, and the status fails":    {false, &online.Refusal{Status: 421}, workbench.NotCreated, 0},
		"no credential to begin with":  {true, nil, workbench.NotCreated, 0},
		"500, and something else does": {false, &online.Refusal{Status: 500}, workbench.CouldNotTell, 1},
	} {
		c := &crm{}
		c.save = func() (bool, error) { return false, row.answer }
		w := workbench.New(workbench.Options{
			Store: shelf{}, Keeper: refusingDoor{before: row.before}, Contacts: c, Log: slog.New(slog.DiscardHandler),
		})
		result, err := w.CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.LoginUser})
		if result.Outcome != row.outcome || c.lookups != row.lookups || err == nil {
			t.Errorf("%s: outcome %q after %d look-ups, %v", name, result.Outcome, c.lookups, err)
		}
		if row.outcome == workbench.NotCreated && tenant.Explain(err).Cause != tenant.CauseLoginEnded {
			t.Errorf("%s: the person is told %+v", name, tenant.Explain(err))
		}
	}
}

func TestAThrottledSaveNamesTheWait(t *testing.T) {
	asking := func(status int) error {
		return tenant.WithRetryAfter(&tenant.Problem{Op: "save", Err: &online.Refusal{Status: status},
			Explanation: tenant.CauseThrottled.Explain("The tenant refused the request.", "", "")}, 40*time.Second)
	}
	for name, row := range map[string]struct {
		answer, lookupErr error
		outcome           workbench.Outcome
		lookups           int
	}{
		"429":                              {asking(429), nil, workbench.NotCreated, 0},
		"503":                              {asking(503), nil, workbench.NotCreated, 1},
		"503, and the look-up gets it too": {asking(503), asking(503), workbench.CouldNotTell, 1},
	} {
		c := &crm{lookupErr: row.lookupErr}
		c.save = func() (bool, error) { return false, row.answer }
		result, err := newBench(c).CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.SystemUser})
		if result.Outcome != row.outcome || c.lookups != row.lookups || c.saves != 1 {
			t.Errorf("%s: outcome %q after %d look-ups", name, result.Outcome, c.lookups)
		}
		if words := tenant.Explain(err).Sentence(); !strings.Contains(words, "sks to wait 40 s.") || tenant.RetryAfterOf(err) != 40*time.Second {
			t.Errorf("%s: the person is told %q", name, words)
		}
	}
}

func TestGivingUpDuringTheSaveStillTellsWhatBecameOfIt(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	c := &crm{}
	c.save = func() (bool, error) { giveUp(); return true, context.Canceled }
	result, err := newBench(c).CreateCompany(ctx, workbench.CompanyRequest{Key: key, As: tenant.LoginUser})
	if err != nil || result.Outcome != workbench.Created {
		t.Errorf("outcome %q, %v", result.Outcome, err)
	}
}

func TestANameThatIsTooLongIsRefusedBeforeAnythingIsSent(t *testing.T) {
	c := &crm{}
	_, err := newBench(c).CreateCompany(t.Context(), workbench.CompanyRequest{Key: key, As: tenant.LoginUser, Name: strings.Repeat("x", 251)})
	if tenant.Explain(err).Fault != tenant.FaultPerson || c.saves != 0 {
		t.Errorf("got %v", err)
	}
}

func TestATenantThatIsNotThereIsExplained(t *testing.T) {
	_, err := newBench(&crm{}).CreateCompany(t.Context(), workbench.CompanyRequest{Key: tenant.Key{Registration: "app", ContextID: "Cust2"}})
	if !errors.Is(err, tenant.ErrNotFound) || !strings.Contains(tenant.Explain(err).What, "Cust2") {
		t.Errorf("got %v", err)
	}
}
