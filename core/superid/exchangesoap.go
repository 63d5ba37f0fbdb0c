package superid

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"partnerdesk/core/secret"
)

const (
	// soapPath, soapService and soapAction are fixed by SuperOffice (PartnerSystemUserService.wsdl).
	soapPath    = "/Login/services/PartnerSystemUserService.svc"
	soapService = "http://www.superoffice.com/superid/partnersystemuser/0.1"
	soapAction  = soapService + "/IPartnerSystemUserService/Authenticate"
	// soapNamespace is that of SOAP 1.1, section 4.
	soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	// maxSOAPDepth bounds the nesting of an answer; honest ones have 4 levels, and a fault's details a few
	// more.
	maxSOAPDepth = 32
)

// soapExchange is the exchange as a SOAP 1.1 message. It asks the same service as [restExchange], but the
// name of the token's form is Jwt here, and the application token travels in a header.
type soapExchange struct{}

// soapQuestion is the request's envelope. The prefixes are part of the names, as encoding/xml has no way to
// declare a namespace once for a whole document.
type soapQuestion struct {
	XMLName           xml.Name `xml:"soap:Envelope"`
	SOAP              string   `xml:"xmlns:soap,attr"`
	Service           string   `xml:"xmlns:so,attr"`
	ApplicationToken  string   `xml:"soap:Header>so:ApplicationToken"`
	ContextIdentifier string   `xml:"soap:Header>so:ContextIdentifier"`
	SignedSystemToken string   `xml:"soap:Body>so:AuthenticationRequest>so:SignedSystemToken"`
	ReturnTokenType   string   `xml:"soap:Body>so:AuthenticationRequest>so:ReturnTokenType"`
}

func (soapExchange) request(ctx context.Context, base string, q exchangeQuestion) (*http.Request, error) {
	envelope, err := xml.Marshal(soapQuestion{
		SOAP: soapNamespace, Service: soapService,
		ApplicationToken: q.applicationToken.Reveal(), ContextIdentifier: q.contextID,
		SignedSystemToken: q.signed.Reveal(), ReturnTokenType: "Jwt",
	})
	if err != nil {
		return nil, fmt.Errorf("%s: write the request: %w", opExchange, err)
	}
	r, err := exchangeRequest(ctx, base+soapPath, "text/xml; charset=utf-8", append([]byte(xml.Header), envelope...))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/xml")
	// The quotes are part of the value (SOAP 1.1 section 6.1.1), and the name is written as the
	// specification writes it, for servers that compare it byte by byte.
	r.Header["SOAPAction"] = []string{`"` + soapAction + `"`}
	return r, nil
}

// soapResponse is what may come back: a message of the service's, or a fault in its place (SOAP 1.1 section
// 4.4). Envelope, body, fault and message are taken in their own namespaces only, with whatever prefix. The
// parts of the message are taken in any: nobody outside has seen whether the service qualifies them.
type soapResponse struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Bodies  []struct {
		Messages []soapMessage `xml:"http://www.superoffice.com/superid/partnersystemuser/0.1 AuthenticationResponse"`
		Faults   []soapFault   `xml:"http://schemas.xmlsoap.org/soap/envelope/ Fault"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// soapMessage has lists where one is expected, because of two that contradict each other encoding/xml would
// silently take the last.
type soapMessage struct {
	IsSuccessful []string
	Token        []secret.Text
	ErrorMessage []string
}

type soapFault struct {
	Code  string `xml:"faultcode"`
	Words string `xml:"faultstring"`
}

func (soapExchange) read(body []byte) exchangeAnswer {
	const foreign = "it is not the SOAP message that was expected"
	if checkSOAP(body) != nil {
		return exchangeAnswer{foreign: foreign}
	}
	var answer soapResponse
	if xml.Unmarshal(body, &answer) != nil || len(answer.Bodies) != 1 {
		return exchangeAnswer{foreign: foreign} // the library's error may quote the token
	}
	messages, faults := answer.Bodies[0].Messages, answer.Bodies[0].Faults
	switch {
	case len(messages) == 1 && len(faults) == 0:
		return messages[0].read(foreign)
	case len(messages) == 0 && len(faults) == 1:
		return faults[0].read()
	}
	return exchangeAnswer{foreign: foreign}
}

// checkSOAP refuses what no SOAP message may hold (SOAP 1.1 section 3): document types, and with them
// entities, and processing instructions. It also bounds the depth, and wants exactly one root.
func checkSOAP(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	depth, roots := 0, 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("a document type is declared")
		case xml.ProcInst:
			if t.Target != "xml" || roots > 0 {
				return errors.New("there is a processing instruction")
			}
		}
		if depth > maxSOAPDepth || depth < 0 {
			return errors.New("it is nested too deeply, or not at all")
		}
	}
	if roots != 1 || depth != 0 {
		return errors.New("it is not one document")
	}
	return nil
}

func (m soapMessage) read(foreign string) exchangeAnswer {
	if len(m.IsSuccessful) > 1 || len(m.Token) > 1 || len(m.ErrorMessage) > 1 {
		return exchangeAnswer{foreign: foreign}
	}
	a := exchangeAnswer{message: strings.Join(m.ErrorMessage, "")}
	if len(m.Token) == 1 {
		a.token = secret.New(strings.TrimSpace(m.Token[0].Reveal()))
	}
	verdict := false
	switch strings.TrimSpace(strings.Join(m.IsSuccessful, "")) {
	case "true", "1": // XML Schema part 2, section 3.2.2
		verdict = true
	case "false", "0":
	case "":
		if a.message == "" {
			return a // it says nothing at all
		}
	default:
		return exchangeAnswer{foreign: foreign}
	}
	a.verdict = &verdict
	return a
}

// read tells a request that was wrong from a service that is in trouble (SOAP 1.1 section 4.4.1).
func (f soapFault) read() exchangeAnswer {
	_, code, qualified := strings.Cut(strings.TrimSpace(f.Code), ":")
	if !qualified {
		code = strings.TrimSpace(f.Code)
	}
	class, _, _ := strings.Cut(code, ".")
	return exchangeAnswer{message: f.Words, fault: true, rejected: class == "Client"}
}
