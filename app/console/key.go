package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"partnerdesk/core/secret"
	"partnerdesk/core/workbench"
)

// keyCommand holds the commands on private keys. None of them needs a data directory.
type keyCommand struct {
	Generate generateKey `cmd:"" help:"Make a new private key, and its public half beside it."`
	Convert  convertKey  `cmd:"" help:"Write a private key in another form, or without its passphrase."`
	Check    checkKey    `cmd:"" help:"Say what a private key is, or why it cannot be used."`
}

// keyFile is the name of a key file to be written. Its ending says which form the key gets.
type keyFile string

// UnmarshalText takes the names that end in a known form.
func (f *keyFile) UnmarshalText(b []byte) error {
	*f = keyFile(b)
	switch strings.ToLower(filepath.Ext(string(b))) {
	case ".xml", ".pem", ".key":
		return nil
	}
	return fmt.Errorf("%q does not say by its ending what to write: .xml for RSAKeyValue XML, .pem or .key for PEM", b)
}

func (f keyFile) form() workbench.KeyForm {
	if strings.EqualFold(filepath.Ext(string(f)), ".xml") {
		return workbench.KeyXML
	}
	return workbench.KeyPEM
}

// public is the name of the file for the public half: app.pub.pem beside app.pem or app.key.
func (f keyFile) public() string {
	ending := ".pem"
	if f.form() == workbench.KeyXML {
		ending = ".xml"
	}
	return strings.TrimSuffix(string(f), filepath.Ext(string(f))) + ".pub" + ending
}

const (
	privateMode = 0o600
	publicMode  = 0o644
)

// keyReport is a key as it is printed.
type keyReport struct {
	File string `json:"file,omitempty"`
	// PublicFile is there for a new key only.
	PublicFile string `json:"public_file,omitempty"`
	workbench.KeyInfo
}

func (r keyReport) write(w io.Writer) {
	if r.File != "" {
		fmt.Fprintf(w, "Private key:\t%s, readable by you only\n", plain(r.File))
	}
	if r.PublicFile != "" {
		fmt.Fprintf(w, "Public key:\t%s\n", plain(r.PublicFile))
	}
	fmt.Fprintf(w, "Form:\t%s\n", r.Form)
	fmt.Fprintf(w, "Encrypted:\t%s\n", yesNo(r.Encrypted))
	fmt.Fprintf(w, "Size:\t%d bits\n", r.Bits)
	fmt.Fprintf(w, "Fingerprint:\t%s\n", r.Fingerprint)
	if r.Weak {
		fmt.Fprintf(w, "Warning:\tkeys under %d bits are weak today; ask SuperOffice for a new one\n", workbench.SafeKeyBits)
	}
}

type generateKey struct {
	File keyFile `arg:"" help:"The new file: .xml for RSAKeyValue XML, .pem or .key for PEM. It must not be there yet."`
	Bits int     `default:"2048" enum:"2048,3072,4096" placeholder:"N" help:"The size: ${enum} (default ${default})."`
}

// Run makes the key. Either both files are written or none.
func (c *generateKey) Run(ctx context.Context, s *session) error {
	key, err := workbench.GenerateKey(c.Bits, c.File.form())
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil { // interrupted while it was made
		return err
	}
	report := keyReport{string(c.File), c.File.public(), key.KeyInfo}
	if err := writeNewFile(report.File, key.Private.Reveal(), privateMode); err != nil {
		return err
	}
	if err := writeNewFile(report.PublicFile, key.Public, publicMode); err != nil {
		return errors.Join(err, os.Remove(report.File))
	}
	if err := s.out.value(report, report.write); err != nil {
		return err
	}
	s.out.note("The public key is for the app's registration with SuperOffice; the private key stays with you. It is not encrypted.\n")
	return nil
}

type convertKey struct {
	In  string  `arg:"" help:"The file with the private key, XML or PEM; - for standard input."`
	Out keyFile `arg:"" help:"The new file: .xml for RSAKeyValue XML, .pem or .key for PEM. It must not be there yet."`
}

// Run writes the key in the new form.
func (c *convertKey) Run(_ context.Context, s *session) error {
	text, passphrase, err := s.lockedKey(c.In)
	if err != nil {
		return err
	}
	key, err := workbench.ConvertKey(text, passphrase, c.Out.form())
	if err != nil {
		return err
	}
	report := keyReport{File: string(c.Out), KeyInfo: key.KeyInfo}
	if err := writeNewFile(report.File, key.Private.Reveal(), privateMode); err != nil {
		return err
	}
	if err := s.out.value(report, report.write); err != nil {
		return err
	}
	s.out.note("The new file is not encrypted: whoever can read it can sign as the app.\n")
	return nil
}

type checkKey struct {
	File string `arg:"" help:"The file with the private key, XML or PEM; - for standard input."`
}

// Run says what the key is. A key that cannot be used is a failure, with its reason.
func (c *checkKey) Run(_ context.Context, s *session) error {
	text, passphrase, err := s.lockedKey(c.File)
	if err != nil {
		return err
	}
	info, err := workbench.CheckKey(text, passphrase)
	if err != nil {
		return err
	}
	report := keyReport{KeyInfo: info}
	return s.out.value(report, report.write)
}

// lockedKey reads a private key, and its passphrase from the file that --passphrase-file names.
func (s *session) lockedKey(file string) (key, passphrase secret.Text, err error) {
	if onStandardInput(file, s.passphraseFile) > 1 {
		return key, passphrase, wrongUse(errors.New("standard input can hold either the private key or its passphrase"))
	}
	return s.keyAndPassphrase(file, s.passphraseFile)
}

// onStandardInput counts the files that are read from there.
func onStandardInput(files ...string) int {
	n := 0
	for _, f := range files {
		if f == standardInput {
			n++
		}
	}
	return n
}

// keyAndPassphrase reads a private key and its passphrase, which is empty where there is none.
func (s *session) keyAndPassphrase(keyFile, passphraseFile string) (key, passphrase secret.Text, err error) {
	if key, err = s.keyOf(keyFile); err == nil {
		passphrase, err = s.secretOf("passphrase", passphraseFile, keyPassphraseVariable)
	}
	return key, passphrase, err
}

// openKey reads an app's private key, and takes its passphrase off. Without a passphrase the
// key stays as it is.
func (s *session) openKey(keyFile, passphraseFile string) (secret.Text, error) {
	key, passphrase, err := s.keyAndPassphrase(keyFile, passphraseFile)
	if err != nil || key.Empty() || passphrase.Empty() {
		return key, err
	}
	opened, err := workbench.ConvertKey(key, passphrase, workbench.KeyPEM)
	return opened.Private, err
}
