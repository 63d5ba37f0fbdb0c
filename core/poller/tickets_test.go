package poller_test

import (
	"context"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/tenant"
)

// tickets is a keeper whose tickets end six hours after their last use.
type tickets struct {
	*world
	used      map[tenant.Key]time.Time // guarded by the world's mu
	exchanges *[]time.Time
}

func (k tickets) Call(ctx context.Context, s keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	k.mu.Lock()
	ended := time.Since(k.used[s.Tenant.Key]) > tenant.TicketLife
	if ended {
		*k.exchanges = append(*k.exchanges, time.Now())
	}
	k.used[s.Tenant.Key] = time.Now()
	k.mu.Unlock()
	if ended {
		o.Exchanged()
	}
	return k.world.Call(ctx, s, as, o, do)
}

// refusal is a tenant that lets nobody log on.
type refusal struct{}

func (refusal) Principal(context.Context, online.Call) (tenant.Principal, error) {
	return tenant.Principal{}, temporary("not today")
}
