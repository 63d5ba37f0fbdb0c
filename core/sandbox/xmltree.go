package sandbox

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxDepth is more than any envelope of the exchange needs: it is four elements deep.
const maxDepth = 16

// xmlElement is an element of an XML document with what is in it.
type xmlElement struct {
	name       xml.Name
	attributes []xml.Attr
	text       string // of the element itself, without its children's
	children   []xmlElement
}

// readDocument reads a whole document of one root element. As SOAP 1.1 demands in section 3, there is no
// document type and no processing instruction; no entity but XML's own five is known.
func readDocument(b []byte) (xmlElement, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	var root *xmlElement
	for first := true; ; first = false {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return xmlElement{}, errors.New("there is no element")
			}
			return *root, nil
		}
		if err != nil {
			return xmlElement{}, fmt.Errorf("it is not well-formed: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if root != nil {
				return xmlElement{}, errors.New("there is more than one element")
			}
			e, err := readElement(d, token, 1)
			if err != nil {
				return xmlElement{}, err
			}
			root = &e
		case xml.CharData:
			if !isSpace(string(token)) {
				return xmlElement{}, errors.New("there is text outside the element")
			}
		case xml.ProcInst:
			if !first || token.Target != "xml" {
				return xmlElement{}, errors.New("it holds a processing instruction")
			}
		case xml.Directive:
			return xmlElement{}, errors.New("it holds a document type")
		}
	}
}

// readElement reads up to the end of the element that start begins.
func readElement(d *xml.Decoder, start xml.StartElement, depth int) (xmlElement, error) {
	if depth > maxDepth {
		return xmlElement{}, errors.New("its elements lie too deep")
	}
	e := xmlElement{name: start.Name, attributes: start.Copy().Attr}
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return xmlElement{}, fmt.Errorf("it is not well-formed: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			child, err := readElement(d, token, depth+1)
			if err != nil {
				return xmlElement{}, err
			}
			e.children = append(e.children, child)
		case xml.EndElement:
			e.text = text.String()
			return e, nil
		case xml.CharData:
			text.Write(token)
		case xml.ProcInst:
			return xmlElement{}, errors.New("it holds a processing instruction")
		case xml.Directive:
			return xmlElement{}, errors.New("it holds a document type")
		}
	}
}

// isSpace reports whether s is nothing but white space as XML has it.
func isSpace(s string) bool {
	return strings.Trim(s, " \t\r\n") == ""
}

// inOrder takes the element's children by their names. Each may be left out, but they come in the order
// given, once, and with nothing else between them.
func (e xmlElement) inOrder(names ...xml.Name) (map[xml.Name]xmlElement, error) {
	if err := e.holdsElementsOnly(); err != nil {
		return nil, err
	}
	found := map[xml.Name]xmlElement{}
	for _, child := range e.children {
		for len(names) > 0 && names[0] != child.name {
			names = names[1:]
		}
		if len(names) == 0 {
			return nil, clientFault("In %s, %s is unknown, occurs twice or stands in the wrong place.", e.called(), child.called())
		}
		found[child.name], names = child, names[1:]
	}
	return found, nil
}

// holdsElementsOnly refuses text between the children, and attributes that nobody has given a meaning here.
func (e xmlElement) holdsElementsOnly() error {
	if !isSpace(e.text) {
		return clientFault("%s holds text.", e.called())
	}
	return e.plain()
}

// plain refuses attributes that are no declaration, nor one of the few that SOAP and XML Schema give to all.
func (e xmlElement) plain() error {
	for _, a := range e.attributes {
		declares := a.Name.Space == "xmlns" || a.Name == xml.Name{Local: "xmlns"}
		general := a.Name.Space == schemaInstance || a.Name == xml.Name{Space: envelopeNamespace, Local: "mustUnderstand"}
		if !declares && !general {
			return clientFault("%s has the unknown attribute %s.", e.called(), a.Name.Local)
		}
	}
	return nil
}

// content is the text of an element that holds nothing else.
func (e xmlElement) content() (string, error) {
	if len(e.children) > 0 {
		return "", clientFault("%s holds an element where text belongs.", e.called())
	}
	if e.isNil() && e.text != "" {
		return "", clientFault("%s is nil, but holds text.", e.called())
	}
	return e.text, e.plain()
}

func (e xmlElement) isNil() bool {
	return e.says(xml.Name{Space: schemaInstance, Local: "nil"}, "true", "1")
}

func (e xmlElement) mustUnderstand() bool {
	return e.says(xml.Name{Space: envelopeNamespace, Local: "mustUnderstand"}, "1")
}

// says reports whether the attribute has one of the values.
func (e xmlElement) says(name xml.Name, values ...string) bool {
	return slices.ContainsFunc(e.attributes, func(a xml.Attr) bool {
		return a.Name == name && slices.Contains(values, strings.TrimSpace(a.Value))
	})
}

// called is the element's name for people. It is bounded, as it comes from the caller.
func (e xmlElement) called() string {
	return shortened("{" + e.name.Space + "}" + e.name.Local)
}
