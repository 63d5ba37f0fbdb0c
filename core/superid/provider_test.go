package superid

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testClientID     = "0123456789abcdef0123456789abcdef"
	testClientSecret = "canary-client-secret-f00d"
	testSystemToken  = "Canary App v1.2-AbCdEfGhIj"
	testTicket       = "7T:Y2FuYXJ5LXRpY2tldA=="
	testRefresh      = "canary-refresh-token"
	testAccess       = "8A:Cust12345.canary-access"
	testCode         = "canary-code-0001"
)

// Keys take long to make, so the tests share them. Nobody writes to them.
var (
	providerKey = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	otherKey    = sync.OnceValue(func() *rsa.PrivateKey { return generate(2048) })
	appKey      = sync.OnceValue(func() *rsa.PrivateKey { return generate(1024) })
)

func generate(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

// jwk is a key set's entry in SuperOffice's form: certificate, thumbprint as kid in upper-case hex.
func jwk(key *rsa.PrivateKey) map[string]any {
	template := &x509.Certificate{SerialNumber: big.NewInt(10), Subject: pkix.Name{CommonName: "Federated Login"},
		NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(5e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	sum := sha1.Sum(der)
	return map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256",
		"kid": strings.ToUpper(hex.EncodeToString(sum[:])),
		"x5t": base64.RawURLEncoding.EncodeToString(sum[:]),
		"n":   base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": "AQAB",
		"x5c": []string{base64.StdEncoding.EncodeToString(der)},
	}
}

// fake is a small SuperID. A test changes a field before it starts the client.
type fake struct {
	*httptest.Server
	t testing.TB

	mu       sync.Mutex
	requests map[string]int
	keys     []map[string]any
	signer   *rsa.PrivateKey
	header   map[string]any // of issued tokens
	claims   map[string]any // over the usual ones; nil removes
	answer   map[string]any // over the token answer's usual fields
	metadata map[string]any // over the usual metadata
	callback url.Values     // over the usual code and state
	token    http.HandlerFunc
	exchange http.HandlerFunc
	revoke   http.HandlerFunc

	pending url.Values // the authorization request that waits for its code
	form    url.Values // the last token or revocation request
	basic   string     // its Authorization header
}

func newFake(t testing.TB) *fake {
	f := &fake{t: t, requests: map[string]int{}, signer: providerKey(), claims: map[string]any{}, answer: map[string]any{}}
	f.keys = []map[string]any{jwk(f.signer)}
	f.header = map[string]any{"alg": "RS256", "typ": "JWT", "kid": f.keys[0]["kid"], "x5t": f.keys[0]["x5t"]}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests[r.URL.Path]++
	f.mu.Unlock()
	switch r.URL.Path {
	case "/login/.well-known/openid-configuration":
		writeJSON(w, over(map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/login/common/oauth/authorize",
			"token_endpoint": f.URL + "/login/common/oauth/tokens", "jwks_uri": f.URL + "/login/.well-known/jwks",
			"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		}, f.metadata))
	case "/login/.well-known/jwks":
		f.mu.Lock()
		defer f.mu.Unlock()
		writeJSON(w, map[string]any{"keys": f.keys})
	case "/login/common/oauth/authorize":
		f.authorize(w, r)
	case "/login/common/oauth/tokens":
		f.tokens(w, r)
	case "/Login/api/PartnerSystemUser/Authenticate", "/Login/services/PartnerSystemUserService.svc":
		f.exchange(w, r)
	case "/login/common/oauth/Revoke", "/login/elsewhere/revoke":
		_ = r.ParseForm()
		f.form, f.basic = r.PostForm, r.Header.Get("Authorization")
		f.revoke(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (f *fake) count(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests[path]
}

func (f *fake) setKeys(keys ...map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys = keys
}

func (f *fake) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "S256" ||
		q.Get("client_id") != testClientID || len(q.Get("state")) < 32 || len(q.Get("nonce")) < 32 {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	f.pending = q
	answer := url.Values{"code": {testCode}, "state": {q.Get("state")}}
	for name, values := range f.callback {
		answer[name] = values
	}
	if _, refused := answer["error"]; refused {
		answer.Del("code")
	}
	if q.Get("response_mode") == "form_post" {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<form method="post" action="%s" data-body="%s"></form>`, q.Get("redirect_uri"), html.EscapeString(answer.Encode()))
		return
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

func (f *fake) tokens(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f.form, f.basic = r.PostForm, r.Header.Get("Authorization")
	if f.token != nil {
		f.token(w, r)
		return
	}
	if f.form.Get("grant_type") == "authorization_code" {
		sum := sha256.Sum256([]byte(f.form.Get("code_verifier")))
		if f.form.Get("code") != testCode || f.form.Get("redirect_uri") != f.pending.Get("redirect_uri") ||
			base64.RawURLEncoding.EncodeToString(sum[:]) != f.pending.Get("code_challenge") {
			writeStatus(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "no such code"})
			return
		}
	}
	writeJSON(w, over(map[string]any{"access_token": testAccess, "token_type": "Bearer", "expires_in": 3600,
		"refresh_token": testRefresh, "id_token": f.idToken()}, f.answer))
}

// idToken is one as SuperOffice makes it, with the test's changes.
func (f *fake) idToken() string {
	now := time.Now()
	return f.sign(over(map[string]any{
		"iss": f.URL, "aud": testClientID, "sub": "kari@example.com", "nonce": f.pending.Get("nonce"),
		"iat": now.Unix(), "nbf": now.Unix() - 60, "exp": now.Unix() + 300,
		identity + "ctx": "Cust12345", identity + "company_name": "Blåbær & Søn <AS>", identity + "serial": "1801550193",
		identity + "associateid": "5", identity + "is_administrator": "True", identity + "upn": "kari@example.com",
		identity + "email": "kari@example.com", identity + "initials": "KN", identity + "system_token": testSystemToken,
	}, f.claims))
}

// exchangeToken is one that the exchange returns, with the test's changes.
func (f *fake) exchangeToken() string {
	now := time.Now()
	return f.sign(over(map[string]any{
		"iss": "SuperOffice AS", "aud": "spn:1801550193", "iat": now.Unix(), "nbf": now.Unix() - 60, "exp": now.Unix() + 300,
		identity + "ctx": "Cust12345", identity + "serial": "1801550193", identity + "associateid": "7",
		identity + "ticket": testTicket, identity + "webapi_url": "https://app.example.com/Cust12345/api/",
	}, f.claims))
}

func (f *fake) sign(claims map[string]any) string { return signJWT(f.signer, f.header, claims) }

// signJWT signs whatever it is given, also what no honest signer would.
func signJWT(key *rsa.PrivateKey, header, claims any) string {
	return signRaw(key, mustJSON(header), mustJSON(claims))
}

func (f *fake) registration() tenant.Registration {
	return tenant.Registration{Name: "test", Environment: tenant.Custom, Base: f.URL, ClientID: testClientID,
		ClientSecret: secret.New(testClientSecret), RedirectURI: "http://127.0.0.1:0",
		PrivateKey: secret.New(string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(appKey())})))}
}

func newClient(t *testing.T) *Client {
	c := New(Options{})
	c.firstPause = time.Millisecond // what TestAPublicDocumentIsAskedForAgain measures, the others need not wait for
	t.Cleanup(c.Close)
	return c
}

// over lays changes over usual fields; nil removes one.
func over(usual, changes map[string]any) map[string]any {
	for name, v := range changes {
		usual[name] = v
		if v == nil {
			delete(usual, name)
		}
	}
	return usual
}

func writeJSON(w http.ResponseWriter, v any) { writeStatus(w, http.StatusOK, v) }

func writeStatus(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(v))
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// shown is what a browser got at the end.
type shown struct {
	status int
	header http.Header
	body   string
	err    error
}

// browse opens an address as a browser does: it follows redirects, and submits the form of a form_post
// answer.
func browse(address string) shown {
	agent := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	got := read(agent.Get(address))
	_, rest, isForm := strings.Cut(got.body, `action="`)
	if !isForm {
		return got
	}
	action, rest, _ := strings.Cut(rest, `" data-body="`)
	body, _, _ := strings.Cut(rest, `"`)
	return read(agent.Post(action, "application/x-www-form-urlencoded", strings.NewReader(html.UnescapeString(body))))
}

func read(resp *http.Response, err error) shown {
	if err != nil {
		return shown{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return shown{resp.StatusCode, resp.Header, string(body), err}
}

// signInWith signs in with a browser that opens what it is told, and returns what it showed.
func signInWith(ctx context.Context, c *Client, reg tenant.Registration, req SignInRequest) (SignedIn, shown, error) {
	page := make(chan shown, 1)
	page <- shown{err: errors.New("the browser was never opened")}
	waiting := req.Waiting
	req.Waiting = func(address string, until time.Time) {
		<-page
		if waiting != nil {
			waiting(address, until)
		}
		go func() { page <- browse(address) }()
	}
	s, err := c.SignIn(ctx, reg, req)
	return s, <-page, err
}

// assertNoCanary fails where a secret is part of what people or logs would see.
func assertNoCanary(t *testing.T, err error, more ...any) {
	t.Helper()
	texts := []string{fmt.Sprintf("%v|%+v|%#v", err, err, err), fmt.Sprintf("%+v", tenant.Explain(err))}
	for _, m := range more {
		texts = append(texts, fmt.Sprintf("%+v|%#v", m, m))
	}
	for _, text := range texts {
		if i := strings.Index(strings.ToLower(text), "canary"); i >= 0 {
			t.Errorf("a secret is shown: %.200s", text[i:])
		}
	}
}

// explained fails unless err has words for people.
func explained(t *testing.T, err error) tenant.Explanation {
	t.Helper()
	var p *tenant.Problem
	if !errors.As(err, &p) {
		t.Fatalf("no words for people: %v", err)
	}
	if p.Op == "" || p.What == "" || p.Why == "" && !errors.Is(err, ErrCancelled) || p.Next == "" || p.Fault == "" {
		t.Errorf("the explanation has gaps: %+v", p.Explanation)
	}
	return p.Explanation
}
