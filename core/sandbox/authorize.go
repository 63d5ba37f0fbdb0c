package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// authorizeRequest is what the app asked for, validated.
type authorizeRequest struct {
	redirectURI, state, nonce, mode string
	challenge, method               string
	loginHint, tenantHint           string
	prompt                          []string
	// query is the whole request again, for the forms to come back with.
	query string
	// ctx is the tenant that was signed in to, once there is one.
	ctx string
}

// choices are what the person has chosen on the pages so far. Each page sends the earlier ones along, and
// each step checks everything anew, so the server keeps no half sign-ins.
type choices struct {
	user, tenant, decision string
}

const (
	decisionApprove = "approve"
	decisionCancel  = "cancel"
	tenantHintStart = "tenant:"
)

// oauthError is a refusal in OAuth's words.
type oauthError struct{ code, text string }

// serveAuthorize leads through sign-in, tenant and approval.
func (s *Sandbox) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.page(w, http.StatusBadRequest, pageError, errorPage{Why: "The form could not be read."})
		return
	}
	query := r.URL.Query()
	if why := s.strangerAtTheDoor(query); why != "" {
		// Whoever sent this may not be the app: the answer stays here and goes to no address he names.
		s.page(w, http.StatusBadRequest, pageError, errorPage{Why: why})
		return
	}
	request, refusal := readAuthorize(query)
	if refusal != nil {
		s.sendRefusal(w, r, request, *refusal)
		return
	}
	s.signIn(w, r, request, choices{
		user: r.PostForm.Get("user"), tenant: r.PostForm.Get("tenant"), decision: r.PostForm.Get("decision"),
	})
}

// strangerAtTheDoor says why the request cannot even be answered with a redirect, or nothing.
func (s *Sandbox) strangerAtTheDoor(q url.Values) string {
	switch {
	case len(q[paramClientID]) != 1 || q.Get(paramClientID) != s.app.ClientID:
		return "No app is registered here with this client_id."
	case len(q[paramRedirectURI]) != 1 || !redirectRegistered(q.Get(paramRedirectURI)):
		return "AuthorizeErrorCode 2 (InvalidRedirectUrl): this redirect_uri is not registered for the app."
	}
	return ""
}

// challengeForm is what RFC 7636 allows in a challenge and in a verifier.
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9\-._~]{43,128}$`)

// readAuthorize validates everything but the client and the redirect URI. The request it returns with a
// refusal holds enough to send the refusal back.
func readAuthorize(q url.Values) (authorizeRequest, *oauthError) {
	a := authorizeRequest{
		redirectURI: q.Get(paramRedirectURI), state: q.Get(paramState), nonce: q.Get(paramNonce),
		challenge: q.Get("code_challenge"), method: q.Get("code_challenge_method"),
		loginHint: q.Get("login_hint"), prompt: strings.Fields(q.Get("prompt")),
		mode: modeQuery, query: q.Encode(),
	}
	for name, values := range q {
		if len(values) > 1 {
			return a, &oauthError{errInvalidRequest, "the parameter " + name + " occurs more than once"}
		}
	}
	switch mode := q.Get("response_mode"); mode {
	case "", modeQuery:
	case modeFormPost:
		a.mode = modeFormPost
	default:
		return a, &oauthError{errInvalidRequest, "response_mode can be query or form_post"}
	}
	if refusal := checkAuthorize(q, &a); refusal != nil {
		return a, refusal
	}
	return a, readTenantHint(q.Get("acr_values"), &a)
}

func checkAuthorize(q url.Values, a *authorizeRequest) *oauthError {
	switch {
	case q.Get("response_type") == "":
		return &oauthError{errInvalidRequest, "response_type is missing"}
	case q.Get("response_type") != "code":
		return &oauthError{"unsupported_response_type", "the app may ask for response_type code only"}
	case !slices.Contains(strings.Fields(q.Get(paramScope)), "openid"):
		return &oauthError{errInvalidScope, "scope must hold openid"}
	case a.state == "":
		return &oauthError{errInvalidRequest, "state is missing"}
	case a.nonce == "":
		return &oauthError{errInvalidRequest, "nonce is missing"}
	case slices.Contains(a.prompt, "none"):
		return &oauthError{"login_required", "the sandbox keeps no sign-in, so prompt=none cannot succeed"}
	}
	return checkChallenge(a)
}

// checkChallenge validates PKCE and sets the server's default method, which is plain.
func checkChallenge(a *authorizeRequest) *oauthError {
	switch {
	case a.challenge == "" && a.method != "":
		return &oauthError{errInvalidRequest, "code_challenge is missing"}
	case a.challenge == "":
		return nil
	case !challengeForm.MatchString(a.challenge):
		return &oauthError{errInvalidRequest, "code_challenge must have 43 to 128 unreserved characters"}
	}
	switch a.method {
	case "":
		a.method = methodPlain
	case methodPlain, methodS256:
	default:
		return &oauthError{errInvalidRequest, "code_challenge_method can be S256 or plain"}
	}
	return nil
}

func readTenantHint(acrValues string, a *authorizeRequest) *oauthError {
	for _, value := range strings.Fields(acrValues) {
		ctx, ok := strings.CutPrefix(value, tenantHintStart)
		if !ok {
			continue
		}
		if a.tenantHint != "" || ctx == "" {
			return &oauthError{errInvalidRequest, "acr_values must name one tenant"}
		}
		a.tenantHint = ctx
	}
	return nil
}

// signIn shows the next page that is needed, or ends the sign-in.
func (s *Sandbox) signIn(w http.ResponseWriter, r *http.Request, a authorizeRequest, c choices) {
	if c.decision == decisionCancel {
		s.sendRefusal(w, r, a, oauthError{errAccessDenied, "the sign-in was cancelled, or consent was refused"})
		return
	}
	who, ok := s.people.user(c.user)
	if !ok {
		s.askUser(w, r, a, c.user)
		return
	}
	c.user = who.Login
	t, ok := s.chosenTenant(w, a, who, c)
	if !ok {
		return
	}
	c.tenant = t.Ctx
	s.seekConsent(w, r, a, c, who, t)
}

// chosenTenant finds the tenant to sign in to. Where it returns false it has shown a page.
func (s *Sandbox) chosenTenant(w http.ResponseWriter, a authorizeRequest, who user, c choices) (tenant, bool) {
	of := s.people.tenantsOf(who)
	wanted := c.tenant
	if a.tenantHint != "" {
		wanted = a.tenantHint
	}
	if wanted == "" && len(of) == 1 {
		return of[0], true
	}
	if i := slices.IndexFunc(of, func(t tenant) bool { return strings.EqualFold(t.Ctx, wanted) }); i >= 0 {
		return of[i], true
	}
	if wanted != "" {
		s.page(w, http.StatusForbidden, pageRefused, refusedPage{
			Form: formOf(a, choices{}), User: who, Title: "No access to this tenant",
			Why: fmt.Sprintf("%s is not a user of the tenant %s.", who.Login, wanted),
		})
		return tenant{}, false
	}
	s.page(w, http.StatusOK, pageTenant, tenantPage{Form: formOf(a, c), User: who, Tenants: of})
	return tenant{}, false
}

// seekConsent goes straight on where the tenant's consent is remembered, and asks for it elsewhere.
func (s *Sandbox) seekConsent(w http.ResponseWriter, r *http.Request, a authorizeRequest, c choices, who user, t tenant) {
	given, err := s.store.consent(t.Ctx)
	if err != nil {
		s.fail(w, err)
		return
	}
	ask := slices.Contains(a.prompt, "consent") || s.faults.is(faultAskedAgain, t.Ctx)
	remembered := given.State == consentApproved && !ask || s.faults.is(faultNotApproved, t.Ctx)
	switch {
	case remembered:
		s.grant(w, r, a, who, t)
	case !who.Administrator:
		s.page(w, http.StatusForbidden, pageRefused, refusedPage{
			Form: formOf(a, choices{}), User: who, Title: "Only an administrator can approve",
			Why: fmt.Sprintf("%s has not been approved for %s yet, and only an administrator of the tenant can approve it. "+
				"Ask an administrator to sign in once.", appName, t.CompanyName),
		})
	case c.decision == decisionApprove:
		if _, err := s.store.changeConsent(t.Ctx, func(given *consent) { given.approve(who.Login, s.now()) }); err != nil {
			s.fail(w, err)
			return
		}
		s.grant(w, r, a, who, t)
	default:
		s.page(w, http.StatusOK, pageApprove, approvePage{Form: formOf(a, c), App: appName, User: who, Tenant: t})
	}
}

// grant sends the app a code.
func (s *Sandbox) grant(w http.ResponseWriter, r *http.Request, a authorizeRequest, who user, t tenant) {
	a.ctx = t.Ctx
	if refusal := s.refusalByFault(t.Ctx); refusal != nil {
		s.sendRefusal(w, r, a, *refusal)
		return
	}
	code := randomHex(32)
	s.codes.put(code, grantedCode{
		redirectURI: a.redirectURI, nonce: a.nonce, challenge: a.challenge, method: a.method,
		login: who.Login, ctx: t.Ctx, refresh: newOpaqueToken("8R", t.Ctx),
	})
	s.sendBack(w, r, a, url.Values{paramCode: {code}, paramState: {a.state}})
}

// sendRefusal sends the app an error, with the state where there is one. Whether the real service does so or
// shows it to the person alone, no document tells: a fault does that.
func (s *Sandbox) sendRefusal(w http.ResponseWriter, r *http.Request, a authorizeRequest, e oauthError) {
	if s.faults.is(faultPageOnly, a.ctx) {
		s.page(w, http.StatusForbidden, pageError, errorPage{Why: e.text})
		return
	}
	answer := url.Values{paramError: {e.code}, paramErrorText: {e.text}}
	if a.state != "" {
		answer.Set(paramState, a.state)
	}
	s.sendBack(w, r, a, answer)
}

// refusalByFault is the first refusal that a fault wants for the tenant.
func (s *Sandbox) refusalByFault(ctx string) *oauthError {
	for _, f := range s.faults.on(ctx) {
		if f.refuse != nil {
			return f.refuse
		}
	}
	return nil
}

// sendBack carries the answer to the redirect URI, in its query or by a form that the browser posts.
func (s *Sandbox) sendBack(w http.ResponseWriter, r *http.Request, a authorizeRequest, answer url.Values) {
	for _, f := range s.faults.on(a.ctx) {
		if f.callback != nil {
			f.callback(s, answer)
		}
	}
	if a.mode == modeFormPost {
		fields := make([]formField, 0, len(answer))
		for name := range answer {
			fields = append(fields, formField{name, answer.Get(name)})
		}
		slices.SortFunc(fields, func(a, b formField) int { return strings.Compare(a.Name, b.Name) })
		s.page(w, http.StatusOK, pageFormPost, formPostPage{RedirectURI: a.redirectURI, Fields: fields})
		return
	}
	w.Header().Set(hCache, noStore)
	http.Redirect(w, r, a.redirectURI+"?"+answer.Encode(), http.StatusFound)
}

// askUser shows the sign-in page. tried is the name that was typed and is not known.
func (s *Sandbox) askUser(w http.ResponseWriter, r *http.Request, a authorizeRequest, tried string) {
	p := signInPage{Form: formOf(a, choices{}), App: appName, Prefill: a.loginHint}
	if r.Method == http.MethodPost {
		p.Prefill = tried
		p.Error = "The sandbox knows no user of this name."
		if strings.TrimSpace(tried) == "" {
			p.Error = "Choose a user, or type a user name."
		}
	}
	p.Users = s.people.users
	if over := len(p.Users) - usersListed; over > 0 {
		p.Users, p.More = p.Users[:usersListed], over
	}
	s.page(w, http.StatusOK, pageSignIn, p)
}
