package superid

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"partnerdesk/core/secret"
)

const testPassphrase = "canary ærlig passphrase"

// openssl runs the real one: what it writes is what people hold. The passphrase comes from its environment.
func openssl(t testing.TB, in string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("this test needs the program openssl; “.ci/install test” installs it")
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "KEY_PASSPHRASE="+testPassphrase)
	cmd.Stdin = strings.NewReader(in)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, complaint.String())
	}
	return out.String()
}

func fields(s string) []string { return strings.Fields(s) }

func TestWhatOpenSSLWritesIsRead(t *testing.T) {
	plain := openssl(t, "", fields("genrsa -traditional 2048")...)
	want, err := ReadPrivateKey(secret.New(plain), secret.Text{})
	if err != nil || want.Form != KeyPKCS1 || want.Encrypted {
		t.Fatalf("openssl genrsa -traditional: %v, %v", want, err)
	}
	for _, row := range []struct {
		args      string
		form      KeyForm
		encrypted bool
	}{
		{"rsa", KeyPKCS8, false},
		{"pkcs8 -topk8 -nocrypt", KeyPKCS8, false},
		{"rsa -traditional -aes128", KeyPKCS1, true},
		{"rsa -traditional -aes192", KeyPKCS1, true},
		{"rsa -traditional -aes256", KeyPKCS1, true},
		{"rsa -traditional -des3", KeyPKCS1, true},
		{"rsa -aes256", KeyPKCS8, true},
		{"pkcs8 -topk8", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-128-cbc", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-192-cbc", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-256-cbc -iter 100000", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 des3", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA384", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 aes-256-cbc -scrypt", KeyPKCS8, true},
		{"pkcs8 -topk8 -v2 des3 -scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 3", KeyPKCS8, true},
	} {
		t.Run(row.args, func(t *testing.T) {
			args := fields(row.args)
			if row.encrypted {
				args = append(args, "-passout", "env:KEY_PASSPHRASE")
			}
			text := secret.New(openssl(t, plain, args...))
			got, err := ReadPrivateKey(text, secret.New(testPassphrase))
			if err != nil {
				t.Fatal(err)
			}
			if !got.RSA.Equal(want.RSA) || got.Form != row.form || got.Encrypted != row.encrypted {
				t.Errorf("read as %s, encrypted: %t, the same key: %t", got.Form, got.Encrypted, got.RSA.Equal(want.RSA))
			}
			if !row.encrypted {
				return
			}
			_, err = ReadPrivateKey(text, secret.Text{})
			if e := explained(t, err); !errors.Is(err, ErrEncryptedKey) || !strings.Contains(e.Next, "passphrase") {
				t.Errorf("without a passphrase: %v", err)
			}
			for _, wrong := range []string{"x", testPassphrase + " ", strings.ToUpper(testPassphrase)} {
				_, err = ReadPrivateKey(text, secret.New(wrong))
				if e := explained(t, err); !errors.Is(err, ErrPassphrase) || !strings.Contains(e.Next, "right passphrase") {
					t.Errorf("with a wrong passphrase: %v", err)
				}
				assertNoCanary(t, err)
			}
		})
	}
}

// Keys that SuperOffice has no use for, and ways to encrypt that nobody should use any more.
func TestWhatElseOpenSSLWritesIsRefused(t *testing.T) {
	plain := openssl(t, "", fields("genrsa 2048")...)
	for _, row := range []struct {
		args string
		want error
		why  string
	}{
		{"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", ErrNotRSA, "(EC)"},
		{"ecparam -name prime256v1 -genkey", ErrNotRSA, "(EC)"},
		{"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass env:KEY_PASSPHRASE", ErrNotRSA, "(EC)"},
		{"genpkey -algorithm ED25519", ErrNotRSA, "(Ed25519)"},
		{"genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", ErrNotRSA, "(RSA-PSS)"},
		{"genpkey -algorithm X25519", ErrNotRSA, "(1.3.101.110)"},
		{"genrsa -primes 3 2048", ErrKeyForm, "more than two primes"},
		{"genrsa 512", ErrKeySize, "512 bits"},
		{"genrsa -traditional 768", ErrKeySize, "768 bits"},
		{"rsa -pubout", ErrPublicOnly, "only the public half"},
		{"rsa -RSAPublicKey_out", ErrPublicOnly, "only the public half"},
		{"pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout env:KEY_PASSPHRASE", ErrKeyForm, "encrypted in a way"},
		{"pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA224 -passout env:KEY_PASSPHRASE", ErrKeyForm, "encrypted in a way"},
		{"pkcs8 -topk8 -v2 camellia-256-cbc -passout env:KEY_PASSPHRASE", ErrKeyForm, "encrypted in a way"},
	} {
		t.Run(row.args, func(t *testing.T) {
			got, err := ReadPrivateKey(secret.New(openssl(t, plain, fields(row.args)...)), secret.New(testPassphrase))
			if !errors.Is(err, row.want) || got.RSA != nil {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			if e := explained(t, err); !strings.Contains(e.Why, row.why) {
				t.Errorf("the reason is %q, want %q", e.Why, row.why)
			}
		})
	}
}

func TestOpenSSLReadsWhatIsWritten(t *testing.T) {
	key, err := NewPrivateKey(2048)
	if err != nil {
		t.Fatal(err)
	}
	key.Form = KeyPKCS8
	private, public, err := key.Write()
	if err != nil {
		t.Fatal(err)
	}
	if said := openssl(t, private.Reveal(), "pkey", "-check", "-noout"); !strings.Contains(said, "Key is valid") {
		t.Errorf("openssl says of the private key: %s", said)
	}
	if again := openssl(t, private.Reveal(), "pkey"); again != private.Reveal() {
		t.Error("openssl writes the private key differently")
	}
	if theirs := openssl(t, private.Reveal(), "pkey", "-pubout"); theirs != public {
		t.Error("the public half is not what openssl makes of the private key")
	}
	// The fingerprint is one that anybody can make.
	der := filepath.Join(t.TempDir(), "public.der")
	openssl(t, public, "pkey", "-pubin", "-outform", "DER", "-out", der)
	b, err := os.ReadFile(der)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(b); key.Fingerprint() != hex.EncodeToString(sum[:])[:8] {
		t.Errorf("the fingerprint is %s, and the SHA-256 of the public key %x", key.Fingerprint(), sum)
	}
}
