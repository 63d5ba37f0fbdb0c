package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	readyName = "ready.json"
	findWait  = time.Second
	// maxReady holds the ready file of 10,000 tenants several times over.
	maxReady = 16 << 20
)

// Ready is everything that an app needs in order to use the sandbox, secrets included.
type Ready struct {
	BaseURL string `json:"base_url"`
	// Hosts are the addresses of the numbered hosts, on which the tenants live.
	Hosts          []string      `json:"hosts"`
	ClientID       string        `json:"client_id"`
	ClientSecret   string        `json:"client_secret"`
	RedirectURIs   []string      `json:"redirect_uris"`
	PrivateKeyPEM  string        `json:"private_key_pem"`
	PrivateKeyXML  string        `json:"private_key_xml"`
	CertificatePEM string        `json:"certificate_pem"`
	Users          []ReadyUser   `json:"users"`
	Tenants        []ReadyTenant `json:"tenants"`
	ControlURL     string        `json:"control_url"`
}

// ReadyUser is a user who can sign in.
type ReadyUser struct {
	Login           string   `json:"login"`
	IsAdministrator bool     `json:"is_administrator"`
	Tenants         []string `json:"tenants"`
}

// ReadyTenant is a tenant with its system user token and its address as they were when Ready was asked: a
// token is replaced when an administrator approves again after a revocation, and a tenant may move.
type ReadyTenant struct {
	Ctx             string `json:"ctx"`
	CompanyName     string `json:"company_name"`
	Serial          string `json:"serial"`
	SystemUserToken string `json:"system_user_token"`
	API             string `json:"api"`
}

// Ready describes the running sandbox.
func (s *Sandbox) Ready() Ready {
	ready, err := s.describe()
	if err != nil {
		// The state was closed: what needs no state is still true.
		s.log.Debug("describe the sandbox", "err", err)
	}
	return ready
}

func (s *Sandbox) describe() (Ready, error) {
	keyText, err := keyToPEM(s.app.key)
	if err != nil {
		return Ready{}, err
	}
	ready := Ready{
		BaseURL: s.base, Hosts: slices.Clone(s.addresses[1:]), ClientID: s.app.ClientID, ClientSecret: s.app.ClientSecret,
		RedirectURIs:  registeredRedirects(),
		PrivateKeyPEM: keyText, PrivateKeyXML: keyToXML(s.app.key), CertificatePEM: s.keys.signer().certificatePEM(),
		ControlURL: s.base + pathControl,
	}
	for _, u := range s.people.users {
		item := ReadyUser{Login: u.Login, IsAdministrator: u.Administrator}
		for _, m := range u.Memberships {
			item.Tenants = append(item.Tenants, m.Ctx)
		}
		ready.Users = append(ready.Users, item)
	}
	tokens, failure := s.store.tokens()
	for _, t := range s.people.tenants {
		ready.Tenants = append(ready.Tenants, ReadyTenant{
			Ctx: t.Ctx, CompanyName: t.CompanyName, Serial: t.Serial,
			SystemUserToken: tokens[t.Ctx], API: s.endpoint(t) + "/api",
		})
	}
	return ready, failure
}

// announce writes the ready file, whole or not at all, unless the sandbox is closing.
func (s *Sandbox) announce() error {
	s.ready.Lock()
	defer s.ready.Unlock()
	select {
	case <-s.closing:
		return nil
	default:
	}
	ready, err := s.describe()
	if err != nil {
		return fmt.Errorf("write the ready file: %w", err)
	}
	b, err := json.MarshalIndent(ready, "", "  ")
	if err != nil {
		return fmt.Errorf("write the ready file: %w", err)
	}
	// CreateTemp makes the file with mode 0600.
	f, err := os.CreateTemp(s.dir, readyName+".*")
	if err != nil {
		return fmt.Errorf("write the ready file: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, readyName))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write the ready file: %w", err)
	}
	return nil
}

// Find returns what the sandbox that runs on dir says of itself, after asking it for a proof that it is the
// one. The error wraps fs.ErrNotExist when none runs.
func Find(ctx context.Context, dir string) (Ready, error) {
	ready, err := readReady(filepath.Join(dir, readyName))
	if err != nil {
		return Ready{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, findWait)
	defer cancel()
	if err := prove(ctx, ready); err != nil {
		return Ready{}, fmt.Errorf("find the sandbox: %w (%w)", err, fs.ErrNotExist)
	}
	return ready, nil
}

func readReady(path string) (Ready, error) {
	f, err := os.Open(path) // the caller's own folder
	if err != nil {
		return Ready{}, fmt.Errorf("find the sandbox: %w", err)
	}
	defer f.Close()
	var ready Ready
	if err := json.NewDecoder(io.LimitReader(f, maxReady)).Decode(&ready); err != nil {
		return Ready{}, fmt.Errorf("find the sandbox: read %s: %w (%w)", readyName, err, fs.ErrNotExist)
	}
	return ready, nil
}

// prove sends a challenge and checks the answer, which only who knows the client secret can give. The
// secret itself goes nowhere, so another program on the port learns nothing.
func prove(ctx context.Context, ready Ready) error {
	base, err := url.Parse(ready.BaseURL)
	if err != nil || !isLoopback(base.Hostname()) {
		return errors.New("the ready file names no loopback address")
	}
	challenge := randomHex(16)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, ready.BaseURL+pathProof+"?challenge="+challenge, nil)
	if err != nil {
		return fmt.Errorf("ask for a proof: %w", err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("ask for a proof: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1024))
	if err != nil {
		return fmt.Errorf("ask for a proof: %w", err)
	}
	if answer.StatusCode != http.StatusOK || !hmac.Equal(body, []byte(proofOf(ready.ClientSecret, challenge))) {
		return errors.New("something else answers at the sandbox's address")
	}
	return nil
}

func proofOf(clientSecret, challenge string) string {
	mac := hmac.New(sha256.New, []byte(clientSecret))
	mac.Write([]byte("sandbox proof " + challenge))
	return hex.EncodeToString(mac.Sum(nil))
}

// serveProof answers Find.
func (s *Sandbox) serveProof(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hContent, "text/plain")
	w.Header().Set(hCache, noStore)
	_, _ = io.WriteString(w, proofOf(s.app.ClientSecret, r.URL.Query().Get("challenge")))
}
