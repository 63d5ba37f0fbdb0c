package workbench

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/core/update"
)

// UpdateCheck is what came of the question for the newest release.
type UpdateCheck struct {
	// Address is who was asked; empty where the settings name nobody, and then nobody was.
	Address string
	// At is when it was asked.
	At time.Time
	// Version is this program's own, and Comparable false where it is no number that could be older than another.
	Version    string
	Comparable bool
	// Newest is the newest release's version and Page the https address of its page; both are empty where nobody was
	// asked, or nobody answered.
	Newest, Page string
	// Newer is true where the newest release is news for who runs this program.
	Newer bool
}

// CheckForUpdate asks the address in the settings, if there is one, for the newest release. The journal hears of a
// failure when it begins, and of a newer version each time. The check says who was asked, and when, after an error too.
func (w *Workbench) CheckForUpdate(ctx context.Context) (UpdateCheck, error) {
	c := UpdateCheck{Version: w.Version, Comparable: update.Comparable(w.Version)}
	settings, err := w.Store.Settings(ctx)
	if err != nil {
		return c, err
	}
	if c.Address = settings.UpdateAddress; c.Address == "" {
		return c, nil
	}
	c.At = w.Now()
	release, err := w.Releases.Newest(ctx, c.Address)
	w.tellRelease(ctx, c.Address, release, err)
	if err != nil {
		return c, err
	}
	c.Newest, c.Page, c.Newer = release.Version, release.Page, update.Newer(release, w.Version)
	return c, nil
}

// tellRelease writes to the journal what came of a question. A failure that lasts is told once.
func (w *Workbench) tellRelease(ctx context.Context, address string, r update.Release, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	log := w.Log.With(journal.Remote(journal.Host(address)))
	w.mu.Lock()
	before := w.releaseTrouble
	w.releaseTrouble = tenant.Explain(err).Cause
	w.mu.Unlock()
	switch {
	case err != nil && before != tenant.Explain(err).Cause:
		log.WarnContext(ctx, "The newest version could not be asked for", journal.Failure(err))
	case err != nil:
	case update.Newer(r, w.Version):
		log.InfoContext(ctx, "A newer version of Partnerdesk is there", slog.String("version", r.Version), slog.String("page", r.Page))
	default:
		log.DebugContext(ctx, "No newer version of Partnerdesk is there", slog.String("version", r.Version))
	}
}
