package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// listen takes an address for the base host and one for each numbered host, in the order of their numbers
// and all with the same IP: the port that was asked for, which is the base host's alone, or last time's, or
// any.
func (s *Sandbox) listen(ctx context.Context, network Network, address string) (taken []net.Listener, err error) {
	defer func() {
		if err != nil {
			err, taken = errors.Join(err, closeAll(taken)), nil
		}
	}()
	host, wanted, err := splitLoopback(address)
	if err != nil {
		return nil, err
	}
	last, err := s.store.lastPorts()
	if err != nil {
		return nil, err
	}
	ports := make([]int, len(last))
	for i := range ports {
		listener, err := listenOn(ctx, network, host, wanted, last[i])
		if err != nil {
			return taken, err
		}
		taken = append(taken, listener)
		ports[i] = listener.Addr().(*net.TCPAddr).Port
		s.addresses = append(s.addresses, "http://"+net.JoinHostPort(host, strconv.Itoa(ports[i])))
		wanted = 0
	}
	return taken, s.store.savePorts(ports)
}

// listenOn takes the port that is wanted, or where that is 0 the last one, or any.
func listenOn(ctx context.Context, network Network, host string, wanted, last int) (net.Listener, error) {
	if wanted == 0 && last != 0 {
		if listener, err := network.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(last))); err == nil {
			return listener, nil
		}
	}
	listener, err := network.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(wanted)))
	if err != nil {
		return nil, fmt.Errorf("listen for the sandbox: %w", err)
	}
	return listener, nil
}

func closeAll(listeners []net.Listener) error {
	var failures []error
	for _, l := range listeners {
		failures = append(failures, l.Close())
	}
	return errors.Join(failures...)
}

// splitLoopback takes a listen address apart and refuses what others could reach.
func splitLoopback(address string) (host string, port int, err error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("read the listen address: %w", err)
	}
	port, err = strconv.Atoi(portText)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("read the listen address: %q is no port", portText)
	}
	if !isLoopback(host) {
		return "", 0, fmt.Errorf("read the listen address: %q is no loopback address, and the sandbox asks for no passwords", host)
	}
	return host, port, nil
}

// isLoopback takes "localhost" and the literal loopback addresses.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// serve starts the goroutines that the sandbox owns, one a listener. The one server behind them tells the
// hosts apart by the listener alone: the Host header is the caller's word.
func (s *Sandbox) serve(listeners []net.Listener) {
	numbers := make(map[net.Listener]hostNumber, len(listeners))
	for i, l := range listeners {
		numbers[l] = hostNumber(i)
	}
	s.reserve = newReserve()
	s.server = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         s.reserve.note,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext: func(l net.Listener) context.Context {
			return context.WithValue(s.ctx, hostKey{}, numbers[l])
		},
	}
	for _, l := range listeners {
		go func() { s.serving <- s.server.Serve(l) }()
	}
}

// hostKey is the key of a request's context under which the number of its host lies.
type hostKey struct{}

// hostOf is the host that the request came to.
func hostOf(r *http.Request) hostNumber {
	n, _ := r.Context().Value(hostKey{}).(hostNumber)
	return n
}
