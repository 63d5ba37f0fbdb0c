package superid

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// A provider that asks for time is to get it from the poller, and the person is to know how long it takes.
func TestAWaitThatTheProviderAsksForIsHandedOn(t *testing.T) {
	busy := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Retry-After", "40")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	refresh := func(c *Client, f *fake) error {
		_, err := c.Refresh(context.Background(), f.registration(), secret.New(testRefresh))
		return err
	}
	request := func(c *Client, f *fake) error {
		_, err := c.RequestTicket(context.Background(), f.registration(), testTenant())
		return err
	}
	bySOAP := func(c *Client, f *fake) error {
		reg := f.registration()
		reg.Exchange = tenant.SOAP
		_, err := c.RequestTicket(context.Background(), reg, testTenant())
		return err
	}
	revoke := func(c *Client, f *fake) error {
		_, err := c.Revoke(context.Background(), f.registration(), secret.New(testRefresh), HintRefreshToken)
		return err
	}
	for name, row := range map[string]struct {
		path   string
		answer http.HandlerFunc
		ask    func(*Client, *fake) error
	}{
		"exchange, 429":            {restPath, busy(429, "text/plain", "slow down"), request},
		"exchange, 503 and a word": {restPath, busy(503, "application/json", `{"IsSuccessful":false,"ErrorMessage":"later"}`), request},
		"exchange by SOAP, 503":    {soapPath, busy(503, "text/html", "<html>"), bySOAP},
		"key set, 503":             {keysAt, busy(503, "text/html", "<html>"), request},
		"metadata, 429":            {metadataAt, busy(429, "text/html", "<html>"), refresh},
		"refresh, 503":             {"/login/common/oauth/tokens", busy(503, "text/html", "<html>"), refresh},
		"refresh, by OAuth's word": {"/login/common/oauth/tokens", busy(503, "application/json", `{"error":"temporarily_unavailable"}`), refresh},
		"revocation, 429":          {"/login/common/oauth/Revoke", busy(429, "text/html", "<html>"), revoke},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == row.path {
					row.answer(w, r)
					return
				}
				f.serve(w, r)
			})
			err := row.ask(newClient(t), f)
			if tenant.RetryAfterOf(err) != 40*time.Second {
				t.Fatalf("asked to wait %s: %v", tenant.RetryAfterOf(err), err)
			}
			if e := explained(t, err); e.Cause != tenant.CauseProviderFailed || !strings.Contains(e.Why, "asks to wait 40 s.") {
				t.Errorf("%+v", e)
			}
		})
	}
}
