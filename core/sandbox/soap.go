package sandbox

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// The SOAP 1.1 form of the exchange, by PartnerSystemUserService.wsdl: document style, literal, one operation.
const (
	partnerNamespace  = "http://www.superoffice.com/superid/partnersystemuser/0.1"
	actionExchange    = partnerNamespace + "/IPartnerSystemUserService/Authenticate"
	envelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	schemaInstance    = "http://www.w3.org/2001/XMLSchema-instance"

	typeXML = "text/xml"

	elementAppToken = "ApplicationToken"
	elementContext  = "ContextIdentifier"
	elementRequest  = "AuthenticationRequest"
	elementSigned   = "SignedSystemToken"
	elementKind     = "ReturnTokenType"

	// The words of the schema's TokenType. REST writes the first one otherwise.
	tokenTypeJwt  = "Jwt"
	tokenTypeSaml = "Saml"
)

// soapFaultCode says whose the fault is (SOAP 1.1, section 4.4.1).
type soapFaultCode string

const (
	soapVersionMismatch soapFaultCode = "VersionMismatch"
	soapMustUnderstand  soapFaultCode = "MustUnderstand"
	soapClient          soapFaultCode = "Client"
	soapServer          soapFaultCode = "Server"
)

// soapFault is why an envelope cannot be answered at all. A refusal of the exchange is none.
type soapFault struct {
	code soapFaultCode
	text string
}

func (f soapFault) Error() string { return f.text }

// serveSOAPExchange takes the SOAP form of the exchange.
func (s *Sandbox) serveSOAPExchange(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hCache, noStore)
	kind, parameters, err := mime.ParseMediaType(r.Header.Get(hContent))
	charset := parameters["charset"]
	if err != nil || kind != typeXML || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		http.Error(w, "The body must be "+typeXML+" in UTF-8.", http.StatusUnsupportedMediaType)
		return
	}
	request, err := readSOAPRequest(r)
	if bodyTooLarge(err) {
		http.Error(w, "The body is too large.", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		s.answerSOAPFault(w, err)
		return
	}
	token, refusal, err := s.exchange(request, tokenTypeJwt)
	switch {
	case err != nil:
		s.log.Error("exchange by SOAP", "err", err)
		s.answerSOAPFault(w, soapFault{soapServer, "The sandbox itself failed: " + err.Error()})
	case refusal != nil:
		answer := soapAnswer{Token: nilText(), ErrorMessage: nilText()}
		if words := refusal.words(); words != nil {
			answer.ErrorMessage = textOf(*words)
		}
		s.answerSOAP(w, refusal.httpStatus(), answer)
	default:
		s.answerSOAP(w, http.StatusOK, soapAnswer{IsSuccessful: true, Token: textOf(token), ErrorMessage: nilText()})
	}
}

// readSOAPRequest reads the call. The error is a soapFault, or says that the body is too large.
func readSOAPRequest(r *http.Request) (exchangeRequest, error) {
	if actions := r.Header.Values("SOAPAction"); len(actions) != 1 || unquoted(actions[0]) != actionExchange {
		return exchangeRequest{}, soapFault{soapClient, "The SOAPAction header names no operation of this service."}
	}
	b, err := io.ReadAll(r.Body)
	if bodyTooLarge(err) {
		return exchangeRequest{}, err
	}
	if err != nil {
		return exchangeRequest{}, soapFault{soapClient, "The body cannot be read."}
	}
	root, err := readDocument(bytes.TrimPrefix(b, []byte("\ufeff")))
	if err != nil {
		return exchangeRequest{}, soapFault{soapClient, "The body is not the XML of an envelope: " + err.Error() + "."}
	}
	return requestIn(root)
}

// unquoted takes the quotation marks off, which a SOAPAction should have and often has not.
func unquoted(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// The answers. Their prefixes are a matter of taste, and a client must not mind them: these are no sample's.

type soapEnvelope struct {
	XMLName   xml.Name `xml:"env:Envelope"`
	Namespace string   `xml:"xmlns:env,attr"`
	Content   any      `xml:"env:Body>content"`
}

type soapAnswer struct {
	XMLName      xml.Name `xml:"psu:AuthenticationResponse"`
	Namespace    string   `xml:"xmlns:psu,attr"`
	Instance     string   `xml:"xmlns:xsi,attr"`
	IsSuccessful bool     `xml:"psu:IsSuccessful"`
	Token        soapText `xml:"psu:Token"`
	ErrorMessage soapText `xml:"psu:ErrorMessage"`
}

// soapText is a text that can be nil, which is not the same as empty.
type soapText struct {
	Nil  string `xml:"xsi:nil,attr,omitempty"`
	Text string `xml:",chardata"`
}

func nilText() soapText           { return soapText{Nil: "true"} }
func textOf(text string) soapText { return soapText{Text: text} }

type soapFaultAnswer struct {
	XMLName xml.Name `xml:"env:Fault"`
	Code    string   `xml:"faultcode"`
	Text    string   `xml:"faultstring"`
}

func (s *Sandbox) answerSOAP(w http.ResponseWriter, status int, answer soapAnswer) {
	answer.Namespace, answer.Instance = partnerNamespace, schemaInstance
	s.answerXML(w, status, answer)
}

// answerSOAPFault answers what was wrong with the envelope, by HTTP with 500 as SOAP 1.1 has it in section 6.2.
func (s *Sandbox) answerSOAPFault(w http.ResponseWriter, err error) {
	fault := soapFault{code: soapServer, text: err.Error()}
	errors.As(err, &fault)
	s.answerXML(w, http.StatusInternalServerError, soapFaultAnswer{Code: "env:" + string(fault.code), Text: fault.text})
}

// insteadSOAPFault answers a call by SOAP with a Fault of the server, and leaves others alone.
func insteadSOAPFault(s *Sandbox, _ time.Duration, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.URL.Path, pathSOAP) {
			next(w, r)
			return
		}
		w.Header().Set(hCache, noStore)
		s.answerSOAPFault(w, soapFault{soapServer, faultMessage})
	}
}

func (s *Sandbox) answerXML(w http.ResponseWriter, status int, content any) {
	b, err := xml.Marshal(soapEnvelope{Namespace: envelopeNamespace, Content: content})
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set(hContent, typeXML+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), b...))
}
