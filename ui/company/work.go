package company

import (
	"context"
	"errors"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// doubleClick is how soon after a creation's end, or after another press, a press of its button is taken for
// the second half of a double click, or for a key that is held down: two companies where one was meant
// cannot be taken back.
const doubleClick = 600 * time.Millisecond

// CreateButton is the button that creates a company as an actor: the window's menu presses it too.
func (s *Section) CreateButton(as tenant.Actor) *kit.Button { return s.card(as).create }

// ask begins at once, except in production, where it first asks on the card.
func (s *Section) ask(as tenant.Actor) {
	now := s.Now()
	card, last := s.card(as), s.slots[slotKey{s.shown.Key, as}]
	pressed := card.pressed
	card.pressed = now
	if now.Sub(pressed) < doubleClick || last != nil && now.Sub(last.at) < doubleClick {
		return
	}
	if s.shown.Environment != tenant.Production {
		s.begin(as)
		return
	}
	s.slots[slotKey{s.shown.Key, as}] = &slot{phase: slotAsking, name: s.typed()}
	s.redraw()
	s.OnFocus(s.card(as).no)
}

func (s *Section) forget(as tenant.Actor) {
	delete(s.slots, slotKey{s.shown.Key, as})
	s.redraw()
}

// begin creates the company. The slot keeps what comes of it under the tenant's key, whichever tenant is
// shown by then; a slot that was replaced meanwhile takes nothing more.
func (s *Section) begin(as tenant.Actor) {
	key := slotKey{s.shown.Key, as}
	name := s.typed()
	if old := s.slots[key]; old != nil && old.phase == slotAsking {
		name = old.name
	}
	mine := &slot{phase: slotWorking, name: name}
	request := workbench.CompanyRequest{Key: key.Key, As: as, Name: name, Progress: func(stage workbench.CompanyStage) {
		s.run.Hop(func() {
			mine.stages = append(mine.stages, stage)
			s.redraw()
		})
	}}
	s.work(key, mine, func(ctx context.Context) (workbench.CompanyResult, error) { return s.Desk.CreateCompany(ctx, request) })
}

// lookAgain asks the tenant once more for the company that a card's result could not tell of.
func (s *Section) lookAgain(as tenant.Actor) {
	key := slotKey{s.shown.Key, as}
	last := lastResult(s.slots[key], s.kept, as)
	if last == nil {
		return
	}
	unclear := *last
	mine := &slot{phase: slotResolving, result: unclear}
	s.work(key, mine, func(ctx context.Context) (workbench.CompanyResult, error) {
		result, err := s.Desk.ResolveCompany(ctx, unclear)
		if errors.Is(err, context.Canceled) {
			err = nil // the card goes back to what it said
		}
		return result, err
	})
}

// work fills a slot with what becomes of work that the person can cancel.
func (s *Section) work(key slotKey, mine *slot, do func(context.Context) (workbench.CompanyResult, error)) {
	mine.at = s.Now()
	s.slots[key] = mine
	mine.job = kit.Perform(s.run, do,
		func() {
			mine.slow = true
			s.redraw()
		},
		func(result workbench.CompanyResult, err error) {
			mine.finish(result, err, key, s.Now())
			s.redraw()
		})
	s.redraw()
}

// finish keeps what the work came to.
func (s *slot) finish(result workbench.CompanyResult, err error, key slotKey, now time.Time) {
	s.phase, s.result, s.at = slotDone, result, now
	s.result.Key, s.result.As = key.Key, key.As
	if err != nil {
		e := tenant.Explain(err)
		s.result.Trouble = &e
	}
}

// cancel ends the work. The workbench may take a moment to find out whether the save was carried out; what
// it then knows is shown as any other result.
func (s *Section) cancel(as tenant.Actor) {
	if slot := s.slots[slotKey{s.shown.Key, as}]; slot.busy() {
		slot.stopping = true
		slot.job.Cancel()
		s.redraw()
	}
}

// lookAgainEarlier is lookAgain for a result that later ones have pushed off its card. Its line waits meanwhile.
func (s *Section) lookAgainEarlier(unclear workbench.CompanyResult, waits *kit.Button) {
	waits.Allow(textBeingLookedUp.String())
	kit.Perform(s.run,
		func(ctx context.Context) (workbench.CompanyResult, error) { return s.Desk.ResolveCompany(ctx, unclear) }, nil,
		func(_ workbench.CompanyResult, err error) {
			waits.Allow("")
			if err != nil {
				s.OnFail(err)
			}
			s.load(s.shown.Key)
		})
}
