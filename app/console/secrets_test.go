package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// secrets READYFILE [FILE...]: no secret of the sandbox, nor what looks like a ticket or a token, stands in
// the last output, in the files, or anywhere in the data directory outside the sandbox's own folder.
func secrets(ts *testscript.TestScript, neg bool, args []string) {
	if !neg || len(args) == 0 {
		ts.Fatalf("usage: ! secrets READYFILE [FILE...]")
	}
	canaries := canariesOf(ts, args[0])
	look := func(where string, b []byte) {
		for what, canary := range canaries {
			if bytes.Contains(b, canary) {
				ts.Fatalf("the %s stands in %s", what, where)
			}
		}
		if found := secretLike.Find(b); found != nil {
			ts.Fatalf("something like a secret (%.12s...) stands in %s", found, where)
		}
	}
	for _, name := range append([]string{"stdout", "stderr"}, args[1:]...) {
		look(name, []byte(ts.ReadFile(name)))
	}
	lookThrough(ts, look, "sandbox")
}

// canary TEXT: the text stands in no file of the data directory and not in the last output.
func canary(ts *testscript.TestScript, neg bool, args []string) {
	if !neg || len(args) != 1 {
		ts.Fatalf("usage: ! canary TEXT")
	}
	look := func(where string, b []byte) {
		if bytes.Contains(b, []byte(args[0])) {
			ts.Fatalf("%q stands in %s", args[0], where)
		}
	}
	look("stdout", []byte(ts.ReadFile("stdout")))
	look("stderr", []byte(ts.ReadFile("stderr")))
	lookThrough(ts, look, "")
}

// lookThrough looks into every file of the data directory, but for those in the folder that is left out.
func lookThrough(ts *testscript.TestScript, look func(where string, b []byte), leftOut string) {
	data := ts.Getenv("PARTNERDESK_DATA")
	files := 0
	ts.Check(filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == leftOut:
			return filepath.SkipDir
		case entry.IsDir():
			return nil
		}
		b, err := os.ReadFile(path)
		look(path, b)
		files++
		return err
	}))
	if files == 0 {
		ts.Fatalf("there is no file to look into in %s", data)
	}
}

// secretLike is a ticket, an access token, a JWT or a private key.
var secretLike = regexp.MustCompile(`7T:[A-Za-z0-9+/=]{16}|8A:Cust[0-9]+\.[A-Za-z0-9+/=]|eyJ[A-Za-z0-9_-]{8,}\.|BEGIN [A-Z ]*PRIVATE|<RSAKeyValue>`)

// readyFile is what the scripts need of a sandbox's ready file.
type readyFile struct {
	BaseURL        string `json:"base_url"`
	CertificatePEM string `json:"certificate_pem"`
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
	PrivateKeyPEM  string `json:"private_key_pem"`
	PrivateKeyXML  string `json:"private_key_xml"`
	ControlURL     string `json:"control_url"`
	Tenants        []struct {
		CTX   string `json:"ctx"`
		Token string `json:"system_user_token"`
	} `json:"tenants"`
}

func readReady(ts *testscript.TestScript, name string) readyFile {
	var ready readyFile
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(name)), &ready))
	return ready
}

// unpack READYFILE: sets CLIENT_ID and BASE_URL, and writes the secrets to secret.txt, key.pem and key.xml, as the
// Developer Portal would hand them out.
func unpack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: unpack READYFILE")
	}
	ready := readReady(ts, args[0])
	ts.Setenv("CLIENT_ID", ready.ClientID)
	ts.Setenv("BASE_URL", ready.BaseURL)
	for name, content := range map[string]string{
		"secret.txt": ready.ClientSecret + "\n", "key.pem": ready.PrivateKeyPEM, "key.xml": ready.PrivateKeyXML,
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(content), 0o600))
	}
}

// control READYFILE ACTION [FIELD=VALUE]...: makes the sandbox misbehave, as its control page does.
func control(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: control READYFILE ACTION [FIELD=VALUE]...")
	}
	form := url.Values{"action": {args[1]}}
	for _, arg := range args[2:] {
		field, value, _ := strings.Cut(arg, "=")
		form.Set(field, value)
	}
	response, err := http.PostForm(readReady(ts, args[0]).ControlURL, form)
	ts.Check(err)
	ts.Check(response.Body.Close())
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("the control page answers %s", response.Status)
	}
}

func canariesOf(ts *testscript.TestScript, name string) map[string][]byte {
	ready := readReady(ts, name)
	lines := strings.Split(ready.PrivateKeyPEM, "\n")
	if len(lines) < 3 || ready.ClientSecret == "" || len(ready.Tenants) == 0 {
		ts.Fatalf("the ready file holds no secrets to look for")
	}
	_, exponent, _ := strings.Cut(ready.PrivateKeyXML, "<D>")
	canaries := map[string][]byte{
		"client secret":          []byte(ready.ClientSecret),
		"private key":            []byte(lines[2]),
		"private key's exponent": []byte(exponent[:40]),
	}
	for _, t := range ready.Tenants {
		if t.Token != "" {
			canaries["system user token of "+t.CTX] = []byte(t.Token)
		}
	}
	return canaries
}
