package main

import (
	"context"
	"encoding/json"
	"time"
)

// oneAfterAnother does the job as the tutorial's console does: for one tenant after another it reads the metadata
// and the key set, exchanges the token and logs on, and keeps nothing for the next. It may keep its connections,
// which favours it.
func oneAfterAnother(ctx context.Context, t task) (result, error) {
	b, err := newBare(t.Ready)
	if err != nil {
		return result{}, err
	}
	defer b.http.CloseIdleConnections()
	began := time.Now()
	for _, tenant := range b.ready.Tenants[:t.Tenants] {
		var metadata struct {
			JWKSURI string `json:"jwks_uri"`
		}
		if err := b.get(ctx, b.ready.BaseURL+"/login/.well-known/openid-configuration", nil, &metadata); err != nil {
			return result{}, err
		}
		var keys map[string]json.RawMessage
		if err := b.get(ctx, metadata.JWKSURI, nil, &keys); err != nil {
			return result{}, err
		}
		ticket, err := b.exchange(ctx, tenant)
		if err != nil {
			return result{}, err
		}
		if err := b.logOn(ctx, tenant.API, ticket); err != nil {
			return result{}, err
		}
	}
	return result{Took: time.Since(began)}, nil
}
