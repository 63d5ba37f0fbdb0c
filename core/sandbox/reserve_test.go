package sandbox

import (
	"net"
	"net/http"
	"testing"
	"time"
)

// A browser keeps connections in reserve. They must not hold up the end, and one on which a request is on
// its way must not be cut.
func TestOnlySilentConnectionsAreClosed(t *testing.T) {
	silent, _ := net.Pipe()
	asking, _ := net.Pipe()
	r := newReserve()
	r.note(silent, http.StateNew)
	r.note(asking, http.StateNew)
	r.note(asking, http.StateActive)
	r.close()
	if err := silent.SetDeadline(time.Time{}); err == nil {
		t.Error("the silent connection is open")
	}
	if err := asking.Close(); err != nil {
		t.Errorf("the asking connection was closed before: %v", err)
	}
	if len(r.conns) != 1 {
		t.Errorf("%d connections are remembered", len(r.conns))
	}
}
