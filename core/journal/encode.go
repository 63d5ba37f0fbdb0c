package journal

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// The sizes that bound a line, in bytes as they stand in the file. The head of a line with a full message
// and the body with the other attributes stay within maxLine together.
const (
	maxField = 16 << 10
	maxNamed = 1 << 10
	maxKey   = 256
	maxBody  = 40 << 10
	maxLine  = 64 << 10
	maxDepth = 16 // groups within groups, before they count as endless
	minRoom  = 96 // a value is not worth cutting to less
)

// The named fields with text, in their order. The step stands after the component.
const (
	namedComponent = iota
	namedRegistration
	namedTenant
	namedUser
	namedRemote
	namedCount
)

var namedKeys = [namedCount]string{keyComponent, keyRegistration, keyTenant, keyUser, keyRemote}

// scope is where an attribute stands: the groups around it, and whether one of them names a secret.
type scope struct {
	prefix string // "http.request."
	masked bool
}

func (s scope) enter(name string) scope {
	return scope{prefix: s.prefix + name + ".", masked: s.masked || namesSecret(name)}
}

// encoder makes one line. The named fields are kept apart until the end, as they stand first however late
// they come.
type encoder struct {
	named   [namedCount][]byte // each a JSON string; nil when not given
	step    int64
	scratch []byte // where the named fields lie
	body    []byte // ,"key":value for the other attributes
	dropped int    // attributes for which there was no room
	line    []byte
}

// begin makes e a copy of what a logger was given, in e's own memory.
func (e *encoder) begin(given *encoder) {
	e.named, e.step, e.dropped = given.named, given.step, given.dropped
	e.body = append(e.body[:0], given.body...)
	e.scratch = e.scratch[:0]
}

// attr takes one attribute, or the members of a group.
func (e *encoder) attr(s scope, a slog.Attr, depth int) {
	a.Value = a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return
	}
	if a.Value.Kind() != slog.KindGroup {
		if s.prefix != "" || !e.name(a.Key, a.Value) {
			e.field(s, a.Key, a.Value)
		}
		return
	}
	if depth == maxDepth {
		e.dropped++
		return
	}
	if a.Key != "" {
		s = s.enter(a.Key)
	}
	for _, member := range a.Value.Group() {
		e.attr(s, member, depth+1)
	}
}

// name takes an attribute that has a fixed place, and reports whether it did.
func (e *encoder) name(key string, v slog.Value) bool {
	switch key {
	case keyStep:
		if v.Kind() != slog.KindInt64 || v.Int64() < 0 {
			return false
		}
		e.step = v.Int64()
	case keyComponent:
		e.setNamed(namedComponent, v)
	case keyRegistration:
		e.setNamed(namedRegistration, v)
	case keyTenant:
		if v.Kind() == slog.KindAny {
			if k, ok := v.Any().(tenant.Key); ok {
				e.setNamed(namedRegistration, slog.StringValue(k.Registration))
				v = slog.StringValue(k.ContextID)
			}
		}
		e.setNamed(namedTenant, v)
	case keyUser:
		e.setNamed(namedUser, v)
	case keyRemote:
		e.setNamed(namedRemote, v)
	default:
		return false
	}
	return true
}

func (e *encoder) setNamed(i int, v slog.Value) {
	var text string
	if v.Kind() == slog.KindAny {
		text = textOf(v.Any())
	} else {
		text = v.String()
	}
	if text == "" {
		e.named[i] = nil
		return
	}
	from := len(e.scratch)
	e.scratch = appendText(e.scratch, text, maxNamed)
	e.named[i] = e.scratch[from:len(e.scratch):len(e.scratch)]
}

// field adds an attribute to the body, if there is room.
func (e *encoder) field(s scope, key string, v slog.Value) {
	from := len(e.body)
	if maxBody-from < minRoom+maxKey {
		e.dropped++
		return
	}
	e.body = append(e.body, ',')
	e.body = appendKey(e.body, s.prefix, key)
	e.body = append(e.body, ':')
	room := min(maxField, maxBody-len(e.body)-len(`,""`))
	if (s.masked || namesSecret(key)) && !harmlessKey(key) {
		e.body = appendMasked(e.body, v)
	} else {
		e.body = appendValue(e.body, v, room, 0)
	}
	if len(e.body) > maxBody {
		e.body = e.body[:from]
		e.dropped++
	}
}

// appendMasked hides everything but that there is nothing to hide.
func appendMasked(dst []byte, v slog.Value) []byte {
	if v.Kind() == slog.KindString && v.String() == "" {
		return append(dst, `""`...)
	}
	return append(dst, `"`+secret.Mask+`"`...)
}

// appendKey writes the key with its groups. A key that would pass for one of the fixed fields gets a group
// of its own, so that no attribute can overwrite an event's time or message.
func appendKey(dst []byte, prefix, key string) []byte {
	if prefix == "" {
		switch key {
		case "":
			key = "attr"
		case keyTime, keyLevel, keyProgram, keyMessage, keyStep:
			prefix = "attr."
		}
	}
	if len(prefix) > maxKey/2 {
		prefix = strings.ToValidUTF8(prefix[:maxKey/2], "") + "…."
	}
	if prefix == "" {
		return appendText(dst, key, maxKey)
	}
	return appendText(dst, prefix+key, maxKey)
}

// finish puts the parts in their order and returns the line, which is valid until e is used again.
func (e *encoder) finish(program []byte, at time.Time, level slog.Level, message string) []byte {
	b := append(e.line[:0], `{"time":"`...)
	b = at.UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"`...)
	b = append(b, level.String()...)
	b = append(b, `","program":`...)
	b = append(b, program...)
	for i, value := range e.named {
		if value != nil {
			b = append(b, `,"`...)
			b = append(b, namedKeys[i]...)
			b = append(b, `":`...)
			b = append(b, value...)
		}
		if i == namedComponent && e.step > 0 {
			b = append(b, `,"step":`...)
			b = strconv.AppendInt(b, e.step, 10)
		}
	}
	b = append(b, `,"message":`...)
	b = appendText(b, message, maxField)
	b = append(b, e.body...)
	if e.dropped > 0 {
		b = fmt.Appendf(b, `,"journal.cut":"%d attributes left out"`, e.dropped)
	}
	e.line = append(b, "}\n"...)
	return e.line
}
