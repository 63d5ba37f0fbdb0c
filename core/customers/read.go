package customers

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// maxToken bounds a system user token, which has some 40 characters and must fit into requests.
	maxToken = 4096
	// maxField bounds any other field.
	maxField = 256
	// maxRows bounds the memory that many empty customers would take.
	maxRows = 100_000
	// maxDepth bounds how deep the elements that are passed over may lie in each other.
	maxDepth = 32
)

// Read returns all customers of a file, bad rows among them, each with its reason. An error means that the
// file as a whole cannot be read; it repeats nothing of what the file holds.
//
// The file is UTF-8, or UTF-16 with a byte order mark. It is read as XmlSerializer reads it: unknown elements
// are passed over, and one that is missing has the value that .NET gives a new object. A document type is
// refused, as an honest file has none.
func Read(r io.Reader) ([]Row, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	if len(raw) > MaxSize {
		return nil, fmt.Errorf("read customers: the file is longer than %d MB", MaxSize>>20)
	}
	text, err := decodeText(raw)
	if err != nil {
		return nil, fmt.Errorf("read customers: %w", err)
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	// The text is UTF-8 by now, whatever its declaration says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	f := file{Decoder: d, seen: map[string]int{}}
	if err := f.read(); err != nil {
		return nil, fmt.Errorf("read customers: %w", f.explain(err))
	}
	return f.rows, nil
}

var errNotText = errors.New("it is neither UTF-8 nor UTF-16 with a byte order mark")

// decodeText makes UTF-8 of a file in either encoding.
func decodeText(raw []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
		if !utf8.Valid(raw) {
			return nil, errNotText
		}
		return raw, nil
	}
	if len(raw)%2 != 0 {
		return nil, errNotText
	}
	units := make([]uint16, 0, len(raw)/2-1)
	for at := 2; at < len(raw); at += 2 {
		units = append(units, order.Uint16(raw[at:]))
	}
	return []byte(string(utf16.Decode(units))), nil
}

// file is a file on its way through the decoder.
type file struct {
	*xml.Decoder
	rows []Row
	// seen has the row in which each tenant stands first.
	seen map[string]int
}

// refusal is a fault of the whole file, in words that repeat nothing of it.
type refusal string

func (r refusal) Error() string { return string(r) }

// explain takes the decoder's own words away: they quote the file.
func (f *file) explain(err error) error {
	if own, ok := errors.AsType[refusal](err); ok {
		return own
	}
	line, _ := f.InputPos()
	return fmt.Errorf("it is not well-formed XML near line %d", line)
}

// next returns the next start or end of an element, or the text between two; a document type is refused.
func (f *file) next() (xml.Token, error) {
	for {
		token, err := f.Token()
		if err != nil {
			return nil, err
		}
		switch token.(type) {
		case xml.Directive:
			return nil, refusal("it has a document type, which no such file has")
		case xml.StartElement, xml.EndElement, xml.CharData:
			return token, nil
		}
	}
}

func (f *file) read() error {
	if err := f.root(); err != nil {
		return err
	}
	for {
		token, err := f.next()
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.EndElement:
			return f.end()
		case xml.StartElement:
			if element.Name.Local != rowName {
				if err := f.skip(); err != nil {
					return err
				}
				continue
			}
			if len(f.rows) == maxRows {
				return refusal(fmt.Sprintf("it holds more than %d customers", maxRows))
			}
			row, err := f.row()
			if err != nil {
				return err
			}
			f.rows = append(f.rows, row)
		}
	}
}

// root passes over what stands before the customers.
func (f *file) root() error {
	for {
		token, err := f.next()
		if errors.Is(err, io.EOF) {
			return refusal("it holds no XML")
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if start.Name.Local != rootName {
				return refusal("it is no Customers.xml: its outermost element is not " + rootName)
			}
			return nil
		}
	}
}

// end makes sure that nothing follows the customers.
func (f *file) end() error {
	for {
		token, err := f.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if text, ok := token.(xml.CharData); !ok || len(bytes.TrimSpace(text)) > 0 {
			return refusal("something follows the customers")
		}
	}
}

// row reads one customer to its end, whether it is good or bad.
func (f *file) row() (Row, error) {
	fields := map[string]string{}
	row := Row{Number: len(f.rows) + 1}
	for {
		token, err := f.next()
		if err != nil {
			return row, err
		}
		switch element := token.(type) {
		case xml.EndElement:
			if row.Reason == "" {
				row.Reason = row.take(fields)
			}
			f.noteDuplicate(&row)
			return row, nil
		case xml.StartElement:
			name := element.Name.Local
			text, plain, err := f.text()
			if err != nil {
				return row, err
			}
			if !used(name) {
				continue
			}
			if _, twice := fields[name]; twice {
				row.Reason = name + " stands in it twice"
			}
			if !plain {
				row.Reason = name + " holds elements where text is expected"
			}
			fields[name] = strings.TrimSpace(text)
		}
	}
}

// used reports whether an element of a row is of use here; ID is not.
func used(name string) bool {
	switch name {
	case "ContextIdentifier", "AssociateID", "IsActive", "SystemUserToken", "LastSync":
		return true
	}
	return false
}

// skip passes over the rest of an element, whose depth is bounded: the decoder remembers every level.
func (f *file) skip() error {
	for depth := 1; depth > 0; {
		token, err := f.next()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth {
			return refusal("its elements lie in each other too deep")
		}
	}
	return nil
}

// text reads an element's text to its end; plain is false where there are elements in it.
func (f *file) text() (text string, plain bool, err error) {
	var b strings.Builder
	plain = true
	for {
		token, err := f.next()
		if err != nil {
			return "", false, err
		}
		switch element := token.(type) {
		case xml.EndElement:
			return b.String(), plain, nil
		case xml.CharData:
			b.Write(element)
		case xml.StartElement:
			plain = false
			if err := f.skip(); err != nil {
				return "", false, err
			}
		}
	}
}

// noteDuplicate makes a second row of one tenant a bad one: nobody can tell which is meant.
func (f *file) noteDuplicate(row *Row) {
	if row.ContextID == "" {
		return
	}
	if first, twice := f.seen[row.ContextID]; twice {
		if row.Reason == "" {
			row.Reason = fmt.Sprintf("the same tenant stands in row %d already", first)
		}
		return
	}
	f.seen[row.ContextID] = row.Number
}

// take fills the row from its fields, and returns what is wrong with the first that is bad.
func (r *Row) take(fields map[string]string) (fault string) {
	ctx := fields["ContextIdentifier"]
	if !tenant.IsContextID(ctx) {
		return "ContextIdentifier does not have the form of one: Cust and digits"
	}
	r.ContextID = ctx
	token := fields["SystemUserToken"]
	switch {
	case token == "":
		return "SystemUserToken is missing"
	case len(token) > maxToken || strings.ContainsFunc(token, func(c rune) bool { return c < ' ' || c > '~' }):
		return "SystemUserToken holds what no token does"
	}
	r.SystemUserToken = secret.New(token)
	r.AssociateID = fields["AssociateID"]
	if len(r.AssociateID) > maxField {
		return "AssociateID is too long"
	}
	switch fields["IsActive"] { // xsd:boolean; false where it is missing
	case "true", "1":
		r.Active = true
	case "false", "0", "":
	default:
		return "IsActive is neither true nor false"
	}
	synced, ok := parseTime(fields["LastSync"])
	if !ok {
		return "LastSync is no time"
	}
	if synced.After(never.Add(24 * time.Hour)) { // 2000-01-01 in whatever zone is never
		r.LastSync = synced
	}
	return ""
}

// parseTime reads an xsd:dateTime. One without a zone is taken for UTC: which machine wrote it is not known.
func parseTime(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
