package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	methodPlain = "plain"
	methodS256  = "S256"
)

// grantedCode is what an authorization code stands for.
type grantedCode struct {
	redirectURI, nonce, challenge, method string
	login, ctx                            string
	used                                  bool
	// refresh is the refresh token that the first use will make; a second use ends it.
	refresh string
}

// accessGrant is what an access token stands for.
type accessGrant struct {
	login, ctx string
	// family ties the token to its refresh token.
	family string
	ends   time.Time
}

// tokenAnswer is a successful answer of the token endpoint.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
}

// serveTokens exchanges a code or a refresh token.
func (s *Sandbox) serveTokens(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hCache, noStore)
	w.Header().Set("Pragma", "no-cache")
	form, refusal := s.clientForm(w, r)
	if refusal != nil {
		s.refuseToken(w, r, *refusal)
		return
	}
	var answer tokenAnswer
	var err error
	switch form.Get("grant_type") {
	case grantCode:
		answer, refusal, err = s.redeemCode(form)
	case grantRefresh:
		answer, refusal, err = s.redeemRefresh(form)
	case "":
		refusal = &oauthError{errInvalidRequest, "grant_type is missing"}
	default:
		refusal = &oauthError{"unsupported_grant_type", "grant_type can be authorization_code or refresh_token"}
	}
	switch {
	case err != nil:
		s.fail(w, err)
	case refusal != nil:
		s.refuseToken(w, r, *refusal)
	default:
		s.answerJSON(w, http.StatusOK, answer)
	}
}

func (s *Sandbox) refuseToken(w http.ResponseWriter, r *http.Request, e oauthError) {
	status := http.StatusBadRequest
	if e.code == errInvalidClient {
		status = http.StatusUnauthorized
		if r.Header.Get("Authorization") != "" {
			w.Header().Set("WWW-Authenticate", `Basic realm="SuperID sandbox"`)
		}
	}
	s.answerJSON(w, status, map[string]string{paramError: e.code, paramErrorText: e.text})
}

// clientForm reads a form-encoded body and authenticates the client that sent it.
func (s *Sandbox) clientForm(w http.ResponseWriter, r *http.Request) (url.Values, *oauthError) {
	kind, _, err := mime.ParseMediaType(r.Header.Get(hContent))
	if err != nil || kind != typeForm {
		return nil, &oauthError{errInvalidRequest, "the body must be " + typeForm}
	}
	if err := r.ParseForm(); err != nil {
		if bodyTooLarge(err) {
			w.Header().Set("Connection", "close")
		}
		return nil, &oauthError{errInvalidRequest, "the body cannot be read"}
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, &oauthError{errInvalidRequest, "the parameter " + name + " occurs more than once"}
		}
	}
	return r.PostForm, s.authenticateClient(r)
}

// authenticateClient takes the secret from the body or from a Basic header, and from one of them only.
func (s *Sandbox) authenticateClient(r *http.Request) *oauthError {
	id, given := r.PostForm.Get(paramClientID), r.PostForm.Get(paramClientSecret)
	if r.Header.Get("Authorization") != "" {
		if given != "" {
			return &oauthError{errInvalidRequest, "the client secret is given twice"}
		}
		basicID, basicSecret, ok := r.BasicAuth()
		user, errUser := url.QueryUnescape(basicID)
		password, errPassword := url.QueryUnescape(basicSecret)
		if !ok || errUser != nil || errPassword != nil || (id != "" && id != user) {
			return &oauthError{errInvalidClient, "the Authorization header is not usable"}
		}
		id, given = user, password
	}
	if s.faults.is(faultBasicOnly, "") && r.Header.Get("Authorization") == "" {
		return &oauthError{errInvalidClient, "the client authenticates with client_secret_basic only"}
	}
	if s.faults.is(faultPublicClient, "") && equal(id, s.app.ClientID) && given == "" {
		return nil
	}
	if !equal(id, s.app.ClientID) || !equal(given, s.app.ClientSecret) {
		return &oauthError{errInvalidClient, "client_id or client_secret is wrong"}
	}
	return nil
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// redeemCode makes tokens of an authorization code. Whatever comes of it, the code is used up; a second use
// ends what the first one made, since one of the two was a thief's.
func (s *Sandbox) redeemCode(form url.Values) (tokenAnswer, *oauthError, error) {
	g, ok := s.codes.take(form.Get(paramCode), func(g grantedCode) grantedCode { g.used = true; return g })
	if !ok {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "the code is unknown or has expired"}, nil
	}
	if g.used {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "the code was used before"}, s.endFamily(g)
	}
	if form.Get(paramRedirectURI) != g.redirectURI {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "redirect_uri is not the one of the authorization"}, nil
	}
	if !verifierFits(g, form.Get("code_verifier")) {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "code_verifier does not fit the challenge"}, nil
	}
	given, err := s.store.consent(g.ctx)
	if err != nil {
		return tokenAnswer{}, nil, err
	}
	err = s.store.saveRefresh(g.refresh, refreshGrant{
		ClientID: s.app.ClientID, Login: g.login, Ctx: g.ctx, Generation: given.Generation, IssuedAt: s.now().UTC(),
	})
	if err != nil {
		return tokenAnswer{}, nil, err
	}
	answer, err := s.issue(g.login, g.ctx, g.nonce, familyOf(g.refresh))
	answer.RefreshToken = g.refresh
	s.twistAnswer(grantCode, g.ctx, &answer)
	return answer, nil, err
}

// endFamily revokes the tokens that came of a code.
func (s *Sandbox) endFamily(g grantedCode) error {
	s.accessTokens.dropIf(func(_ string, a accessGrant) bool { return a.family == familyOf(g.refresh) })
	return s.store.dropRefresh(g.refresh)
}

// verifierFits checks PKCE. A verifier without a challenge is refused too: somebody took the challenge away.
func verifierFits(g grantedCode, verifier string) bool {
	if g.challenge == "" {
		return verifier == ""
	}
	if !challengeForm.MatchString(verifier) {
		return false
	}
	if g.method == methodPlain {
		return equal(verifier, g.challenge)
	}
	sum := sha256.Sum256([]byte(verifier))
	return equal(base64.RawURLEncoding.EncodeToString(sum[:]), g.challenge)
}

// redeemRefresh makes new access and id tokens. The refresh token stays as it is.
func (s *Sandbox) redeemRefresh(form url.Values) (tokenAnswer, *oauthError, error) {
	if uri := form.Get(paramRedirectURI); uri != "" && !redirectRegistered(uri) {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "redirect_uri is not registered"}, nil
	}
	refresh := form.Get(grantRefresh)
	g, err := s.store.refresh(refresh)
	if errors.Is(err, errAbsent) {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "the refresh token is unknown"}, nil
	}
	if err != nil {
		return tokenAnswer{}, nil, err
	}
	given, err := s.store.consent(g.Ctx)
	if err != nil {
		return tokenAnswer{}, nil, err
	}
	if g.ClientID != s.app.ClientID || g.Generation != given.Generation {
		return tokenAnswer{}, &oauthError{errInvalidGrant, "the refresh token was revoked"}, nil
	}
	next := "" // a new refresh token, where there is one
	if s.faults.is(faultRefreshRotates, g.Ctx) {
		next = newOpaqueToken("8R", g.Ctx)
		if err := s.store.replaceRefresh(refresh, next, g); err != nil {
			return tokenAnswer{}, nil, err
		}
		refresh = next
	}
	answer, err := s.issue(g.Login, g.Ctx, "", familyOf(refresh))
	answer.RefreshToken = next
	s.twistAnswer(grantRefresh, g.Ctx, &answer)
	return answer, nil, err
}

// twistAnswer lets the faults change a successful answer.
func (s *Sandbox) twistAnswer(grant, ctx string, answer *tokenAnswer) {
	for _, f := range s.faults.on(ctx) {
		if f.granted != nil {
			f.granted(grant, answer)
		}
	}
}

// familyOf ties the access tokens of a refresh token to it.
func familyOf(refresh string) string { return string(hashed(refresh)) }

// issue makes an access token and an id token.
func (s *Sandbox) issue(login, ctx, nonce, family string) (tokenAnswer, error) {
	u, known := s.people.user(login)
	t, found := s.people.tenant(ctx)
	if !known || !found {
		return tokenAnswer{}, errors.New("issue tokens: user or tenant is gone")
	}
	idToken, err := s.idToken(u, t, nonce)
	if err != nil {
		return tokenAnswer{}, err
	}
	life := accessTokenLife
	if s.faults.is(faultTwentyMinutes, t.Ctx) {
		life = shortTokenLife
	}
	access := newOpaqueToken("8A", t.Ctx)
	s.accessTokens.put(access, accessGrant{login: u.Login, ctx: t.Ctx, family: family, ends: s.now().Add(life)})
	return tokenAnswer{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int(life.Seconds()), IDToken: idToken,
	}, nil
}

// serveRevoke ends an access or a refresh token. As RFC 7009 has it, a token that is not known is revoked
// already. The system user token is not among those it ends.
func (s *Sandbox) serveRevoke(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hCache, noStore)
	form, refusal := s.clientForm(w, r)
	if refusal == nil && form.Get("token") == "" {
		refusal = &oauthError{errInvalidRequest, "token is missing"}
	}
	if refusal != nil {
		s.refuseToken(w, r, *refusal)
		return
	}
	token := form.Get("token")
	s.accessTokens.dropIf(func(access string, g accessGrant) bool {
		return access == token || g.family == familyOf(token)
	})
	if strings.HasPrefix(token, "8R:") {
		if err := s.endRefresh(token); err != nil {
			s.fail(w, err)
			return
		}
	}
	w.WriteHeader(http.StatusOK)
}

// endRefresh drops a refresh token. Whether the real service ends the system user token with it, nobody
// outside can tell: a fault does.
func (s *Sandbox) endRefresh(token string) error {
	g, err := s.store.refresh(token)
	if errors.Is(err, errAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.faults.is(faultRevokeEndsSystem, g.Ctx) {
		if _, err := s.store.changeConsent(g.Ctx, (*consent).revoke); err != nil {
			return err
		}
	}
	return s.store.dropRefresh(token)
}

// serveLogout ends the session, of which the sandbox keeps none.
func (s *Sandbox) serveLogout(w http.ResponseWriter, _ *http.Request) {
	s.page(w, http.StatusOK, pageLogout, nil)
}
