package superid

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// exchangeIssuer and exchangeAudience are those of the exchange's token, which is SuperOffice's and
	// not SuperID's.
	exchangeIssuer   = "SuperOffice AS"
	exchangeAudience = "spn:"

	opExchange   = "exchange the system user token"
	whatExchange = "The system user token could not be exchanged for a ticket."
)

// Granted is the exchange's answer before anyone has validated it.
type Granted struct {
	token secret.Text
	// Skew is the server's clock minus this machine's, to the second.
	Skew time.Duration
}

// Exchanged is a system user's ticket and what the token that carried it says.
type Exchanged struct {
	Ticket secret.Text
	// Claims.SystemUserToken, where there is one that differs from the tenant's, replaces it.
	Claims Claims
	Checks []Check
	Skew   time.Duration
}

// exchanger is one of the ways in which SuperOffice gives an app a token that carries a ticket.
type exchanger interface {
	// request makes the one HTTP request. Its body holds secrets, its address none.
	request(ctx context.Context, base string, q exchangeQuestion) (*http.Request, error)
	// read finds what an answer says, whatever its HTTP status is.
	read(body []byte) exchangeAnswer
}

// exchangerFor is the way that a registration has chosen.
func exchangerFor(protocol tenant.ExchangeProtocol) exchanger {
	if protocol == tenant.SOAP {
		return soapExchange{}
	}
	return restExchange{}
}

// exchangeQuestion is what both protocols send.
type exchangeQuestion struct {
	signed, applicationToken secret.Text
	contextID                string
}

// exchangeAnswer is what a body says, in the words that both protocols share.
type exchangeAnswer struct {
	// verdict is what the service itself says; nil where the answer is none of its own.
	verdict *bool
	token   secret.Text
	// message is the service's ErrorMessage, or the words of whatever answered in its place.
	message string
	// foreign is why the body cannot be read as the protocol's; empty where it can.
	foreign string
	// fault: something else than the service's own code has answered for it. rejected, with it: the request
	// was not understood, and repeating it will not help.
	fault, rejected bool
}

// RequestTicket signs the tenant's system user token and sends it to SuperOffice by the registration's
// protocol: step 8. A refusal wraps an [*ExchangeRefusal]. The request is sent once.
func (c *Client) RequestTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (Granted, error) {
	ctx, clock := watchClock(ctx)
	signed, err := c.signedToken(reg, t)
	if err != nil {
		return Granted{}, err
	}
	if err := c.haveKeys(ctx, reg); err != nil {
		return Granted{}, err
	}
	way := exchangerFor(reg.Exchange)
	response, err := c.ask(ctx, way, baseOf(reg), exchangeQuestion{signed, reg.ClientSecret, t.ContextID})
	g := Granted{Skew: clock.Skew()}
	if err != nil {
		return g, err
	}
	response.skew, response.secrets = g.Skew, []secret.Text{signed, t.SystemUserToken, reg.ClientSecret}
	g.token, err = response.settle(way.read(response.body))
	return g, tenant.WithRetryAfter(err, response.wait)
}

// signedToken says what is missing before anything is sent.
func (c *Client) signedToken(reg tenant.Registration, t tenant.Tenant) (secret.Text, error) {
	switch {
	case t.SystemUserToken.Empty():
		return secret.Text{}, &tenant.Problem{Op: opExchange, Err: ErrNoSystemUser, Explanation: tenant.CauseNotApproved.Explain(
			whatExchange, "There is no system user token for "+t.ContextID+".", "")}
	case reg.ClientSecret.Empty():
		return secret.Text{}, unusableRegistration(opExchange, "It has no client secret, which the system user needs.",
			"Enter the client secret (application token) that the Developer Portal shows.")
	case reg.PrivateKey.Empty():
		return secret.Text{}, unusableRegistration(opExchange, "It has no private key, which must sign the system user token.",
			"Add the private key that belongs to the app in this environment.")
	}
	if err := tenant.CheckBaseURL(reg.Base); err != nil {
		return secret.Text{}, unusableRegistration(opExchange, "Its address is not usable: "+err.Error()+".", "Correct the registration's address.")
	}
	key, err := c.signingHalf(reg)
	if err != nil {
		return secret.Text{}, err
	}
	return SignSystemUserToken(t.SystemUserToken, key, c.now())
}

// ask sends the question once and reads the answer, whatever it is.
func (c *Client) ask(ctx context.Context, way exchanger, base string, q exchangeQuestion) (exchangeResponse, error) {
	r, err := way.request(ctx, base, q)
	if err != nil {
		return exchangeResponse{}, err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return exchangeResponse{}, networkProblem(ctx, opExchange, whatExchange, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return exchangeResponse{}, networkProblem(ctx, opExchange, whatExchange, err)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return exchangeResponse{status: resp.StatusCode, kind: kind, body: body, wait: c.retryAfter(resp)}, nil
}

// exchangeResponse is an HTTP answer with what it takes to explain it.
type exchangeResponse struct {
	status  int
	kind    string // media type
	body    []byte
	wait    time.Duration // that the server asks for
	skew    time.Duration
	secrets []secret.Text // which must not come back in the server's words
}

// settle looks at what the body says first and at the status then, as nobody knows with which status a
// refusal comes. The server's own words are kept.
func (r exchangeResponse) settle(a exchangeAnswer) (secret.Text, error) {
	words := serverWords(a.message, r.secrets...)
	switch {
	case a.verdict != nil && *a.verdict && !a.token.Empty():
		return a.token, nil
	case a.verdict != nil && *a.verdict:
		return secret.Text{}, unusableAnswer(opExchange, whatExchange, "it says that it succeeded, and holds no token")
	case a.verdict != nil, a.rejected, a.fault && findAuthorizeError(words) != 0:
		return secret.Text{}, r.refusal(words, a.rejected)
	case a.fault:
		e := tenant.CauseProviderFailed.Explain(whatExchange, "", "")
		e.Server = words
		return secret.Text{}, &tenant.Problem{Op: opExchange, Explanation: e, Err: fmt.Errorf("%w: a fault (HTTP status %d)", ErrUnavailable, r.status)}
	case !success(r.status) && a.foreign == "":
		return secret.Text{}, statusProblem(opExchange, whatExchange, r.status, words)
	case !success(r.status):
		return secret.Text{}, statusProblem(opExchange, whatExchange, r.status, r.plainText())
	case a.foreign == "":
		return secret.Text{}, unusableAnswer(opExchange, whatExchange, "it holds neither a token nor a refusal")
	}
	return secret.Text{}, unusableAnswer(opExchange, whatExchange, a.foreign)
}

// plainText is a body that was meant for people; HTML is not shown.
func (r exchangeResponse) plainText() string {
	if r.kind != "text/plain" {
		return ""
	}
	return serverWords(string(r.body), r.secrets...)
}

// refusal explains that SuperOffice said no.
func (r exchangeResponse) refusal(words string, rejected bool) error {
	code := findAuthorizeError(words)
	e := code.explain(whatExchange, words, r.skew)
	if code == 0 && !rejected && (r.status >= 500 || r.status == http.StatusTooManyRequests) {
		e = tenant.CauseProviderFailed.Explain(whatExchange, "", "")
		e.Server = words
	}
	return &tenant.Problem{Op: opExchange, Explanation: e, Err: &ExchangeRefusal{Code: code, Status: r.status}}
}

// ExchangeRefusal is the cause of a [tenant.Problem] when SuperOffice refused the exchange.
type ExchangeRefusal struct {
	// Code is the reason; zero where the answer names none that is known.
	Code AuthorizeErrorCode
	// Status is the HTTP status with which it came.
	Status int
}

// Error names reason and status; the server's words are the Problem's.
func (r *ExchangeRefusal) Error() string {
	return fmt.Sprintf("refused: %s (HTTP status %d)", r.Code, r.Status)
}

// exchangeRequest is a POST to one of the two fixed addresses.
func exchangeRequest(ctx context.Context, address, kind string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, unusableRegistration(opExchange, "Its address is not usable.", "Correct the registration's address.")
	}
	r.Header.Set("Content-Type", kind)
	return r, nil
}

// ValidateTicket validates the exchange's token and takes the ticket out of it: step 9 (docs.superoffice.com,
// "Validate security tokens"). Do it at once, as the token lives for minutes. The ticket has a life of its
// own, [tenant.TicketLife].
func (c *Client) ValidateTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant, g Granted) (Exchanged, error) {
	v, err := c.validate(ctx, baseOf(reg), g.token, expectation{
		issuer: exchangeIssuer, audience: ownAudience,
		certificate: reg.Certificate, contextID: t.ContextID, serial: t.Serial, ticket: true,
	})
	x := Exchanged{Ticket: v.ticket, Claims: v.claims, Checks: v.checks, Skew: g.Skew}
	if err == nil {
		return x, nil
	}
	const op = "validate the exchange's token"
	if ctx.Err() != nil {
		return x, cancelled(ctx, op)
	}
	return x, refusedToken(op, "The answer to the exchange was not accepted.", err, g.Skew)
}
