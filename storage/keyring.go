package storage

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"partnerdesk/core/tenant"
)

// Keyring is a secret store outside the file: the operating system's, or a test's.
type Keyring interface {
	// Get returns a secret, or an error that is tenant.ErrNotFound when there is no such entry.
	Get(service, account string) (string, error)
	// Set adds or replaces an entry.
	Set(service, account, secret string) error
	// Delete removes an entry, or returns an error that is tenant.ErrNotFound when there is none.
	Delete(service, account string) error
}

// keyringService is the name under which a person finds the entries.
const keyringService = "Partnerdesk"

// keyringPatience bounds each call: long enough for a slow secret store, short enough that the other
// program, which may be waiting for the file's lock, does not give up.
const keyringPatience = 4 * time.Second

// systemKeyring is Secret Service, Credential Manager or Keychain.
type systemKeyring struct{}

func (systemKeyring) Get(service, account string) (string, error) {
	if err := secretStoreReachable(); err != nil {
		return "", err
	}
	s, err := keyring.Get(service, account)
	if errors.Is(err, keyring.ErrNotFound) {
		return "", fmt.Errorf("read secret store: %w", tenant.ErrNotFound)
	}
	return s, err
}

func (systemKeyring) Set(service, account, secret string) error {
	if err := secretStoreReachable(); err != nil {
		return err
	}
	return keyring.Set(service, account, secret)
}

func (systemKeyring) Delete(service, account string) error {
	if err := secretStoreReachable(); err != nil {
		return err
	}
	err := keyring.Delete(service, account)
	if errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("remove from secret store: %w", tenant.ErrNotFound)
	}
	return err
}

var (
	errKeyringSilent = errors.New("it did not answer in time")
	errKeyringEntry  = errors.New("its entry is not a key of this program")
)

// patientKeyring bounds the wait for a keyring whose calls cannot be cancelled: a locked Secret Service
// answers when somebody has typed a password, which may be never. A call that is given up keeps its
// goroutine until the answer comes; as no further call is made before that, there is at most one.
type patientKeyring struct {
	ring     Keyring
	patience time.Duration

	mu sync.Mutex
	// owed is the answer to a call that was given up.
	owed chan keyringAnswer
}

type keyringAnswer struct {
	secret string
	err    error
}

func (p *patientKeyring) ask(ctx context.Context, call func() (string, error)) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stillSilent() {
		return "", errKeyringSilent
	}
	answered := make(chan keyringAnswer, 1) // room for the answer that nobody waits for any more
	go func() {
		s, err := call()
		answered <- keyringAnswer{s, err}
	}()
	timer := time.NewTimer(p.patience)
	defer timer.Stop()
	select {
	case a := <-answered:
		return a.secret, a.err
	case <-ctx.Done():
		p.owed = answered
		return "", ctx.Err()
	case <-timer.C:
		p.owed = answered
		return "", errKeyringSilent
	}
}

func (p *patientKeyring) stillSilent() bool {
	if p.owed == nil {
		return false
	}
	select {
	case <-p.owed:
		p.owed = nil
		return false
	default:
		return true
	}
}

// keep stores a key, and believes it only when it can be had back.
func (p *patientKeyring) keep(ctx context.Context, account string, key []byte) error {
	text := base64.StdEncoding.EncodeToString(key)
	_, err := p.ask(ctx, func() (string, error) { return "", p.ring.Set(keyringService, account, text) })
	if err != nil {
		return err
	}
	back, err := p.ask(ctx, func() (string, error) { return p.ring.Get(keyringService, account) })
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(back), []byte(text)) != 1 {
		return errKeyringEntry
	}
	return nil
}

func (p *patientKeyring) fetch(ctx context.Context, account string) ([]byte, error) {
	text, err := p.ask(ctx, func() (string, error) { return p.ring.Get(keyringService, account) })
	if errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("ask the secret store: %w", err)
	}
	if err != nil {
		return nil, keyringProblem(err)
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, keyringProblem(errKeyringEntry)
	}
	return key, nil
}

// forget removes a key. One that is gone already is no error.
func (p *patientKeyring) forget(ctx context.Context, account string) error {
	_, err := p.ask(ctx, func() (string, error) { return "", p.ring.Delete(keyringService, account) })
	if errors.Is(err, tenant.ErrNotFound) {
		return nil
	}
	return err
}

// decodeKey's errors do not quote what could not be decoded.
func decodeKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != keySize {
		return nil, errors.New("not a key")
	}
	return key, nil
}
