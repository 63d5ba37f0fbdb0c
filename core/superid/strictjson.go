package superid

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// decode reads one JSON object that says each thing once. Of two members with one name encoding/json would
// silently take the last, and another reader the first.
func decode(b []byte, into any) error {
	if _, err := parseObject(b); err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// object is a JSON object of a token, numbers kept as they were written.
type object map[string]any

// parseObject reads exactly one JSON object without duplicate names at any depth.
func parseObject(b []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err != nil {
		return nil, err
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("a part is not a JSON object")
	}
	if d.More() || d.InputOffset() < int64(len(bytes.TrimRight(b, " \t\r\n"))) {
		return nil, errors.New("something follows the JSON")
	}
	return o, nil
}

var errJSON = errors.New("a part is not JSON")

func parseValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("its JSON is nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return nil, errJSON // the library's error may quote the token
	}
	switch t {
	case json.Delim('{'):
		return parseMembers(d, depth)
	case json.Delim('['):
		return parseElements(d, depth)
	}
	return t, nil
}

func parseMembers(d *json.Decoder, depth int) (any, error) {
	members := map[string]any{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, errJSON
		}
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("%q is there twice", clip(name, 100))
		}
		if members[name], err = parseValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, errJSON
	}
	return members, nil
}

func parseElements(d *json.Decoder, depth int) (any, error) {
	elements := []any{}
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		elements = append(elements, v)
	}
	if _, err := d.Token(); err != nil {
		return nil, errJSON
	}
	return elements, nil
}
