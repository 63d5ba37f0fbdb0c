package journal

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// Handler returns the handler for the program's logger. It takes events from level Debug up unless
// [Journal.SetLevel] says otherwise.
func (j *Journal) Handler() slog.Handler { return &handler{journal: j} }

// handler is a journal with the attributes and groups that a logger was given. Those are encoded once,
// when the logger is made.
type handler struct {
	journal *Journal
	scope   scope
	given   encoder
}

// Enabled reports whether events of the level are written. Routine events are not while the journal has
// outgrown its limit.
func (h *handler) Enabled(_ context.Context, l slog.Level) bool {
	return l >= h.journal.level.Level() && (l >= slog.LevelInfo || !h.journal.over.Load())
}

// Handle writes one event. An error is for the rare caller who asks; log/slog drops it, and
// [Journal.Err] keeps it.
func (h *handler) Handle(_ context.Context, r slog.Record) error {
	e := h.journal.encoders.Get().(*encoder)
	defer h.journal.encoders.Put(e)
	e.begin(&h.given)
	r.Attrs(func(a slog.Attr) bool {
		e.attr(h.scope, a, 0)
		return true
	})
	at := h.journal.timeOf(r)
	return h.journal.write(at, r.Level, e.finish(h.journal.encoded, at, r.Level, r.Message))
}

// timeOf is the record's own time, unless the journal was given a clock.
func (j *Journal) timeOf(r slog.Record) time.Time {
	if j.now != nil || r.Time.IsZero() {
		return j.clock()
	}
	return r.Time
}

// WithAttrs returns a handler whose every event has the attributes too.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if len(attrs) == 0 {
		return h
	}
	next := *h
	next.given.body = slices.Clip(next.given.body)
	next.given.scratch = nil // the values that lie in it are shared, and never written again
	for _, a := range attrs {
		next.given.attr(h.scope, a, 0)
	}
	return &next
}

// WithGroup returns a handler that puts the name and a dot before each later key.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	next := *h
	next.scope = h.scope.enter(name)
	return &next
}
