package storage

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// Whoever has the old passphrase and a copy of the file as it is now gets nothing from either.
func TestAChangeLeavesNothingOfTheOldKeyInTheFile(t *testing.T) {
	ctx, l := t.Context(), newLair(t)
	s := l.open()
	fillPages(t, s)
	key := tenant.Key{Registration: "Stage app", ContextID: "Cust1"}
	must(t, s.ChangeProtection(ctx, tenant.ByPassphrase, secret.New("canary of the weak kind")))
	want, err := content(ctx, s)
	must(t, err)
	wrapped := s.unlocked.Load().identity.record.Wrapped
	var sealed []byte
	must(t, s.file.do(ctx, task{run: func(tx *bolt.Tx) error {
		sealed = bytes.Clone(tx.Bucket([]byte(bucketTenants)).Get([]byte(recordKey(key))))
		return nil
	}}))
	holds := func(what []byte) bool {
		file, err := os.ReadFile(s.Path())
		must(t, err)
		return bytes.Contains(file, what)
	}
	if !holds(sealed[sumSize:]) || !holds(jsonBytes(wrapped)) {
		t.Fatal("the test looks for something else than what is stored")
	}
	must(t, s.ChangeProtection(ctx, tenant.ByPassphrase, canaryPassphrase))
	if holds(jsonBytes(wrapped)) {
		t.Error("the data key in its old wrapping is still in the file")
	}
	must(t, s.RotateDataKey(ctx))
	if holds(sealed[sumSize:]) {
		t.Error("a secret under the old data key is still in the file")
	}
	wantContent(t, s, want)
	wantContent(t, l.open(), want)

	// Both meta pages lead to whole trees: without the last, bbolt goes back to the one before.
	file, err := os.ReadFile(s.Path())
	must(t, err)
	for page := range 2 {
		spoiled := bytes.Clone(file)
		spoiled[page*os.Getpagesize()+headerSize+56] ^= 1 // its checksum
		copied := filepath.Join(t.TempDir(), fileName)
		must(t, os.WriteFile(copied, spoiled, 0o600))
		checkConsistent(t, copied)
	}
}

// jsonBytes is how a record holds bytes.
func jsonBytes(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) }
