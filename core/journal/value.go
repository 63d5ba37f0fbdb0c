package journal

import (
	"encoding"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	maxElements = 64        // of a list
	maxNested   = 3         // lists within lists
	maxInput    = 256 << 10 // of a text, before anything else is done to it
)

// appendValue writes a value in its JSON type; durations and times as text, as people read them.
func appendValue(dst []byte, v slog.Value, room, depth int) []byte {
	switch v.Kind() {
	case slog.KindString:
		return appendText(dst, v.String(), room)
	case slog.KindInt64:
		return strconv.AppendInt(dst, v.Int64(), 10)
	case slog.KindUint64:
		return strconv.AppendUint(dst, v.Uint64(), 10)
	case slog.KindFloat64:
		return appendFloat(dst, v.Float64())
	case slog.KindBool:
		return strconv.AppendBool(dst, v.Bool())
	case slog.KindDuration:
		return appendText(dst, v.Duration().String(), room)
	case slog.KindTime:
		dst = append(dst, '"')
		dst = v.Time().AppendFormat(dst, time.RFC3339Nano)
		return append(dst, '"')
	case slog.KindGroup:
		return appendText(dst, "(group)", room) // within a list; elsewhere groups are flattened
	}
	return appendAny(dst, v.Any(), room, depth)
}

// appendFloat writes what JSON has no number for as text.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return strconv.AppendQuote(dst, strconv.FormatFloat(f, 'g', -1, 64))
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

// appendAny writes a value of no kind that log/slog knows. Never are a struct's fields read: they may hold
// what their type would not print.
func appendAny(dst []byte, x any, room, depth int) []byte {
	if x == nil {
		return append(dst, "null"...)
	}
	if _, ok := methodText(x); ok {
		return appendText(dst, textOf(x), room)
	}
	switch v := reflect.ValueOf(x); v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return appendFloat(dst, v.Float())
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() != reflect.Uint8 && depth < maxNested {
			return appendList(dst, v, room, depth)
		}
	}
	return appendText(dst, textOf(x), room)
}

func appendList(dst []byte, list reflect.Value, room, depth int) []byte {
	from := len(dst)
	dst = append(dst, '[')
	for i := range list.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if i == maxElements || len(dst)-from > room-minRoom {
			dst = fmt.Appendf(dst, `"… and %d more"`, list.Len()-i)
			break
		}
		element := slog.AnyValue(list.Index(i).Interface()).Resolve()
		dst = appendValue(dst, element, max(room-(len(dst)-from), minRoom), depth+1)
	}
	return append(dst, ']')
}

// methodText returns the method by which x wants to be printed.
func methodText(x any) (func() string, bool) {
	switch x := x.(type) {
	case error:
		return x.Error, true
	case encoding.TextMarshaler:
		return func() string {
			text, err := x.MarshalText()
			if err != nil {
				return "(" + err.Error() + ")"
			}
			return string(text)
		}, true
	case fmt.Stringer:
		return x.String, true
	}
	return nil, false
}

// textOf is x in words: by its own methods, by its characters, and else by its type alone.
func textOf(x any) string {
	if method, ok := methodText(x); ok {
		return called(x, method)
	}
	switch v := reflect.ValueOf(x); v.Kind() {
	case reflect.Invalid:
		return ""
	case reflect.String:
		return v.String()
	case reflect.Slice, reflect.Array, reflect.Map:
		return fmt.Sprintf("(%T of %d)", x, v.Len())
	}
	return fmt.Sprintf("(%T)", x)
}

// appendText writes s as a JSON string without its secrets, in at most limit bytes.
func appendText(dst []byte, s string, limit int) []byte {
	size := len(s)
	if size > maxInput {
		s = s[:maxInput]
	}
	// Secrets go first: one that is cut in two no longer looks like one.
	return appendQuoted(dst, Redact(s), limit, size)
}

// appendQuoted escapes what is not for printing, so that no text can break a line or steer a terminal.
// What is not UTF-8 becomes \xNN as text. size is the length to tell when s is cut.
func appendQuoted(dst []byte, s string, limit, size int) []byte {
	const noteRoom = 40
	dst = append(dst, '"')
	end := len(dst) + limit - noteRoom
	done := 0
	for i := 0; i < len(s); {
		width := 1
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' || c == '"' || c == '\\' || c == 0x7f {
			var r rune
			r, width = utf8.DecodeRuneInString(s[i:])
			if r < utf8.RuneSelf || !strconv.IsPrint(r) || width == 1 {
				dst = append(dst, s[done:i]...)
				dst = appendEscaped(dst, r, s[i], width)
				done = i + width
			}
		}
		i += width
		if i < len(s) && len(dst)+i-done > end {
			dst = append(dst, s[done:i]...)
			return fmt.Appendf(dst, `… [cut, %d bytes in all]"`, size)
		}
	}
	dst = append(dst, s[done:]...)
	return append(dst, '"')
}

func appendEscaped(dst []byte, r rune, b byte, width int) []byte {
	switch {
	case r == utf8.RuneError && width == 1:
		return fmt.Appendf(dst, `\\x%02x`, b)
	case r == '"' || r == '\\':
		return append(dst, '\\', b)
	case r == '\n':
		return append(dst, `\n`...)
	case r == '\r':
		return append(dst, `\r`...)
	case r == '\t':
		return append(dst, `\t`...)
	case r > 0xffff:
		r -= 0x10000
		return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return fmt.Appendf(dst, `\u%04x`, r)
}

// cut shortens s to limit bytes at the boundary of a rune, and says so.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return fmt.Sprintf("%s… [cut, %d bytes in all]", s[:end], len(s))
}
