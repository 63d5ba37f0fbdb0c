package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
)

// keyDigits is what part of a key looks like in any of its forms.
var keyDigits = regexp.MustCompile(`[A-Za-z0-9+/]{40}|BEGIN|RSAKeyValue>`)

// keyless: neither a part of a key nor the passphrase stands in the last output.
func keyless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: keyless")
	}
	for _, name := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(name)
		if found := keyDigits.FindString(text); found != "" || strings.Contains(text, "canary") {
			ts.Fatalf("a secret (%.8s...) stands in %s", found, name)
		}
	}
}

// begins FILE NAME: the last output is a JSON object, and its field NAME is what the file begins with.
func begins(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: begins FILE NAME")
	}
	var object map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &object))
	value, ok := object[args[1]].(string)
	if !ok || value == "" || !strings.HasPrefix(ts.ReadFile(args[0]), value) {
		ts.Fatalf("%s does not begin with the %s %q", args[0], args[1], value)
	}
}

// utf16 IN OUT: writes a text again as Windows' editors do, with a byte order mark and Windows' lines.
func writeUTF16(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: utf16 IN OUT")
	}
	var b []byte
	text := "\uFEFF" + strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
	for _, unit := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o600))
}
