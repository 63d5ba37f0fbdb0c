package superid

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	// exchangePath is fixed by SuperOffice (docs.superoffice.com, "Partner system user REST API").
	exchangePath = "/Login/api/PartnerSystemUser/Authenticate"
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

// RequestTicket signs the tenant's system user token and sends it to SuperOffice: step 8. A refusal
// wraps an [*ExchangeRefusal]. The request is sent once.
func (c *Client) RequestTicket(ctx context.Context, reg tenant.Registration, t tenant.Tenant) (Granted, error) {
	ctx, clock := watchClock(ctx)
	signed, err := c.signedToken(reg, t)
	if err != nil {
		return Granted{}, err
	}
	if err := c.haveKeys(ctx, reg); err != nil {
		return Granted{}, err
	}
	body, err := json.Marshal(map[string]string{
		"SignedSystemToken": signed.Reveal(),
		"ApplicationToken":  reg.ClientSecret.Reveal(),
		"ContextIdentifier": t.ContextID,
		"ReturnTokenType":   "JWT",
	})
	if err != nil {
		return Granted{}, fmt.Errorf("%s: write the request: %w", opExchange, err)
	}
	answer, err := c.postExchange(ctx, baseOf(reg)+exchangePath, body)
	g := Granted{Skew: clock.Skew()}
	if err != nil {
		return g, err
	}
	g.token, err = answer.read(g.Skew, signed, t.SystemUserToken, reg.ClientSecret)
	return g, err
}

// signedToken says what is missing before anything is sent.
func (c *Client) signedToken(reg tenant.Registration, t tenant.Tenant) (secret.Text, error) {
	switch {
	case t.SystemUserToken.Empty():
		return secret.Text{}, &tenant.Problem{Op: opExchange, Err: ErrNoSystemUser, Explanation: tenant.Explanation{
			What: whatExchange, Why: "There is no system user token for " + t.ContextID + ".",
			Next: "Let an administrator of the tenant sign in and approve the app.", Fault: tenant.FaultConsent}}
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
	key, err := ParsePrivateKey(reg.PrivateKey)
	if err != nil {
		return secret.Text{}, err
	}
	return SignSystemUserToken(t.SystemUserToken, key, c.now())
}

// exchangeAnswer is an HTTP answer, read.
type exchangeAnswer struct {
	status int
	kind   string // media type
	body   []byte
}

func (c *Client) postExchange(ctx context.Context, address string, body []byte) (exchangeAnswer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return exchangeAnswer{}, unusableRegistration(opExchange, "Its address is not usable.", "Correct the registration's address.")
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(r)
	if err != nil {
		return exchangeAnswer{}, networkProblem(ctx, opExchange, whatExchange, err)
	}
	defer func() { _ = resp.Body.Close() }()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		return exchangeAnswer{}, networkProblem(ctx, opExchange, whatExchange, err)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return exchangeAnswer{resp.StatusCode, kind, read}, nil
}

// read looks at the body first and at the status then, as nobody knows with which status a refusal
// comes. The server's own words are kept.
func (a exchangeAnswer) read(skew time.Duration, secrets ...secret.Text) (secret.Text, error) {
	var body struct {
		IsSuccessful *bool
		Token        secret.Text
		ErrorMessage string
		Message      string // of the web server's own errors
	}
	isJSON := json.Unmarshal(a.body, &body) == nil
	switch {
	case isJSON && body.IsSuccessful != nil && *body.IsSuccessful && !body.Token.Empty():
		return body.Token, nil
	case isJSON && body.IsSuccessful != nil && *body.IsSuccessful:
		return secret.Text{}, unusableAnswer(opExchange, whatExchange, "it says that it succeeded, and holds no token")
	case isJSON && (body.IsSuccessful != nil || body.ErrorMessage != ""):
		return secret.Text{}, a.refusal(serverWords(body.ErrorMessage, secrets...), skew)
	case !success(a.status) && isJSON:
		return secret.Text{}, statusProblem(opExchange, whatExchange, a.status, serverWords(body.Message, secrets...))
	case !success(a.status):
		return secret.Text{}, statusProblem(opExchange, whatExchange, a.status, a.plainText(secrets))
	}
	return secret.Text{}, unusableAnswer(opExchange, whatExchange, "it is not the JSON that was expected")
}

// plainText is a body that was meant for people; HTML is not shown.
func (a exchangeAnswer) plainText(secrets []secret.Text) string {
	if a.kind != "text/plain" {
		return ""
	}
	return serverWords(string(a.body), secrets...)
}

// refusal explains that SuperOffice said no.
func (a exchangeAnswer) refusal(words string, skew time.Duration) error {
	code := findAuthorizeError(words)
	e := tenant.Explanation{What: whatExchange, Server: words}
	switch {
	case code != 0:
		code.explain(&e, skew)
	case a.status >= 500 || a.status == http.StatusTooManyRequests:
		e.Why, e.Next = "SuperOffice has trouble of its own.", "Nothing needs to be done; it will be tried again."
		e.Fault, e.Temporary = tenant.FaultSuperOffice, true
	default:
		e.Why = "SuperOffice refused, and gave no reason that Partnerdesk knows."
		e.Next = "Compare client secret, private key and environment of the registration with the Developer Portal."
		e.Fault = tenant.FaultRegistration
	}
	return &tenant.Problem{Op: opExchange, Explanation: e, Err: &ExchangeRefusal{Code: code, Status: a.status}}
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

// AuthorizeErrorCode is why SuperOffice refuses an app (docs.superoffice.com, "AuthorizeErrorCode").
type AuthorizeErrorCode int

// The reasons with SuperOffice's own numbers.
const (
	Revoked            AuthorizeErrorCode = 1
	InvalidRedirectURL AuthorizeErrorCode = 2
	Expired            AuthorizeErrorCode = 3
	Denied             AuthorizeErrorCode = 4
	NeedsReapproval    AuthorizeErrorCode = 5
	InvalidTimestamp   AuthorizeErrorCode = 6
	InvalidSignature   AuthorizeErrorCode = 7
)

// String returns SuperOffice's name of the reason.
func (a AuthorizeErrorCode) String() string {
	switch a {
	case Revoked:
		return "Revoked"
	case InvalidRedirectURL:
		return "InvalidRedirectUrl"
	case Expired:
		return "Expired"
	case Denied:
		return "Denied"
	case NeedsReapproval:
		return "NeedsReapproval"
	case InvalidTimestamp:
		return "InvalidTimestamp"
	case InvalidSignature:
		return "InvalidSignature"
	}
	return "no known reason"
}

// consent reports whether an administrator's approval cures it.
func (a AuthorizeErrorCode) consent() bool {
	switch a {
	case Revoked, Expired, Denied, NeedsReapproval:
		return true
	}
	return false
}

// explain fills in why, what next, who must act, and whether waiting helps. Only the clock heals by
// itself.
func (a AuthorizeErrorCode) explain(e *tenant.Explanation, skew time.Duration) {
	const approve = "Let an administrator of the tenant sign in again and click “I approve”."
	e.Fault, e.Next = tenant.FaultConsent, approve
	switch a {
	case Revoked:
		e.Why = "The customer has withdrawn the approval of the app."
	case Expired:
		e.Why = "The approval of the app has expired."
	case Denied:
		e.Why = "The customer has denied the app access."
	case NeedsReapproval:
		e.Why = "The app's rights have changed, and the customer must approve them anew."
	case InvalidRedirectURL:
		e.Fault, e.Why = tenant.FaultRegistration, "The redirect URI is not registered for the app."
		e.Next = "Add the redirect URI in the Developer Portal, or use one that is registered there."
	case InvalidSignature:
		e.Fault, e.Why = tenant.FaultRegistration, "The signature was made with another private key than the app's in this environment."
		e.Next = "Give the registration the private key of this app and environment."
	case InvalidTimestamp:
		e.Fault, e.Temporary = tenant.FaultMachine, true
		e.Why = strings.TrimSpace("SuperOffice found the time in the signature wrong. " + clockSentence(skew))
		e.Next = "Set this machine's clock; it will then work by itself."
	}
}

var (
	// authorizeErrorNames find a name inside any sentence; the compounds come first, as nobody writes
	// them by chance.
	authorizeErrorNames = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(InvalidRedirectUrl|NeedsReapproval|InvalidTimestamp|InvalidSignature)\b`),
		regexp.MustCompile(`(?i)\b(Revoked|Expired|Denied)\b`),
	}
	// authorizeErrorNumber finds a number that is called a code, or stands alone or in parentheses.
	authorizeErrorNumber = regexp.MustCompile(`(?i)(?:AuthorizeErrorCode|error ?code|reason|code)\W{0,4}([1-7])\b|^\W*([1-7])\W*$|\(([1-7])\)|^([1-7]):`)
)

// findAuthorizeError reads the reason out of a server's words, by name or by number; zero where there is
// none.
func findAuthorizeError(words string) AuthorizeErrorCode {
	for _, names := range authorizeErrorNames {
		found := names.FindString(words)
		for code := Revoked; found != "" && code <= InvalidSignature; code++ {
			if strings.EqualFold(found, code.String()) {
				return code
			}
		}
	}
	for _, group := range authorizeErrorNumber.FindStringSubmatch(words) {
		if n, err := strconv.Atoi(group); err == nil && len(group) == 1 {
			return AuthorizeErrorCode(n)
		}
	}
	return 0
}
