package sandbox

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
)

// The switches of the control page.
const (
	actionState  = "state"
	actionRevoke = "revoke"
	actionExpire = "expire"
	actionMove   = "move"
)

// order is a change that somebody wants, from the page's form or as JSON.
type order struct {
	Action string `json:"action"`
	Ctx    string `json:"ctx"`
	State  string `json:"state"`
}

// serveControl shows the switches, or the tenants as JSON where JSON is asked for.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request) {
	p, err := s.overview(pageNumber(r))
	if err != nil {
		s.fail(w, err)
		return
	}
	p.Done = r.URL.Query().Get("done")
	if _, known := s.people.tenant(p.Done); !known {
		p.Done = ""
	}
	if wantsJSON(r) {
		w.Header().Set(hCache, noStore)
		s.answerJSON(w, http.StatusOK, map[string]any{"total": p.Total, "next_page": p.Next, "tenants": p.Rows})
		return
	}
	s.page(w, http.StatusOK, pageControl, p)
}

// serveControlChange carries out one order.
func (s *Sandbox) serveControlChange(w http.ResponseWriter, r *http.Request) {
	o, asJSON, err := readOrder(r)
	if err != nil {
		s.answerJSON(w, http.StatusBadRequest, map[string]string{paramError: "The order cannot be read."})
		return
	}
	t, ok := s.people.tenant(o.Ctx)
	if !ok {
		s.answerJSON(w, http.StatusNotFound, map[string]string{paramError: "There is no such tenant."})
		return
	}
	refusal, err := s.carryOut(o, t)
	switch {
	case err != nil:
		s.fail(w, err)
	case refusal != "":
		s.answerJSON(w, http.StatusBadRequest, map[string]string{paramError: refusal})
	case asJSON || wantsJSON(r):
		s.answerRow(w, t)
	default:
		query := url.Values{"done": {t.Ctx}, "page": {strconv.Itoa(pageNumber(r))}}
		http.Redirect(w, r, pathControl+"?"+query.Encode(), http.StatusSeeOther)
	}
}

func (s *Sandbox) answerRow(w http.ResponseWriter, t tenant) {
	row, err := s.row(t)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.answerJSON(w, http.StatusOK, row)
}

// readOrder reads a form or JSON, and says which.
func readOrder(r *http.Request) (order, bool, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get(hContent)); err == nil && kind == typeJSON {
		var o order
		err := json.NewDecoder(r.Body).Decode(&o)
		return o, true, err
	}
	if err := r.ParseForm(); err != nil {
		return order{}, false, err
	}
	return order{r.PostForm.Get("action"), r.PostForm.Get("ctx"), r.PostForm.Get("state")}, false, nil
}

// carryOut changes the tenant. It returns words where the order is not one.
func (s *Sandbox) carryOut(o order, t tenant) (string, error) {
	switch o.Action {
	case actionState:
		state, ok := stateNamed(o.State)
		if !ok {
			return "There is no such state.", nil
		}
		return "", s.store.setState(t.Ctx, state)
	case actionRevoke:
		return "", s.store.changeConsent(t.Ctx, (*consent).revoke)
	case actionExpire:
		s.tickets.dropIf(func(_ string, ctx string) bool { return ctx == t.Ctx })
		s.accessTokens.dropIf(func(_ string, g accessGrant) bool { return g.ctx == t.Ctx })
		return "", nil
	case actionMove:
		return "", s.homes.move(t.Ctx)
	}
	return "The action can be state, revoke, expire or move.", nil
}
