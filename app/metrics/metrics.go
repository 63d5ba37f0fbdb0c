// Package metrics shows a poller's numbers to a monitoring system on the same machine: /metrics in Prometheus's text
// format, and /healthz for a supervisor that asks by HTTP. It is served on a loopback address, without a
// password, and holds no secret: names of registrations, context identifiers, counts and times.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"partnerdesk/core/journal"
	"partnerdesk/core/poller"
	"partnerdesk/core/tenant"
)

// Source is what is measured. All of it may be asked at any time, by many goroutines.
type Source interface {
	// Stats are the poller's.
	Stats() poller.Stats
	// StandingBy reports whether another process polls in this one's place.
	StandingBy() bool
	// Health is nil while all is well, and else says why not.
	Health(ctx context.Context) error
}

// CheckAddress says what is wrong with an address to serve at. Others than this machine's own are refused, as
// nobody is asked who they are.
func CheckAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address and port, like 127.0.0.1:9464", address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q is no port", port)
	}
	if !tenant.IsLoopback(host) {
		return fmt.Errorf("%q is no loopback address, like 127.0.0.1, and the metrics ask for no passwords", host)
	}
	return nil
}

// Handler answers /metrics and /healthz. version is the program's, as a label.
func Handler(source Source, version string) http.Handler {
	registry := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "partnerdesk_build_info", Help: "1, with the version of the program.", ConstLabels: prometheus.Labels{"version": valid(version)},
	})
	build.Set(1)
	registry.MustRegister(build, newCollector(source), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: maxReaders, Timeout: answerTimeout,
		ErrorHandling: promhttp.ContinueOnError, // a number that cannot be had hides no other
	}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := source.Health(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintln(w, tenant.Plain(err.Error()))
			return
		}
		_, _ = fmt.Fprintln(w, "well")
	})
	return loopbackOnly(mux)
}

// loopbackOnly refuses requests that were sent to another name. A page in a browser can have its own name resolve to
// this machine, and would be let in by the address alone (DNS rebinding).
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host != "localhost" && !tenant.IsLoopback(host) {
			http.Error(w, "Ask for this by a loopback address.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

const (
	// maxReaders is how many may read at once: each holds all numbers in memory while it does.
	maxReaders = 2
	// headerTimeout bounds the wait for a request, answerTimeout the making of an answer and writeTimeout its
	// way to the reader.
	headerTimeout = 5 * time.Second
	answerTimeout = 10 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	closeTimeout  = time.Second
)

// Server serves a handler until it is closed.
type Server struct {
	address string
	server  *http.Server
	done    chan struct{}
}

// Serve begins to serve at a loopback address; port 0 takes any that is free.
func Serve(ctx context.Context, address string, handler http.Handler, log *slog.Logger) (*Server, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &tenant.Problem{Op: "serve the metrics", Err: err, Explanation: tenant.CausePort.Explain(
			"The metrics cannot be served at "+address+".", tenant.Sentence(err), "Choose another port, or end the program that uses it.")}
	}
	log = log.With(journal.Component("metrics"))
	s := &Server{address: listener.Addr().String(), done: make(chan struct{}), server: &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
	go func() {
		defer close(s.done)
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("The metrics are no longer served", journal.Failure(err))
		}
	}()
	return s, nil
}

// Address is where it is served, with the real port.
func (s *Server) Address() string { return s.address }

// Close stops serving. Readers get a moment to finish, and are then cut off.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if err != nil {
		err = s.server.Close()
	}
	<-s.done
	if err != nil {
		return fmt.Errorf("stop serving the metrics: %w", err)
	}
	return nil
}
