// Package journal is the event log that the desktop and the console write and read: one file a day (of UTC)
// and program, JSON lines, kept for 92 days at least.
//
// Writing goes through log/slog: [Journal.Handler] is the handler for the program's one logger, and the
// attribute helpers ([Component], [Step], [Tenant], [User], [Remote], [Failure]) fill the fields that every
// line may have. Reading is [Follow] for the live log, [Search] for the past, and [Export] for a file to hand
// out; all read the files of all programs.
//
// What is written passes [Redact], and an attribute whose key names a secret (token, ticket, secret,
// password, authorization, code, state, nonce, ...) is masked whatever its value, unless the key ends in
// "fingerprint" or "_until". So a tenant's state is logged under another key, such as "status".
//
// What is promised of a line: when the logger returns, the system has it, in one piece among the lines of
// other processes, and it outlives the process however that ends. A loss of power is another matter. Made
// durable are the lines up to a warning or an error (but not more often than once a second: of a burst
// those that follow wait for the next line after that second), a file that is full, a day that is over, and
// all at [Journal.Close]; other lines when the system gets to it, usually within half a minute. Half a line
// that is left behind is told by readers and followed by whole ones.
//
// Within a file, lines are in the order of time to within a minute; a clock that is set back begins a new
// part. So readers find a range of time without reading all. Nothing younger than 92 days is ever deleted
// for its size: a folder that outgrows [Options.MaxTotal] is warned of instead, and routine events wait.
package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"partnerdesk/core/tenant"
)

// The defaults of [Options].
const (
	DefaultMaxFileSize = 64 << 20
	DefaultKeep        = 92 * 24 * time.Hour
)

// ErrClosed is what a handler returns for an event that comes after [Journal.Close].
var ErrClosed = errors.New("the journal is closed")

// Options say where and as whom to write.
type Options struct {
	// Dir is the folder of the files; it is made if it is not there, for the owner only.
	Dir string
	// Program is the name that the files begin with: "desktop" or "console".
	Program string
	// Now is the clock of every event. Without one, events carry the time that log/slog gave them.
	Now func() time.Time
	// MaxFileSize begins a new part of the day's file; 0 is 64 MB.
	MaxFileSize int64
	// Keep is how long events are kept; 0 is 92 days.
	Keep time.Duration
	// MaxTotal is how large the folder may grow before the journal warns and leaves routine events out; 0
	// is 2 GB. It never shortens Keep.
	MaxTotal int64
	// FreeSpace tells how many bytes are left on the disk of a folder; nil asks the system.
	FreeSpace func(dir string) (int64, error)
}

// Journal writes the events of one process. It is safe for use by many goroutines, has none of its own,
// and never makes a caller wait for anything but the disk.
type Journal struct {
	program  string
	encoded  []byte // program as JSON
	now      func() time.Time
	keep     time.Duration
	level    slog.LevelVar
	over     atomic.Bool // the folder has outgrown its limit
	encoders sync.Pool
	changed  chan struct{}

	mu      sync.Mutex
	files   writer
	gauge   gauge
	lost    int   // events that could not be written since the last that could
	failure error // why
	closed  bool
}

var programName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

// Open prepares the folder, removes files that are older than o.Keep, and opens today's file.
func Open(o Options) (*Journal, error) {
	if !programName.MatchString(o.Program) {
		return nil, fmt.Errorf("open journal: %q is no name for a program", o.Program)
	}
	j := &Journal{
		program: o.Program,
		encoded: appendText(nil, o.Program, maxNamed),
		now:     o.Now,
		keep:    orDefault(o.Keep, DefaultKeep),
		changed: make(chan struct{}, 1),
		files:   writer{dir: o.Dir, program: o.Program, max: orDefault(o.MaxFileSize, DefaultMaxFileSize)},
	}
	j.gauge = gauge{limit: orDefault(o.MaxTotal, DefaultMaxTotal), free: o.FreeSpace}
	if j.gauge.free == nil {
		j.gauge.free = freeSpace
	}
	j.encoders.New = func() any { return &encoder{} }
	j.level.Set(slog.LevelDebug)
	at := j.clock()
	if _, err := j.files.ready(at); err != nil {
		return nil, unusable("open journal", o.Dir, err)
	}
	if err := errors.Join(j.prune(at), j.watch(at)); err != nil {
		return nil, errors.Join(unusable("open journal", o.Dir, err), j.files.close())
	}
	return j, nil
}

// unusable says for people that the folder of the journal cannot be used.
func unusable(op, dir string, err error) error {
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseFiles.Explain(
		"The journal cannot be used.", "The folder "+dir+" or a file in it cannot be read or written.",
		"See that the folder is yours and that the disk is not full, or choose another data directory.")}
}

func orDefault[N int64 | time.Duration](n, fallback N) N {
	if n <= 0 {
		return fallback
	}
	return n
}

func (j *Journal) clock() time.Time {
	if j.now != nil {
		return j.now()
	}
	return time.Now()
}

// SetLevel changes the lowest level that is written, from now on and for every handler.
func (j *Journal) SetLevel(l slog.Level) { j.level.Set(l) }

// Changed receives when events were written. One signal may stand for many events; hand the channel to
// [FollowOptions] of one follower.
func (j *Journal) Changed() <-chan struct{} { return j.changed }

// Err returns why the newest event could not be written, and nil as soon as one could be again. The
// journal then says in a line of its own how many were lost.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failure
}

// Close makes what was written durable and closes the file. Events that come later are dropped.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil
	}
	j.closed = true
	if err := j.files.finish(); err != nil {
		return fmt.Errorf("close journal: %w", err)
	}
	return nil
}

// write stores one encoded line. A failure costs this event only: the file is opened anew for the next.
func (j *Journal) write(at time.Time, level slog.Level, line []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return ErrClosed
	}
	if err := j.store(at, level, line); err != nil {
		j.failure = fmt.Errorf("write journal: %w", err)
		j.lost++
		_ = j.files.close() // the failure is reported already; closing only makes room for a new try
		return j.failure
	}
	j.failure = nil
	select {
	case j.changed <- struct{}{}:
	default: // a signal is waiting already, and will stand for this event too
	}
	return nil
}

func (j *Journal) store(at time.Time, level slog.Level, line []byte) error {
	newDay, err := j.files.ready(at)
	if err != nil {
		return err
	}
	if newDay {
		if err := j.prune(at); err != nil {
			return err
		}
	}
	if j.lost > 0 {
		note := j.note(at, slog.LevelWarn, "Events could not be written and are lost.", slog.Int("events", j.lost), Failure(j.failure))
		if err := j.files.append(note); err != nil {
			return err
		}
		j.lost = 0
	}
	if err := j.watch(at); err != nil {
		return err
	}
	j.gauge.written += int64(len(line))
	if err := j.files.append(line); err != nil {
		return err
	}
	return j.files.settle(at, level >= slog.LevelWarn)
}

// prune removes old files and says so in the journal: nobody should wonder where they went. That a file
// cannot be removed (another program may hold it open) is worth a line, never a failure; the next day
// tries again.
func (j *Journal) prune(at time.Time) error {
	removed, err := Prune(j.files.dir, at, j.keep)
	if len(removed) == 0 && err == nil {
		return nil
	}
	level, message := slog.LevelInfo, "Old journal files were removed."
	if err != nil {
		level, message = slog.LevelWarn, "Not all old journal files could be removed."
	}
	return j.files.append(j.note(at, level, message, slog.Any("removed", removed), Failure(err)))
}

// note makes a line of the journal's own.
func (j *Journal) note(at time.Time, level slog.Level, message string, attrs ...slog.Attr) []byte {
	e := &encoder{}
	e.attr(scope{}, Component("journal"), 0)
	for _, a := range attrs {
		e.attr(scope{}, a, 0)
	}
	return e.finish(j.encoded, at, level, message)
}

// makeDir makes the folder, for the owner only even where it was there with wider rights.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}
