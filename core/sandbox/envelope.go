package sandbox

import (
	"encoding/xml"
	"fmt"
)

// requestIn finds the request in an envelope and takes nothing that the WSDL does not name.
func requestIn(root xmlElement) (exchangeRequest, error) {
	if root.name.Local == "Envelope" && root.name.Space != envelopeNamespace {
		return exchangeRequest{}, soapFault{soapVersionMismatch, "The envelope is not one of SOAP 1.1."}
	}
	if root.name != (xml.Name{Space: envelopeNamespace, Local: "Envelope"}) {
		return exchangeRequest{}, clientFault("The document is %s and no envelope.", root.called())
	}
	header, body := xml.Name{Space: envelopeNamespace, Local: "Header"}, xml.Name{Space: envelopeNamespace, Local: "Body"}
	parts, err := root.inOrder(header, body)
	if err != nil {
		return exchangeRequest{}, err
	}
	var request exchangeRequest
	if err := readHeader(parts[header], &request); err != nil {
		return exchangeRequest{}, err
	}
	content, ok := parts[body]
	if !ok {
		return exchangeRequest{}, clientFault("The envelope has no body.")
	}
	err = readBody(content, &request)
	return request, err
}

// readHeader wants the two headers of the WSDL, in any order.
func readHeader(header xmlElement, into *exchangeRequest) error {
	wanted := map[xml.Name]*string{
		partnerName(elementAppToken): &into.ApplicationToken,
		partnerName(elementContext):  &into.ContextIdentifier,
	}
	if err := header.holdsElementsOnly(); err != nil {
		return err
	}
	for _, child := range header.children {
		place, known := wanted[child.name]
		switch {
		case !known && child.mustUnderstand():
			return soapFault{soapMustUnderstand, "The header " + child.called() + " is not understood."}
		case !known:
			return clientFault("The header %s is unknown here, or occurs twice.", child.called())
		}
		var err error
		if *place, err = child.content(); err != nil {
			return err
		}
		delete(wanted, child.name)
	}
	for _, local := range []string{elementAppToken, elementContext} {
		if _, missing := wanted[partnerName(local)]; missing {
			return clientFault("The header %s is missing.", local)
		}
	}
	return nil
}

// readBody wants one AuthenticationRequest with its elements in the schema's order.
func readBody(body xmlElement, into *exchangeRequest) error {
	request, signed, kind := partnerName(elementRequest), partnerName(elementSigned), partnerName(elementKind)
	inBody, err := body.inOrder(request)
	if err != nil {
		return err
	}
	asked, ok := inBody[request]
	if !ok {
		return clientFault("The body holds no %s.", elementRequest)
	}
	fields, err := asked.inOrder(signed, kind)
	if err != nil {
		return err
	}
	if e, ok := fields[signed]; ok {
		if into.SignedSystemToken, err = e.content(); err != nil {
			return err
		}
	}
	e, ok := fields[kind]
	if !ok {
		return nil // as the schema allows; the exchange will not like it
	}
	if into.ReturnTokenType, err = e.content(); err != nil {
		return err
	}
	if into.ReturnTokenType != tokenTypeJwt && into.ReturnTokenType != tokenTypeSaml {
		return clientFault("%s is neither %s nor %s.", elementKind, tokenTypeJwt, tokenTypeSaml)
	}
	return nil
}

func partnerName(local string) xml.Name { return xml.Name{Space: partnerNamespace, Local: local} }

func clientFault(format string, args ...any) soapFault {
	return soapFault{soapClient, fmt.Sprintf(format, args...)}
}
