package sandbox

import (
	"net"
	"net/http"
	"sync"
)

// reserve holds the connections on which nothing has been asked yet. Browsers open some ahead of need, and
// a server that shuts down would wait for them as if a request were on its way.
type reserve struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

func newReserve() *reserve { return &reserve{conns: map[net.Conn]struct{}{}} }

// note is the server's ConnState.
func (r *reserve) note(c net.Conn, state http.ConnState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if state == http.StateNew {
		r.conns[c] = struct{}{}
	} else {
		delete(r.conns, c)
	}
}

// close closes them all.
func (r *reserve) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		_ = c.Close() // nothing was said on it that could be lost
	}
}
