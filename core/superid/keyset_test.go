package superid

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
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

func TestMetadataTrouble(t *testing.T) {
	rows := map[string]struct {
		serve     http.HandlerFunc
		want      error
		temporary bool
	}{
		"404":      {http.NotFound, ErrAnswer, false},
		"503":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, ErrUnavailable, true},
		"html":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, ErrAnswer, true},
		"too long": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxAnswer+1)) }, ErrAnswer, true},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ErrUnavailable, true},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/", http.StatusFound)
		}, ErrUnavailable, true},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.Config.Handler = row.serve
			_, err := newClient(t).SignIn(context.Background(), f.registration(), SignInRequest{})
			if !errors.Is(err, row.want) {
				t.Errorf("got %v", err)
			}
			if e := explained(t, err); e.Temporary != row.temporary {
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
