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
}

// Outcome is how a save ended.
type Outcome string

// The outcomes. A save that failed unclearly is looked up before it is judged.
const (
	Created      Outcome = "created"
	NotCreated   Outcome = "not created"
	CouldNotTell Outcome = "could not tell"
)

// CompanyResult is what came of a [CompanyRequest].
type CompanyResult struct {
	tenant.Key
	As      tenant.Actor   `json:"as"`
	Outcome Outcome        `json:"outcome"`
	Company tenant.Company `json:"company"`
	// Credential names what the tenant was shown, with its fingerprint: never the thing itself.
	Credential string           `json:"credential"`
	At         time.Time        `json:"at"`
	Took       time.Duration    `json:"took_ns"`
	Requests   []online.Request `json:"requests"`
}

// maxCompanyName bounds what a person may type. SuperOffice's own limit is not documented; where it is
// shorter, the tenant says so itself.
const maxCompanyName = 250

// CreateCompany creates a company in a tenant as the login user or as the system user, from the tenant's
// own default, and says what came of it. The result's Outcome is meaningful with and without an error.
func (w *Workbench) CreateCompany(ctx context.Context, req CompanyRequest) (CompanyResult, error) {
	began := w.Now()
	result := CompanyResult{Key: req.Key, As: req.As, Outcome: NotCreated, At: began, Requests: []online.Request{}}
	s, err := w.subject(ctx, req.Key)
	if err != nil {
		return result, err
	}
	c := &creation{Workbench: w, subject: s, result: &result, typed: strings.TrimSpace(req.Name) != ""}
	c.name = strings.TrimSpace(req.Name)
	if !c.typed {
		c.name = w.companyName()
	}
	if utf8.RuneCountInString(c.name) > maxCompanyName {
		return result, refusedInput("create company", "The company cannot be created.", fmt.Errorf("the name is longer than %d characters", maxCompanyName))
	}
	result.Company.Name = c.name
	err = c.run(ctx)
	result.Took = w.Now().Sub(began)
	c.log(ctx, err)
	c.note(ctx, err)
	if err == nil && s.Tenant.Active {
		w.heal(ctx, s.Tenant.Key)
	}
	return result, err
}

// healTimeout bounds each thing that follows a creation that has ended already.
const healTimeout = 2 * time.Second

// note keeps what came of it with the tenant, for its proofs: also for a person who has given up waiting, but
// not that one did before anything was created.
func (c *creation) note(ctx context.Context, err error) {
	if errors.Is(err, context.Canceled) && c.result.Outcome == NotCreated {
		return
	}
	tried := tenant.CompanyProof{At: c.Now(), Name: c.result.Company.Name, ID: c.result.Company.ID, As: c.result.As}
	if err != nil {
		e := tenant.Explain(err)
		tried = tenant.CompanyProof{FailedAt: c.Now(), FailedAs: c.result.As, Trouble: &e}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), healTimeout)
	defer cancel()
	if err := c.Store.NoteCompany(ctx, c.result.Key, tried); err != nil {
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
	subject keeper.Subject
	result  *CompanyResult
	name    string
	typed   bool
	before  map[int64]bool // companies of that name from before, where the name was typed
	doubt   bool           // a search for the name may be blind to it
	host    string         // where the tenant was called
}

func (c *creation) run(ctx context.Context) error {
	var entity []byte
	read := c.options(false)
	err := c.call(ctx, read, func(ctx context.Context, call online.Call) error {
		if c.typed {
			if err := c.findBefore(ctx, call); err != nil {
				return err
			}
		}
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

// findBefore remembers the companies that have the name already. How a filter writes a quote is not
// documented, so a name with one may not be found, or refused as a bad request: that must not keep anybody
// from creating the company, and only makes an unclear save harder to clear up.
func (c *creation) findBefore(ctx context.Context, call online.Call) error {
	c.doubt = strings.Contains(c.name, "'")
	found, err := c.Contacts.FindContacts(ctx, call, c.name)
	if c.doubt && online.StatusOf(err) == http.StatusBadRequest {
		return nil
	}
	if err != nil {
		return err
	}
	c.before = make(map[int64]bool, len(found))
	for _, f := range found {
		c.before[f.ID] = true
	}
	return nil
}

// resolveTimeout bounds the look-up after an unclear save, which goes on even when the person has given up:
// the company may be there, and they must know.
const resolveTimeout = 10 * time.Second

// resolve finds out whether a save that failed unclearly was carried out after all.
func (c *creation) resolve(ctx context.Context, failure error) error {
	c.result.Outcome = CouldNotTell
	c.Log.WarnContext(ctx, "The save ended unclearly; looking the company up", journal.Step(tenant.StepWebServices),
		journal.Tenant(c.result.Key), journal.Failure(failure))
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), resolveTimeout)
	defer cancel()
	var found []online.Found
	err := c.call(bounded, c.options(false), func(ctx context.Context, call online.Call) error {
		var err error
		found, err = c.Contacts.FindContacts(ctx, call, c.name)
		return err
	})
	if err != nil {
		return couldNotTell(c.name, "The answer to the save was lost, and the search for the company failed too.", errors.Join(failure, err))
	}
	blind := c.typed && c.before == nil // which of them were there before, nobody knows
	for _, f := range found {
		if !blind && !c.before[f.ID] {
			c.result.Outcome = Created
			c.result.Company.ID = f.ID
			return nil
		}
	}
	if c.doubt || online.StatusOf(failure) == 0 {
		// No answer, or none that can be understood: the server may still be at work on it.
		return couldNotTell(c.name, "The answer to the save was lost, and a search does not show the company yet.", failure)
	}
	c.result.Outcome = NotCreated
	return failure
}

func couldNotTell(name, why string, err error) error {
	next := fmt.Sprintf("Search for “%s” in SuperOffice before you try again.", name)
	if wait := tenant.RetryAfterOf(err); wait > 0 {
		next += " It asks to wait " + tenant.Wait(wait) + "."
	}
	return &tenant.Problem{Op: "create company", Err: err,
		Explanation: tenant.CauseUnclear.Explain("It is not clear whether the company was created.", why, next)}
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
