package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func testKeys(t *testing.T) *keys {
	t.Helper()
	k, err := deriveKeys(bytes.Repeat([]byte{7}, keySize))
	must(t, err)
	return k
}

func boxOf(k *keys, schema int, bucket, key string) box {
	return *(&work{keys: k, schema: schema}).box(bucket, key)
}

func TestASealOpensOnlyInItsPlace(t *testing.T) {
	k := testKeys(t)
	home := boxOf(k, 1, "tenants", "a\x00Cust1")
	sealed := home.seal("system_user_token", secret.New("canary-token"))
	if got := home.open("system_user_token", sealed); got.Reveal() != "canary-token" || home.err != nil {
		t.Fatalf("at home: %v", home.err)
	}
	another, err := deriveKeys(bytes.Repeat([]byte{8}, keySize))
	must(t, err)
	for name, c := range map[string]struct {
		box   box
		field string
	}{
		"another field":  {boxOf(k, 1, "tenants", "a\x00Cust1"), "token"},
		"another record": {boxOf(k, 1, "tenants", "a\x00Cust2"), "system_user_token"},
		"another bucket": {boxOf(k, 1, "logins", "a\x00Cust1"), "system_user_token"},
		"another schema": {boxOf(k, 2, "tenants", "a\x00Cust1"), "system_user_token"},
		"another key":    {boxOf(another, 1, "tenants", "a\x00Cust1"), "system_user_token"},
	} {
		got := c.box.open(c.field, sealed)
		if !errors.Is(c.box.err, errSeal) || !got.Empty() {
			t.Errorf("%s: %v", name, c.box.err)
		}
	}
}

func TestADamagedSealDoesNotOpen(t *testing.T) {
	b := boxOf(testKeys(t), 1, "b", "k")
	sealed := b.seal("f", secret.New("canary"))
	for n := range len(sealed) * 8 {
		flipped := bytes.Clone(sealed)
		flipped[n/8] ^= 1 << (n % 8)
		x := b
		if got := x.open("f", flipped); x.err == nil || !got.Empty() {
			t.Fatalf("with bit %d flipped it opens", n)
		}
	}
	for n := 1; n < len(sealed); n++ {
		x := b
		if got := x.open("f", sealed[:n]); x.err == nil || !got.Empty() {
			t.Fatalf("cut to %d bytes it opens", n)
		}
	}
}

func TestTwoSealsOfOneSecretDiffer(t *testing.T) {
	b := boxOf(testKeys(t), 1, "", "")
	if bytes.Equal(b.seal("f", secret.New("x")), b.seal("f", secret.New("x"))) {
		t.Error("the nonce repeats")
	}
	if b.seal("f", secret.Text{}) != nil {
		t.Error("the empty secret is sealed")
	}
}

func TestBindingsCannotBeShifted(t *testing.T) {
	if bytes.Equal(bind("ab", "c"), bind("a", "bc")) || bytes.Equal(bind("a"), bind("a", "")) {
		t.Error("two places have one binding")
	}
}

// tamper edits the file as somebody without the key could.
func tamper(t *testing.T, s *Store, edit func(tx *bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(s.Path(), 0o600, nil)
	must(t, err)
	must(t, errors.Join(db.Update(edit), db.Close()))
}

func TestRecordsThatWereTamperedWithAreRefused(t *testing.T) {
	get := func(tx *bolt.Tx, bucket, key string) []byte {
		return bytes.Clone(tx.Bucket([]byte(bucket)).Get([]byte(key)))
	}
	put := func(tx *bolt.Tx, bucket, key string, v []byte) error {
		return tx.Bucket([]byte(bucket)).Put([]byte(key), v)
	}
	first := recordKey(tenant.Key{Registration: "Stage app", ContextID: "Cust1"})
	second := recordKey(tenant.Key{Registration: "Stage app", ContextID: "Cust2"})
	for name, edit := range map[string]func(*bolt.Tx) error{
		"moved to another tenant": func(tx *bolt.Tx) error {
			return put(tx, bucketTenants, second, get(tx, bucketTenants, first))
		},
		"an address changed": func(tx *bolt.Tx) error {
			record := get(tx, bucketRegistrations, "Stage app")
			return put(tx, bucketRegistrations, "Stage app", bytes.Replace(record, []byte("superoffice.com"), []byte("superofficeX.com"), 1))
		},
		"cut short": func(tx *bolt.Tx) error {
			return put(tx, bucketTenants, first, get(tx, bucketTenants, first)[:40])
		},
		"emptied": func(tx *bolt.Tx) error { return put(tx, bucketTenants, first, nil) },
		"replaced by JSON": func(tx *bolt.Tx) error {
			return put(tx, bucketTenants, first, []byte(`{"company_name":"x"}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
			key := fill(t, s)
			tamper(t, s, edit)
			_, err := content(ctx, s)
			wantProblem(t, err)
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("the error is %v", err)
			}
			wantSilent(t, err)
			must(t, s.RemoveTenant(ctx, key)) // the way on
		})
	}
}

// TestASwappedSecretDoesNotOpen has the record's checksum right, so that only the seal is left to notice.
func TestASwappedSecretDoesNotOpen(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	must(t, s.update(ctx, "swap", func(w *work) error {
		value := w.tx.Bucket([]byte(bucketLogins)).Get([]byte(recordKey(key)))
		x := w.box(bucketLogins, recordKey(key))
		raw, err := x.unpack(value)
		if err != nil {
			return err
		}
		var record loginRecord
		if err := json.Unmarshal(raw, &record); err != nil {
			return err
		}
		record.AccessToken, record.RefreshToken = record.RefreshToken, record.AccessToken
		if raw, err = json.Marshal(record); err != nil {
			return err
		}
		return w.tx.Bucket([]byte(bucketLogins)).Put([]byte(recordKey(key)), x.pack(raw))
	}))
	_, err := s.Login(ctx, key)
	if !errors.Is(err, errSeal) || !errors.Is(err, ErrDamaged) {
		t.Errorf("swapped secrets: %v", err)
	}
	wantProblem(t, err)
}

// wantSilent checks that an error tells no secret, in either of its texts.
func wantSilent(t *testing.T, err error) {
	t.Helper()
	for _, c := range canaries {
		if strings.Contains(err.Error()+tenant.Explain(err).Sentence(), c) {
			t.Errorf("the error tells %q: %v", c, err)
		}
	}
}
