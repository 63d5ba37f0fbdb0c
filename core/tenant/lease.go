package tenant

import (
	"errors"
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
}

// The bounds and the default of the poll interval.
const (
	MinPollInterval     = 5 * time.Second
	DefaultPollInterval = 15 * time.Second
	MaxPollInterval     = time.Hour
)

// DefaultSettings are those of a new data directory.
func DefaultSettings() Settings {
	return Settings{Registration: SandboxName, PollInterval: DefaultPollInterval}
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
}
