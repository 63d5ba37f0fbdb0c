package superid

import (
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

func TestADiagnosisReadsTheMetadataAnewAndLosesNothing(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	reg := f.registration()
	for n := range 2 {
		d, err := c.Discover(t.Context(), reg)
		if err != nil || d.Issuer != f.URL || !d.Timed || d.Skew.Abs() > 2*time.Second || f.count(metadataAt) != n+1 {
			t.Fatalf("%+v, %v after %d requests", d, err, f.count(metadataAt))
		}
	}
	good := f.Config.Handler
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusNotFound)
	})
	d, err := c.Discover(t.Context(), reg)
	if e := explained(t, err); e.Cause != tenant.CauseAddress || !d.Timed || d.Skew.Round(time.Minute) != -10*time.Minute {
		t.Errorf("%+v, %+v", d, e)
	}
	f.Config.Handler = good
	before := f.count(metadataAt)
	if _, err := c.EndSessionURL(t.Context(), reg); err != nil || f.count(metadataAt) != before {
		t.Errorf("what was remembered is lost: %v", err)
	}
	f.Close()
	if d, err = c.Discover(t.Context(), reg); d.Timed || explained(t, err).Cause != tenant.CauseUnreachable {
		t.Errorf("nobody answers: %+v, %v", d, err)
	}
}

func TestADiagnosisReadsTheKeySetAnew(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	reg := f.registration()
	first, second := jwk(providerKey()), jwk(otherKey())
	delete(second, "kid")
	f.setKeys(first)
	if k, err := c.Keys(t.Context(), reg); err != nil || !slices.Equal(k.IDs, []string{first["kid"].(string)}) || k.Pinned != nil {
		t.Fatalf("%v, %v", k.IDs, err)
	}
	f.setKeys(first, second)
	if k, err := c.Keys(t.Context(), reg); err != nil || len(k.IDs) != 2 || k.IDs[1] != second["x5t"] || f.count(keysAt) != 2 {
		t.Errorf("%v, %v after %d requests", k.IDs, err, f.count(keysAt))
	}
	f.setKeys()
	if _, err := c.Keys(t.Context(), reg); explained(t, err).Cause != tenant.CauseKeyUnknown {
		t.Errorf("%v", err)
	}
}

func TestAPinnedCertificateIsHeldAgainstTheKeySet(t *testing.T) {
	f := newFake(t)
	reg := f.registration()
	reg.Certificate = pemCertificateOf(jwk(providerKey()))
	k, err := newClient(t).Keys(t.Context(), reg)
	if err != nil || k.Pinned == nil || !k.Listed || k.Trouble != nil {
		t.Errorf("its key is in the set: %v, %v, %v", k.Listed, k.Trouble, err)
	}
	f.setKeys(jwk(otherKey()))
	if k, err = newClient(t).Keys(t.Context(), reg); err != nil || k.Listed || k.Trouble != nil {
		t.Errorf("its key is not in the set: %v, %v, %v", k.Listed, k.Trouble, err)
	}
	f.Close()
	if k, err = newClient(t).Keys(t.Context(), reg); err != nil || k.Pinned == nil || k.Trouble == nil {
		t.Errorf("it works without the key set: %v, %v", k.Trouble, err)
	}
	reg.Certificate = "no certificate"
	if _, err = newClient(t).Keys(t.Context(), reg); explained(t, err).Cause != tenant.CauseInput {
		t.Errorf("%v", err)
	}
}

func TestWhetherTheProviderTakesTheClientIsProvenWithoutAPerson(t *testing.T) {
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		proof  ClientProof
		cause  tenant.Cause
	}{
		"only the grant is refused":      {says(400, `{"error":"invalid_grant"}`), ClientProof{Proven: true}, ""},
		"as plain text":                  {says(400, `{"error":"invalid_grant","error_description":"no"}`), ClientProof{Proven: true}, ""},
		"the client is refused":          {says(401, `{"error":"invalid_client","error_description":"canary-client-secret-f00d"}`), ClientProof{}, tenant.CauseClientRefused},
		"the client may not do that":     {says(400, `{"error":"unauthorized_client"}`), ClientProof{}, tenant.CauseClientRefused},
		"another word":                   {says(400, `{"error":"invalid_request"}`), ClientProof{Answer: "invalid_request"}, ""},
		"a page":                         {says(400, `<html>`), ClientProof{Answer: "HTTP status 400"}, ""},
		"a success that there cannot be": {says(200, `{}`), ClientProof{Answer: "HTTP status 200"}, ""},
		"trouble":                        {says(500, `<html>`), ClientProof{}, tenant.CauseProviderFailed},
		"trouble, by OAuth's word":       {says(503, `{"error":"temporarily_unavailable"}`), ClientProof{}, tenant.CauseProviderFailed},
		"trouble, with a strange status": {says(400, `{"error":"server_error"}`), ClientProof{}, tenant.CauseProviderFailed},
		"too many":                       {says(429, ``), ClientProof{}, tenant.CauseProviderFailed},
		"a redirect":                     {says(302, ``), ClientProof{Answer: "HTTP status 302"}, ""},
		"hung up":                        {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ClientProof{}, tenant.CauseUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.token = row.answer
			proof, err := newClient(t).CheckClient(t.Context(), f.registration())
			if proof != row.proof || (err != nil) != (row.cause != "") {
				t.Fatalf("%+v, %v", proof, err)
			}
			if err != nil && explained(t, err).Cause != row.cause {
				t.Errorf("%v", err)
			}
			assertNoCanary(t, err, proof)
			f.Close() // it has read the form then
			if f.form.Get("client_secret") != testClientSecret || f.form.Get("grant_type") != "refresh_token" || f.form.Get("refresh_token") == testRefresh {
				t.Errorf("asked with %d fields", len(f.form))
			}
		})
	}
}
