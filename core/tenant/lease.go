package tenant

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Settings are the choices that both programs share.
type Settings struct {
	// Registration is the name of the one that sign-in uses when none is named.
	Registration string
	// PollInterval is the time between two ticks, within [MinPollInterval] and [MaxPollInterval].
	PollInterval time.Duration
	// Demonstration makes the poller do what the tutorial's console does: exchange and log on for every
	// active tenant at every tick.
	Demonstration bool
	// RequestBudget is how many requests a second the poller may make to one environment, within
	// [MinRequestBudget] and [MaxRequestBudget].
	RequestBudget int
	// Maintenance is when SuperOffice's environments are left alone.
	Maintenance Maintenance
	// UpdateAddress is where the newest release of Partnerdesk is asked for; [CheckUpdateAddress] says what it must be.
	// Empty, the default, means that nobody is asked.
	UpdateAddress string
}

// The bounds and the default of the request budget.
const (
	MinRequestBudget     = 1
	DefaultRequestBudget = 10
	MaxRequestBudget     = 1000
)

// CheckRequestBudget says what is wrong with a request budget.
func CheckRequestBudget(n int) error {
	if n < MinRequestBudget || n > MaxRequestBudget {
		return errors.New("the request budget must lie between 1 and 1,000 requests a second")
	}
	return nil
}

// The bounds and the default of the poll interval.
const (
	MinPollInterval     = 5 * time.Second
	DefaultPollInterval = 15 * time.Second
	MaxPollInterval     = time.Hour
)

// DefaultSettings are those of a new data directory.
func DefaultSettings() Settings {
	return Settings{
		Registration: SandboxName, PollInterval: DefaultPollInterval, RequestBudget: DefaultRequestBudget,
		Maintenance: DefaultMaintenance(),
	}
}

// Check says what is wrong with the settings.
func (s Settings) Check() error {
	return cmp.Or(CheckPollInterval(s.PollInterval), CheckRequestBudget(s.RequestBudget), s.Maintenance.Check(),
		CheckUpdateAddress(s.UpdateAddress))
}

// CheckPollInterval says what is wrong with an interval.
func CheckPollInterval(d time.Duration) error {
	if d < MinPollInterval || d > MaxPollInterval {
		return errors.New("the poll interval must lie between 5 seconds and 1 hour")
	}
	return nil
}

// Owner is a process that may hold the poller lease.
type Owner struct {
	Program string    `json:"program"` // "desktop" or "console"
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
}

// Same reports whether both are one process.
func (o Owner) Same(other Owner) bool {
	return o.Program == other.Program && o.Host == other.Host && o.PID == other.PID && o.Started.Equal(other.Started)
}

// Lease is the right to poll. It is held while Until lies ahead, and each tick moves it on.
type Lease struct {
	Owner
	Heartbeat time.Time
	Until     time.Time
	// Last is the summary of the holder's last tick.
	Last Tick
	// AskedBy is the process that wants to poll in the holder's place, and AskedUntil how long it waits for it.
	// The holder gives the lease back when it notices, and until then nobody else gets it.
	AskedBy    Owner
	AskedUntil time.Time
}

// Asked reports whether somebody other than the holder waits for the lease at the time now.
func (l Lease) Asked(now time.Time) bool {
	return l.AskedBy.PID != 0 && !l.AskedBy.Same(l.Owner) && now.Before(l.AskedUntil)
}

// Signals are what a poller looks at between its ticks, and a window all the time, so that they hear within a second of
// what the other program or a person has done. They are cheap to read.
type Signals struct {
	// Revision is that of [Snapshot.Revision].
	Revision uint64
	// Roster is that of [Roster.Revision].
	Roster uint64
	Lease  Lease
}

// Roster is what a poller plans by, read in one piece.
type Roster struct {
	// Revision changes whenever a tenant, a registration or the settings do, or a failure is forgiven. The
	// poller's own results leave it as it is.
	Revision      uint64
	Settings      Settings
	Registrations []Registration
	// Tenants carry no system user token: whoever exchanges one reads it then.
	Tenants []Tenant
	Visits  map[Key]Visit
}

// Held reports whether somebody holds the lease at the time now.
func (l Lease) Held(now time.Time) bool { return l.PID != 0 && now.Before(l.Until) }

// Tick is what one tick of the poller came to.
type Tick struct {
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took_ns"`
	Active    int           `json:"active"`    // tenants that are switched on
	LoggedOn  int           `json:"logged_on"` // log-ons that succeeded
	Exchanges int           `json:"exchanges"` // system user tokens exchanged
	Resting   int           `json:"resting"`   // passed over: not running, backing off or out of budget
	Failed    int           `json:"failed"`
	// Attention is how many were passed over as they failed for a reason that does not heal by itself: they rest too,
	// until a person or a slow retry, but are called what [NeedsAttention] calls them, and are none of Resting.
	Attention int `json:"needs_attention"`
	// Visited is how many visits ended in the tick, well or not; UnderWay how many had not ended by then, which
	// the next tick counts.
	Visited  int `json:"visited"`
	UnderWay int `json:"under_way"`
	// Paused is how many of the resting ones were left alone for planned maintenance.
	Paused int `json:"paused"`
	// Requests is how many requests the visits made, exchanges among them.
	Requests int `json:"requests"`
}

// Summary is the tick in one line, the same in the journal and wherever else it is told.
func (t Tick) Summary() string {
	text := fmt.Sprintf("Polled %s: %d logged on, %d exchanged, %d resting, %d failed",
		Plural(t.Active, "active tenant"), t.LoggedOn, t.Exchanges, t.Resting, t.Failed)
	if t.Attention > 0 {
		text += fmt.Sprintf(", %d in need of attention", t.Attention)
	}
	if t.UnderWay > 0 {
		text += fmt.Sprintf(", %d under way", t.UnderWay)
	}
	if t.Paused > 0 {
		text += fmt.Sprintf("; %d of the resting ones for planned maintenance", t.Paused)
	}
	return text
}
