package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"partnerdesk/core/tenant"
)

// vault keeps the key that wraps the data key: in the keyring, or in a key file where there is none. The
// data key itself lies wrapped in the store, so that the protection can change without sealing anew.
type vault struct {
	keyFile string
	ring    *patientKeyring
}

// begin makes the identity of a new store: a random name, and a random data key in its wrapping.
func (v *vault) begin(ctx context.Context, now time.Time) (identityRecord, *keys, error) {
	record := identityRecord{ID: hex.EncodeToString(randomBytes(16)), Generation: 1, CreatedAt: now.UTC()}
	wrapping, kind, err := v.newWrapping(ctx, record.ID)
	if err != nil {
		return identityRecord{}, nil, err
	}
	defer clear(wrapping)
	record.Protection = kind
	dataKey := randomBytes(keySize)
	defer clear(dataKey)
	aead, err := chacha20poly1305.NewX(wrapping)
	if err != nil {
		return identityRecord{}, nil, fmt.Errorf("make wrapping: %w", err)
	}
	record.Wrapped = seal(aead, dataKey, record.binding())
	keys, err := deriveKeys(dataKey)
	return record, keys, err
}

// newWrapping prefers the keyring. Whatever keeps it from working is a reason for the key file, except
// that nobody waits for the store any more.
func (v *vault) newWrapping(ctx context.Context, id string) ([]byte, protectionKind, error) {
	key := randomBytes(keySize)
	if v.ring.keep(ctx, account(id), key) == nil {
		return key, byKeyring, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, "", fmt.Errorf("ask the secret store: %w", err)
	}
	key, err := ensureKeyFile(v.keyFile, key)
	return key, byKeyFile, err
}

// unlock fetches the wrapping key from where the record says it is and opens the data key.
func (v *vault) unlock(ctx context.Context, record identityRecord) (*keys, error) {
	wrapping, err := v.wrapping(ctx, record)
	if err != nil {
		return nil, err
	}
	defer clear(wrapping)
	aead, err := chacha20poly1305.NewX(wrapping)
	if err != nil {
		return nil, fmt.Errorf("make wrapping: %w", err)
	}
	dataKey, err := unseal(aead, record.Wrapped, record.binding())
	if err != nil {
		return nil, v.wrongKeyProblem(record.Protection, err)
	}
	defer clear(dataKey)
	return deriveKeys(dataKey)
}

func (v *vault) wrapping(ctx context.Context, record identityRecord) ([]byte, error) {
	switch record.Protection {
	case byKeyring:
		return v.ring.fetch(ctx, account(record.ID))
	case byKeyFile:
		return readKeyFile(v.keyFile)
	}
	return nil, problem(tenant.CauseFiles, "unlock store",
		"The data file cannot be unlocked.",
		fmt.Sprintf("Its key is kept in a way that this version of the program does not know: %q.", record.Protection),
		"Start the version of the program that made it. Nothing was changed.", nil)
}

func (v *vault) wrongKeyProblem(kind protectionKind, err error) error {
	where := "the operating system's secret store"
	if kind == byKeyFile {
		where = v.keyFile
	}
	return problem(tenant.CauseDataKey, "unwrap data key",
		"The data file cannot be unlocked.",
		"The key in "+where+" is not the one that this file was sealed with.",
		"Put back the data file and the key that belong together. Nothing was changed.", err)
}

// binding ties the wrapped key to its store, its generation and its protection.
func (r identityRecord) binding() []byte {
	return bind("data key", r.ID, strconv.Itoa(r.Generation), string(r.Protection))
}

// account is a store's name in the secret store.
func account(id string) string { return "store-" + id }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

func keyringProblem(err error) error {
	p := problem(tenant.CauseSecretStore, "fetch key from secret store",
		"The key to the data file could not be had.",
		fmt.Sprintf("The operating system's secret store keeps it, and did not hand it out: %v.", err),
		"Unlock the secret store (sign in to the desktop, open its password manager) and try again. A program that runs outside a desktop session may not reach it. Nothing was changed.", err)
	if errors.Is(err, tenant.ErrNotFound) {
		p.Explanation = tenant.CauseDataKey.Explain(p.What,
			"The operating system's secret store has no entry for this data file any more.",
			"Use the account of the operating system under which the data directory was made, or put a backup in its place. Without either, move the data directory aside, start again and sign in to each tenant.")
		// An entry that is missing must not read as a missing record to errors.Is.
		p.Err = errors.New("no such entry")
	}
	return p
}
