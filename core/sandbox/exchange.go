package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// authorizeErrorCode is SuperOffice's own reason for a refusal.
type authorizeErrorCode int

const (
	codeRevoked            authorizeErrorCode = 1
	codeInvalidRedirectURL authorizeErrorCode = 2
	codeExpired            authorizeErrorCode = 3
	codeDenied             authorizeErrorCode = 4
	codeNeedsReapproval    authorizeErrorCode = 5
	codeInvalidTimestamp   authorizeErrorCode = 6
	codeInvalidSignature   authorizeErrorCode = 7
)

// authorizeErrorCodes are all of them, in the order of their numbers.
func authorizeErrorCodes() []authorizeErrorCode {
	return []authorizeErrorCode{
		codeRevoked, codeInvalidRedirectURL, codeExpired, codeDenied,
		codeNeedsReapproval, codeInvalidTimestamp, codeInvalidSignature,
	}
}

func (c authorizeErrorCode) String() string {
	switch c {
	case codeRevoked:
		return "Revoked"
	case codeInvalidRedirectURL:
		return "InvalidRedirectUrl"
	case codeExpired:
		return "Expired"
	case codeDenied:
		return "Denied"
	case codeNeedsReapproval:
		return "NeedsReapproval"
	case codeInvalidTimestamp:
		return "InvalidTimestamp"
	case codeInvalidSignature:
		return "InvalidSignature"
	}
	return "AuthorizeErrorCode" + strconv.Itoa(int(c))
}

// says is the code by number and by name, and what it means here.
func (c authorizeErrorCode) says(text string) string {
	return fmt.Sprintf("AuthorizeErrorCode %d (%s): %s", int(c), c, text)
}

// restJWT is the token type as REST writes it. SOAP writes it otherwise.
const restJWT = "JWT"

// exchangeRequest is the body of the REST exchange.
type exchangeRequest struct {
	SignedSystemToken string
	ApplicationToken  string
	ContextIdentifier string
	ReturnTokenType   string
}

// exchangeAnswer is its answer, a refusal included.
type exchangeAnswer struct {
	IsSuccessful bool
	Token        *string
	ErrorMessage *string
}

// exchangeRefusal is why an exchange was refused.
type exchangeRefusal struct {
	code authorizeErrorCode
	text string
	// status is the HTTP status of the answer; 0 means 200.
	status int
	// message is what is said instead of code and text, and silent says nothing at all.
	message string
	silent  bool
}

// words names the reason by number and by name. They are nil where nothing is said.
func (e exchangeRefusal) words() *string {
	words := e.message
	switch {
	case e.silent:
		return nil
	case words == "":
		words = e.code.says(e.text)
	}
	return &words
}

// httpStatus is the status that the refusal comes with.
func (e exchangeRefusal) httpStatus() int {
	if e.status == 0 {
		return http.StatusOK
	}
	return e.status
}

func refusedExchange(code authorizeErrorCode, text string) *exchangeRefusal {
	return &exchangeRefusal{code: code, text: text}
}

// stampLayout is UTC to the minute, yyyyMMddHHmm.
const stampLayout = "200601021504"

// serveExchange takes the REST form of the exchange: a signed system user token for a ticket.
func (s *Sandbox) serveExchange(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hCache, noStore)
	if kind, _, err := mime.ParseMediaType(r.Header.Get(hContent)); err != nil || kind != typeJSON {
		s.answerJSON(w, http.StatusUnsupportedMediaType, map[string]string{"Message": "The body must be " + typeJSON + "."})
		return
	}
	request, err := readExchange(r.Body)
	if err != nil {
		status := http.StatusBadRequest
		if bodyTooLarge(err) {
			status = http.StatusRequestEntityTooLarge
		}
		s.answerJSON(w, status, map[string]string{"Message": "The body cannot be read as JSON."})
		return
	}
	token, refusal, err := s.exchange(request, restJWT)
	switch {
	case err != nil:
		s.fail(w, err)
	case refusal != nil:
		s.answerJSON(w, refusal.httpStatus(), exchangeAnswer{ErrorMessage: refusal.words()})
	default:
		s.answerJSON(w, http.StatusOK, exchangeAnswer{IsSuccessful: true, Token: &token})
	}
}

// readExchange reads the body, which is one JSON object and nothing after it.
func readExchange(body io.Reader) (exchangeRequest, error) {
	var request exchangeRequest
	decoder := json.NewDecoder(body)
	if err := decoder.Decode(&request); err != nil {
		return request, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return request, errors.New("there is more after the object")
	}
	return request, nil
}

// exchange checks the request and makes the token with a new ticket in it. It knows nothing of HTTP, so
// that REST and SOAP share it; jwt is how the form that was used writes the one token type there is.
func (s *Sandbox) exchange(request exchangeRequest, jwt string) (string, *exchangeRefusal, error) {
	t, known := s.people.tenant(request.ContextIdentifier)
	token, refusal, err := s.judge(request, jwt, t, known)
	if refusal != nil {
		for _, f := range s.faults.on(t.Ctx) {
			if f.worded != nil {
				f.worded(refusal)
			}
		}
	}
	return token, refusal, err
}

// judge is exchange before anything is worded.
func (s *Sandbox) judge(request exchangeRequest, jwt string, t tenant, known bool) (string, *exchangeRefusal, error) {
	if !equal(request.ApplicationToken, s.app.ClientSecret) {
		return "", refusedExchange(codeDenied, "the application token is not that of a registered app."), nil
	}
	if !known {
		return "", refusedExchange(codeDenied, "there is no such context identifier."), nil
	}
	if request.ReturnTokenType != jwt {
		return "", refusedExchange(codeDenied, "the return token type can be "+jwt+" only."), nil
	}
	token, refusal := s.verifySigned(request.SignedSystemToken)
	if refusal != nil {
		return "", refusal, nil
	}
	given, err := s.store.consent(t.Ctx)
	if err != nil {
		return "", nil, err
	}
	if refusal := checkConsent(given, token); refusal != nil {
		return "", refusal, nil
	}
	for _, f := range s.faults.on(t.Ctx) {
		if f.denied != nil {
			refusal := *f.denied
			return "", &refusal, nil
		}
	}
	if s.faults.is(faultNewSystemToken, t.Ctx) {
		if given, err = s.store.changeConsent(t.Ctx, (*consent).reissue); err != nil {
			return "", nil, err
		}
	}
	signed, err := s.ticketToken(t, given.Token)
	return signed, nil, err
}

// verifySigned takes "token.time.signature" apart from the right, since the token may hold dots, and checks
// the signature and then the time, as the time is anybody's word until the signature holds.
func (s *Sandbox) verifySigned(signed string) (string, *exchangeRefusal) {
	malformed := refusedExchange(codeInvalidSignature, "the signed token has not the form token.time.signature.")
	end := strings.LastIndexByte(signed, '.')
	if end < 0 {
		return "", malformed
	}
	text, signature := signed[:end], signed[end+1:]
	middle := strings.LastIndexByte(text, '.')
	if middle <= 0 {
		return "", malformed
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil || strings.ContainsAny(signature, "\r\n") { // which the decoder passes over
		return "", refusedExchange(codeInvalidSignature, "the signature is not base64.")
	}
	sum := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(&s.app.key.PublicKey, crypto.SHA256, sum[:], raw); err != nil {
		return "", refusedExchange(codeInvalidSignature, "the signature does not fit the app's registered key.")
	}
	return text[:middle], s.checkStamp(text[middle+1:])
}

func (s *Sandbox) checkStamp(stamp string) *exchangeRefusal {
	at, err := time.Parse(stampLayout, stamp)
	if err != nil {
		return refusedExchange(codeInvalidTimestamp, "the time is not of the form yyyyMMddHHmm.")
	}
	if off := s.now().Sub(at); off > stampWindow || off < -stampWindow {
		return refusedExchange(codeInvalidTimestamp,
			"the time of the signature is more than five minutes off; the server's time is "+
				s.now().UTC().Format(time.RFC3339)+".")
	}
	return nil
}

// checkConsent compares the token with the tenant's, now and in former times.
func checkConsent(given consent, token string) *exchangeRefusal {
	current := equal(token, given.Token)
	switch {
	case current && given.State != consentRevoked:
		return nil
	case current || slices.Contains(given.Former, token):
		return refusedExchange(codeRevoked, "the customer has revoked the consent of the app.")
	}
	return refusedExchange(codeDenied, "the system user token is not known for this app and context identifier.")
}

// ticketToken makes the JWT that carries a new ticket.
func (s *Sandbox) ticketToken(t tenant, systemUserToken string) (string, error) {
	ticket := newTicketText(strconv.Itoa(t.SystemUser.ID), t.Ctx)
	claims := timeClaims(s.now(), exchangeLife)
	claims["iss"], claims["aud"], claims["sub"] = "SuperOffice AS", "spn:"+t.Serial, t.SystemUser.Login
	s.addTenantClaims(claims, t, t.SystemUser)
	claims[claimPrefix+"is_administrator"] = capitalised(false)
	claims[claimPrefix+"ticket"] = ticket
	claims[claimPrefix+"system_token"] = systemUserToken
	d := s.keys.signer().draftJWT(claims)
	for _, f := range s.faults.on(t.Ctx) {
		f.exchanged.apply(s, t, d)
	}
	signed, err := d.sign()
	if err != nil {
		return "", err
	}
	s.tickets.put(ticket, t.Ctx)
	return signed, nil
}
