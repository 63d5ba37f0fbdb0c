package journal

import (
	"context"
	"slices"
	"time"
)

// DefaultEvery is how often [Follow] looks for the other program's lines.
const DefaultEvery = 250 * time.Millisecond

// FollowOptions say where to begin and when to look.
type FollowOptions struct {
	// Last is how many of the events that are already there are delivered first: the newest.
	Last int
	// Wake makes Follow look at once; see [Journal.Changed]. It may be nil.
	Wake <-chan struct{}
	// Every is how often to look without being woken; 0 is [DefaultEvery].
	Every time.Duration
	// After is the clock; nil is [time.After].
	After func(time.Duration) <-chan time.Time
}

// Follow delivers the events of all programs' files in dir, those to come and the last few before, until
// ctx ends; then it returns nil. Each batch is in the order of time. A line that is still being written is
// waited for; one that is broken or over 1 MB long is delivered as an event of level Warn that says so.
//
// A folder or file that cannot be read ends Follow only at its start; later it is told as an event, and
// tried again. deliver is called by one goroutine at a time, this one, and reading waits for it.
func Follow(ctx context.Context, dir string, o FollowOptions, deliver func([]Event)) error {
	if o.After == nil {
		o.After = time.After
	}
	f := follower{dir: dir, tails: map[string]*tail{}}
	if err := f.start(o.Last); err != nil {
		return unusable("follow journal", dir, err)
	}
	f.hand(deliver)
	var tick <-chan time.Time
	for everything := true; ctx.Err() == nil; {
		more := f.look(ctx, everything)
		f.hand(deliver)
		if more {
			continue
		}
		if tick == nil {
			tick = o.After(orDefault(o.Every, DefaultEvery))
		}
		select {
		case <-ctx.Done():
		case <-o.Wake:
			everything = false
		case <-tick:
			tick, everything = nil, true
		}
	}
	return nil
}

// follower knows how far each file has been read.
type follower struct {
	dir     string
	tails   map[string]*tail
	events  []Event
	trouble string // the newest that was told, so that it is told once
}

// hand delivers what was found, if anything.
func (f *follower) hand(deliver func([]Event)) {
	if len(f.events) == 0 {
		return
	}
	slices.SortStableFunc(f.events, byTime)
	deliver(f.events)
	f.events = nil // it is the receiver's now
}

func byTime(a, b Event) int { return a.Time.Compare(b.Time) }

// start finds the newest events and the end of every file.
func (f *follower) start(last int) error {
	files, err := listFiles(f.dir)
	if err != nil {
		return err
	}
	wanted := map[string]int{} // by program: each may have written all of the newest events
	for _, file := range slices.Backward(files) {
		t := &tail{reading: reading{file: file}}
		f.tails[file.name] = t
		rest, seen := wanted[file.program]
		if !seen {
			rest = max(last, 0)
			t.live = true
		}
		if t.live || rest > 0 {
			events, err := t.newest(f.dir, rest)
			if err != nil {
				return err
			}
			f.events = append(f.events, events...)
			rest -= len(events)
		} else if err := t.skip(f.dir); err != nil {
			return err
		}
		wanted[file.program] = rest
	}
	slices.SortStableFunc(f.events, byTime)
	f.events = f.events[max(0, len(f.events)-max(last, 0)):]
	return nil
}

// look reads what is new. Woken by the own program, it looks only at new files and at those that grew
// before; at a tick it looks at everything. It reports whether there is more to read at once.
func (f *follower) look(ctx context.Context, everything bool) (more bool) {
	files, err := listFiles(f.dir)
	if err != nil {
		f.tell("The journal's folder cannot be read.", err)
		return false
	}
	there := make(map[string]bool, len(files))
	trouble := false
	for _, file := range files {
		there[file.name] = true
		t := f.tails[file.name]
		if t == nil {
			t = &tail{reading: reading{file: file}, live: true}
			f.tails[file.name] = t
		}
		if !t.live && !everything || ctx.Err() != nil {
			continue
		}
		events, unread, err := t.grown(f.dir)
		if err != nil {
			f.tell("A file of the journal cannot be read.", err)
			trouble = true
		}
		if f.events == nil {
			f.events = events // mostly one file has grown, and there may be many
		} else {
			f.events = append(f.events, events...)
		}
		more = more || unread
	}
	for name := range f.tails {
		if !there[name] {
			delete(f.tails, name)
		}
	}
	if everything && !trouble {
		f.trouble = ""
	}
	return more
}

// tell delivers a failure as an event, once until it is over.
func (f *follower) tell(message string, err error) {
	text := err.Error()
	if f.trouble == text {
		return
	}
	f.trouble = text
	f.events = append(f.events, Event{
		Time: time.Now(), Level: levelUnreadable, Component: "journal", Message: message,
		Fields: []Field{{Key: keyError, Value: text}},
	})
}
