package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// granted READYFILE CTX FILE: exchanges the tenant's system user token as a partner's own program would, and
// writes the token that comes back to FILE. BASE becomes the sandbox's address, and sandbox.crt its
// certificate.
func granted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: granted READYFILE CTX FILE")
	}
	ready := readReady(ts, args[0])
	token := ""
	for _, t := range ready.Tenants {
		if t.CTX == args[1] {
			token = t.Token
		}
	}
	body, err := json.Marshal(map[string]string{"SignedSystemToken": signToken(ts, token, ready.PrivateKeyPEM),
		"ApplicationToken": ready.ClientSecret, "ContextIdentifier": args[1], "ReturnTokenType": "JWT"})
	ts.Check(err)
	response, err := http.Post(ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", "application/json", bytes.NewReader(body))
	ts.Check(err)
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Token, ErrorMessage string }
	ts.Check(json.NewDecoder(response.Body).Decode(&answer))
	if answer.Token == "" {
		ts.Fatalf("the exchange was refused: %s", answer.ErrorMessage)
	}
	ts.Setenv("BASE", ready.BaseURL)
	for name, content := range map[string]string{args[2]: answer.Token + "\n", "sandbox.crt": ready.CertificatePEM} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(content), 0o600))
	}
}

func signToken(ts *testscript.TestScript, token, keyPEM string) string {
	block, _ := pem.Decode([]byte(keyPEM))
	if block == nil {
		ts.Fatalf("the ready file holds no key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	ts.Check(err)
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		ts.Fatalf("the app's key is not RSA")
	}
	text := token + "." + time.Now().UTC().Format("200601021504")
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	ts.Check(err)
	return text + "." + base64.StdEncoding.EncodeToString(signature)
}
