package soak

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// pipes is a network within the process, on which each request takes its time to arrive.
type pipes struct {
	latency time.Duration

	mu        sync.Mutex
	ports     int
	listeners map[string]*pipeListener
}

func newPipes(latency time.Duration) *pipes {
	return &pipes{latency: latency, ports: 40_000, listeners: map[string]*pipeListener{}}
}

// Listen takes an address; port 0 is any.
func (p *pipes) Listen(_ context.Context, _, address string) (net.Listener, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if port == 0 {
		p.ports++
		port = p.ports
	}
	at := &net.TCPAddr{IP: net.ParseIP(host), Port: port}
	if p.listeners[at.String()] != nil {
		return nil, &net.OpError{Op: "listen", Net: "pipe", Addr: at, Err: syscall.EADDRINUSE}
	}
	l := &pipeListener{network: p, at: at, incoming: make(chan net.Conn), closed: make(chan struct{})}
	p.listeners[at.String()] = l
	return l, nil
}

// dial connects to whoever listens at the address.
func (p *pipes) dial(ctx context.Context, _, address string) (net.Conn, error) {
	p.mu.Lock()
	l := p.listeners[address]
	p.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	}
	here, there := net.Pipe()
	select {
	case l.incoming <- there:
		return here, nil
	case <-l.closed:
		return nil, fmt.Errorf("dial %s: %w", address, syscall.ECONNREFUSED)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// transport carries a client's requests over the network.
func (p *pipes) transport() *slowTransport {
	return &slowTransport{latency: p.latency, Transport: &http.Transport{
		DialContext: p.dial, MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: 30 * time.Second,
	}}
}

type slowTransport struct {
	*http.Transport
	latency time.Duration
}

// RoundTrip takes up to half as long again as the latency, by the address: no two tenants answer at the same
// moment, so that the same seed gives the same order of events.
func (s *slowTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	sum := fnv.New32a()
	_, _ = io.WriteString(sum, r.URL.Path) // never fails
	more := s.latency * time.Duration(sum.Sum32()%1000) / 2000
	select {
	case <-time.After(s.latency + more):
		return s.Transport.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

type pipeListener struct {
	network  *pipes
	at       *net.TCPAddr
	incoming chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.incoming:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	err := errors.New("closed twice")
	l.once.Do(func() {
		err = nil
		close(l.closed)
		l.network.mu.Lock()
		delete(l.network.listeners, l.at.String())
		l.network.mu.Unlock()
	})
	return err
}

func (l *pipeListener) Addr() net.Addr { return l.at }
