//go:build !unix || darwin

package storage

// secretStoreReachable has nothing to look for: Credential Manager and Keychain are always there.
func secretStoreReachable() error { return nil }
