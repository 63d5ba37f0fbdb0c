package sandbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The switches of the control page.
const (
	actionState  = "state"
	actionRevoke = "revoke"
	actionExpire = "expire"
	actionMove   = "move"
	actionFault  = "fault"
	actionClear  = "clear"
	actionClock  = "clock"
	actionRotate = "rotate-keys"
	actionReset  = "reset"
)

// What actionExpire can be told to end; nothing means both.
const (
	expireTickets      = "tickets"
	expireAccessTokens = "access tokens"
)

// order is a change that somebody wants, from the page's form or as JSON.
type order struct {
	Action string `json:"action"`
	// Ctx is the tenant. Faults, expiry and reset take an empty one for all of them.
	Ctx   string `json:"ctx"`
	State string `json:"state"` // of state
	What  string `json:"what"`  // of expire
	Fault string `json:"fault"`
	On    *bool  `json:"on"`    // of fault
	Delay string `json:"delay"` // of a slow fault, "3s"
	// Times is how many requests a fault of the wire strikes before it is off again; 0 means always.
	Times int `json:"times"`
	// Forward moves the clock on, Offset sets it off its base; one of them, as "6h" or "-10m".
	Forward string `json:"forward"`
	Offset  string `json:"offset"`
	// KeepOld leaves the old signing key in the key set when the keys are rotated.
	KeepOld bool `json:"keep_old"`
}

// outcome is what became of an order.
type outcome struct {
	// refusal says why it was not carried out; status is then the answer's.
	refusal string
	status  int
	// answer is what a script gets.
	answer any
	// done names what was changed, for the page.
	done string
}

func refused(words string) outcome { return outcome{refusal: words, status: http.StatusBadRequest} }

// serveControlChange carries out one order.
func (s *Sandbox) serveControlChange(w http.ResponseWriter, r *http.Request) {
	o, asJSON, err := readOrder(r)
	if err != nil {
		s.refuseOrder(w, r, http.StatusBadRequest, "The order cannot be read: "+err.Error()+".")
		return
	}
	var t tenant
	if o.Ctx != "" {
		known := false
		if t, known = s.people.tenant(o.Ctx); !known {
			s.refuseOrder(w, r, http.StatusNotFound, "There is no such tenant.")
			return
		}
	}
	done, err := s.carryOut(o, t)
	switch {
	case err != nil:
		s.fail(w, err)
	case done.refusal != "":
		s.refuseOrder(w, r, done.status, done.refusal)
	case asJSON || wantsJSON(r):
		w.Header().Set(hCache, noStore)
		s.answerJSON(w, http.StatusOK, done.answer)
	default:
		http.Redirect(w, r, s.controlAddress(r, done.done), http.StatusSeeOther)
	}
}

// refuseOrder says why an order was not carried out: to a browser on the page itself, to a script as JSON.
func (s *Sandbox) refuseOrder(w http.ResponseWriter, r *http.Request, status int, words string) {
	if accepts(r, "text/html") && !accepts(r, typeJSON) {
		s.showControl(w, r, status, words)
		return
	}
	w.Header().Set(hCache, noStore)
	s.answerJSON(w, status, map[string]string{paramError: words})
}

// readOrder reads a form or JSON, and says which.
func readOrder(r *http.Request) (order, bool, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get(hContent)); err == nil && kind == typeJSON {
		var o order
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields() // a slip in "ctx" would otherwise mean all tenants
		err := decoder.Decode(&o)
		return o, true, err
	}
	if err := r.ParseForm(); err != nil {
		return order{}, false, err
	}
	f := r.PostForm
	o := order{
		Action: f.Get("action"), Ctx: strings.TrimSpace(f.Get("ctx")), State: f.Get("state"), What: f.Get("what"), Fault: f.Get("fault"),
		Delay: f.Get("delay"), Forward: f.Get("forward"), Offset: f.Get("offset"), KeepOld: f.Get("keep_old") == "true",
	}
	if on, err := strconv.ParseBool(f.Get("on")); err == nil {
		o.On = &on
	}
	if times := strings.TrimSpace(f.Get("times")); times != "" {
		var err error
		if o.Times, err = strconv.Atoi(times); err != nil {
			return order{}, false, fmt.Errorf("%.20q is no number of times", times)
		}
	}
	return o, false, nil
}

// carryOut changes the tenant t, or the sandbox where t is none.
func (s *Sandbox) carryOut(o order, t tenant) (outcome, error) {
	switch o.Action {
	case actionState, actionRevoke, actionMove:
		return s.changeTenant(o, t)
	case actionExpire:
		return s.expire(o.What, t)
	case actionFault:
		return s.switchFault(o, t), nil
	case actionClear:
		s.faults.clear()
		s.clock.set(0)
		return outcome{answer: s.clockAnswer(), done: actionClear}, nil
	case actionClock:
		return s.setClock(o), nil
	case actionRotate:
		if err := s.rotateKeys(o.KeepOld); err != nil {
			return outcome{}, err
		}
		return outcome{answer: map[string]string{"kid": s.keys.signer().kid()}, done: actionRotate}, nil
	case actionReset:
		s.counters.reset(t.Ctx)
		return outcome{answer: s.counters.all(), done: actionReset}, nil
	}
	return refused("The action can be state, revoke, expire, move, fault, clear, clock, rotate-keys or reset."), nil
}

// changeTenant carries out what needs a tenant.
func (s *Sandbox) changeTenant(o order, t tenant) (outcome, error) {
	if t.Ctx == "" {
		return outcome{refusal: "There is no such tenant.", status: http.StatusNotFound}, nil
	}
	var err error
	switch o.Action {
	case actionRevoke:
		_, err = s.store.changeConsent(t.Ctx, (*consent).revoke)
	case actionMove:
		err = s.homes.move(t.Ctx)
	default:
		state, ok := stateNamed(o.State)
		if !ok {
			return refused("There is no such state."), nil
		}
		err = s.store.setState(t.Ctx, state)
	}
	if err != nil {
		return outcome{}, err
	}
	return s.tenantChanged(t)
}

// expire ends tickets, access tokens or both: those of the tenant, or with none those of all.
func (s *Sandbox) expire(what string, t tenant) (outcome, error) {
	switch what {
	case "", expireTickets, expireAccessTokens:
	default:
		return refused("What expires can be tickets or access tokens, or both where nothing is said."), nil
	}
	ended := 0
	if what != expireAccessTokens {
		ended += s.tickets.dropIf(func(_ string, ctx string) bool { return t.Ctx == "" || ctx == t.Ctx })
	}
	if what != expireTickets {
		ended += s.accessTokens.dropIf(func(_ string, g accessGrant) bool { return t.Ctx == "" || g.ctx == t.Ctx })
	}
	if t.Ctx == "" {
		return outcome{answer: map[string]int{"expired": ended}, done: actionExpire}, nil
	}
	return s.tenantChanged(t)
}

func (s *Sandbox) tenantChanged(t tenant) (outcome, error) {
	row, err := s.row(t)
	return outcome{answer: row, done: t.Ctx}, err
}

// switchFault turns a fault on or off.
func (s *Sandbox) switchFault(o order, t tenant) outcome {
	if o.On == nil {
		return refused("The order must say on, true or false.")
	}
	delay, words := duration(o.Delay)
	switch {
	case words != "":
	case *o.On:
		words = s.faults.switchOn(o.Fault, t.Ctx, course{delay: delay, left: o.Times})
	default:
		words = s.faults.switchOff(o.Fault, t.Ctx)
	}
	if words != "" {
		return refused(words)
	}
	return outcome{answer: s.faults.one(o.Fault), done: o.Fault}
}

// setClock moves the sandbox's clock.
func (s *Sandbox) setClock(o order) outcome {
	if (o.Forward == "") == (o.Offset == "") {
		return refused("The order must say forward or offset, one of them.")
	}
	d, words := duration(o.Forward + o.Offset)
	switch {
	case words != "":
	case o.Forward != "":
		words = s.clock.forward(d)
	default:
		words = s.clock.set(d)
	}
	if words != "" {
		return refused(words)
	}
	return outcome{answer: s.clockAnswer(), done: actionClock}
}

// clockAnswer tells what time it is in the sandbox.
func (s *Sandbox) clockAnswer() map[string]string {
	return map[string]string{"now": s.now().UTC().Format(time.RFC3339), "offset": s.clock.away().String()}
}

// duration reads "6h" or "-10m"; nothing is none.
func duration(text string) (time.Duration, string) {
	if text == "" {
		return 0, ""
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, "A length of time is written like 6h, 90m or -10m."
	}
	return d, ""
}
