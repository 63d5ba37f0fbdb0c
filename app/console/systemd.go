package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"partnerdesk/core/journal"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// notifier tells systemd how the service fares, as its manual page sd_notify(3) says. Where no systemd listens it
// says nothing.
type notifier struct {
	send func(state string) error
	log  *slog.Logger
	now  func() time.Time
	// watchdog is how long systemd waits for a sign of life before it ends the process; 0 means that it does not.
	watchdog time.Duration

	mu     sync.Mutex
	ready  bool
	deaf   bool // systemd could not be told, and the log knows
	status string
	fed    time.Time
}

// newNotifier finds out what systemd wants, by the variables that it has set.
func newNotifier(log *slog.Logger) *notifier {
	watchdog, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("What systemd asks of its watchdog cannot be read; it will not be fed", journal.Failure(err))
	}
	send := func(state string) error {
		_, err := daemon.SdNotify(false, state)
		return err
	}
	return &notifier{send: send, log: log, now: time.Now, watchdog: watchdog}
}

// aliveEvery is about how often the poller's loop is heard of.
const aliveEvery = time.Second

// alive feeds the watchdog at half of the time that systemd waits. It is called by the poller's loop alone, so that a
// loop that hangs starves it.
func (n *notifier) alive() {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.now()
	if n.watchdog == 0 || now.Sub(n.fed) < n.watchdog/2-aliveEvery {
		return
	}
	n.fed = now
	n.tell(daemon.SdNotifyWatchdog)
}

// ticked tells how the last turn went. The service is ready after the first one in which it polled or stood by:
// whatever would keep it from that, such as a data directory that is not its own, is known by then.
func (n *notifier) ticked(t tenant.Tick, err error) {
	if errors.Is(err, context.Canceled) {
		return // it leaves
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if status := turnLine(t, err); status != n.status {
		n.status = status
		n.tell("STATUS=" + status)
	}
	if !n.ready && (err == nil || errors.Is(err, poller.ErrHeld)) {
		n.ready = true
		n.tell(daemon.SdNotifyReady)
	}
}

// stopping tells that the process is about to leave.
func (n *notifier) stopping() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.tell(daemon.SdNotifyStopping)
}

// tell sends one message, and complains once where it does not get through.
func (n *notifier) tell(state string) {
	err := n.send(state)
	if err != nil && !n.deaf {
		n.log.Warn("systemd cannot be told how the service fares", journal.Failure(err))
	}
	n.deaf = err != nil
}
