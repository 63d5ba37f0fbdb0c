package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"partnerdesk/core/tenant"
)

var errNoEvent = errors.New("it is no event in JSON")

// parseEvent reads one line. It is made for the journal's own lines, one flat object each, and many times
// faster than encoding/json, which would also lose the order of the fields.
func parseEvent(line string) (Event, error) {
	p := parser{s: line}
	var e Event
	if !p.take('{') {
		return e, errNoEvent
	}
	for n := 0; !p.take('}'); n++ {
		if n > 0 && !p.take(',') {
			return e, errNoEvent
		}
		key, ok := p.text()
		if !ok || !p.take(':') {
			return e, errNoEvent
		}
		value, isText, ok := p.value()
		if !ok {
			return e, errNoEvent
		}
		if err := e.set(key, value, isText); err != nil {
			return e, err
		}
	}
	if p.space(); p.at != len(p.s) {
		return e, errNoEvent
	}
	if e.Time.IsZero() {
		return e, errors.New("it has no time")
	}
	return e, nil
}

// set puts a member of the object into its place.
func (e *Event) set(key, value string, isText bool) (err error) {
	switch key {
	case keyTime:
		if e.Time, err = time.Parse(time.RFC3339Nano, value); err != nil {
			return errors.New("its time cannot be read")
		}
	case keyLevel:
		if err := e.Level.UnmarshalText([]byte(value)); err != nil {
			return errors.New("its level cannot be read")
		}
	case keyProgram:
		e.Program = value
	case keyComponent:
		e.Component = value
	case keyStep:
		n, err := strconv.Atoi(value)
		if err != nil || isText {
			return errors.New("its step cannot be read")
		}
		e.Step = tenant.Step(n)
	case keyRegistration:
		e.Registration = value
	case keyTenant:
		e.Tenant = value
	case keyUser:
		e.User = value
	case keyRemote:
		e.Remote = value
	case keyMessage:
		e.Message = value
	default:
		e.Fields = append(e.Fields, Field{Key: key, Value: value})
	}
	return nil
}

// parser walks through one line of JSON.
type parser struct {
	s  string
	at int
}

func (p *parser) space() {
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.at]) >= 0 {
		p.at++
	}
}

// take steps over c, if it is next.
func (p *parser) take(c byte) bool {
	if p.at < len(p.s) && p.s[p.at] == c { // the journal's own lines have no spaces
		p.at++
		return true
	}
	p.space()
	if p.at < len(p.s) && p.s[p.at] == c {
		p.at++
		return true
	}
	return false
}

// text reads a string.
func (p *parser) text() (string, bool) {
	if !p.take('"') {
		return "", false
	}
	start := p.at
	escaped, ascii := false, true
	for ; p.at < len(p.s); p.at++ {
		switch c := p.s[p.at]; {
		case c == '"':
			raw := p.s[start:p.at]
			p.at++
			switch {
			case escaped:
				return unescape(p.s[start-1 : p.at])
			case !ascii && !utf8.ValidString(raw):
				return strings.ToValidUTF8(raw, "\uFFFD"), true
			}
			return raw, true
		case c == '\\':
			escaped = true
			p.at++
		case c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

func unescape(quoted string) (text string, ok bool) {
	err := json.Unmarshal([]byte(quoted), &text)
	return text, err == nil
}

// value reads any value; what is no string comes back as its JSON.
func (p *parser) value() (text string, isText, ok bool) {
	p.space()
	if p.at == len(p.s) {
		return "", false, false
	}
	if p.s[p.at] == '"' {
		text, ok = p.text()
		return text, true, ok
	}
	start := p.at
	if c := p.s[p.at]; c == '[' || c == '{' {
		ok = p.nested()
	} else {
		for p.at < len(p.s) && strings.IndexByte(",} \t\r\n", p.s[p.at]) < 0 {
			p.at++
		}
		ok = true
	}
	text = p.s[start:p.at]
	return text, false, ok && json.Valid([]byte(text))
}

// nested steps over an array or an object.
func (p *parser) nested() bool {
	for depth := 0; p.at < len(p.s); {
		switch p.s[p.at] {
		case '"':
			if _, ok := p.text(); !ok {
				return false
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		p.at++
		if depth == 0 {
			return true
		}
	}
	return false
}

// unreadable is the event that stands in for a line of f that is none.
func unreadable(f file, at time.Time, reason string, line string) Event {
	const shown = 200
	if at.IsZero() {
		at = f.day
	}
	e := Event{
		Time: at, Level: levelUnreadable, Program: f.program, Component: "journal",
		Message: "A line of the journal cannot be read: " + reason + ".",
		Fields:  []Field{{Key: "file", Value: f.name}},
	}
	if line != "" {
		e.Fields = append(e.Fields, Field{Key: "begins", Value: cut(strings.ToValidUTF8(Redact(line), "\uFFFD"), shown)})
	}
	return e
}

func tooLong() string { return fmt.Sprintf("it is longer than %d KB", maxReadLine>>10) }
