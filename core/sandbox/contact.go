package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxName is the length of a company's name in the database.
const maxName = 219

// editable are the fields of a new company that a client may change; all others come back as they went out.
func editable() []string {
	return []string{"Name", "Department", "OrgNr", "Number1", "Number2", "Kananame", "Description"}
}

// serveContactDefault answers a new company with the tenant's preferences.
func (s *Sandbox) serveContactDefault(w http.ResponseWriter, r *http.Request, who caller) {
	s.answerCall(w, r, http.StatusOK, defaultContact(who))
}

// serveContactSave creates a company.
func (s *Sandbox) serveContactSave(w http.ResponseWriter, r *http.Request, who caller) {
	if !who.associate.System && s.faults.is(faultSentry, who.tenant.Ctx) {
		s.refuseCall(w, r, http.StatusForbidden, "SentryException", "The user may not create companies.")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get(hContent)); err != nil || kind != typeJSON {
		s.refuseCall(w, r, http.StatusUnsupportedMediaType, "UnsupportedMediaType", "The body must be "+typeJSON+".")
		return
	}
	sent, err := readContact(r.Body, who)
	var wrong badRequest
	switch {
	case bodyTooLarge(err):
		s.refuseCall(w, r, http.StatusRequestEntityTooLarge, "RequestTooLarge", "The body is too large.")
		return
	case errors.As(err, &wrong):
		s.refuseCall(w, r, http.StatusBadRequest, "ValidationFailed", wrong.text)
		return
	case err != nil:
		s.fail(w, err)
		return
	}
	name, _ := sent["Name"].(string)
	c := company{Name: name, CreatedBy: who.associate, CreatedAt: s.now().UTC(), Credential: who.credential}
	raw, err := s.store.createCompany(who.tenant.Ctx, c, func(c company) (json.RawMessage, error) {
		return savedContact(sent, c, s.faults.is(faultCreatorMissing, who.tenant.Ctx))
	})
	if err != nil {
		s.fail(w, err)
		return
	}
	s.answerCall(w, r, http.StatusOK, raw)
}

// readContact reads a whole entity and holds it against the default one.
func readContact(body io.Reader, who caller) (fields, error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read the company: %w", err)
	}
	if !utf8.Valid(b) {
		return nil, badRequestf("The body is not UTF-8.")
	}
	sent, err := decodeObject(b)
	if err != nil {
		return nil, badRequestf("The body is not one JSON object.")
	}
	text, err := json.Marshal(defaultContact(who))
	if err != nil {
		return nil, fmt.Errorf("encode the default company: %w", err)
	}
	pattern, err := decodeObject(text)
	if err != nil {
		return nil, fmt.Errorf("decode the default company: %w", err)
	}
	return sent, checkContact(pattern, sent)
}

func decodeObject(b []byte) (fields, error) {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	var object fields
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the object")
	}
	if object == nil {
		return nil, errors.New("it is null")
	}
	return object, nil
}

// checkContact demands everything of the pattern at its place, with the same value.
func checkContact(pattern, sent fields) error {
	for _, name := range editable() {
		value, ok := sent[name].(string)
		if !ok {
			return badRequestf("The field %s is missing or no text.", name)
		}
		if name == "Name" && (strings.TrimSpace(value) == "" || utf8.RuneCountInString(value) > maxName) {
			return badRequestf("The field Name must have 1 to %d characters.", maxName)
		}
	}
	return compareObjects("", pattern, sent)
}

func compareObjects(path string, pattern, sent fields) error {
	for name, want := range pattern {
		got, ok := sent[name]
		if !ok {
			return badRequestf("The field %s%s is missing: send the whole entity back.", path, name)
		}
		if path == "" && slices.Contains(editable(), name) {
			continue
		}
		if err := compareValues(path+name, want, got); err != nil {
			return err
		}
	}
	for name := range sent {
		if _, ok := pattern[name]; !ok {
			return badRequestf("The field %s%.80s does not belong to the entity.", path, name)
		}
	}
	return nil
}

// compareValues compares numbers by their text: a number that went through a double is not the same.
func compareValues(path string, want, got any) error {
	changed := badRequestf("The field %s is not as it came: send everything but the name back untouched.", path)
	switch want := want.(type) {
	case fields:
		object, ok := got.(fields)
		if !ok {
			return changed
		}
		return compareObjects(path+"/", want, object)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return changed
		}
		for i := range want {
			if err := compareValues(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); err != nil {
				return err
			}
		}
		return nil
	}
	switch got.(type) {
	case fields, []any:
		return changed // they cannot be compared with ==
	}
	if want != got {
		return changed
	}
	return nil
}
