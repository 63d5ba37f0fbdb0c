package online

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"partnerdesk/core/tenant"
)

// Status is a tenant's state and address at the moment.
type Status struct {
	ContextID string
	State     tenant.State
	Running   bool
	// ValidUntil is when to ask again. It always lies ahead.
	ValidUntil time.Time
	// API is the base of the web services, without a trailing slash and without "/v1".
	API string
	// Endpoint is the tenant's own address, where its web client is, without a trailing slash; "" where it was not
	// told or cannot be trusted.
	Endpoint string
	Version  string
}

const (
	// defaultValidity stands in for a missing or past ValidUntil: short, but no tight loop.
	defaultValidity = time.Minute
	// maxValidity bounds a ValidUntil from a clock that is not ours.
	maxValidity = 24 * time.Hour
)

// Status asks the environment at base for the state of a tenant. It needs no credential.
func (c *Client) Status(ctx context.Context, base, ctxID string, record func(Request)) (Status, error) {
	const op = "ask for tenant status"
	address, err := url.Parse(base + "/api/state/" + url.PathEscape(ctxID))
	if err == nil {
		err = checkAddress(address)
	}
	if err != nil {
		return Status{}, badAddress(op, err)
	}
	body, err := c.carryOut(ctx, request{
		op: op, method: http.MethodGet, address: address.String(), host: address.Host,
		header: http.Header{"Accept": {"application/json"}}, record: record, explain: byStatusService(ctxID),
	})
	if err != nil {
		return Status{}, err
	}
	if saysNothing(body) {
		return Status{}, nothingSaid(op, ctxID)
	}
	status, err := parseStatus(body, address, ctxID, c.now())
	if err != nil {
		return Status{}, unreadable("read tenant status", quotation{body: body}, err)
	}
	return status, nil
}

// saysNothing reports whether a 2xx answer is empty, or JSON's word for nothing.
func saysNothing(body []byte) bool {
	text := bytes.TrimSpace(body)
	return len(text) == 0 || string(text) == "null" || string(text) == "{}"
}

// nothingSaid explains an answer that is empty. SuperOffice does not document what it answers for a tenant
// that is gone: besides 404, a success without content is what a service of this make would say.
func nothingSaid(op, ctxID string) error {
	return &tenant.Problem{Op: op, Err: fmt.Errorf("%w: it is empty", ErrUnreadable), Explanation: tenant.CauseTenantGone.Explain(
		"SuperOffice says nothing about the tenant "+ctxID+".", "It seems to have been deleted, or to belong to another environment.",
		"Remove it here if the customer has left. It is asked again every now and then.")}
}

// parseStatus reads what the service at the address from said.
func parseStatus(body []byte, from *url.URL, ctxID string, now time.Time) (Status, error) {
	var wire struct {
		ContextIdentifier, Endpoint, Api, Version, State, IsRunning, ValidUntil loose
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return Status{}, err
	}
	if wire.ContextIdentifier != "" && string(wire.ContextIdentifier) != ctxID {
		return Status{}, errors.New("the status is about another tenant")
	}
	s := Status{ContextID: ctxID, API: trimAPI(string(wire.Api)), Version: bounded(string(wire.Version)), ValidUntil: validUntil(string(wire.ValidUntil), now)}
	if s.Endpoint = trimAPI(string(wire.Endpoint)); checkAPI(s.Endpoint, from) != nil {
		s.Endpoint = ""
	}
	if s.API == "" && wire.Endpoint != "" {
		s.API = trimAPI(string(wire.Endpoint)) + "/api"
	}
	known := false
	s.State, known = tenant.ParseState(string(wire.State))
	flag, err := strconv.ParseBool(string(wire.IsRunning))
	switch {
	case err == nil:
		s.Running = flag
	case known:
		s.Running = s.State.Running()
	default:
		return Status{}, errors.New("neither State nor IsRunning is there")
	}
	if !s.Running {
		return s, nil
	}
	return s, checkAPI(s.API, from)
}

// maxAPI bounds an address, in bytes.
const maxAPI = 2048

// checkAPI accepts https, and plain http only from a service that is itself on plain loopback: a status
// that came over TLS must not send a credential to whoever listens on this computer.
func checkAPI(api string, from *url.URL) error {
	u, err := url.Parse(api)
	if err != nil || api == "" || len(api) > maxAPI {
		return errors.New("neither Api nor Endpoint is an address")
	}
	if err := checkAddress(u); err != nil {
		return err
	}
	if u.Scheme != "https" && from.Scheme == "https" {
		return errors.New("the address is not https, but the status service is")
	}
	return nil
}

// loose is a JSON value of any type as text: SuperOffice writes a state by name or by number, and other
// services of its write numbers and truth values as strings. What is missing, or null, is empty.
type loose string

// UnmarshalJSON never fails: what cannot be used is found where it is used.
func (l *loose) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	*l = loose(text)
	return nil
}

// validUntil reads SuperOffice's time with seven fractional digits, with or without a zone (UTC then).
func validUntil(text string, now time.Time) time.Time {
	at, ok := parseTime(text)
	if !ok || !at.After(now) {
		return now.Add(defaultValidity)
	}
	if at.After(now.Add(maxValidity)) {
		return now.Add(maxValidity)
	}
	return at
}

// parseTime reads a time in the forms that SuperOffice's services use.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
