package superid

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// offline is a client that fails the test where it asks anybody.
func offline(t *testing.T) *Client {
	return New(Options{HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked for %s", r.URL.Path)
		return nil, io.ErrUnexpectedEOF
	})}})
}

// outcome is a list of checks as one line: each step that did not pass, with ✗ or –.
func outcome(checks []Check) string {
	var marks []string
	for _, c := range checks {
		switch {
		case c.Failed():
			marks = append(marks, "✗ "+c.Name)
		case c.Err != nil:
			marks = append(marks, "– "+c.Name)
		}
	}
	return strings.Join(marks, ", ")
}

func TestInspect(t *testing.T) {
	f := newFake(t)
	f.pending = map[string][]string{"nonce": {"canary-nonce"}}
	reg := f.registration()
	pinned := reg
	pinned.Certificate = pemCertificateOf(f.keys[0])
	keys := mustJSON(map[string]any{"keys": f.keys})
	certificate := certificateOf(f.keys[0])
	nonce := secret.New("canary-nonce")
	stale := pemCertificateOf(jwk(otherKey()))
	idToken, exchanged := f.idToken(), f.exchangeToken()
	forged := signJWT(otherKey(), f.header, map[string]any{"iss": "x"})
	rows := map[string]struct {
		token   string
		options InspectOptions
		online  bool // asks the provider
		want    string
		cause   tenant.Cause // empty: passed
	}{
		"id token, registration's key set":   {idToken, InspectOptions{Registration: &reg, Nonce: nonce}, true, "", ""},
		"id token without its nonce":         {idToken, InspectOptions{Registration: &reg}, true, "– nonce", ""},
		"id token, another nonce":            {idToken, InspectOptions{Registration: &reg, Nonce: secret.New("x")}, true, "✗ nonce", tenant.CauseTokenRefused},
		"id token, pinned certificate":       {idToken, InspectOptions{Registration: &pinned, Nonce: nonce}, false, "", ""},
		"id token, key set at an address":    {idToken, InspectOptions{KeySetURL: f.URL + keysAt, Issuer: f.URL, Audience: testClientID, Nonce: nonce}, true, "", ""},
		"id token, key set as a file":        {idToken, InspectOptions{KeySet: keys, Issuer: f.URL, Audience: testClientID, Nonce: nonce}, false, "", ""},
		"id token, certificate as a file":    {idToken, InspectOptions{Certificate: certificate, Issuer: f.URL, Audience: testClientID, Nonce: nonce}, false, "", ""},
		"id token, only a key":               {idToken, InspectOptions{KeySet: keys}, false, "– issuer, – audience, – nonce", ""},
		"id token, a key and a registration": {idToken, InspectOptions{KeySet: keys, Registration: &reg}, false, "– nonce", ""},
		"id token, another issuer":           {idToken, InspectOptions{Registration: &pinned, Issuer: "https://sod.superoffice.com"}, false, "✗ issuer, – nonce", tenant.CauseTokenRefused},
		"id token, another app":              {idToken, InspectOptions{Registration: &pinned, Audience: "x"}, false, "✗ audience, – nonce", tenant.CauseOtherApp},
		"id token, an hour later":            {idToken, InspectOptions{KeySet: keys, At: time.Now().Add(time.Hour)}, false, "– issuer, – audience, ✗ expiry, – nonce", tenant.CauseTokenTimes},
		"id token, an hour earlier":          {idToken, InspectOptions{KeySet: keys, At: time.Now().Add(-time.Hour)}, false, "– issuer, – audience, ✗ not before, ✗ issued at, – nonce", tenant.CauseTokenTimes},
		"id token, another certificate":      {idToken, InspectOptions{Certificate: []byte(stale)}, false, "✗ key, – signature, – issuer, – audience, – nonce", tenant.CauseCertificateStale},
		"id token, no such key set":          {idToken, InspectOptions{KeySetURL: f.URL + "/none"}, true, "✗ key, – signature, – issuer, – audience, – nonce", tenant.CauseAddress},
		"exchange token":                     {exchanged, InspectOptions{Registration: &reg}, true, "", ""},
		"exchange token, only a key":         {exchanged, InspectOptions{KeySet: keys}, false, "", ""},
		"exchange token, another audience":   {exchanged, InspectOptions{KeySet: keys, Audience: "spn:1"}, false, "✗ audience", tenant.CauseTokenRefused},
		"exchange token, another issuer":     {exchanged, InspectOptions{KeySet: keys, Issuer: f.URL}, false, "✗ issuer", tenant.CauseTokenRefused},
		"a forgery":                          {forged, InspectOptions{KeySet: keys}, false, "✗ signature, – issuer, – audience, ✗ expiry, ✗ issued at, – nonce, ✗ subject, ✗ claims", tenant.CauseTokenRefused},
		"no token":                           {"canary", InspectOptions{KeySet: keys}, false, "✗ form, – algorithm, – key, – signature, – issuer, – audience, – expiry, – not before, – issued at, – nonce, – subject, – claims", tenant.CauseTokenRefused},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c := newClient(t)
			if !row.online {
				c = offline(t)
			}
			i, err := c.Inspect(context.Background(), secret.New(row.token), row.options)
			if err != nil {
				t.Fatal(err)
			}
			// No inspection is given a tenant, so that step is always left out.
			if got := strings.TrimSuffix(strings.TrimSuffix(outcome(i.Checks), "– tenant"), ", "); got != row.want || (i.Err == nil) != (row.cause == "") {
				t.Errorf("outcome %q, error %v", got, i.Err)
			}
			if i.Err != nil && explained(t, i.Err).Cause != row.cause {
				t.Errorf("%+v", tenant.Explain(i.Err))
			}
			if genuine := !strings.Contains(row.want, "signature"); i.Genuine != genuine {
				t.Errorf("genuine %v", i.Genuine)
			}
			if kind := i.Kind == ExchangeToken; kind != strings.HasPrefix(name, "exchange") || i.KeySource == "" {
				t.Errorf("taken for %s, key from %q", i.Kind, i.KeySource)
			}
			assertNoCanary(t, i.Err, i)
		})
	}
}

func TestInspectNeedsAKey(t *testing.T) {
	for name, o := range map[string]InspectOptions{
		"none":                     {},
		"a key set that is none":   {KeySet: []byte("canary")},
		"a key set without a key":  {KeySet: []byte(`{"keys":[]}`)},
		"a certificate that is no": {Certificate: []byte("canary")},
		"an address without TLS":   {KeySetURL: "http://sod.superoffice.com/keys"},
		"an address by name":       {KeySetURL: "http://localhost/keys"},
		"an address of a file":     {KeySetURL: "file:///etc/passwd"},
		"an address with a user":   {KeySetURL: "https://a:canary@sod.superoffice.com/"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := offline(t).Inspect(context.Background(), secret.New("x"), o)
			if e := explained(t, err); e.Cause != tenant.CauseInput {
				t.Errorf("%+v", e)
			}
			assertNoCanary(t, err)
		})
	}
}

func TestInspectShowsClaimsInOneOrderAndSecretsNever(t *testing.T) {
	f := newFake(t)
	f.claims = map[string]any{
		"a": 1, "nonce": "canary-nonce", "azp": testClientID, "deep": map[string]any{"list": []any{map[string]any{"api_key": "canary"}, "seen"}},
		"token_list": []string{"canary"}, identity + "ticket": nil,
	}
	i, err := newClient(t).Inspect(context.Background(), secret.New(f.idToken()), InspectOptions{KeySet: mustJSON(map[string]any{"keys": f.keys})})
	if err != nil || i.Err != nil {
		t.Fatal(err, i.Err)
	}
	var names []string
	secrets := map[string]bool{}
	for _, c := range i.Claims {
		names = append(names, strings.TrimPrefix(c.Name, identity))
		_, secrets[names[len(names)-1]] = c.Value.(secret.Text)
	}
	if got := strings.Join(names, " "); got != "iss aud azp sub exp nbf iat nonce a deep "+
		"associateid company_name ctx email initials is_administrator serial system_token upn token_list" {
		t.Errorf("in the order %s", got)
	}
	if !secrets["system_token"] || !secrets["nonce"] || !secrets["token_list"] || secrets["ctx"] || secrets["sub"] {
		t.Errorf("kept back: %v", secrets)
	}
	b, err := json.Marshal(i.Claims)
	if err != nil || !strings.Contains(string(b), "seen") {
		t.Errorf("%s, %v", b, err)
	}
	assertNoCanary(t, errors.New(string(b)), i)
}

func TestInspectWarnsOfAnExpiredCertificate(t *testing.T) {
	f := newFake(t)
	at := time.Unix(6e9, 0)
	f.claims = map[string]any{"iat": at.Unix(), "nbf": at.Unix(), "exp": at.Unix() + 300}
	i, err := offline(t).Inspect(context.Background(), secret.New(f.idToken()), InspectOptions{Certificate: certificateOf(f.keys[0]), At: at})
	if err != nil || i.Err != nil || !strings.Contains(i.Warning, "expired") {
		t.Errorf("%v, %v, warning %q", err, i.Err, i.Warning)
	}
}

func TestInspectIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	i, err := newClient(t).Inspect(ctx, secret.New(newFake(t).idToken()), InspectOptions{KeySetURL: server.URL})
	if err != nil || !errors.Is(i.Err, ErrCancelled) {
		t.Errorf("got %v, %v", err, i.Err)
	}
}
