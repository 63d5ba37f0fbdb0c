package storage

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"

	"golang.org/x/crypto/chacha20poly1305"

	"partnerdesk/core/secret"
)

// keySize is the size of every key here, and sumSize that of a record's checksum.
const (
	keySize = chacha20poly1305.KeySize
	sumSize = sha256.Size
)

// keys are derived from the data key, one for each purpose.
type keys struct {
	seal cipher.AEAD
	sum  []byte
	// data is the data key itself, for wrapping it anew.
	data []byte
	// wrapping is the key that a passphrase gave, so that a new data key needs nobody to type it again; nil
	// with the other protections.
	wrapping []byte
}

func deriveKeys(dataKey []byte) (*keys, error) {
	sealKey, err := hkdf.Key(sha256.New, dataKey, nil, "partnerdesk: seal secrets", keySize)
	if err != nil {
		return nil, fmt.Errorf("derive seal key: %w", err)
	}
	sumKey, err := hkdf.Key(sha256.New, dataKey, nil, "partnerdesk: sum records", keySize)
	if err != nil {
		return nil, fmt.Errorf("derive sum key: %w", err)
	}
	aead, err := chacha20poly1305.NewX(sealKey)
	if err != nil {
		return nil, fmt.Errorf("make seal: %w", err)
	}
	return &keys{seal: aead, sum: sumKey, data: dataKey}, nil
}

var (
	errSeal = errors.New("the seal does not open: damaged, or sealed for another place")
	errSum  = errors.New("the checksum does not match")
)

// seal encrypts plain for exactly one place: opening needs the same binding. XChaCha20's 24-byte nonce is
// long enough to be drawn at random for each value.
func seal(aead cipher.AEAD, plain, binding []byte) []byte {
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	_, _ = rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return aead.Seal(nonce, nonce, plain, binding)
}

// unseal puts the plain text into room, as far as it has the capacity.
func unseal(aead cipher.AEAD, room, sealed, binding []byte) ([]byte, error) {
	if len(sealed) < aead.NonceSize() {
		return nil, errSeal
	}
	plain, err := aead.Open(room[:0], sealed[:aead.NonceSize()], sealed[aead.NonceSize():], binding)
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}

// bind joins the parts of a place so that no two places look alike: each part follows its length.
func bind(parts ...string) []byte { return appendBinding(nil, parts...) }

func appendBinding(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

// desk is what the boxes of one transaction share: a list of ten thousand records would otherwise make each of these
// as often.
type desk struct {
	schema string
	mac    hash.Hash
	place  []byte
	sum    [sumSize]byte
	plain  []byte
}

// box seals and opens the secrets of one record. Its first error sticks, so that a record of many fields
// is checked once.
type box struct {
	keys        *keys
	desk        *desk
	bucket, key string
	err         error
}

func (w *work) box(bucket, key string) *box {
	if w.desk == nil {
		w.desk = &desk{schema: strconv.Itoa(w.schema), mac: hmac.New(sha256.New, w.keys.sum)}
	}
	return &box{keys: w.keys, desk: w.desk, bucket: bucket, key: key}
}

// place is good until the next place or sum.
func (b *box) place(field string) []byte {
	b.desk.place = appendBinding(b.desk.place[:0], "secret", b.desk.schema, b.bucket, b.key, field)
	return b.desk.place
}

// seal returns nothing for the empty secret: that there is none is no secret.
func (b *box) seal(field string, t secret.Text) []byte {
	if t.Empty() {
		return nil
	}
	return seal(b.keys.seal, []byte(t.Reveal()), b.place(field))
}

func (b *box) open(field string, sealed []byte) secret.Text {
	if len(sealed) == 0 || b.err != nil {
		return secret.Text{}
	}
	plain, err := unseal(b.keys.seal, b.desk.plain, sealed, b.place(field))
	if err != nil {
		b.err = fmt.Errorf("open %s: %w", field, err)
		return secret.Text{}
	}
	text := secret.New(string(plain))
	clear(plain)
	b.desk.plain = plain
	return text
}

// pack puts the checksum before a record. It covers the fields that are not secret too: an address that
// somebody changed would receive the next client secret.
func (b *box) pack(record []byte) []byte {
	return slices.Concat(b.sum(record), record)
}

// unpack returns the record behind the checksum, still in the transaction's memory.
func (b *box) unpack(value []byte) ([]byte, error) {
	if len(value) < sumSize || !hmac.Equal(value[:sumSize], b.sum(value[sumSize:])) {
		return nil, errSum
	}
	return value[sumSize:], nil
}

// sum is good until the next one.
func (b *box) sum(record []byte) []byte {
	d := b.desk
	d.place = appendBinding(d.place[:0], "record", d.schema, b.bucket, b.key)
	d.mac.Reset()
	d.mac.Write(d.place)
	d.mac.Write(record)
	return d.mac.Sum(d.sum[:0])
}
