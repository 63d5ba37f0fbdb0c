package superid

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// DefaultTimeout is how long a person has to sign in and approve.
const DefaultTimeout = 3 * time.Minute

const (
	opSignIn   = "sign in"
	whatSignIn = "The sign-in did not succeed."
	// nextLater is for trouble of the provider's while a person waits: nothing tries again by itself then.
	nextLater = "Try again later."
)

// PromptConsent is the Prompt that has the approval page shown to somebody who has approved the app before:
// the way to approve anew without having withdrawn the approval.
const PromptConsent = "consent"

// SignInRequest says how to sign in, and how the sign-in talks to its caller. A nil func is not called.
// All funcs are called on the goroutine that called [Client.SignIn], in the order in which they stand.
type SignInRequest struct {
	// LoginHint proposes a SuperID user name (login_hint).
	LoginHint string
	// ContextID asks for one tenant (acr_values=tenant:…); if another comes back, the sign-in has failed.
	ContextID string
	// FormPost asks for the answer as a form instead of in the address. Both are accepted in any case.
	FormPost bool
	// Prompt asks for pages that would be passed over, as OpenID Connect Core 1.0 section 3.1.2.1 lists them;
	// [PromptConsent] is the one that an administrator needs.
	Prompt string
	// Timeout bounds the wait for the browser; zero means [DefaultTimeout].
	Timeout time.Duration

	// Waiting is called once the listener is up. The caller opens url in the system browser; it holds
	// the state and must not be logged.
	Waiting func(url string, until time.Time)
	// Returned is called when the browser has come back with a code, before the code is exchanged. A
	// refusal does not call it.
	Returned func()
	// Accept stores what came. The browser is told of success only after it returned nil.
	Accept func(ctx context.Context, s SignedIn) error
}

// attempt is one sign-in on its way. Its secrets live as long as it does.
type attempt struct {
	client   *Client
	reg      tenant.Registration
	req      SignInRequest
	meta     metadata
	clock    *clockWatch
	listener *loopback

	state, nonce, verifier secret.Text
}

// SignIn signs a person in with the authorization code flow (OpenID Connect Core 1.0 section 3.1, RFC
// 8252, PKCE by RFC 7636) in one blocking call: it listens on the registration's loopback redirect URI,
// hands the address to open to req.Waiting, waits for the browser, exchanges the code, validates the id
// token, and lets req.Accept store the result. The listener is closed, and everything that was started
// has ended, when it returns. After a failure only the Checks of the result say anything.
func (c *Client) SignIn(ctx context.Context, reg tenant.Registration, req SignInRequest) (SignedIn, error) {
	ctx, clock := watchClock(ctx)
	a := &attempt{client: c, reg: reg, req: req, clock: clock}
	if err := a.prepare(ctx); err != nil {
		return SignedIn{}, err
	}
	defer a.listener.close()
	returned, err := a.wait(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	s, err := a.finish(ctx, returned)
	returned.answer(pageFor(s, err))
	return s, err
}

// prepare does everything that can fail before a browser is opened.
func (a *attempt) prepare(ctx context.Context) error {
	if a.req.ContextID != "" && !tenant.IsContextID(a.req.ContextID) {
		return &tenant.Problem{Op: opSignIn, Explanation: tenant.CauseInput.Explain(whatSignIn,
			"A tenant's context identifier is Cust and digits, like Cust12345.",
			"Correct it, or leave it out to choose the tenant in the browser.")}
	}
	if err := tenant.CheckRedirectURI(a.reg.RedirectURI); err != nil {
		return unusableRegistration(opSignIn, "Its redirect URI is not usable: "+err.Error()+".", "Correct the registration's redirect URI.")
	}
	if a.reg.ClientID == "" {
		return unusableRegistration(opSignIn, "It has no client id.", "Enter the client id that the Developer Portal shows.")
	}
	var err error
	if a.meta, err = a.client.metadata(ctx, baseOf(a.reg)); err != nil {
		return err
	}
	// 256 random bits each, in characters that need no escaping.
	a.state, a.nonce = secret.New(oauth2.GenerateVerifier()), secret.New(oauth2.GenerateVerifier())
	a.verifier = secret.New(oauth2.GenerateVerifier())
	a.listener, err = listen(ctx, a.reg.RedirectURI, a.state)
	return err
}

// address is the authorization request (OpenID Connect Core 1.0 section 3.1.2.1). The challenge method
// is always sent, as SuperOffice's default is plain.
func (a *attempt) address() string {
	options := []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("nonce", a.nonce.Reveal()),
		oauth2.S256ChallengeOption(a.verifier.Reveal()),
	}
	if a.req.LoginHint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", a.req.LoginHint))
	}
	if a.req.ContextID != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", "tenant:"+a.req.ContextID))
	}
	if a.req.FormPost {
		options = append(options, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	if a.req.Prompt != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", a.req.Prompt))
	}
	return a.config().AuthCodeURL(a.state.Reveal(), options...)
}

func (a *attempt) config() *oauth2.Config {
	return oauthConfig(a.reg, a.meta, a.listener.redirectURI)
}

// wait hands out the address and waits for the browser. Only this wait is bound by the time-out: work
// that has begun is finished.
func (a *attempt) wait(ctx context.Context) (*callback, error) {
	timeout := a.req.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	until := a.client.now().Add(timeout) // first, so that the wait never ends before it
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	if a.req.Waiting != nil {
		a.req.Waiting(a.address(), until)
	}
	select {
	case returned := <-a.listener.returned:
		return returned, nil
	case <-ctx.Done():
		return nil, cancelled(ctx, opSignIn)
	case <-timer.C:
		return nil, &tenant.Problem{Op: opSignIn, Err: ErrTimeout, Explanation: tenant.CauseNoAnswer.Explain(whatSignIn, "",
			"Try again. If SuperOffice's page showed an error, the redirect URI "+a.listener.redirectURI+
				" may not be registered for this app, or the person who signed in may not be an administrator.")}
	}
}

// finish turns the browser's answer into a stored sign-in.
func (a *attempt) finish(ctx context.Context, returned *callback) (SignedIn, error) {
	code, err := a.code(returned)
	if err != nil {
		return SignedIn{}, err
	}
	if a.req.Returned != nil {
		a.req.Returned()
	}
	s, err := a.client.redeem(ctx, a, code)
	if err != nil {
		return SignedIn{Checks: s.Checks, Skew: s.Skew}, err
	}
	if a.req.Accept != nil {
		if err := a.req.Accept(ctx, s); err != nil {
			return SignedIn{Checks: s.Checks, Skew: s.Skew}, fmt.Errorf("store the sign-in: %w", err)
		}
	}
	return s, nil
}

// code reads the authorization answer (RFC 6749 section 4.1.2). Its state has been checked already.
func (a *attempt) code(returned *callback) (secret.Text, error) {
	base := baseOf(a.reg)
	issuer, sent := returned.params["iss"]
	// RFC 9207 section 2.4: an answer from somebody else must not reach the token endpoint.
	if sent && issuer[0] != base || !sent && a.meta.ResponseIssuer {
		return secret.Text{}, &tenant.Problem{Op: opSignIn, Err: fmt.Errorf("%w: %w of the authorization answer", ErrAuthorization, ErrIssuer),
			Explanation: tenant.CauseTokenRefused.Explain(whatSignIn, "The browser's answer does not come from "+base+".",
				"Try again, with the page that opens now. If it stays so, report it to SuperOffice.")}
	}
	if returned.params.Get("error") != "" {
		return secret.Text{}, a.refusal(returned)
	}
	code := secret.New(returned.params.Get("code"))
	if code.Empty() {
		return code, unusableAnswer(opSignIn, whatSignIn, "it holds neither a code nor an error")
	}
	return code, nil
}

// refusal explains an error answer of the authorization endpoint (RFC 6749 section 4.1.2.1, OpenID
// Connect Core 1.0 section 3.1.2.6). SuperOffice's own reasons may stand in either parameter.
func (a *attempt) refusal(returned *callback) error {
	name := serverWords(returned.params.Get("error"), a.secrets()...)
	words := name
	if d := serverWords(returned.params.Get("error_description"), a.secrets()...); d != "" {
		words += ": " + d
	}
	cause, err := tenant.CauseRequestRefused, ErrAuthorization
	switch name {
	case "access_denied", "consent_required", "interaction_required":
		cause, err = tenant.CauseNotApproved, ErrRefused
	case "server_error", "temporarily_unavailable":
		cause = tenant.CauseProviderFailed
	case "login_required", "account_selection_required":
		cause = tenant.CauseSignInAgain
	}
	e := cause.Explain(whatSignIn, "", "")
	if cause == tenant.CauseProviderFailed {
		e.Next = nextLater
	}
	switch code := findAuthorizeError(words); {
	case code != 0: // SuperOffice's own reason says more than OAuth's
		e = code.explain(whatSignIn, "", a.clock.Skew())
		if err = ErrAuthorization; e.Fault == tenant.FaultConsent {
			err = ErrRefused
		}
	case cause == tenant.CauseNotApproved:
		e.Why = "The app was not approved: somebody declined, or the person is not an administrator of the tenant."
	}
	e.Server = words
	return &tenant.Problem{Op: opSignIn, Err: err, Explanation: e}
}

// secrets are what must not come back in a server's words.
func (a *attempt) secrets() []secret.Text {
	return append(clientSecrets(a.reg), a.state, a.nonce, a.verifier)
}

// redeem exchanges the code for tokens (RFC 6749 section 4.1.3) and validates them.
func (c *Client) redeem(ctx context.Context, a *attempt, code secret.Text) (SignedIn, error) {
	call := tokenCall{op: opSignIn, what: whatSignIn, reg: a.reg, clock: a.clock, secrets: append(a.secrets(), code)}
	asked := c.now()
	answer, err := a.config().Exchange(c.oauthContext(ctx), code.Reveal(), oauth2.VerifierOption(a.verifier.Reveal()))
	if err != nil {
		return SignedIn{}, c.tokenProblem(ctx, call, err)
	}
	s, idToken, err := call.read(answer, asked)
	if err != nil {
		return s, err
	}
	v, err := c.validate(ctx, baseOf(a.reg), idToken, expectation{certificate: a.reg.Certificate, issuer: baseOf(a.reg), idToken: true,
		audience: func(object) string { return a.reg.ClientID }, nonce: &a.nonce, contextID: a.req.ContextID})
	s.Claims, s.Checks, s.Skew = v.claims, v.checks, a.clock.Skew()
	if err != nil && ctx.Err() != nil {
		return s, cancelled(ctx, opSignIn)
	}
	if err != nil {
		return s, refusedIDToken("validate the id token", whatSignIn, err, s.Skew)
	}
	return s, nil
}

// pageFor chooses what the browser shows.
func pageFor(s SignedIn, err error) page {
	if err == nil {
		company := s.Claims.CompanyName
		if strings.TrimSpace(company) == "" {
			company = s.Claims.ContextID
		}
		return page{Success: true, Company: company}
	}
	e := tenant.Explain(err)
	if errors.Is(err, ErrCancelled) {
		e.What = "The sign-in was cancelled."
	}
	return page{What: e.What, Why: e.Why, Next: e.Next, Server: e.Server}
}
