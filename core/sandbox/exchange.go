package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
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
	codeRevoked          authorizeErrorCode = 1
	codeDenied           authorizeErrorCode = 4
	codeInvalidTimestamp authorizeErrorCode = 6
	codeInvalidSignature authorizeErrorCode = 7
)

func (c authorizeErrorCode) String() string {
	switch c {
	case codeRevoked:
		return "Revoked"
	case codeDenied:
		return "Denied"
	case codeInvalidTimestamp:
		return "InvalidTimestamp"
	case codeInvalidSignature:
		return "InvalidSignature"
	}
	return "AuthorizeErrorCode" + strconv.Itoa(int(c))
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
}

// words names the reason by number and by name.
func (e exchangeRefusal) words() string {
	return fmt.Sprintf("AuthorizeErrorCode %d (%s): %s", int(e.code), e.code, e.text)
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
	var request exchangeRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
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
		words := refusal.words()
		s.answerJSON(w, http.StatusOK, exchangeAnswer{ErrorMessage: &words})
	default:
		s.answerJSON(w, http.StatusOK, exchangeAnswer{IsSuccessful: true, Token: &token})
	}
}

// exchange checks the request and makes the token with a new ticket in it. It knows nothing of HTTP, so
// that REST and SOAP share it; jwt is how the form that was used writes the one token type there is.
func (s *Sandbox) exchange(request exchangeRequest, jwt string) (string, *exchangeRefusal, error) {
	t, known := s.people.tenant(request.ContextIdentifier)
	if known {
		s.counters.add(t.Ctx, func(c *Counters) { c.Exchanges++ })
	}
	if !equal(request.ApplicationToken, s.app.ClientSecret) {
		return "", &exchangeRefusal{codeDenied, "the application token is not that of a registered app."}, nil
	}
	if !known {
		return "", &exchangeRefusal{codeDenied, "there is no such context identifier."}, nil
	}
	if request.ReturnTokenType != jwt {
		return "", &exchangeRefusal{codeDenied, "the return token type can be " + jwt + " only."}, nil
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
	signed, err := s.ticketToken(t, given.Token)
	return signed, nil, err
}

// verifySigned takes "token.time.signature" apart from the right, since the token may hold dots, and checks
// the signature and then the time, as the time is anybody's word until the signature holds.
func (s *Sandbox) verifySigned(signed string) (string, *exchangeRefusal) {
	malformed := &exchangeRefusal{codeInvalidSignature, "the signed token has not the form token.time.signature."}
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
	if err != nil {
		return "", &exchangeRefusal{codeInvalidSignature, "the signature is not base64."}
	}
	sum := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPKCS1v15(&s.app.key.PublicKey, crypto.SHA256, sum[:], raw); err != nil {
		return "", &exchangeRefusal{codeInvalidSignature, "the signature does not fit the app's registered key."}
	}
	return text[:middle], s.checkStamp(text[middle+1:])
}

func (s *Sandbox) checkStamp(stamp string) *exchangeRefusal {
	at, err := time.Parse(stampLayout, stamp)
	if err != nil {
		return &exchangeRefusal{codeInvalidTimestamp, "the time is not of the form yyyyMMddHHmm."}
	}
	if off := s.now().Sub(at); off > stampWindow || off < -stampWindow {
		return &exchangeRefusal{codeInvalidTimestamp,
			"the time of the signature is more than five minutes off; the server's time is " +
				s.now().UTC().Format(time.RFC3339) + "."}
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
		return &exchangeRefusal{codeRevoked, "the customer has revoked the consent of the app."}
	}
	return &exchangeRefusal{codeDenied, "the system user token is not known for this app and context identifier."}
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
	signed, err := s.signer.signJWT(claims)
	if err != nil {
		return "", err
	}
	s.tickets.put(ticket, t.Ctx)
	return signed, nil
}
