package superid

import (
	"cmp"
	"context"
	"time"

	"partnerdesk/core/tenant"
)

// Discovery is what the identity provider says of itself now.
type Discovery struct {
	// Issuer is whom its tokens must name.
	Issuer string
	// Skew is the provider's clock minus this machine's, to the second. Timed is false where no answer told the
	// time. Both may be there after a failure too.
	Skew  time.Duration
	Timed bool
}

// Discover reads the provider's metadata anew, whatever is remembered of it, for somebody who wants to see that
// it can be read. What was remembered stays where it cannot.
func (c *Client) Discover(ctx context.Context, reg tenant.Registration) (Discovery, error) {
	ctx, clock := watchClock(ctx)
	p := c.provider(baseOf(reg))
	if err := p.take(ctx); err != nil {
		return Discovery{}, err
	}
	defer p.release()
	remembered, at := p.meta, p.metaAt
	p.metaAt = time.Time{}
	m, err := c.metadataLocked(ctx, p)
	if err != nil {
		p.meta, p.metaAt = remembered, at
	}
	return Discovery{Issuer: m.Issuer, Skew: clock.Skew(), Timed: clock.Told()}, err
}

// Keys is what a registration's tokens can be validated with now.
type Keys struct {
	// IDs name the key set's usable keys: kid, or x5t where a key has no kid.
	IDs []string
	// Pinned is the certificate that takes the key set's place; nil without one. The other fields are then about
	// the key set that is not used.
	Pinned *Certificate
	// Listed is true where the key set holds the pinned certificate's key: a token that SuperOffice signs today
	// may be signed with it.
	Listed bool
	// Trouble is why the key set could not be held against the pinned certificate.
	Trouble error
}

// Keys reads the key set anew. With a pinned certificate it is that which must be usable, and the key set is
// only there to compare.
func (c *Client) Keys(ctx context.Context, reg tenant.Registration) (Keys, error) {
	if reg.Certificate == "" {
		set, err := c.readKeysAnew(ctx, reg)
		return Keys{IDs: set.ids()}, err
	}
	pinned, err := ParseCertificate([]byte(reg.Certificate))
	if err != nil {
		return Keys{}, err
	}
	keys := Keys{Pinned: &pinned}
	set, err := c.readKeysAnew(ctx, reg)
	keys.IDs, keys.Trouble = set.ids(), err
	for _, k := range set {
		keys.Listed = keys.Listed || k.key.Equal(pinned.key)
	}
	return keys, nil
}

func (c *Client) readKeysAnew(ctx context.Context, reg tenant.Registration) (keySet, error) {
	p := c.provider(baseOf(reg))
	if err := p.take(ctx); err != nil {
		return nil, err
	}
	defer p.release()
	if err := c.fetchKeys(ctx, p); err != nil {
		return nil, err
	}
	return p.keys, nil
}

func (s keySet) ids() []string {
	ids := make([]string, 0, len(s))
	for _, k := range s {
		ids = append(ids, cmp.Or(clip(serverWords(k.kid), 100), clip(serverWords(k.x5t), 100), "a key without a name"))
	}
	return ids
}
