package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// derivation is how a wrapping key is made of a passphrase: Argon2id (RFC 9106) with these parameters. They
// are stored with the wrapped key, so that a later version can choose dearer ones.
type derivation struct {
	Salt   []byte `json:"salt"`
	Passes uint32 `json:"passes"`
	// Memory is in KiB.
	Memory uint32 `json:"memory_kib"`
	Lanes  uint8  `json:"lanes"`
}

// saltSize is what RFC 9106, section 3.1, recommends for passwords.
const saltSize = 16

// costs are those of a new passphrase: more than the second recommendation of RFC 9106, section 4 (64 MiB,
// three passes, four lanes), for 0.5 to 1 s on a machine of today.
func costs() derivation { return derivation{Passes: 3, Memory: 128 << 10, Lanes: 4} }

// The bounds of what is read from a file. Whoever can write the file could ask for any cost otherwise: too
// high and the program hangs or is ended for its memory, zero and the library panics.
const (
	maxPasses = 16
	minMemory = 8 << 10 // KiB
	maxMemory = 1 << 20 // KiB
	maxLanes  = 16
	// maxWork bounds passes times memory, to some ten seconds.
	maxWork = 4 << 20
)

func (d derivation) check() error {
	switch {
	case len(d.Salt) != saltSize,
		d.Passes < 1 || d.Passes > maxPasses,
		d.Memory < minMemory || d.Memory > maxMemory,
		d.Lanes < 1 || d.Lanes > maxLanes,
		uint64(d.Passes)*uint64(d.Memory) > maxWork:
		return errors.New("the parameters of its passphrase are out of bounds")
	}
	return nil
}

func (d derivation) key(passphrase secret.Text) []byte {
	return argon2.IDKey([]byte(passphrase.Reveal()), d.Salt, d.Passes, d.Memory, d.Lanes, keySize)
}

func (d *derivation) same(other *derivation) bool {
	return d != nil && other != nil && bytes.Equal(d.Salt, other.Salt) &&
		d.Passes == other.Passes && d.Memory == other.Memory && d.Lanes == other.Lanes
}

// attempts is how often a person may try a passphrase before Open gives up.
const attempts = 3

// unlockAsking asks for the passphrase until it fits. The file is not locked meanwhile: it may take a person
// minutes.
func (v *vault) unlockAsking(ctx context.Context, record identityRecord) (*keys, error) {
	if record.Passphrase == nil {
		return nil, damagedProblem(v.path(), errors.New("the parameters of its passphrase are missing"))
	}
	if err := record.Passphrase.check(); err != nil {
		return nil, damagedProblem(v.path(), err)
	}
	if v.ask == nil {
		return nil, passphraseNeededProblem()
	}
	for attempt := 1; attempt <= attempts; attempt++ {
		passphrase, err := v.ask(ctx, attempt)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("ask for passphrase: %w", ctx.Err())
		}
		if err != nil && attempt > 1 {
			return nil, wrongPassphraseProblem(err) // there is no other to try
		}
		if err != nil {
			return nil, fmt.Errorf("ask for passphrase: %w", err)
		}
		wrapping := record.Passphrase.key(passphrase)
		unlocked, err := unwrap(record, wrapping)
		if err == nil {
			unlocked.wrapping = wrapping
			return unlocked, nil
		}
		clear(wrapping)
	}
	return nil, wrongPassphraseProblem(errSeal)
}

func passphraseNeededProblem() error {
	return problem(tenant.CauseInput, "ask for passphrase",
		"The data file needs its passphrase.",
		"It is protected by a passphrase, and none was given.",
		"The window asks for it at its start; give it to the console with --data-passphrase-file or PARTNERDESK_PASSPHRASE. “partnerdesk-console protection change” then chooses another protection, if you like. Nothing was changed.", nil)
}

func wrongPassphraseProblem(err error) error {
	return problem(tenant.CauseInput, "unlock store",
		"The data file cannot be unlocked.",
		"The passphrase is not the one that it is protected by.",
		"Try again with the right one: mind the keyboard's layout and capital letters. Without it, move the data directory aside, start again, add the registrations and sign in to each tenant. Nothing was changed.", err)
}

// passphraseChangedProblem is for a program that runs while another one gives the file a new passphrase.
func passphraseChangedProblem() error {
	return problem(tenant.CauseInput, "unlock store anew",
		"The data file has a new passphrase.",
		"The other program (desktop or console) changed its protection since this program started.",
		"Start this program again, and give it the new passphrase.", nil)
}
