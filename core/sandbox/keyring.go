package sandbox

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"sync"
)

// maxPublished bounds the former keys that stay in the key set.
const maxPublished = 5

// keyRing is the provider's signing key, and the former ones that it still publishes.
type keyRing struct {
	mu        sync.RWMutex
	current   signer
	published [][]byte // certificates of former keys, newest last
	// spare is a key that signs nothing, made when a fault first wants one.
	spare func() (signer, error)
}

// signer returns the key that signs now.
func (k *keyRing) signer() signer {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.current
}

// set is the key set as the wire has it.
func (k *keyRing) set() ([]map[string]any, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	keys := []map[string]any{k.current.public()}
	for _, der := range slices.Backward(k.published) {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("read a former certificate: %w", err)
		}
		public, ok := certificate.PublicKey.(*rsa.PublicKey)
		if !ok {
			return nil, fmt.Errorf("read a former certificate: its key is %T, not RSA", certificate.PublicKey)
		}
		keys = append(keys, signer{certificate: der}.entry(public))
	}
	return keys, nil
}

// rotateKeys makes a new signing key and stores it. The old one stays in the key set where keepOld is true;
// otherwise it and all former ones leave it.
func (s *Sandbox) rotateKeys(keepOld bool) error {
	next, err := newSigner(s.now())
	if err != nil {
		return err
	}
	if err := s.keys.replace(next, keepOld, s.store.saveSigner); err != nil {
		return err
	}
	return s.announce() // the ready file names the certificate
}

// replace puts next in the place of the current key, once save has stored both.
func (k *keyRing) replace(next signer, keepOld bool, save func(signer, [][]byte) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var published [][]byte
	if keepOld {
		published = append(slices.Clone(k.published), k.current.certificate)
		published = published[max(0, len(published)-maxPublished):]
	}
	if err := save(next, published); err != nil {
		return err
	}
	k.current, k.published = next, published
	return nil
}

// public is the key's entry in the key set.
func (s signer) public() map[string]any { return s.entry(&s.key.PublicKey) }

func (s signer) entry(public *rsa.PublicKey) map[string]any {
	return map[string]any{
		"kty": "RSA",
		"use": "sig",
		"alg": algRS256,
		"kid": s.kid(),
		"x5t": s.x5t(),
		"n":   base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		"e":   base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
		"x5c": []string{base64.StdEncoding.EncodeToString(s.certificate)},
	}
}

// describe says which key signs, and how many former ones are published.
func (k *keyRing) describe() (kid string, former int) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.current.kid(), len(k.published)
}
