package tenant

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ErrNotFound is what a store answers for a record that is not there.
var ErrNotFound = errors.New("not found")

// Fault says on whose side a problem lies: it decides whom an administrator must talk to.
type Fault string

// The faults.
const (
	FaultPerson       Fault = "person"       // the person in front of the program
	FaultMachine      Fault = "this machine" // files, ports, clock, browser
	FaultRegistration Fault = "registration" // the app in the Developer Portal: client id, secret, key, redirect URI
	FaultConsent      Fault = "consent"      // the customer's administrator has not approved, or no longer
	FaultTenant       Fault = "tenant"       // the customer's installation
	FaultSuperOffice  Fault = "SuperOffice"  // the identity provider or the platform
	FaultNetwork      Fault = "network"      // between here and there
)

// Explanation is a failure in words for people: what failed, why, what to do next, and the server's own
// words where there are any. It holds no secret and may be shown and stored. [Cause.Explain] makes one.
type Explanation struct {
	What   string `json:"what"`
	Why    string `json:"why"`
	Next   string `json:"next"`
	Server string `json:"server,omitempty"`
	// Cause is the entry in the taxonomy; [Cause.Explain] fills in Fault and Temporary from it.
	Cause Cause `json:"cause"`
	Fault Fault `json:"fault"`
	// Temporary is true where waiting may cure it, and false where a person must act.
	Temporary bool `json:"temporary"`
}

// Sentence joins the parts for a place that has one line.
func (e Explanation) Sentence() string {
	parts := make([]string, 0, 4)
	for _, p := range []string{e.What, e.Why} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Server != "" {
		parts = append(parts, "The server says: “"+strings.TrimRight(e.Server, ".")+"”.")
	}
	if e.Next != "" {
		parts = append(parts, e.Next)
	}
	return strings.Join(parts, " ")
}

// LogValue writes the parts that a log line can be searched for.
func (e Explanation) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("why", e.Why), slog.String("next", e.Next), slog.String("server", e.Server),
		slog.String("cause", string(e.Cause)), slog.String("fault", string(e.Fault)), slog.Bool("temporary", e.Temporary))
}

// Problem is an error with both of its texts: Error returns the chain for the log, Explanation the words
// for people.
type Problem struct {
	// Op is what was being done, verb first: "exchange system user token".
	Op string
	Explanation
	// Err is the cause; it may be nil.
	Err error
	// RetryAfter is how long the server asked to wait; 0 where it did not. [WithRetryAfter] fills it in.
	RetryAfter time.Duration
}

// Error returns the chain, verb first.
func (p *Problem) Error() string {
	text := p.Op
	if p.Err != nil {
		text += ": " + p.Err.Error()
	} else if p.Why != "" {
		text += ": " + p.Why
	}
	if p.Server != "" {
		text += fmt.Sprintf(" (server: %q)", p.Server)
	}
	return text
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Explain finds the words for people in err's chain. An error that nobody explained is shown as it is,
// rather than hidden behind a guess.
func Explain(err error) Explanation {
	var p *Problem
	switch {
	case err == nil:
		return Explanation{}
	case errors.As(err, &p):
		return p.Explanation
	case errors.Is(err, context.Canceled):
		return CauseCancelled.Explain("Cancelled.", "", "")
	case errors.Is(err, context.DeadlineExceeded):
		return CauseTimedOut.Explain("It took too long.", "", "")
	}
	return CauseUnexpected.Explain("Something unexpected failed.", Sentence(err), "")
}
