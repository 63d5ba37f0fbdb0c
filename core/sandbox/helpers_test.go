package sandbox_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/sandbox"
)

const (
	admin       = "admin@sandbox.example"
	nobody      = "user@sandbox.example"
	first       = "Cust10001"
	second      = "Cust10002"
	prefix      = "http://schemes.superoffice.net/identity/"
	redirectURI = "http://127.0.0.1:4321/callback"
)

// prepared is the state after a first start, made once because its keys take long.
var prepared = sync.OnceValues(func() (state []byte, err error) {
	dir, err := os.MkdirTemp("", "sandbox")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := sandbox.Start(context.Background(), sandbox.Options{Dir: dir, Seed: 7})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "sandbox.bolt"))
})

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a sandbox with what a test needs to talk to it.
type world struct {
	t     *testing.T
	dir   string
	clock *clock
	box   *sandbox.Sandbox
	ready sandbox.Ready
}

func newWorld(t *testing.T) *world {
	t.Helper()
	state, err := prepared()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: t.TempDir(), clock: &clock{at: time.Date(2026, 11, 22, 12, 0, 30, 123456700, time.UTC)}}
	if err := os.WriteFile(filepath.Join(w.dir, "sandbox.bolt"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	w.start()
	t.Cleanup(func() {
		if err := w.box.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

func (w *world) start() {
	w.t.Helper()
	box, err := sandbox.Start(w.t.Context(), sandbox.Options{Dir: w.dir, Now: w.clock.now})
	if err != nil {
		w.t.Fatal(err)
	}
	w.box, w.ready = box, box.Ready()
}

func (w *world) restart() {
	w.t.Helper()
	if err := w.box.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.start()
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		t.Fatalf("status %d, no JSON object: %v: %.300s", a.status, err, a.body)
	}
	return object
}

// tooLarge fills a body up to one byte more than the sandbox reads. With more, the server could hang up on
// a client that still writes, and the client see that instead of the answer.
func tooLarge(start string) string { return start + strings.Repeat(" ", 1<<20+1-len(start)) }

func text(v any) string { s, _ := v.(string); return s }

// call sends a request; headers are name, value pairs.
func (w *world) call(method, address, body string, headers ...string) answer {
	w.t.Helper()
	a, err := w.attempt(method, address, body, headers...)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// attempt is call where the connection may end without an answer.
func (w *world) attempt(method, address, body string, headers ...string) (answer, error) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, b}, err
}

func (w *world) get(path string) answer {
	w.t.Helper()
	return w.call(http.MethodGet, w.ready.BaseURL+path, "", "Accept", "application/json")
}

func (w *world) postForm(path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	return w.call(http.MethodPost, w.ready.BaseURL+path, form.Encode(), headers...)
}

// control carries out an order and expects it to work.
func (w *world) control(action, ctx, state string) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{"action": action, "ctx": ctx, "state": state})
	a := w.call(http.MethodPost, w.ready.ControlURL, string(body), "Content-Type", "application/json")
	if a.status != http.StatusOK {
		w.t.Fatalf("control %s %s: %d %s", action, ctx, a.status, a.body)
	}
}

func (w *world) tenant(ctx string) sandbox.ReadyTenant {
	w.t.Helper()
	for _, t := range w.box.Ready().Tenants {
		if t.Ctx == ctx {
			return t
		}
	}
	w.t.Fatalf("no tenant %s", ctx)
	return sandbox.ReadyTenant{}
}

const verifier = "a-verifier-of-at-least-forty-three-characters-0123"

// authorizeURL is what an app sends the browser to.
func (w *world) authorizeURL(change ...string) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {w.ready.ClientID}, "scope": {"openid"}, "redirect_uri": {redirectURI},
		"state": {"the state"}, "nonce": {"the nonce"}, "response_type": {"code"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(change); i += 2 {
		if change[i+1] == "" {
			q.Del(change[i])
			continue
		}
		q.Set(change[i], change[i+1])
	}
	return w.ready.BaseURL + "/login/common/oauth/authorize?" + q.Encode()
}

// redeem exchanges a code, with parameters changed in pairs.
func (w *world) redeem(code string, change ...string) answer {
	w.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI},
		"client_id": {w.ready.ClientID}, "client_secret": {w.ready.ClientSecret}, "code_verifier": {verifier},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return w.postForm("/login/common/oauth/tokens", form)
}

func (w *world) refresh(token string) answer {
	w.t.Helper()
	return w.postForm("/login/common/oauth/tokens", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token},
		"client_id": {w.ready.ClientID}, "client_secret": {w.ready.ClientSecret},
	})
}

// signIn goes the whole way as an administrator and returns the token answer.
func (w *world) signIn(ctx string) map[string]any {
	w.t.Helper()
	code := w.code(w.authorizeURL("acr_values", "tenant:"+ctx))
	a := w.redeem(code)
	if a.status != http.StatusOK {
		w.t.Fatalf("redeem: %d %s", a.status, a.body)
	}
	return a.object(w.t)
}

// code clicks through the pages as an administrator.
func (w *world) code(address string) string {
	w.t.Helper()
	p := w.browse(address).click("user-" + admin)
	if p.callback == nil {
		p = p.click("approve")
	}
	code := p.callback.Get("code")
	if code == "" {
		w.t.Fatalf("no code in the callback: %v", p.callback)
	}
	return code
}

// key is the app's key, as a client reads it from the ready file.
func (w *world) key() *rsa.PrivateKey {
	w.t.Helper()
	block, _ := pem.Decode([]byte(w.ready.PrivateKeyPEM))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		w.t.Fatal(err)
	}
	return parsed.(*rsa.PrivateKey)
}

// signToken signs a system user token at the given time.
func signToken(t *testing.T, key *rsa.PrivateKey, token string, at time.Time) string {
	t.Helper()
	text := token + "." + at.UTC().Format("200601021504")
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.StdEncoding.EncodeToString(signature)
}

// exchangeSigned sends a signed token.
func (w *world) exchangeSigned(signed, applicationToken, ctx string) map[string]any {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{
		"SignedSystemToken": signed, "ApplicationToken": applicationToken,
		"ContextIdentifier": ctx, "ReturnTokenType": "JWT",
	})
	a := w.call(http.MethodPost, w.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", string(body),
		"Content-Type", "application/json; charset=utf-8")
	if a.status != http.StatusOK {
		w.t.Fatalf("exchange: %d %s", a.status, a.body)
	}
	return a.object(w.t)
}

// exchange does a whole exchange and returns the ticket's claims.
func (w *world) exchange(ctx string) map[string]any {
	w.t.Helper()
	signed := signToken(w.t, w.key(), w.tenant(ctx).SystemUserToken, w.clock.now())
	a := w.exchangeSigned(signed, w.ready.ClientSecret, ctx)
	if a["IsSuccessful"] != true || a["ErrorMessage"] != nil {
		w.t.Fatalf("exchange refused: %v", a["ErrorMessage"])
	}
	return w.claims(text(a["Token"]))
}

// claims verifies a token by the key set and returns what it says.
func (w *world) claims(token string) map[string]any {
	w.t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		w.t.Fatalf("a token of %d parts", len(parts))
	}
	header := answer{body: unbase64(w.t, parts[0])}.object(w.t)
	keys, _ := w.get("/login/.well-known/jwks").object(w.t)["keys"].([]any)
	key, _ := keys[0].(map[string]any)
	for _, name := range []string{"kid", "x5t", "alg"} {
		if header[name] != key[name] || text(header[name]) == "" {
			w.t.Fatalf("header %s is %v, the key set has %v", name, header[name], key[name])
		}
	}
	der, err := base64.StdEncoding.DecodeString(text(key["x5c"].([]any)[0]))
	if err != nil {
		w.t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		w.t.Fatal(err)
	}
	err = certificate.CheckSignature(x509.SHA256WithRSA, []byte(parts[0]+"."+parts[1]), unbase64(w.t, parts[2]))
	if err != nil {
		w.t.Fatalf("the signature: %v", err)
	}
	return answer{body: unbase64(w.t, parts[1])}.object(w.t)
}

func unbase64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
