package workbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// CompanyRequest asks for a new company in a tenant.
type CompanyRequest struct {
	tenant.Key
	As tenant.Actor
	// Name is the company's; empty means "SuperId-" and the Unix seconds, as in the tutorial.
	Name string
	// Progress, where it is set, is told of each stage as it begins, on the goroutine of the call.
	Progress func(CompanyStage)
}

// CompanyStage is how far a creation has come, for the person who waits.
type CompanyStage string

// The stages, in their order. The first is for a name that was typed only, the last for a save whose answer was lost.
const (
	CompanySearching CompanyStage = "searching"
	CompanyPreparing CompanyStage = "preparing"
	CompanySaving    CompanyStage = "saving"
	CompanyLookingUp CompanyStage = "looking up"
)

// Outcome is how a save ended, CompanyResult what came of a [CompanyRequest]. They are stored, and so are words of
// core/tenant.
type (
	Outcome       = tenant.CompanyOutcome
	CompanyResult = tenant.CompanyResult
)

// The outcomes.
const (
	Created      = tenant.CompanyCreated
	NotCreated   = tenant.CompanyNotCreated
	CouldNotTell = tenant.CompanyUnclear
)

// maxCompanyName bounds what a person may type. SuperOffice's own limit is not documented; where it is
// shorter, the tenant says so itself.
const maxCompanyName = 250

// CreateCompany creates a company in a tenant as the login user or as the system user, from the tenant's
// own default, and says what came of it. The result's Outcome is meaningful with and without an error. It is kept
// among the tenant's last results, unless nothing was tried.
func (w *Workbench) CreateCompany(ctx context.Context, req CompanyRequest) (CompanyResult, error) {
	result := CompanyResult{Key: req.Key, As: req.As, Outcome: NotCreated, At: w.Now(), Requests: []online.Request{}}
	c, err := w.newCreation(ctx, req, &result)
	if err != nil {
		result.Trouble = troubleOf(err)
		return result, err
	}
	err = c.run(ctx)
	result.Took, result.Trouble = w.Now().Sub(result.At), troubleOf(err)
	c.log(ctx, err)
	if !errors.Is(err, context.Canceled) || result.Outcome != NotCreated {
		c.note(ctx)
	}
	if err == nil && c.subject.Tenant.Active {
		w.heal(ctx, req.Key)
	}
	return result, err
}

// troubleOf is what a result keeps of a failure; nil for none.
func troubleOf(err error) *tenant.Explanation {
	if err == nil {
		return nil
	}
	e := tenant.Explain(err)
	return &e
}

// newCreation checks a request and begins its result.
func (w *Workbench) newCreation(ctx context.Context, req CompanyRequest, result *CompanyResult) (*creation, error) {
	s, err := w.subject(ctx, req.Key)
	if err != nil {
		return nil, err
	}
	c := &creation{Workbench: w, subject: s, result: result, progress: req.Progress, name: strings.TrimSpace(req.Name)}
	c.typed = c.name != ""
	if !c.typed {
		c.name = w.companyName()
	}
	if utf8.RuneCountInString(c.name) > maxCompanyName {
		return nil, refusedInput("create company", "The company cannot be created.", fmt.Errorf("the name is longer than %d characters", maxCompanyName))
	}
	result.Company.Name = c.name
	return c, nil
}

// healTimeout bounds each thing that follows a creation that has ended already.
const healTimeout = 2 * time.Second

// note keeps what came of it with the tenant: also for a person who has given up waiting.
func (c *creation) note(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), healTimeout)
	defer cancel()
	if err := c.Store.NoteCompany(ctx, *c.result); err != nil {
		c.Log.WarnContext(ctx, "Could not note what came of creating a company", journal.Tenant(c.result.Key), journal.Failure(err))
	}
}

// heal has the poller look again at a tenant in trouble, as a call to it has just succeeded: also for a
// person who has given up waiting. It reports whether there was trouble to forget.
func (w *Workbench) heal(ctx context.Context, k tenant.Key) (healed bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), healTimeout)
	defer cancel()
	view, err := w.Tenant(ctx, k)
	if err == nil && view.Trouble != nil {
		err = w.VisitNow(ctx, k)
		healed = err == nil
	}
	if err != nil {
		w.Log.WarnContext(ctx, "Could not have the tenant visited anew", journal.Tenant(k), journal.Failure(err))
	}
	return healed
}

// companyName makes the tutorial's name, never the same one twice: both buttons may be pressed within one
// second, and an unclear save is looked up by its name.
func (w *Workbench) companyName() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastName = max(w.Now().Unix(), w.lastName+1)
	return fmt.Sprintf("SuperId-%d", w.lastName)
}

// creation is one company on its way.
type creation struct {
	*Workbench
	subject  keeper.Subject
	result   *CompanyResult
	progress func(CompanyStage)
	name     string
	typed    bool
	host     string // where the tenant was called
}

// reach tells the person who waits how far it has come.
func (c *creation) reach(stage CompanyStage) {
	if c.progress != nil {
		c.progress(stage)
	}
}

// doubtful reports whether a search for the name may be blind to it: how a filter writes a quote is not documented.
func (c *creation) doubtful() bool { return strings.Contains(c.name, "'") }

func (c *creation) run(ctx context.Context) error {
	var entity []byte
	read := c.options(false)
	err := c.call(ctx, read, func(ctx context.Context, call online.Call) error {
		if c.typed {
			c.reach(CompanySearching)
			if err := c.findEarlier(ctx, call); err != nil {
				return err
			}
		}
		c.reach(CompanyPreparing)
		var err error
		entity, err = c.Contacts.NewContact(ctx, call, c.name)
		return err
	})
	if err != nil {
		return err
	}
	// undone is true while nothing was sent, or the last answer proved that nothing was done. What fails after
	// that, such as a renewal of the credential that was refused, leaves no doubt about the company.
	undone := true
	c.reach(CompanySaving)
	err = c.call(ctx, c.options(true), func(ctx context.Context, call online.Call) error {
		saved, err := c.Contacts.SaveContact(ctx, call, entity)
		if err == nil {
			c.result.Company = saved
		}
		undone = online.NotCarriedOut(err)
		return err
	})
	switch {
	case err == nil:
		c.result.Outcome = Created
		return nil
	case undone:
		return err
	}
	return c.resolve(ctx, err)
}

func (c *creation) options(writes bool) keeper.CallOptions {
	return keeper.CallOptions{Writes: writes, Record: func(r online.Request) { c.result.Requests = append(c.result.Requests, r) }}
}

func (c *creation) call(ctx context.Context, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	return c.Keeper.Call(ctx, c.subject, c.result.As, o, func(ctx context.Context, call online.Call) error {
		c.result.Credential, c.host = call.Credential.String(), journal.Host(call.API)
		return do(ctx, call)
	})
}

// findEarlier remembers the companies that have the name already. A name with a quote may not be found, or refused
// as a bad request: that must not keep anybody from creating the company, and only makes an unclear save harder
// to clear up.
func (c *creation) findEarlier(ctx context.Context, call online.Call) error {
	found, err := c.Contacts.FindContacts(ctx, call, c.name)
	c.result.Earlier, c.result.EarlierUnknown = nil, false
	if c.doubtful() && online.StatusOf(err) == http.StatusBadRequest {
		c.result.EarlierUnknown = true
		return nil
	}
	for _, f := range found {
		c.result.Earlier = append(c.result.Earlier, f.ID)
	}
	return err
}

func (c *creation) log(ctx context.Context, err error) {
	ctx = context.WithoutCancel(ctx)
	attrs := []any{
		journal.Step(tenant.StepWebServices), journal.Tenant(c.result.Key), journal.Remote(c.host),
		slog.String("created_by", c.result.Company.CreatedBy),
		slog.Int("requests", len(c.result.Requests)), slog.Duration("took", c.result.Took.Round(time.Millisecond)),
	}
	if errors.Is(err, context.Canceled) && c.result.Outcome == NotCreated {
		c.Log.InfoContext(ctx, fmt.Sprintf("Creating a company as %s was cancelled; nothing was saved", c.result.As.Label()), attrs...)
		return
	}
	if err != nil {
		attrs = append(attrs, slog.String("outcome", string(c.result.Outcome)), journal.Failure(err))
		c.Log.ErrorContext(ctx, fmt.Sprintf("Could not create the company %s as %s", c.name, c.result.As.Label()), attrs...)
		return
	}
	c.Log.InfoContext(ctx, fmt.Sprintf("Created the company %s (%d) as %s", c.name, c.result.Company.ID, c.result.As.Label()), attrs...)
}
