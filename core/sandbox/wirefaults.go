package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// effect stands around a handler: it answers in its place, before it or after it.
type effect func(s *Sandbox, delay time.Duration, next http.HandlerFunc) http.HandlerFunc

// at makes the handler of a place: it counts the request, and lets the faults that are on there have their
// way with it, the first of the table outermost.
func (s *Sandbox) at(p place, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := s.errandOf(p, r)
		s.counters.count(e)
		next := handle
		for _, f := range slices.Backward(s.faults.on(e.ctx)) {
			if f.wire != nil && slices.Contains(f.at, p) && s.faults.strike(f.name, e.ctx) {
				next = f.wire(s, f.delay, next)
			}
		}
		next(w, r)
	}
}

// What faults say of themselves. It must not look like an answer of the real service.
const (
	faultMessage = "The sandbox misbehaves as it was told to."
	faultPage    = "<!doctype html>\n<html><head><title>Sandbox</title></head><body><h1>Something went wrong</h1>" +
		"<p>" + faultMessage + "</p></body></html>\n"
)

// instead answers with a status and a JSON body of the web services' form.
func instead(status int) effect {
	return func(s *Sandbox, _ time.Duration, _ http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			s.answerJSON(w, status, serviceError{
				Error: true, ErrorType: http.StatusText(status), ErrorMessage: faultMessage, ErrorSource: "Partnerdesk sandbox",
			})
		}
	}
}

// insteadHTML answers with a page, as a gateway before the service does.
func insteadHTML(status int) effect {
	return func(*Sandbox, time.Duration, http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { answerPage(w, status) }
	}
}

func answerPage(w http.ResponseWriter, status int) {
	w.Header().Set(hContent, typeHTML)
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, faultPage)
}

// insteadNothing answers with a status and no body.
func insteadNothing(status int) effect {
	return func(*Sandbox, time.Duration, http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
}

// insteadOAuth answers as the token endpoint refuses.
func insteadOAuth(code string) effect {
	return func(s *Sandbox, _ time.Duration, _ http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(hCache, noStore)
			s.refuseToken(w, r, oauthError{code, faultMessage})
		}
	}
}

// waiting adds a Retry-After to an effect: a number of seconds, or a date that lies so far ahead.
func waiting(wait time.Duration, asDate bool, then effect) effect {
	return func(s *Sandbox, delay time.Duration, next http.HandlerFunc) http.HandlerFunc {
		answer := then(s, delay, next)
		return func(w http.ResponseWriter, r *http.Request) {
			value := strconv.Itoa(int(wait / time.Second))
			if asDate {
				value = s.now().Add(wait).UTC().Format(http.TimeFormat)
			}
			w.Header().Set("Retry-After", value)
			answer(w, r)
		}
	}
}

// hangUp ends the connection without an answer.
func hangUp() { panic(http.ErrAbortHandler) } // how net/http wants to be told

// dropped hangs up instead of answering.
func dropped(*Sandbox, time.Duration, http.HandlerFunc) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { hangUp() }
}

// slow lets time pass before the answer. The client's leaving ends it, and so does Close.
func slow(s *Sandbox, delay time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := bodyOf(r); err != nil && !bodyTooLarge(err) {
			hangUp()
		}
		// The server's own bounds would end a long delay: that of writing, and that of reading, behind which
		// it watches for the client's leaving.
		until, control := time.Now().Add(delay+writeTimeout), http.NewResponseController(w)
		if err := errors.Join(control.SetWriteDeadline(until), control.SetReadDeadline(until)); err != nil {
			s.fail(w, err)
			return
		}
		s.counters.slowed()
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			next(w, r)
		case <-r.Context().Done():
			hangUp()
		case <-s.closing:
			hangUp()
		}
	}
}

// afterwards carries the request out, and then keeps the answer back if it is a success.
func afterwards(then effect) effect {
	return func(s *Sandbox, delay time.Duration, next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			kept := newKeptAnswer(w.Header())
			next(kept, r)
			if kept.status >= http.StatusBadRequest {
				kept.sendTo(w)
				return
			}
			then(s, delay, nil)(w, r)
		}
	}
}

// keptAnswer holds an answer back.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newKeptAnswer(header http.Header) *keptAnswer {
	return &keptAnswer{header: header.Clone(), status: http.StatusOK}
}

func (k *keptAnswer) Header() http.Header         { return k.header }
func (k *keptAnswer) WriteHeader(status int)      { k.status = status }
func (k *keptAnswer) Write(b []byte) (int, error) { return k.body.Write(b) }

// sendTo sends it after all.
func (k *keptAnswer) sendTo(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	w.WriteHeader(k.status)
	_, _ = w.Write(k.body.Bytes())
}

// plainText sends the answer as it is, but calls it text/plain.
func plainText(_ *Sandbox, _ time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kept := newKeptAnswer(w.Header())
		next(kept, r)
		kept.header.Set(hContent, "text/plain; charset=utf-8")
		kept.sendTo(w)
	}
}

// errorsAsHTML sends refusals as a page, with the status they have.
func errorsAsHTML(_ *Sandbox, _ time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kept := newKeptAnswer(w.Header())
		next(kept, r)
		if kept.status < http.StatusBadRequest {
			kept.sendTo(w)
			return
		}
		answerPage(w, kept.status)
	}
}

// bodyOf reads the body, and leaves the same to be read again, its error included.
func bodyOf(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	end := err
	if end == nil {
		end = io.EOF
	}
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b), endOf{end}))
	return b, err
}

// endOf is where a body that was read before ends once more.
type endOf struct{ err error }

func (e endOf) Read([]byte) (int, error) { return 0, e.err }
