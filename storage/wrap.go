package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// vault keeps the key that wraps the data key: in the keyring, in a key file, or made of a passphrase. The
// data key itself lies wrapped in the store, so that the protection can change without sealing anew.
type vault struct {
	dir  string
	ring *patientKeyring
	// ask gets a passphrase from a person; nil where there is no way to ask.
	ask func(ctx context.Context, attempt int) (secret.Text, error)
	// costs are the parameters of a new passphrase, without its salt.
	costs derivation
}

func (o Options) vault() *vault {
	return &vault{
		dir: o.Dir, ask: o.Passphrase, costs: costs(),
		ring: &patientKeyring{ring: o.Keyring, patience: keyringPatience},
	}
}

// path is that of the data file.
func (v *vault) path() string { return filepath.Join(v.dir, fileName) }

// protectionKind is how the file names a protection.
type protectionKind string

const (
	byKeyring    protectionKind = "keyring"
	byPassphrase protectionKind = "passphrase"
	byKeyFile    protectionKind = "key file"
)

// place is where a wrapping key lies outside of the data file. Its name is random, so that the next key never
// takes the place of the present one; the empty name is that of a store's first.
type place struct {
	Protection protectionKind `json:"protection"`
	Name       string         `json:"name,omitempty"`
}

func (r identityRecord) place() place { return place{r.Protection, r.Place} }

// account is the name of a store's key in the secret store.
func account(id string, p place) string {
	if p.Name == "" {
		return "store-" + id
	}
	return "store-" + id + "-" + p.Name
}

// keyFile is the path of a store's key file.
func (v *vault) keyFile(p place) string {
	if p.Name == "" {
		return filepath.Join(v.dir, keyFileName)
	}
	return filepath.Join(v.dir, "partnerdesk-"+p.Name+".key")
}

// newPlace has a name that nothing has had before.
func newPlace(kind protectionKind) place { return place{kind, hex.EncodeToString(randomBytes(8))} }

// checkPlace refuses what newPlace does not make: the name becomes part of a path.
func checkPlace(p place) error {
	if b, err := hex.DecodeString(p.Name); err != nil || len(b) != 8 && len(b) != 0 {
		return errors.New("the place of its key has a name that this program does not give")
	}
	return nil
}

// begin makes the identity of a new store: a random name, and a random data key in its wrapping.
func (v *vault) begin(ctx context.Context, now time.Time) (identityRecord, *keys, error) {
	record := identityRecord{ID: hex.EncodeToString(randomBytes(16)), Generation: 1, CreatedAt: now.UTC()}
	wrapping := randomBytes(keySize)
	defer clear(wrapping)
	p, err := v.firstPlace(ctx, record.ID, wrapping)
	if err != nil {
		return identityRecord{}, nil, err
	}
	record.Protection, record.Place = p.Protection, p.Name
	dataKey := randomBytes(keySize)
	if err := record.wrap(dataKey, wrapping); err != nil {
		return identityRecord{}, nil, err
	}
	keys, err := deriveKeys(dataKey)
	return record, keys, err
}

// firstPlace keeps a new store's first key. It prefers the keyring. Whatever keeps that from working is a
// reason for the key file, except that nobody waits for the store any more. A key file that is there already
// belongs to another store, perhaps one that was put aside: then the new one gets a name of its own.
func (v *vault) firstPlace(ctx context.Context, id string, wrapping []byte) (place, error) {
	p := place{Protection: byKeyring}
	if v.keep(ctx, id, p, wrapping) == nil {
		return p, nil
	}
	if err := ctx.Err(); err != nil {
		return place{}, fmt.Errorf("ask the secret store: %w", err)
	}
	p = place{Protection: byKeyFile}
	if exists(v.keyFile(p)) {
		p = newPlace(byKeyFile)
	}
	return p, v.keep(ctx, id, p, wrapping)
}

// keep stores a wrapping key in its place, and believes it only when it can be had back.
func (v *vault) keep(ctx context.Context, id string, p place, wrapping []byte) error {
	if p.Protection == byKeyring {
		return v.ring.keep(ctx, account(id, p), wrapping)
	}
	path := v.keyFile(p)
	if err := createKeyFile(path, wrapping); err != nil {
		return err
	}
	back, err := readKeyFile(path)
	if err == nil && !bytes.Equal(back, wrapping) {
		err = keyFileProblem(path, errors.New("it holds another key than the one that was written"))
	}
	clear(back)
	return err
}

// wipe removes a wrapping key from its place. One that is gone already is no error.
func (v *vault) wipe(ctx context.Context, id string, p place) error {
	if p.Protection == byKeyring {
		return v.ring.forget(ctx, account(id, p))
	}
	return wipeKeyFile(v.keyFile(p))
}

// unlock fetches the wrapping key from where the record says it is and opens the data key.
func (v *vault) unlock(ctx context.Context, record identityRecord) (*keys, error) {
	if record.Protection == byPassphrase {
		return v.unlockAsking(ctx, record)
	}
	wrapping, err := v.wrapping(ctx, record)
	if err != nil {
		return nil, err
	}
	defer clear(wrapping)
	keys, err := unwrap(record, wrapping)
	if err != nil {
		return nil, v.wrongKeyProblem(record, err)
	}
	return keys, nil
}

// unlockAnew is unlock for a program that had the store unlocked before, and now finds another wrapping. It asks
// nobody: a passphrase that is still the same need not be given again, and for a new one there is no
// moment to ask in the middle of the work.
func (v *vault) unlockAnew(ctx context.Context, record identityRecord, before *unlocked) (*keys, error) {
	if record.Protection != byPassphrase {
		return v.unlock(ctx, record)
	}
	if !record.Passphrase.same(before.identity.record.Passphrase) {
		return nil, passphraseChangedProblem()
	}
	unlocked, err := unwrap(record, before.keys.wrapping)
	if err != nil {
		return nil, passphraseChangedProblem()
	}
	unlocked.wrapping = before.keys.wrapping
	return unlocked, nil
}

func (v *vault) wrapping(ctx context.Context, record identityRecord) ([]byte, error) {
	if err := checkPlace(record.place()); err != nil {
		return nil, damagedProblem(v.path(), err)
	}
	switch record.Protection {
	case byKeyring:
		return v.ring.fetch(ctx, account(record.ID, record.place()))
	case byKeyFile:
		return readKeyFile(v.keyFile(record.place()))
	}
	return nil, problem(tenant.CauseFiles, "unlock store",
		"The data file cannot be unlocked.",
		fmt.Sprintf("Its key is kept in a way that this version of the program does not know: %q.", record.Protection),
		"Start the version of the program that made it. Nothing was changed.", nil)
}

func (v *vault) wrongKeyProblem(record identityRecord, err error) error {
	where := "the operating system's secret store"
	if record.Protection == byKeyFile {
		where = v.keyFile(record.place())
	}
	return problem(tenant.CauseDataKey, "unwrap data key",
		"The data file cannot be unlocked.",
		"The key in "+where+" is not the one that this file was sealed with.",
		"Put back the data file and the key that belong together. Nothing was changed.", err)
}

// wrap seals the data key into the record.
func (r *identityRecord) wrap(dataKey, wrapping []byte) error {
	aead, err := chacha20poly1305.NewX(wrapping)
	if err != nil {
		return fmt.Errorf("make wrapping: %w", err)
	}
	r.Wrapped = seal(aead, dataKey, r.binding())
	return nil
}

func unwrap(record identityRecord, wrapping []byte) (*keys, error) {
	aead, err := chacha20poly1305.NewX(wrapping)
	if err != nil {
		return nil, fmt.Errorf("make wrapping: %w", err)
	}
	dataKey, err := unseal(aead, nil, record.Wrapped, record.binding())
	if err != nil {
		return nil, err
	}
	return deriveKeys(dataKey)
}

// binding ties the wrapped key to its store, its generation and its protection.
func (r identityRecord) binding() []byte {
	parts := []string{"data key", r.ID, strconv.Itoa(r.Generation), string(r.Protection)}
	if r.Place != "" {
		parts = append(parts, r.Place)
	}
	return bind(parts...)
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

func keyringProblem(err error) error {
	p := problem(tenant.CauseSecretStore, "fetch key from secret store",
		"The key to the data file could not be had.",
		fmt.Sprintf("The operating system's secret store keeps it, and did not hand it out: %v.", err),
		"Unlock the secret store (sign in to the desktop, open its password manager) and try again. A program that runs outside a desktop session may not reach it: there, a passphrase protects instead (“partnerdesk-console protection change passphrase”, once it is unlocked). Nothing was changed.", err)
	if errors.Is(err, tenant.ErrNotFound) {
		p.Explanation = tenant.CauseDataKey.Explain(p.What,
			"The operating system's secret store has no entry for this data file any more.",
			"Use the account of the operating system under which the data directory was made, or put a backup in its place. Without either, move the data directory aside, start again, add the registrations and sign in to each tenant.")
		// An entry that is missing must not read as a missing record to errors.Is.
		p.Err = errors.New("no such entry")
	}
	return p
}
