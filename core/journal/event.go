package journal

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"partnerdesk/core/tenant"
)

// Event is one line of the journal, as it was read.
type Event struct {
	Time    time.Time
	Level   slog.Level
	Program string
	// Component is the room that the event comes from.
	Component string
	// Step is which of the tutorial's ten steps the event carried out, or 0.
	Step         tenant.Step
	Registration string
	Tenant       string
	User         string
	Remote       string
	Message      string
	// Fields are the other attributes, in order.
	Fields []Field
}

// Field is an attribute without a place of its own. Its key has the names of its groups before it, with
// dots; a value that is no text stands as its JSON.
type Field struct {
	Key   string
	Value string
}

// How much of an event stands in a line for people.
const (
	plainMessage = 2 << 10
	plainValue   = 200
	plainFields  = 12
)

// Line returns the event as one plain line for people: time, level, step, tenant, message and the main
// fields. It holds no newline and no character that a terminal would obey.
func (e Event) Line() string {
	b := make([]byte, 0, 256)
	b = e.Time.Local().AppendFormat(b, "15:04:05.000")
	b = fmt.Appendf(b, " %-5s ", e.Level)
	if e.Step > 0 {
		b = fmt.Appendf(b, "%2d ", int(e.Step))
	} else {
		b = append(b, "   "...)
	}
	if name := e.Whom(); name != "" {
		b = append(append(b, name...), "  "...)
	}
	return string(e.appendSummary(b))
}

// Whom returns the tenant of the event as its line names it, or its registration, or "".
func (e Event) Whom() string { return string(appendPlain(nil, e.tenantName(), plainValue)) }

// Summary returns the message and the main fields, as the event's line ends.
func (e Event) Summary() string { return string(e.appendSummary(make([]byte, 0, 128))) }

func (e Event) appendSummary(b []byte) []byte {
	b = appendPlain(b, e.Message, plainMessage)
	b = appendPair(b, keyUser, e.User)
	b = appendPair(b, keyRemote, e.Remote)
	shown := 0
	for _, f := range e.Fields {
		// The parts of an explanation repeat what the error's chain says; the window shows them apart.
		if strings.HasPrefix(f.Key, keyError+".") || f.Key == ProcessKey || f.Value == "" {
			continue
		}
		if shown == plainFields {
			b = append(b, " …"...)
			break
		}
		b = appendPair(b, f.Key, f.Value)
		shown++
	}
	return b
}

func (e Event) tenantName() string {
	if e.Registration == "" || e.Tenant == "" {
		return e.Registration + e.Tenant
	}
	return tenant.Key{Registration: e.Registration, ContextID: e.Tenant}.String()
}

func appendPair(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, ' ')
	b = appendPlain(b, key, plainValue)
	b = append(b, '=')
	if strings.ContainsAny(value, " =\"") {
		b = append(b, '"')
		b = appendPlain(b, strings.ReplaceAll(value, `"`, `'`), plainValue)
		return append(b, '"')
	}
	return appendPlain(b, value, plainValue)
}

// appendPlain writes what can be printed as it is, and the rest as Go would quote it.
func appendPlain(b []byte, s string, limit int) []byte {
	end := len(b) + limit
	for i := 0; i < len(s); {
		if len(b) >= end {
			return append(b, "…"...)
		}
		r, width := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && width == 1:
			b = fmt.Appendf(b, `\x%02x`, s[i])
		case strconv.IsPrint(r):
			b = append(b, s[i:i+width]...)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b = append(b, quoted[1:len(quoted)-1]...)
		}
		i += width
	}
	return b
}

// MarshalJSON writes the event under the keys of its file and in their order; every other value is text.
func (e Event) MarshalJSON() ([]byte, error) {
	var enc encoder
	if e.Step > 0 {
		enc.step = int64(e.Step)
	}
	for i, text := range [namedCount]string{e.Component, e.Registration, e.Tenant, e.User, e.Remote} {
		enc.setNamed(i, slog.StringValue(text))
	}
	for _, f := range e.Fields {
		enc.field(scope{}, f.Key, slog.StringValue(f.Value))
	}
	line := enc.finish(appendText(nil, e.Program, maxNamed), e.Time, e.Level, e.Message)
	return line[:len(line)-1], nil
}
