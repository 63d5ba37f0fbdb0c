package workbench

import (
	"context"
)

// systemUserSeen reports whether any tenant of a registration has a system user token. If one has, the app
// has the system user option. That none has proves nothing: their tenants may have been removed.
func (w *Workbench) systemUserSeen(ctx context.Context, registration string) (bool, error) {
	snapshot, err := w.Store.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	for _, t := range snapshot.Tenants {
		if t.Registration == registration && !t.SystemUserToken.Empty() {
			return true, nil
		}
	}
	return false, nil
}
