package assets

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the licences
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

//go:generate go run ./licences

//go:embed licences/licences.json.gz
var licences []byte

// Licence is under which terms a part of the programs is given to whoever has them.
type Licence struct {
	// Module is the part's path, and Version that of the build that the list was made for; our own has none.
	Module  string `json:"module"`
	Version string `json:"version"`
	// Kind is a short name of the terms, as in "MIT" or "BSD-3-Clause"; Text is all of them.
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Licences are those of Partnerdesk, of Go, and of every module that is linked into one of the programs on any system,
// in this order and by their paths. The directory licences holds the tool that makes the list, and a test that it is
// whole.
var Licences = sync.OnceValues(func() ([]Licence, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(licences))
	if err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	content, err := io.ReadAll(unpacked)
	if err := errors.Join(err, unpacked.Close()); err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	var all []Licence
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, fmt.Errorf("read licences: %w", err)
	}
	return all, nil
})
