//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"partnerdesk/core/sandbox"
)

func TestARegistrationIsEnteredCheckedAndUsed(t *testing.T) {
	s, home := newScreen(t), t.TempDir()
	ready := elsewhere(s)
	const keyFile = "signing.pem"
	must(t, os.WriteFile(filepath.Join(home, keyFile), []byte(ready.PrivateKeyPEM), 0o600))
	d := launch(t, s, newOpener(t), home)
	d.awaitReady()
	s.key("ctrl+n")
	s.awaitText("Add a registration", inForm)
	s.key("Right", "Right", "Right", "Tab") // the last environment is another address
	s.write(ready.BaseURL)
	s.key("Tab", "Return", "Tab", "Tab") // what to enter in the Developer Portal is folded away
	s.write("my app")
	s.key("Tab")
	s.write(ready.ClientID)
	s.key("Tab")
	s.write(ready.ClientSecret)
	s.key("Tab", "Return")
	s.clickText(keyFile, inForm)
	s.clickText("Open", box{700, 650, 400, 45}) // the foot of the file dialog
	s.awaitText("2048 bits", inForm)
	s.shoot("registration-1-filled")

	s.clickText("Check", inForm)
	s.awaitText("Checked: all is well", inForm)
	s.shoot("registration-2-checked")
	if n := counters(t, ready); n.MetadataReads == 0 || n.Exchanges != 0 {
		t.Errorf("for the check the sandbox was asked %+v", n)
	}
	if registered := d.registrations(); len(registered) != 1 {
		t.Errorf("before it is saved the store holds %+v", registered)
	}
	s.key("Return") // Save has the focus now
	s.eventually("the registration", func() bool {
		r := d.registrations()["my app"]
		return r.Current && r.Base == ready.BaseURL && r.Secret != "none" && r.Key != "none"
	})

	tenant := d.signIn(ready)
	if rows := d.tenants(); len(rows) != 1 || rows[0].Registration != "my app" {
		t.Errorf("the store holds %+v", rows)
	}
	s.key("ctrl+2")
	s.eventually("the company", func() bool { return counters(t, ready).ContactPosts == 1 })
	s.awaitText("Well "+tenant.Ctx, inDetail)
	s.shoot("registration-3-used")
	d.quit(syscall.SIGTERM)
	assertNoSecrets(t, d, ready)
}

// elsewhere serves a sandbox that the desktop knows nothing of.
func elsewhere(s *screen) sandbox.Ready {
	s.t.Helper()
	dir := s.t.TempDir()
	file := filepath.Join(dir, "ready")
	server := exec.Command(setBy(s.t, "make e2e", consoleBinary), "--data", filepath.Join(dir, "data"), "sandbox", "--ready-file", file)
	server.Env = s.env()
	start(s.t, server)
	var ready sandbox.Ready
	s.eventually("the other sandbox", func() bool {
		text, err := os.ReadFile(file)
		return err == nil && json.Unmarshal(text, &ready) == nil
	})
	return ready
}

// registrationRow is a registration as the console lists it.
type registrationRow struct {
	Name    string
	Current bool
	Base    string `json:"base_url"`
	Secret  string `json:"client_secret_fingerprint"`
	Key     string `json:"private_key_fingerprint"`
}

// registrations are the stored ones by name, as the console sees them.
func (d *desktop) registrations() map[string]registrationRow {
	d.t.Helper()
	var rows []registrationRow
	must(d.t, json.NewDecoder(strings.NewReader(d.console("registration", "list"))).Decode(&rows))
	byName := map[string]registrationRow{}
	for _, r := range rows {
		byName[r.Name] = r
	}
	return byName
}
