package sandbox_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestExchangeGivesATicket(t *testing.T) {
	w := newWorld(t)
	tenant := w.tenant(second)
	claims := w.exchange(second)
	for name, want := range map[string]string{
		"iss": "SuperOffice AS", "aud": "spn:" + tenant.Serial,
		prefix + "ctx": second, prefix + "serial": tenant.Serial, prefix + "company_name": tenant.CompanyName,
		prefix + "system_token": tenant.SystemUserToken, prefix + "webapi_url": tenant.API + "/",
	} {
		if text(claims[name]) != want {
			t.Errorf("claim %s is %v, want %s", name, claims[name], want)
		}
	}
	ticket := text(claims[prefix+"ticket"])
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(ticket, "7T:"))
	if err != nil || !strings.HasPrefix(ticket, "7T:") {
		t.Fatalf("the ticket's form: %v", err)
	}
	parts := strings.Split(strings.ReplaceAll(string(raw), "\x00", ""), ";")
	if len(parts) != 3 || len(parts[0]) != 32 || parts[2] != second {
		t.Errorf("the ticket holds %d parts", len(parts))
	}
}

func TestExchangeRefusals(t *testing.T) {
	w := newWorld(t)
	key, token, now := w.key(), w.tenant(first).SystemUserToken, w.clock.now()
	good := signToken(t, key, token, now)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	minute := now.Truncate(time.Minute)
	for name, c := range map[string]struct{ signed, app, ctx, want string }{
		"too old":         {signToken(t, key, token, minute.Add(-5*time.Minute)), "", first, "6 (InvalidTimestamp)"},
		"too early":       {signToken(t, key, token, minute.Add(6*time.Minute)), "", first, "6 (InvalidTimestamp)"},
		"no time":         {signToken(t, key, token+".yesterday", now)[:10], "", first, "7 (InvalidSignature)"},
		"other key":       {signToken(t, stranger, token, now), "", first, "7 (InvalidSignature)"},
		"time changed":    {strings.Replace(good, minute.Format("200601021504"), minute.Add(time.Minute).Format("200601021504"), 1), "", first, "7 (InvalidSignature)"},
		"cut short":       {good[:len(good)-4], "", first, "7 (InvalidSignature)"},
		"broken lines":    {good[:len(good)-4] + "\r\n" + good[len(good)-4:], "", first, "7 (InvalidSignature)"},
		"not signed":      {token, "", first, "7 (InvalidSignature)"},
		"empty":           {"", "", first, "7 (InvalidSignature)"},
		"wrong app token": {good, strings.Repeat("0", 32), first, "4 (Denied)"},
		"other tenant":    {good, "", second, "4 (Denied)"},
		"unknown tenant":  {good, "", "Cust1", "4 (Denied)"},
		"unknown token":   {signToken(t, key, "Partnerdesk v1.0-0000000000", now), "", first, "4 (Denied)"},
	} {
		app := c.app
		if app == "" {
			app = w.ready.ClientSecret
		}
		a := w.exchangeSigned(c.signed, app, c.ctx)
		if a["IsSuccessful"] != false || a["Token"] != nil || !strings.Contains(text(a["ErrorMessage"]), "AuthorizeErrorCode "+c.want) {
			t.Errorf("%s: %v %v", name, a["IsSuccessful"], a["ErrorMessage"])
		}
	}
	for _, off := range []time.Duration{-4 * time.Minute, 5 * time.Minute} {
		if a := w.exchangeSigned(signToken(t, key, token, minute.Add(off)), w.ready.ClientSecret, first); a["IsSuccessful"] != true {
			t.Errorf("%s off is refused: %v", off, a["ErrorMessage"])
		}
	}
}

func TestRevokedConsentEndsTokensUntilApprovedAgain(t *testing.T) {
	w := newWorld(t)
	refresh := text(w.signIn(first)["refresh_token"])
	old := w.tenant(first).SystemUserToken
	exchange := func() string {
		signed := signToken(t, w.key(), old, w.clock.now())
		return text(w.exchangeSigned(signed, w.ready.ClientSecret, first)["ErrorMessage"])
	}
	w.control("revoke", first, "")
	if got := exchange(); !strings.Contains(got, "1 (Revoked)") {
		t.Errorf("after the revocation: %q", got)
	}
	w.restart()
	if got := exchange(); !strings.Contains(got, "1 (Revoked)") {
		t.Errorf("after a restart: %q", got)
	}
	if a := w.refresh(refresh); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("refresh: %s", a.body)
	}
	again := w.signIn(first) // asked again, so signIn clicks approve
	token := text(w.claims(text(again["id_token"]))[prefix+"system_token"])
	if token == "" || token == old || token != w.tenant(first).SystemUserToken {
		t.Error("the new approval made no new system user token")
	}
	w.exchange(first)
	if got := exchange(); !strings.Contains(got, "1 (Revoked)") {
		t.Errorf("the old token after the new approval: %q", got)
	}
	if a := w.refresh(refresh); a.object(t)["error"] != "invalid_grant" {
		t.Errorf("the old refresh token came back: %s", a.body)
	}
}

func TestExchangeTakesJSONOnly(t *testing.T) {
	w := newWorld(t)
	address := w.ready.BaseURL + "/login/API/partnersystemuser/AUTHENTICATE" // the case does not matter
	if a := w.call(http.MethodPost, address, "x=1", "Content-Type", "application/x-www-form-urlencoded"); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d", a.status)
	}
	if a := w.call(http.MethodPost, address, "{", "Content-Type", "application/json"); a.status != http.StatusBadRequest {
		t.Errorf("broken JSON: %d", a.status)
	}
	if a := w.call(http.MethodPost, address, "{}{}", "Content-Type", "application/json"); a.status != http.StatusBadRequest {
		t.Errorf("two objects: %d", a.status)
	}
	huge := tooLarge(`{"SignedSystemToken":"`)
	if a := w.call(http.MethodPost, address, huge, "Content-Type", "application/json"); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large a body: %d", a.status)
	}
}

// TestOpenSSLAgrees lets a program that shares no code with this one check the id token's signature by the
// certificate, and the app's key by itself.
func TestOpenSSLAgrees(t *testing.T) {
	w := newWorld(t)
	token := text(w.signIn(first)["id_token"])
	end := strings.LastIndexByte(token, '.')
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	certificate := write("certificate.pem", []byte(w.ready.CertificatePEM))
	signature := write("signature", unbase64(t, token[end+1:]))
	data := write("data", []byte(token[:end]))
	public, err := exec.CommandContext(t.Context(), "openssl", "x509", "-in", certificate, "-pubkey", "-noout").Output()
	if err != nil {
		t.Fatalf("openssl: %v", err)
	}
	out, err := exec.CommandContext(t.Context(), "openssl", "dgst", "-sha256", "-verify", write("public.pem", public),
		"-signature", signature, data).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Verified OK") {
		t.Errorf("openssl says %s (%v)", out, err)
	}
	out, err = exec.CommandContext(t.Context(), "openssl", "rsa", "-check", "-noout", "-in",
		write("key.pem", []byte(w.ready.PrivateKeyPEM))).CombinedOutput()
	if err != nil {
		t.Errorf("openssl says of the app's key: %s (%v)", out, err)
	}
}
