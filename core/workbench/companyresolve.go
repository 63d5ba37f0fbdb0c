package workbench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// resolveTimeout bounds the look-up after an unclear save, which goes on even when the person has given up:
// the company may be there, and they must know.
const resolveTimeout = 10 * time.Second

// saveLife is how long a server may still be at work on a save whose connection has broken: web servers end a
// request after less, ASP.NET's default is 110 seconds. A search that does not show the company later than that
// proves that it was not created.
const saveLife = 2 * time.Minute

// maxRequests is how many requests a result keeps: each further look adds some.
const maxRequests = 30

// resolve finds out whether a save that failed unclearly was carried out after all.
func (c *creation) resolve(ctx context.Context, failure error) error {
	c.result.Outcome = CouldNotTell
	c.reach(CompanyLookingUp)
	c.Log.WarnContext(ctx, "The save ended unclearly; looking the company up", journal.Step(tenant.StepWebServices),
		journal.Tenant(c.result.Key), journal.Failure(failure))
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), resolveTimeout)
	defer cancel()
	found, err := c.find(bounded)
	if err != nil {
		return couldNotTell(c.name, "The answer to the save was lost, and the search for the company failed too.", errors.Join(failure, err))
	}
	if c.take(found) {
		return nil
	}
	if c.doubtful() || online.StatusOf(failure) == 0 {
		// No answer, or none that can be understood: the server may still be at work on it.
		return couldNotTell(c.name, "The answer to the save was lost, and a search does not show the company yet.", failure)
	}
	c.result.Outcome = NotCreated
	return failure
}

// find looks the company up by its name.
func (c *creation) find(ctx context.Context) (found []online.Found, err error) {
	err = c.call(ctx, c.options(false), func(ctx context.Context, call online.Call) error {
		found, err = c.Contacts.FindContacts(ctx, call, c.name)
		return err
	})
	return found, err
}

// take settles that the company was created, if it is among those that were found.
func (c *creation) take(found []online.Found) bool {
	if c.result.EarlierUnknown {
		return false // which of them were there before, nobody knows
	}
	for _, f := range found {
		if !slices.Contains(c.result.Earlier, f.ID) {
			c.result.Outcome, c.result.Company.ID = Created, f.ID
			return true
		}
	}
	return false
}

// ResolveCompany looks once more whether a company was created of which last, a result of CreateCompany's or of
// its own, could not tell. It asks as the same user and only reads: nothing is ever saved a second time. What is
// known then takes the place of last among the tenant's results. An error means that nobody can tell yet; its
// explanation says what to do.
func (w *Workbench) ResolveCompany(ctx context.Context, last CompanyResult) (CompanyResult, error) {
	if last.Outcome != CouldNotTell {
		return last, nil
	}
	s, err := w.subject(ctx, last.Key)
	if err != nil {
		return last, err
	}
	result := last
	result.Requests = slices.Clone(last.Requests)
	c := &creation{Workbench: w, subject: s, result: &result, name: last.Company.Name}
	bounded, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	found, err := c.find(bounded)
	if ctx.Err() != nil {
		return last, ctx.Err() // a person who has changed their mind
	}
	err = c.settle(found, err)
	result.Requests = result.Requests[max(0, len(result.Requests)-maxRequests):]
	c.logResolved(ctx, err)
	c.note(ctx)
	if result.Outcome == Created && s.Tenant.Active {
		w.heal(ctx, last.Key)
	}
	return result, err
}

// settle judges what a later search has found.
func (c *creation) settle(found []online.Found, err error) error {
	r := c.result
	switch since := c.Now().Sub(r.EndedAt()); {
	case err != nil:
		err = couldNotTell(c.name, "The answer to the save was lost, and the search for the company failed.", err)
	case c.take(found):
		r.Trouble = nil
		return nil
	case r.EarlierUnknown && len(found) > 0:
		err = couldNotTell(c.name, "A company of that name is there, but the tenant could not be asked whether it was there before.", nil)
	case c.doubtful():
		err = couldNotTell(c.name, "A search does not show the company, but a name with an apostrophe may escape it.", nil)
	case !saveRefused(r.Requests) && since < saveLife:
		err = stillOpen(saveLife - since)
	default:
		r.Outcome = NotCreated
		e := tenant.CauseUnclear.Explain("The company was not created.",
			"The answer to the save was lost, and a search that came after it does not show the company.", "You can create it again.")
		r.Trouble = &e
		return nil
	}
	r.Trouble = troubleOf(err)
	return err
}

// saveRefused reports whether the save was answered, and with a failure: then the server is done with it.
func saveRefused(requests []online.Request) bool {
	for _, q := range slices.Backward(requests) {
		if q.Method == http.MethodPost {
			return q.Status >= http.StatusBadRequest
		}
	}
	return false
}

func couldNotTell(name, why string, err error) error {
	next := fmt.Sprintf("Search for “%s” in SuperOffice before you try again.", name)
	if wait := tenant.RetryAfterOf(err); wait > 0 {
		next += " It asks to wait " + tenant.Wait(wait) + "."
	}
	return unclear(why, next, err)
}

// stillOpen is for a search that came too soon to prove anything.
func stillOpen(wait time.Duration) error {
	return unclear("The answer to the save was lost, and a search does not show the company yet: the server may still be at work on it.",
		fmt.Sprintf("Look again in %s: then it is certain.", tenant.Wait(wait)), nil)
}

func unclear(why, next string, err error) error {
	return &tenant.Problem{Op: "create company", Err: err,
		Explanation: tenant.CauseUnclear.Explain("It is not clear whether the company was created.", why, next)}
}

func (c *creation) logResolved(ctx context.Context, err error) {
	ctx = context.WithoutCancel(ctx)
	attrs := []any{journal.Step(tenant.StepWebServices), journal.Tenant(c.result.Key), journal.Remote(c.host)}
	switch c.result.Outcome {
	case Created:
		c.Log.InfoContext(ctx, fmt.Sprintf("Looked again: the company %s (%d) was created as %s", c.name, c.result.Company.ID, c.result.As.Label()), attrs...)
	case NotCreated:
		c.Log.InfoContext(ctx, fmt.Sprintf("Looked again: the company %s was not created", c.name), attrs...)
	case CouldNotTell:
		c.Log.WarnContext(ctx, fmt.Sprintf("Looked again: whether the company %s was created is still not clear", c.name), append(attrs, journal.Failure(err))...)
	}
}

// CompanyResults are what came of the last tries to create a company in a tenant, by this program or the other one,
// the newest first.
func (w *Workbench) CompanyResults(ctx context.Context, k tenant.Key) ([]CompanyResult, error) {
	return w.Store.CompanyResults(ctx, k)
}
