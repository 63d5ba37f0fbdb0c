package sandbox

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// ErrServedElsewhere says that another process, or another Sandbox of this one, serves the folder now.
var ErrServedElsewhere = errors.New("the sandbox is served elsewhere")

// errAbsent is the store's answer for a record that is not there.
var errAbsent = errors.New("no such record")

const (
	storeName = "sandbox.bolt"
	// lockWait is how long to wait for the file's lock. Who has it keeps it for hours.
	lockWait = 200 * time.Millisecond

	bucketMeta      = "meta"
	bucketTenants   = "tenants"
	bucketUsers     = "users"
	bucketStates    = "states"
	bucketConsents  = "consents"
	bucketRefresh   = "refresh"
	bucketCompanies = "companies"
	bucketEntities  = "entities"
	bucketHomes     = "homes"

	keyApp           = "app"
	keyPort          = "port"
	keyNumberedPorts = "numbered_ports"
)

// appRecord is the registered app and the provider's keys, as the file keeps them.
type appRecord struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	AppKey       string `json:"app_key"`
	SigningKey   string `json:"signing_key"`
	Certificate  []byte `json:"certificate"`
	// Published are the certificates of former signing keys that are still in the key set, newest last.
	Published [][]byte `json:"published,omitempty"`
	Seed      uint64   `json:"seed"`
}

// store is the file of state.
type store struct {
	db       *bbolt.DB
	clientID string
}

// openStore opens the file and takes its lock for as long as it stays open.
func openStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's folder: %w", err)
	}
	db, err := bbolt.Open(filepath.Join(dir, storeName), 0o600, &bbolt.Options{Timeout: lockWait})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("open the sandbox's state: %w", ErrServedElsewhere)
	}
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's state: %w", err)
	}
	return &store{db: db}, nil
}

func (s *store) close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the sandbox's state: %w", err)
	}
	return nil
}

// prepare makes, in one transaction, whatever a first start needs and is not there yet.
func (s *store) prepare(tenants int, seed uint64, now time.Time) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{
			bucketMeta, bucketTenants, bucketUsers, bucketStates,
			bucketConsents, bucketRefresh, bucketCompanies, bucketEntities, bucketHomes,
		} {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return fmt.Errorf("make the bucket %s: %w", name, err)
			}
		}
		if tx.Bucket([]byte(bucketMeta)).Get([]byte(keyApp)) != nil {
			return nil
		}
		return firstStart(tx, tenants, seed, now)
	})
}

func firstStart(tx *bbolt.Tx, count int, seed uint64, now time.Time) error {
	if seed == 0 {
		seed = binary.LittleEndian.Uint64(randomBytes(8))
	}
	app, err := newApp(seed, now)
	if err != nil {
		return err
	}
	if err := put(tx, bucketMeta, []byte(keyApp), app); err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(seed, 0x5eed)) // sample data, meant to be repeatable
	tenants := makeTenants(count, dice)
	for i, t := range tenants {
		if err := put(tx, bucketTenants, number(uint64(i)), t); err != nil {
			return err
		}
		c := consent{State: consentNone, Token: newSystemUserToken()}
		if err := put(tx, bucketConsents, consentKey(app.ClientID, t.Ctx), c); err != nil {
			return err
		}
	}
	for i, u := range makeUsers(tenants, dice) {
		if err := put(tx, bucketUsers, number(uint64(i)), u); err != nil {
			return err
		}
	}
	return nil
}

func newApp(seed uint64, now time.Time) (appRecord, error) {
	sign, err := newSigner(now)
	if err != nil {
		return appRecord{}, err
	}
	signing, err := keyToPEM(sign.key)
	if err != nil {
		return appRecord{}, err
	}
	own, err := newKey()
	if err != nil {
		return appRecord{}, err
	}
	ownPEM, err := keyToPEM(own)
	if err != nil {
		return appRecord{}, err
	}
	return appRecord{
		ClientID: randomHex(16), ClientSecret: randomHex(16),
		AppKey: ownPEM, SigningKey: signing, Certificate: sign.certificate, Seed: seed,
	}, nil
}

// registeredApp is the app with its key ready for use.
type registeredApp struct {
	ClientID, ClientSecret string
	key                    *rsa.PrivateKey
}

// loadApp reads the app and the provider's keys.
func (s *store) loadApp() (registeredApp, *keyRing, error) {
	var record appRecord
	if err := s.view(bucketMeta, []byte(keyApp), &record); err != nil {
		return registeredApp{}, nil, err
	}
	own, err := keyFromPEM(record.AppKey)
	if err != nil {
		return registeredApp{}, nil, err
	}
	signing, err := keyFromPEM(record.SigningKey)
	if err != nil {
		return registeredApp{}, nil, err
	}
	s.clientID = record.ClientID
	ring := &keyRing{current: signer{signing, record.Certificate}, published: record.Published}
	return registeredApp{record.ClientID, record.ClientSecret, own}, ring, nil
}

// saveSigner stores a new signing key, and the certificates of those that stay published.
func (s *store) saveSigner(next signer, published [][]byte) error {
	text, err := keyToPEM(next.key)
	if err != nil {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		var record appRecord
		if err := get(tx, bucketMeta, []byte(keyApp), &record); err != nil {
			return err
		}
		record.SigningKey, record.Certificate, record.Published = text, next.certificate, published
		return put(tx, bucketMeta, []byte(keyApp), record)
	})
}

// loadDirectory reads all tenants and users.
func (s *store) loadDirectory() (*directory, error) {
	var tenants []tenant
	var users []user
	err := s.db.View(func(tx *bbolt.Tx) error {
		return errors.Join(each(tx, bucketTenants, &tenants), each(tx, bucketUsers, &users))
	})
	if err != nil {
		return nil, fmt.Errorf("read tenants and users: %w", err)
	}
	return newDirectory(tenants, users), nil
}

// state is the tenant's state; running until somebody says otherwise.
func (s *store) state(ctx string) (string, error) {
	state := stateRunning
	if err := s.view(bucketStates, []byte(ctx), &state); err != nil && !errors.Is(err, errAbsent) {
		return "", err
	}
	return state, nil
}

func (s *store) setState(ctx, state string) error { return s.save(bucketStates, []byte(ctx), state) }

// consent is the app's consent in the tenant.
func (s *store) consent(ctx string) (consent, error) {
	var c consent
	err := s.view(bucketConsents, consentKey(s.clientID, ctx), &c)
	return c, err
}

// tokens are the system user tokens of all tenants, read in one go.
func (s *store) tokens() (map[string]string, error) {
	tokens := map[string]string{}
	err := s.db.View(func(tx *bbolt.Tx) error {
		prefix := consentKey(s.clientID, "")
		cursor := tx.Bucket([]byte(bucketConsents)).Cursor()
		for k, v := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = cursor.Next() {
			var c consent
			if err := json.Unmarshal(v, &c); err != nil {
				return fmt.Errorf("read a consent: %w", err)
			}
			tokens[string(k[len(prefix):])] = c.Token
		}
		return nil
	})
	return tokens, err
}

// changeConsent applies change to the consent in one transaction, and returns what it has become.
func (s *store) changeConsent(ctx string, change func(*consent)) (consent, error) {
	var c consent
	err := s.db.Update(func(tx *bbolt.Tx) error {
		key := consentKey(s.clientID, ctx)
		if err := get(tx, bucketConsents, key, &c); err != nil {
			return err
		}
		change(&c)
		return put(tx, bucketConsents, key, c)
	})
	return c, err
}

// saveRefresh stores what a refresh token stands for.
func (s *store) saveRefresh(token string, g refreshGrant) error {
	return s.save(bucketRefresh, hashed(token), g)
}

func (s *store) refresh(token string) (refreshGrant, error) {
	var g refreshGrant
	err := s.view(bucketRefresh, hashed(token), &g)
	return g, err
}

// replaceRefresh puts a new refresh token in the place of an old one.
func (s *store) replaceRefresh(old, next string, g refreshGrant) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if err := tx.Bucket([]byte(bucketRefresh)).Delete(hashed(old)); err != nil {
			return fmt.Errorf("drop a refresh token: %w", err)
		}
		return put(tx, bucketRefresh, hashed(next), g)
	})
}

func (s *store) dropRefresh(token string) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketRefresh)).Delete(hashed(token))
	})
}

func (s *store) view(bucket string, key []byte, into any) error {
	return s.db.View(func(tx *bbolt.Tx) error { return get(tx, bucket, key, into) })
}

func (s *store) save(bucket string, key []byte, value any) error {
	return s.db.Update(func(tx *bbolt.Tx) error { return put(tx, bucket, key, value) })
}

func get(tx *bbolt.Tx, bucket string, key []byte, into any) error {
	b := tx.Bucket([]byte(bucket)).Get(key)
	if b == nil {
		return fmt.Errorf("read from %s: %w", bucket, errAbsent)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("read from %s: %w", bucket, err)
	}
	return nil
}

func put(tx *bbolt.Tx, bucket string, key []byte, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write to %s: %w", bucket, err)
	}
	if err := tx.Bucket([]byte(bucket)).Put(key, b); err != nil {
		return fmt.Errorf("write to %s: %w", bucket, err)
	}
	return nil
}

func each[T any](tx *bbolt.Tx, bucket string, into *[]T) error {
	return tx.Bucket([]byte(bucket)).ForEach(func(_, v []byte) error {
		var value T
		if err := json.Unmarshal(v, &value); err != nil {
			return fmt.Errorf("read from %s: %w", bucket, err)
		}
		*into = append(*into, value)
		return nil
	})
}

// number is a key that sorts as its number does.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func consentKey(clientID, ctx string) []byte { return []byte(clientID + "/" + ctx) }

// hashed is the key of a refresh token: who reads the file cannot use it.
func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// digits writes a company's id.
func digits(n uint64) string { return strconv.FormatUint(n, 10) }
