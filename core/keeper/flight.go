package keeper

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
)

// renewal is what a flight brings to all who wait for it.
type renewal struct {
	text secret.Text
	// exchanged is true until the first of them has taken note of it.
	exchanged *atomic.Bool
}

// once runs renew at most once at a time for a kind of credential of a tenant, in all programs on the store,
// and lets all who ask here have its result. The work goes on when the first who asked gives up, because
// the others still wait; it ends with the keeper.
//
// refused, where it is not empty, is what the tenant has just refused. Whoever began the flight under way may
// not know of that, and find it in the store: then another flight is made.
func (k *Keeper) once(ctx context.Context, kind string, s Subject, refused secret.Text, renew func(context.Context) (renewal, error)) (renewal, error) {
	for {
		r, own, err := k.join(ctx, kind, s, renew)
		if err != nil || own || refused.Empty() || !r.text.Equal(refused) {
			return r, err
		}
	}
}

// join is once for those who take what comes, and also tells whether it was renew that ran to its end, and not somebody else's.
func (k *Keeper) join(ctx context.Context, kind string, s Subject, renew func(context.Context) (renewal, error)) (_ renewal, own bool, _ error) {
	name := kind + " of " + s.identity().String()
	ran := false // to be read only after the flight's end
	flight := k.inflight.DoChan(name, func() (any, error) {
		ran = true
		if err := k.begin(); err != nil {
			return renewal{}, err
		}
		defer k.work.Done()
		bounded, cancel := context.WithTimeout(k.root, renewTimeout)
		defer cancel()
		release, err := k.exclusive(bounded, name)
		if err != nil {
			return renewal{}, err
		}
		defer release()
		r, err := renew(bounded)
		return r, redacted(err) // here, as all who wait share the error
	})
	select {
	case r := <-flight:
		if r.Err != nil {
			return renewal{}, ran, r.Err
		}
		return r.Val.(renewal), ran, nil
	case <-ctx.Done():
		err := fmt.Errorf("wait for a renewal: %w", context.Cause(ctx))
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			// Who is silent for longer than a visit may take is as good as down.
			err = fmt.Errorf("%w: %w", ErrProvider, err)
		}
		return renewal{}, false, err
	}
}

// exclusive keeps the other program out of a renewal. Where there are no locks to be had, the renewal goes
// on without: what is at stake is a second exchange, and not the tenant.
func (k *Keeper) exclusive(ctx context.Context, name string) (release func(), err error) {
	release, err = k.Store.Exclusive(ctx, name)
	switch {
	case err == nil:
		return release, nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		// The other program waits for the same provider, and has had no answer either.
		return nil, fmt.Errorf("%w: wait for the other program's renewal: %w", ErrProvider, err)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("wait for the other program's renewal: %w", err)
	}
	k.lockless.Do(func() {
		k.Log.WarnContext(ctx, "The data directory has no locks; two programs may renew the same ticket at once", journal.Failure(err))
	})
	return func() {}, nil
}

// renewTimeout bounds one renewal, lock waits and network together.
const renewTimeout = time.Minute
