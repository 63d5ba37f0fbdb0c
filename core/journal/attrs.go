package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"partnerdesk/core/tenant"
)

// The keys of the fields that a line has in a fixed place.
const (
	keyTime         = "time"
	keyLevel        = "level"
	keyProgram      = "program"
	keyComponent    = "component"
	keyStep         = "step"
	keyRegistration = "registration"
	keyTenant       = "tenant"
	keyUser         = "user"
	keyRemote       = "remote"
	keyMessage      = "message"
	keyError        = "error"
)

// ProcessKey is the key of [Process] among an event's fields.
const ProcessKey = "pid"

// Process tells the processes of one program apart that run at the same time. It is for filters: a line
// for people leaves it out.
func Process(pid int) slog.Attr { return slog.Int(ProcessKey, pid) }

// Component names the room that an event comes from, such as "poller".
func Component(name string) slog.Attr { return slog.String(keyComponent, name) }

// Step says which of the tutorial's ten steps an event carries out. Step 0 adds nothing.
func Step(s tenant.Step) slog.Attr {
	if s == 0 {
		return slog.Attr{}
	}
	return slog.Int(keyStep, int(s))
}

// Tenant names the tenant that an event is about, with its registration.
func Tenant(k tenant.Key) slog.Attr {
	return slog.Attr{Value: slog.GroupValue(slog.String(keyRegistration, k.Registration), slog.String(keyTenant, k.ContextID))}
}

// User names the person or associate who acted.
func User(name string) slog.Attr { return slog.String(keyUser, name) }

// Remote is the address at the other end: a host, or a host and a port.
func Remote(addr string) slog.Attr { return slog.String(keyRemote, addr) }

// Host takes the host and port out of an address, for [Remote]. Of what is no address nothing is left.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Failure writes err's chain as "error" and, where err carries a [tenant.Explanation], its parts as
// "error.what", "error.why" and so on. No error adds nothing.
func Failure(err error) slog.Attr {
	if err == nil {
		return slog.Attr{}
	}
	attrs := []slog.Attr{slog.String(keyError, cut(Redact(called(err, err.Error)), maxField))}
	var p *tenant.Problem
	if errors.As(err, &p) && p != nil {
		attrs = append(attrs, slog.Attr{Key: keyError, Value: explained(p.Explanation)})
	}
	return slog.Attr{Value: slog.GroupValue(attrs...)}
}

func explained(e tenant.Explanation) slog.Value {
	var parts []slog.Attr
	if e.What != "" {
		parts = append(parts, slog.String("what", e.What))
	}
	for _, a := range e.LogValue().Group() {
		if a.Value.Kind() != slog.KindString || a.Value.String() != "" {
			parts = append(parts, a)
		}
	}
	return slog.GroupValue(parts...)
}

// called calls a foreign method that makes text. One that panics, as Error of a nil pointer may, must not
// take the program down with it.
func called(owner any, method func() string) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("(%T cannot be printed)", owner)
		}
	}()
	return method()
}
