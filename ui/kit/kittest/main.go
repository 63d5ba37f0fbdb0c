package kittest

import (
	"os"
	"testing"
	"time"
)

// Main runs a package's tests with UTC as the local time: times are shown in it, and the golden pictures need the same
// everywhere.
func Main(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}
