package sandbox

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// handler is everything behind the listeners: the identity provider and the sandbox's own pages on the base
// host, the tenants on the numbered ones.
func (s *Sandbox) handler() http.Handler {
	base, numbered := http.NewServeMux(), http.NewServeMux()
	s.identityRoutes(base)
	s.ownRoutes(base)
	s.tenantRoutes(numbered)
	return s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here, routes := hostOf(r), numbered
		if here == baseHost {
			routes = base
		}
		s.atHome(here, routes).ServeHTTP(w, r)
	}))
}

func (s *Sandbox) identityRoutes(mux *http.ServeMux) {
	s.route(mux, "GET "+pathMetadata, s.at(placeMetadata, s.serveMetadata))
	s.route(mux, "GET "+pathJWKS, s.at(placeKeys, s.serveKeys))
	s.route(mux, "GET "+pathAuthorize, s.serveAuthorize)
	s.route(mux, "POST "+pathAuthorize, s.sameOrigin(s.serveAuthorize))
	s.route(mux, "POST "+pathTokens, s.at(placeTokens, s.serveTokens))
	s.route(mux, "POST "+pathRevoke, s.at(placeRevoke, s.serveRevoke))
	s.route(mux, "GET "+pathLogout, s.serveLogout)
	s.route(mux, "POST "+pathExchange, s.at(placeExchange, s.serveExchange))
	s.route(mux, "POST "+pathSOAP, s.at(placeExchange, s.serveSOAPExchange))
	s.route(mux, "GET "+pathState+"{ctx}", s.at(placeStatus, s.serveState))
}

func (s *Sandbox) tenantRoutes(mux *http.ServeMux) {
	s.route(mux, "GET "+pathStyle, s.serveStyle) // for the page that a call without an Accept header gets
	s.route(mux, "GET /{ctx}/default.aspx", s.serveWebClient)
	s.route(mux, "GET /{ctx}/api/v1/User/currentPrincipal", s.at(placePrincipal, s.tenantCall(s.servePrincipal)))
	s.route(mux, "GET /{ctx}/api/v1/Contact/default", s.at(placeContactGet, s.tenantCall(s.serveContactDefault)))
	s.route(mux, "POST /{ctx}/api/v1/Contact", s.at(placeSave, s.tenantCall(s.serveContactSave)))
	s.route(mux, "GET /{ctx}/api/v1/Contact", s.at(placeContactGet, s.tenantCall(s.serveContactFind)))
}

func (s *Sandbox) ownRoutes(mux *http.ServeMux) {
	s.route(mux, "GET /{$}", s.serveHome)
	s.route(mux, "GET "+pathStyle, s.serveStyle)
	s.route(mux, "GET "+pathTenants, s.serveTenants)
	s.route(mux, "GET "+pathTenants+"/{ctx}", s.serveCompanies)
	s.route(mux, "GET "+pathControl, s.serveControl)
	s.route(mux, "POST "+pathControl, s.sameOrigin(s.serveControlChange))
	s.route(mux, "GET "+pathCounters, s.serveCounters)
	s.route(mux, "GET "+pathFaults, s.serveFaults)
	s.route(mux, "GET "+pathProof, s.serveProof)
}

// route registers the pattern in lower case, as guard hands the paths on.
func (s *Sandbox) route(mux *http.ServeMux, pattern string, handle http.HandlerFunc) {
	method, path, _ := strings.Cut(pattern, " ")
	mux.HandleFunc(method+" "+strings.ToLower(path), handle)
}

// guard stands before every request: it refuses foreign host names, bounds the body, folds the path's
// case, and writes the log line.
func (s *Sandbox) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.inHand.RLock()
		defer s.inHand.RUnlock()
		if s.closed {
			http.Error(w, "The sandbox is closing.", http.StatusServiceUnavailable)
			return
		}
		began := time.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			s.log.DebugContext(r.Context(), "request", "host", int(hostOf(r)), "method", r.Method, "path", shortened(r.URL.Path),
				"status", seen.status, "took", time.Since(began))
		}()
		setGeneralHeaders(w.Header())
		w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
		if !localHost(r.Host) {
			http.Error(seen, "The sandbox answers only to loopback names.", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(seen, r.Body, maxBody)
		folded := *r.URL
		folded.Path, folded.RawPath = strings.ToLower(r.URL.Path), ""
		again := r.WithContext(r.Context())
		again.URL = &folded
		next.ServeHTTP(seen, again)
	})
}

// localHost reports whether the Host header names this machine by a loopback literal or as localhost: any
// other name was bent to this address by somebody else's name server.
func localHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	return isLoopback(strings.ToLower(strings.Trim(host, "[]")))
}

// sameOrigin lets a POST through that comes from a page of the sandbox, or from a script without a browser.
func (s *Sandbox) sameOrigin(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Sec-Fetch-Site") {
		case "", "same-origin", "none":
		default:
			http.Error(w, "This form was sent from another site.", http.StatusForbidden)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || u.Scheme != "http" || u.Host != r.Host {
				http.Error(w, "This form was sent from another site.", http.StatusForbidden)
				return
			}
		}
		next(w, r)
	}
}

func setGeneralHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Server", "Partnerdesk-Sandbox")
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func shortened(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}

// answerJSON writes v as JSON.
func (s *Sandbox) answerJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set(hContent, typeJSON+"; charset=utf-8")
	if w.Header().Get(hCache) == "" {
		w.Header().Set(hCache, "no-cache")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// fail answers for trouble of the sandbox itself.
func (s *Sandbox) fail(w http.ResponseWriter, err error) {
	s.log.Error("serve a request", "err", err)
	http.Error(w, "The sandbox itself failed: "+err.Error(), http.StatusInternalServerError)
}

// bodyTooLarge reports whether reading ended at the bound.
func bodyTooLarge(err error) bool {
	var tooLarge *http.MaxBytesError
	return errors.As(err, &tooLarge)
}
