package sandbox_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/sandbox"
)

func TestRestartKeepsStateAndPort(t *testing.T) {
	w := newWorld(t)
	refresh := text(w.signIn(first)["refresh_token"])
	before := w.ready
	w.restart()
	if w.ready.BaseURL != before.BaseURL || w.ready.ClientSecret != before.ClientSecret ||
		w.ready.CertificatePEM != before.CertificatePEM || w.ready.PrivateKeyXML != before.PrivateKeyXML {
		t.Errorf("another sandbox at %s, it was %s", w.ready.BaseURL, before.BaseURL)
	}
	if a := w.refresh(refresh); a.status != http.StatusOK {
		t.Errorf("yesterday's refresh token: %d %s", a.status, a.body)
	}
	if p := w.browse(w.authorizeURL("acr_values", "tenant:"+first)).click("user-" + admin); p.callback.Get("code") == "" {
		t.Errorf("yesterday's consent is forgotten: %s", p.text)
	}
}

func TestAnotherPortWhenLastTimesIsTaken(t *testing.T) {
	w := newWorld(t)
	address := strings.TrimPrefix(w.ready.BaseURL, "http://")
	if err := w.box.Close(); err != nil {
		t.Fatal(err)
	}
	squatter, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	w.start()
	if strings.HasSuffix(w.ready.BaseURL, address) {
		t.Error("the same port twice")
	}
}

func TestOneServerAFolder(t *testing.T) {
	w := newWorld(t)
	if _, err := sandbox.Start(t.Context(), sandbox.Options{Dir: w.dir}); !errors.Is(err, sandbox.ErrServedElsewhere) {
		t.Fatalf("a second start: %v", err)
	}
	found, err := sandbox.Find(t.Context(), w.dir)
	if err != nil || found.BaseURL != w.ready.BaseURL || found.ClientSecret != w.ready.ClientSecret || len(found.Tenants) != 5 {
		t.Fatalf("find: %v", err)
	}
	if runtime.GOOS == "windows" { // which keeps no modes
		return
	}
	for _, name := range []string{"ready.json", "sandbox.bolt"} {
		if info, err := os.Stat(filepath.Join(w.dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestFindKnowsWhenNoneRuns(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(w.dir, "ready.json")
	left, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.box.Close(); err != nil {
		t.Fatal(err)
	}
	none := func(why string) {
		t.Helper()
		if _, err := sandbox.Find(t.Context(), w.dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", why, err)
		}
	}
	none("after Close")
	for why, content := range map[string][]byte{"a crash left it": left, "broken": []byte("{"), "empty": []byte("{}")} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		none(why)
	}
	// Another program at the port knows no proof.
	listener, err := net.Listen("tcp", strings.TrimPrefix(w.ready.BaseURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	impostor := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	done := make(chan error, 1)
	go func() { done <- impostor.Serve(listener) }()
	if err := os.WriteFile(path, left, 0o600); err != nil {
		t.Fatal(err)
	}
	none("an impostor")
	_ = impostor.Close()
	<-done
}

func TestTheSeedDecidesTheData(t *testing.T) {
	start := func(seed uint64) sandbox.Ready {
		s, err := sandbox.Start(t.Context(), sandbox.Options{Dir: filepath.Join(t.TempDir(), "new"), Seed: seed, Tenants: 4})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return s.Ready()
	}
	a, b, c := start(1), start(1), start(2)
	for i := range a.Tenants {
		if a.Tenants[i].Serial != b.Tenants[i].Serial || a.Tenants[i].SystemUserToken == b.Tenants[i].SystemUserToken {
			t.Errorf("tenant %d: the serials differ, or the tokens do not", i)
		}
	}
	if a.Tenants[0].Serial == c.Tenants[0].Serial || a.ClientSecret == b.ClientSecret {
		t.Error("another seed makes the same serial, or two sandboxes share a secret")
	}
	if len(a.Users) != 3 || len(a.Users[0].Tenants) != 3 || a.Users[1].IsAdministrator {
		t.Errorf("users %+v", a.Users)
	}
}

func TestTenThousandTenantsStartQuickly(t *testing.T) {
	dir := t.TempDir()
	began := time.Now()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Dir: dir, Tenants: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Logf("started in %s", time.Since(began))
	ready := s.Ready()
	serials := map[string]bool{}
	for _, tenant := range ready.Tenants {
		serials[tenant.Serial] = true
	}
	if len(serials) != 10_000 || len(ready.Users) != 10_000-3+2 {
		t.Errorf("%d serials, %d users", len(serials), len(ready.Users))
	}
	w := &world{t: t, box: s, ready: ready, clock: &clock{at: time.Now()}}
	w.browse(w.authorizeURL()).shows(t, "more: type the user name")
	w.browse(ready.ControlURL+"?page=100").shows(t, "Cust20000")
	w.exchange("Cust20000")
}

func TestWrongOptions(t *testing.T) {
	for name, o := range map[string]sandbox.Options{
		"no folder":       {},
		"all interfaces":  {Dir: t.TempDir(), Listen: "0.0.0.0:0"},
		"no port":         {Dir: t.TempDir(), Listen: "127.0.0.1"},
		"a bad port":      {Dir: t.TempDir(), Listen: "127.0.0.1:99999"},
		"negative":        {Dir: t.TempDir(), Tenants: -1},
		"too many":        {Dir: t.TempDir(), Tenants: 10_001},
		"a foreign name":  {Dir: t.TempDir(), Listen: "evil.example:0"},
		"a name's prefix": {Dir: t.TempDir(), Listen: "127.0.0.1.evil.example:0"},
	} {
		if s, err := sandbox.Start(context.Background(), o); err == nil {
			t.Errorf("%s: started", name)
			_ = s.Close()
		}
	}
}

// TestPortalKey rebuilds the key from its XML: every part must be there, and be what its name says.
func TestPortalKey(t *testing.T) {
	w := newWorld(t)
	var parts struct {
		Modulus, Exponent, P, Q, DP, DQ, InverseQ, D string
	}
	if err := xml.Unmarshal([]byte(w.ready.PrivateKeyXML), &parts); err != nil {
		t.Fatal(err)
	}
	number := func(s string) *big.Int {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil || len(b) == 0 {
			t.Fatalf("a part of the key: %v", err)
		}
		return new(big.Int).SetBytes(b)
	}
	key := w.key()
	for name, c := range map[string]struct{ got, want *big.Int }{
		"Modulus": {number(parts.Modulus), key.N}, "D": {number(parts.D), key.D},
		"P*Q":      {new(big.Int).Mul(number(parts.P), number(parts.Q)), key.N},
		"Exponent": {number(parts.Exponent), big.NewInt(int64(key.E))},
		"DP":       {number(parts.DP), key.Precomputed.Dp}, "DQ": {number(parts.DQ), key.Precomputed.Dq},
		"InverseQ": {number(parts.InverseQ), key.Precomputed.Qinv},
	} {
		if c.got.Cmp(c.want) != 0 {
			t.Errorf("%s is wrong", name)
		}
	}
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	var log bytes.Buffer
	dir := t.TempDir()
	s, err := sandbox.Start(t.Context(), sandbox.Options{
		Dir: dir, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, box: s, ready: s.Ready(), clock: &clock{at: time.Now()}, dir: dir}
	tokens := w.signIn(first)
	headers := w.ticket(w.exchange(first))
	w.service(http.MethodGet, first, "Contact/default", "", headers)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if !strings.Contains(log.String(), `"status":200`) || !strings.Contains(log.String(), "/login/common/oauth/tokens") {
		t.Errorf("the log lacks lines: %s", log.String())
	}
	state, err := os.ReadFile(filepath.Join(dir, "sandbox.bolt"))
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{
		"client secret": w.ready.ClientSecret, "access token": text(tokens["access_token"]),
		"refresh token": text(tokens["refresh_token"]), "ticket": headers[1], "state": "the+state",
		"system user token": w.ready.Tenants[0].SystemUserToken,
	} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds the %s", name)
		}
	}
	if bytes.Contains(state, []byte(text(tokens["refresh_token"]))) {
		t.Error("the file holds a refresh token in the clear")
	}
}
