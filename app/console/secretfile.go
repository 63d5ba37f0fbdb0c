package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// maxSecretFile bounds what is read: a private key of 16384 bits has some 13 KB.
	maxSecretFile = 64 << 10
	// standardInput is the file name that stands for it.
	standardInput = "-"
)

// readSecret reads a secret from a file, or from standard input. Only the null device may be empty: it
// says on purpose that there is no secret, which an empty file says by mistake.
func (s *session) readSecret(what, name string) (secret.Text, error) {
	b, err := s.readBounded(name)
	if err != nil {
		return secret.Text{}, unreadable(what, name, err, "")
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	text := strings.TrimRight(string(b), "\r\n")
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return secret.Text{}, unreadable(what, name, errors.New("it holds no text"), "")
	case strings.TrimSpace(text) == "" && name != os.DevNull:
		return secret.Text{}, unreadable(what, name, errors.New("it is empty"), "")
	}
	return secret.New(text), nil
}

// keyOf reads a private key from the file that was named, else from the environment. It leaves the bytes as
// they are: keys come in UTF-16, too.
func (s *session) keyOf(file string) (secret.Text, error) {
	if file == "" {
		return secret.New(os.Getenv(privateKeyVariable)), nil
	}
	b, err := s.readBounded(file)
	if err == nil && len(bytes.TrimSpace(b)) == 0 && file != os.DevNull {
		err = errors.New("it is empty")
	}
	if err != nil {
		return secret.Text{}, unreadable("private key", file, err, "")
	}
	return secret.New(string(b)), nil
}

// oneOnStandardInput refuses two files that are to be read from there. what names them all.
func oneOnStandardInput(what string, files ...string) error {
	n := 0
	for _, f := range files {
		if f == standardInput {
			n++
		}
	}
	if n > 1 {
		return errors.New("standard input can hold one of " + what)
	}
	return nil
}

func (s *session) readBounded(name string) ([]byte, error) {
	if name == standardInput {
		return bounded(s.stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("it is a folder")
	}
	return bounded(f)
}

func bounded(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSecretFile+1))
	if err == nil && len(b) > maxSecretFile {
		err = fmt.Errorf("it is longer than %d KB", maxSecretFile>>10)
	}
	return b, err
}

// unreadable explains why a file was not read. next is what to give instead, where the usual words would
// not do.
func unreadable(what, name string, err error, next string) error {
	if errors.Is(err, context.Canceled) {
		return err // somebody would not wait for standard input
	}
	why := tenant.Sentence(err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "There is no such file."
	case errors.Is(err, fs.ErrPermission):
		why = "The operating system does not let you read it."
	}
	if name == standardInput {
		name = "standard input"
	}
	return &tenant.Problem{Op: "read " + what + " from " + name, Err: err, Explanation: tenant.CauseInput.Explain(
		fmt.Sprintf("The %s could not be read from %s.", what, name), why,
		cmp.Or(next, "Give the file that it was saved in."))}
}

// writeNewFile writes a file whole or not at all. What is there already is never overwritten: it may be the
// only copy of a key.
func writeNewFile(name, content string, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return unwritable(name, err)
	}
	_, err = f.WriteString(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(name) // the first error says more
		return unwritable(name, err)
	}
	return nil
}

func unwritable(name string, err error) error {
	const op = "write a new file"
	what := fmt.Sprintf("The file %s could not be written.", name)
	if errors.Is(err, fs.ErrExist) {
		return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseInput.Explain(what,
			"It is there already, and Partnerdesk overwrites no key and no receipt.", "Name another file.")}
	}
	return &tenant.Problem{Op: op, Err: err, Explanation: tenant.CauseFiles.Explain(what, tenant.Sentence(err),
		"Name a file in a folder that you may write to.")}
}
