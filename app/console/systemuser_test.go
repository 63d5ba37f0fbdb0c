package main

import (
	"encoding/base64"
	"os"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// verified KEY: the last output is a signed system token, made with the private key. OpenSSL takes the
// public half of the key and verifies, so that whoever signs and whoever verifies share nothing.
func verifyWithOpenSSL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: verified KEY")
	}
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		ts.Fatalf("openssl is not installed, and without it nobody else looks at the signature")
	}
	signed := strings.TrimSuffix(ts.ReadFile("stdout"), "\n")
	last := strings.LastIndexByte(signed, '.')
	if last < 0 || strings.Contains(signed, "\n") {
		ts.Fatalf("the output is not one signed system token")
	}
	signature, err := base64.StdEncoding.DecodeString(signed[last+1:])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("signature"), signature, 0o600))
	run := func(want bool, arguments ...string) {
		cmd := exec.Command(openssl, arguments...)
		cmd.Dir = ts.MkAbs(".")
		if out, err := cmd.CombinedOutput(); (err == nil) != want {
			ts.Fatalf("openssl %s: %v: %s", arguments[0], err, out)
		}
	}
	run(true, "pkey", "-in", args[0], "-pubout", "-out", "public.pem")
	for text, want := range map[string]bool{signed[:last]: true, signed[:last] + "0": false} {
		ts.Check(os.WriteFile(ts.MkAbs("stamped"), []byte(text), 0o600))
		run(want, "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "stamped")
	}
}
