//go:build !linux

package storage

import (
	"context"
	"errors"
)

// Elsewhere there is one secret store, which a test cannot have for itself.
func secretService(context.Context, string) error { return errors.ErrUnsupported }

func secretServiceGuest(context.Context, string) error { return errors.ErrUnsupported }
