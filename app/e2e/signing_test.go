//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const repository = "../.."

// The certificate that a release is signed with belongs to somebody: this one is made for the test, with a password as
// a real one has.
func TestAProgramForWindowsIsSignedWithACertificate(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "partnerdesk-console.exe")
	tool(t, []string{"CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64"}, "go", "build", "-o", program, repository+"/app/console")

	key, certificate, password := filepath.Join(dir, "key.pem"), filepath.Join(dir, "certificate.pem"), filepath.Join(dir, "password")
	tool(t, nil, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=The test's own",
		"-addext", "keyUsage=digitalSignature", "-addext", "extendedKeyUsage=codeSigning", "-keyout", key, "-out", certificate)
	write(t, password, "a password with spaces")
	packed := filepath.Join(dir, "certificate.p12")
	tool(t, nil, "openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", "file:"+password, "-out", packed)

	wrong := filepath.Join(dir, "wrong")
	write(t, wrong, "another password")
	unsigned := read(t, program)
	if out, err := attempt([]string{"CERTIFICATE=" + packed, "CERTIFICATE_PASSWORD_FILE=" + wrong}, repository+"/.ci/sign-windows", program); err == nil {
		t.Errorf("the wrong password signs too: %s", out)
	}
	if read(t, program) != unsigned {
		t.Fatal("a signature that failed has changed the program")
	}

	another := filepath.Join(dir, "another.exe")
	write(t, another, unsigned)
	tool(t, []string{"CERTIFICATE=" + packed, "CERTIFICATE_PASSWORD_FILE=" + password}, repository+"/.ci/sign-windows", program, another)
	for _, signed := range []string{program, another} {
		said := tool(t, nil, "osslsigncode", "verify", "-CAfile", certificate, "-in", signed)
		if !strings.Contains(said, "CN=The test's own") || !strings.Contains(said, "Message digest algorithm: SHA256") {
			t.Errorf("the signature is not ours:\n%s", said)
		}
	}
	changed := []byte(read(t, program))
	changed[len(unsigned)/2] ^= 1
	write(t, program, string(changed))
	if out, err := attempt(nil, "osslsigncode", "verify", "-CAfile", certificate, "-in", program); err == nil {
		t.Errorf("a program that was changed still verifies:\n%s", out)
	}
}

// attempt runs a program with variables added to the environment.
func attempt(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// tool runs a program that must succeed.
func tool(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	out, err := attempt(env, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, args[0], err, out)
	}
	return out
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
