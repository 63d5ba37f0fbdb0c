package superid

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	metadataAt = "/login/.well-known/openid-configuration"
	keysAt     = "/login/.well-known/jwks"
)

func unmarshalPart(token string, into any) error {
	part, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return err
	}
	return json.Unmarshal(part, into)
}

// accepts reports how a client takes an id token of f.
func accepts(c *Client, f *fake) error {
	_, err := c.validate(context.Background(), f.URL, secret.New(f.idToken()), expectation{issuer: f.URL, idToken: true,
		audience: func(object) string { return testClientID }})
	return err
}

func TestKeyRotation(t *testing.T) {
	f := newFake(t)
	now := time.Now()
	c := New(Options{Now: func() time.Time { return now }})
	defer c.Close()
	for range 3 {
		if err := accepts(c, f); err != nil {
			t.Fatal(err)
		}
	}
	if f.count(metadataAt) != 1 || f.count(keysAt) != 1 {
		t.Errorf("%d metadata and %d key sets read, want 1 each", f.count(metadataAt), f.count(keysAt))
	}
	next := jwk(otherKey())
	f.setKeys(next)
	f.signer, f.header["kid"], f.header["x5t"] = otherKey(), next["kid"], next["x5t"]
	if err := accepts(c, f); err != nil {
		t.Errorf("after rotation: %v", err)
	}
	f.header["kid"], f.header["x5t"] = "invented", nil
	f.setKeys(next, jwk(providerKey()))
	now = now.Add(refetchPause)
	for range 5 {
		if err := accepts(c, f); !errors.Is(err, ErrKey) {
			t.Errorf("invented key: %v", err)
		}
	}
	if got := f.count(keysAt); got != 3 {
		t.Errorf("%d key sets read, want 3: the first, the rotation, and one for all the invented keys", got)
	}
	now = now.Add(2 * documentLife)
	f.header["kid"] = next["kid"]
	_ = accepts(c, f) // expired by now; what counts is who was asked
	if f.count(metadataAt) != 2 || f.count(keysAt) != 4 {
		t.Errorf("after the hour %d metadata and %d key sets read", f.count(metadataAt), f.count(keysAt))
	}
}

// Go compares monotonic times where it has them, and those stand still while a laptop sleeps.
func TestKeySetForms(t *testing.T) {
	full := jwk(providerKey())
	second := jwk(otherKey())
	for name, keys := range map[string][]map[string]any{
		"as SuperOffice has it":          {full, second},
		"x5t as kid":                     {second, over(jwk(providerKey()), map[string]any{"kid": full["x5t"], "x5t": nil, "x5c": nil})},
		"kid as x5t only":                {second, over(jwk(providerKey()), map[string]any{"kid": nil, "x5t": full["x5t"], "x5c": nil})},
		"no certificate, alg and use":    {over(jwk(providerKey()), map[string]any{"kid": full["kid"], "x5t": nil, "x5c": nil, "alg": nil, "use": nil}), second},
		"beside keys that mean nothing":  {{"kty": "OKP"}, {"kty": 1}, {"kty": "RSA", "n": "?"}, {"kty": "oct", "k": "AAAA"}, full},
		"beside a broken certificate":    {over(jwk(otherKey()), map[string]any{"x5c": []string{"AAAA"}}), full},
		"beside an exponent of 100 bits": {{"kty": "RSA", "n": full["n"], "e": "AQAAAAAAAAAAAAAAAAAAAQ"}, full},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.keys = keys
			f.header = map[string]any{"alg": "RS256", "kid": full["kid"], "x5t": full["x5t"]}
			if err := accepts(newClient(t), f); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMetadataMustBeTheProvidersOwn(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"issuer with /login":    {"issuer": "https://sod.superoffice.com/login"},
		"issuer absent":         {"issuer": nil},
		"token endpoint absent": {"token_endpoint": nil},
		"endpoint not https":    {"jwks_uri": "http://sod.superoffice.com/keys"},
		"endpoint a script":     {"authorization_endpoint": "javascript:alert(1)"},
		"endpoint with a user":  {"token_endpoint": "https://a:b@sod.superoffice.com/"},
		"revocation not https":  {"revocation_endpoint": "http://sod.superoffice.com/revoke"},
		"log-out a script":      {"end_session_endpoint": "javascript:alert(1)"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.metadata = change
			_, err := newClient(t).SignIn(context.Background(), f.registration(), SignInRequest{})
			if !errors.Is(err, ErrMetadata) || (strings.Contains(name, "issuer") != errors.Is(err, ErrIssuer)) {
				t.Errorf("got %v", err)
			}
			explained(t, err)
		})
	}
}

func TestOptionalEndpointsAreRead(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	m, err := c.metadata(context.Background(), f.URL)
	if err != nil || m.RevocationEndpoint != "" || m.EndSessionEndpoint != "" {
		t.Errorf("without them: %+v, %v", m, err)
	}
	c.forget(context.Background(), f.URL)
	f.metadata = map[string]any{"revocation_endpoint": f.URL + "/login/common/oauth/Revoke", "end_session_endpoint": f.URL + "/login/logout"}
	m, err = c.metadata(context.Background(), f.URL)
	if err != nil || m.RevocationEndpoint != f.URL+"/login/common/oauth/Revoke" || m.EndSessionEndpoint != f.URL+"/login/logout" {
		t.Errorf("with them: %+v, %v", m, err)
	}
}

func TestMetadataTrouble(t *testing.T) {
	rows := map[string]struct {
		serve     http.HandlerFunc
		want      error
		cause     tenant.Cause
		temporary bool
	}{
		"404":      {http.NotFound, ErrAnswer, tenant.CauseAddress, false},
		"503":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, ErrUnavailable, tenant.CauseProviderFailed, true},
		"html":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, ErrAnswer, tenant.CauseAnswerUnusable, true},
		"too long": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxAnswer+1)) }, ErrAnswer, tenant.CauseAnswerUnusable, true},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ErrUnavailable, tenant.CauseUnreachable, true},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/", http.StatusFound)
		}, ErrAnswer, tenant.CauseAddress, false},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.Config.Handler = row.serve
			_, err := newClient(t).SignIn(context.Background(), f.registration(), SignInRequest{})
			if !errors.Is(err, row.want) {
				t.Errorf("got %v", err)
			}
			if e := explained(t, err); e.Temporary != row.temporary || e.Cause != row.cause {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestManyAskAtOnceAndOneFetches(t *testing.T) {
	f := newFake(t)
	c := newClient(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := accepts(c, f); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if f.count(metadataAt) != 1 || f.count(keysAt) != 1 {
		t.Errorf("%d metadata and %d key sets read, want 1 each", f.count(metadataAt), f.count(keysAt))
	}
}

func TestRegistrationIsCheckedFirst(t *testing.T) {
	for name, spoil := range map[string]func(*tenant.Registration){
		"redirect to a name": func(r *tenant.Registration) { r.RedirectURI = "http://localhost:0" },
		"base not https":     func(r *tenant.Registration) { r.Base = "http://sod.superoffice.com" },
		"no client id":       func(r *tenant.Registration) { r.ClientID = "" },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			reg := f.registration()
			spoil(&reg)
			_, err := newClient(t).SignIn(context.Background(), reg, SignInRequest{})
			if !errors.Is(err, ErrRegistration) {
				t.Errorf("got %v", err)
			}
			explained(t, err)
		})
	}
}

// TestAnOutageOfTheKeySetIsOutlived: what is known goes on being believed for a day, and what is not known
// is not taken for a forgery.
// SuperOffice changes its keys, and just then its key set cannot be read: nobody may be told that the key set
// does not hold the key, and one caller who gives up must not keep the others from asking.
// TestAPublicDocumentIsAskedForAgain runs in virtual time, and so without a network: the requests go
// straight to the provider's handler.
func TestAPublicDocumentIsAskedForAgain(t *testing.T) {
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	rows := map[string]struct {
		status     int // 0: no answer
		retryAfter func() string
		times      int // how often it fails
		wantTries  int
		waits      [2]time.Duration // at least and at most
		want       error
	}{
		"well":                      {503, nil, 0, 1, [2]time.Duration{}, nil},
		"503 once":                  {503, nil, 1, 2, [2]time.Duration{100 * time.Millisecond, 500 * time.Millisecond}, nil},
		"502 twice":                 {502, nil, 2, 3, [2]time.Duration{200 * time.Millisecond, 1200 * time.Millisecond}, nil},
		"504 for ever":              {504, nil, 9, 3, [2]time.Duration{200 * time.Millisecond, 1200 * time.Millisecond}, ErrUnavailable},
		"no answer once":            {0, nil, 1, 2, [2]time.Duration{100 * time.Millisecond, 500 * time.Millisecond}, nil},
		"429 with seconds":          {429, func() string { return "2" }, 1, 2, [2]time.Duration{2 * time.Second, 2 * time.Second}, nil},
		"503 with a time":           {503, func() string { return date(3 * time.Second) }, 1, 2, [2]time.Duration{2 * time.Second, 3 * time.Second}, nil},
		"503 with a time gone by":   {503, func() string { return date(-time.Hour) }, 1, 2, [2]time.Duration{100 * time.Millisecond, 500 * time.Millisecond}, nil},
		"503 with nonsense":         {503, func() string { return "soon" }, 1, 2, [2]time.Duration{100 * time.Millisecond, 500 * time.Millisecond}, nil},
		"429 that wants a minute":   {429, func() string { return "60" }, 1, 1, [2]time.Duration{}, ErrUnavailable},
		"500 is not repeated":       {500, nil, 1, 1, [2]time.Duration{}, ErrUnavailable},
		"404 is not repeated":       {404, nil, 1, 1, [2]time.Duration{}, ErrAnswer},
		"a redirect is not, either": {302, nil, 1, 1, [2]time.Duration{}, ErrAnswer},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				c := New(Options{HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					answer := httptest.NewRecorder()
					if tries++; tries > row.times {
						f.serve(answer, r)
						return answer.Result(), nil
					}
					if row.status == 0 {
						return nil, io.ErrUnexpectedEOF
					}
					if row.retryAfter != nil {
						answer.Header().Set("Retry-After", row.retryAfter())
					}
					answer.Header().Set("Location", "https://example.com/")
					answer.WriteHeader(row.status)
					return answer.Result(), nil
				})}})
				start := time.Now()
				_, err := c.metadata(context.Background(), f.URL)
				took := time.Since(start)
				if !errors.Is(err, row.want) || (err == nil) != (row.want == nil) || tries != row.wantTries {
					t.Errorf("%d tries, %v", tries, err)
				}
				if took < row.waits[0] || took > row.waits[1] {
					t.Errorf("took %s, want %s to %s", took, row.waits[0], row.waits[1])
				}
			})
		})
	}
}

func TestWaitingToAskAgainCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		c := New(Options{HTTP: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, io.ErrUnexpectedEOF
		})}})
		start := time.Now()
		if _, err := c.metadata(ctx, "https://sod.superoffice.com"); !errors.Is(err, ErrTimeout) || time.Since(start) != 50*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

// roundTrip answers requests without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }
