package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// control switches the sandbox, by the address of its control page.
type control struct{ address string }

// order is what the control page takes.
type order struct {
	Action string `json:"action"`
	Ctx    string `json:"ctx,omitempty"`
	Fault  string `json:"fault,omitempty"`
	On     *bool  `json:"on,omitempty"`
	Delay  string `json:"delay,omitempty"`
	Offset string `json:"offset,omitempty"`
}

// send carries out an order.
func (c control) send(ctx context.Context, o order) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return c.ask(ctx, http.MethodPost, c.address, body, nil)
}

// fault switches a fault on or off, for one tenant or, with an empty ctx, for all.
func (c control) fault(ctx context.Context, name, ctxID string, on bool, delay time.Duration) error {
	o := order{Action: "fault", Fault: name, Ctx: ctxID, On: &on}
	if on && delay > 0 {
		o.Delay = delay.String()
	}
	return c.send(ctx, o)
}

// delayed makes every answer wait while do runs.
func (c control) delayed(ctx context.Context, delay time.Duration, do func() error) error {
	for _, name := range []string{"provider-slow", "services-slow"} {
		if err := c.fault(ctx, name, "", true, delay); err != nil {
			return err
		}
	}
	return errors.Join(do(), c.send(context.WithoutCancel(ctx), order{Action: "clear"}))
}

// counters are how often the sandbox was asked for what a visit takes.
type counters struct {
	Exchanges      int `json:"exchanges"`
	StatusCalls    int `json:"status_calls"`
	PrincipalCalls int `json:"principal_calls"`
}

// counted returns how often the sandbox was asked while do ran.
func (c control) counted(ctx context.Context, do func() error) (counters, error) {
	if err := c.send(ctx, order{Action: "reset"}); err != nil {
		return counters{}, err
	}
	if err := do(); err != nil {
		return counters{}, err
	}
	var answer struct{ Total counters }
	err := c.ask(ctx, http.MethodGet, c.address+"/counters", nil, &answer)
	return answer.Total, err
}

// ask makes a request on a connection of its own, so that none is left among those that are counted.
func (c control) ask(ctx context.Context, method, address string, body []byte, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("control the sandbox: %w", err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return fmt.Errorf("control the sandbox: %w", err)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("control the sandbox: %s: %s", answer.Status, said)
	case into != nil:
		return json.Unmarshal(said, into)
	}
	return nil
}
