package superid

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// soapServer is the test's own reading of SOAP 1.1: it finds the parts of a request by their place, and
// answers with whatever text it is given.
type soapServer struct {
	applicationToken, contextID, signed, kind string
	header                                    http.Header
	envelope                                  []byte
}

func (s *soapServer) take(t *testing.T, r *http.Request) {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.header, s.envelope = r.Header, body
	d := xml.NewDecoder(strings.NewReader(string(body)))
	var path []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("the request is no XML: %v", err)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, "{"+token.Name.Space+"}"+token.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			s.keep(strings.Join(path, "/"), string(token))
		}
	}
}

func (s *soapServer) keep(path, text string) {
	const env, svc = "{http://schemas.xmlsoap.org/soap/envelope/}", "{http://www.superoffice.com/superid/partnersystemuser/0.1}"
	switch path {
	case env + "Envelope/" + env + "Header/" + svc + "ApplicationToken":
		s.applicationToken += text
	case env + "Envelope/" + env + "Header/" + svc + "ContextIdentifier":
		s.contextID += text
	case env + "Envelope/" + env + "Body/" + svc + "AuthenticationRequest/" + svc + "SignedSystemToken":
		s.signed += text
	case env + "Envelope/" + env + "Body/" + svc + "AuthenticationRequest/" + svc + "ReturnTokenType":
		s.kind += text
	}
}

// inEnvelope puts text into a SOAP body.
func inEnvelope(text string) string {
	return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` +
		text + `</s:Body></s:Envelope>`
}

// inMessage puts text into the service's answer.
func inMessage(text string) string {
	return inEnvelope(`<AuthenticationResponse xmlns="http://www.superoffice.com/superid/partnersystemuser/0.1" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">` +
		text + `</AuthenticationResponse>`)
}

func soapRegistration(f *fake) tenant.Registration {
	reg := f.registration()
	reg.Exchange = tenant.SOAP
	return reg
}

func TestExchangeBySOAP(t *testing.T) {
	f := newFake(t)
	var got soapServer
	f.exchange = func(w http.ResponseWriter, r *http.Request) {
		got.take(t, r)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = io.WriteString(w, inMessage("<IsSuccessful>true</IsSuccessful><Token>"+f.exchangeToken()+`</Token><ErrorMessage i:nil="true"/>`))
	}
	reg, at := soapRegistration(f), testTenant()
	reg.ClientSecret = secret.New(`canary <secret> & "more"`)
	at.SystemUserToken = secret.New("Canary & <Sons> 'App'.v1-AbCdEfGhIj")
	x, err := exchange(context.Background(), newClient(t), reg, at)
	if err != nil {
		t.Fatal(err)
	}
	if x.Ticket.Reveal() != testTicket || x.Claims.AssociateID != "7" || len(x.Checks) != 12 {
		t.Errorf("got %+v", x)
	}
	token, minute := checkSigned(t, got.signed, &appKey().PublicKey)
	if token != at.SystemUserToken.Reveal() || len(minute) != 12 || got.applicationToken != reg.ClientSecret.Reveal() ||
		got.contextID != "Cust12345" || got.kind != "Jwt" {
		t.Errorf("the parts did not arrive: %q, %q, %d characters signed", got.contextID, got.kind, len(got.signed))
	}
	for name, want := range map[string]string{
		"Content-Type": "text/xml; charset=utf-8", "Accept": "text/xml",
		"Soapaction": `"http://www.superoffice.com/superid/partnersystemuser/0.1/IPartnerSystemUserService/Authenticate"`,
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s: %s", name, got.header.Get(name))
		}
	}
	if f.count("/Login/services/PartnerSystemUserService.svc") != 1 || f.count("/Login/api/PartnerSystemUser/Authenticate") != 0 {
		t.Errorf("requests %v", f.requests)
	}
	assertNoCanary(t, nil, x)
	validateEnvelope(t, got.envelope)
}

// validateEnvelope has another program look at what was sent.
func validateEnvelope(t *testing.T, envelope []byte) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is not installed (Debian and Ubuntu: libxml2-utils), and without it nobody else looks at the request")
	}
	schema := filepath.Join("testdata", "exchange-envelope.xsd")
	file := filepath.Join(t.TempDir(), "envelope.xml")
	if err := os.WriteFile(file, envelope, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(xmllint, "--nonet", "--noout", "--schema", schema, file).CombinedOutput(); err != nil {
		t.Errorf("the request is not what the service asks for: %s", out)
	}
	// The look is worth something only if it can fail.
	wrong := strings.Replace(string(envelope), ">Jwt<", ">JWT<", 1)
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	if exec.Command(xmllint, "--nonet", "--noout", "--schema", schema, file).Run() == nil {
		t.Error("xmllint accepts what the service does not")
	}
}

func TestSOAPAnswersInWhateverDress(t *testing.T) {
	const svc = `"http://www.superoffice.com/superid/partnersystemuser/0.1"`
	for name, dress := range map[string]func(token string) string{
		"plain": func(token string) string {
			return inMessage("<IsSuccessful>true</IsSuccessful><Token>" + token + "</Token>")
		},
		"other prefixes, a header, white space": func(token string) string {
			return "\uFEFF<SOAP-ENV:Envelope xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'>\n <SOAP-ENV:Header><a:ActivityId xmlns:a='urn:x'>1</a:ActivityId></SOAP-ENV:Header>" +
				"<SOAP-ENV:Body>\n<ns2:AuthenticationResponse xmlns:ns2=" + svc + ">\n<ns2:IsSuccessful> 1\n</ns2:IsSuccessful><ns2:Token>\n" + token +
				"\n</ns2:Token></ns2:AuthenticationResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
		},
		"parts without a namespace": func(token string) string {
			return inEnvelope("<m:AuthenticationResponse xmlns:m=" + svc + "><Token>" + token + "</Token><IsSuccessful>true</IsSuccessful></m:AuthenticationResponse>")
		},
		"parts as CDATA, a comment, one more part": func(token string) string {
			return inMessage("<!-- x --><New>1</New><IsSuccessful>true</IsSuccessful><Token><![CDATA[" + token + "]]></Token>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.exchange = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, dress(f.exchangeToken())) }
			if x, err := exchange(context.Background(), newClient(t), soapRegistration(f), testTenant()); err != nil || x.Ticket.Reveal() != testTicket {
				t.Errorf("got %+v, %v", x, err)
			}
		})
	}
}

func TestSOAPRefusals(t *testing.T) {
	refusal := func(message string) string {
		return inMessage(`<IsSuccessful>false</IsSuccessful><Token i:nil="true"/><ErrorMessage>` + message + "</ErrorMessage>")
	}
	fault := func(code, words string) string {
		return inEnvelope("<s:Fault><faultcode>" + code + `</faultcode><faultstring xml:lang="nb-NO">` + words + "</faultstring><detail><Message>canary</Message></detail></s:Fault>")
	}
	const token = "<IsSuccessful>true</IsSuccessful><Token>canary</Token>"
	for name, row := range map[string]refusalCase{
		"200, by name":        {200, refusal("The token was refused: Revoked"), Revoked, true, "The token was refused: Revoked", tenant.CauseRevoked},
		"500, by number":      {500, refusal("AuthorizeErrorCode: 7"), InvalidSignature, true, "AuthorizeErrorCode: 7", tenant.CauseSigningKey},
		"escaped words":       {200, refusal("«A &amp; B» &lt;gone&gt;"), 0, true, "«A & B» <gone>", tenant.CauseExchangeRefused},
		"reason, no verdict":  {200, inMessage("<ErrorMessage>Denied</ErrorMessage>"), Denied, true, "Denied", tenant.CauseDenied},
		"no reason":           {200, inMessage("<IsSuccessful>0</IsSuccessful>"), 0, true, "", tenant.CauseExchangeRefused},
		"unknown reason, 500": {500, refusal("Database down"), 0, true, "Database down", tenant.CauseProviderFailed},
		"echoed secrets":      {200, refusal(testSystemToken + " of " + testClientSecret), 0, true, "[secret] of [secret]", tenant.CauseExchangeRefused},

		"fault, ours":         {500, fault("s:Client", "The creator of this fault did not specify a Reason."), 0, true, "The creator of this fault did not specify a Reason.", tenant.CauseExchangeRefused},
		"fault, ours, closer": {500, fault("Client.Authentication", "No."), 0, true, "No.", tenant.CauseExchangeRefused},
		"fault with a reason": {500, fault("s:Client", "NeedsReapproval"), NeedsReapproval, true, "NeedsReapproval", tenant.CauseReapproval},
		"fault, theirs":       {500, fault("a:InternalServiceFault", "The server was unable to process the request."), 0, false, "The server was unable to process the request.", tenant.CauseProviderFailed},
		"fault as success":    {200, fault("s:Server", "Out of order."), 0, false, "Out of order.", tenant.CauseProviderFailed},

		"html":               {502, "<html><body>Bad Gateway</body></html>", 0, false, "", tenant.CauseProviderFailed},
		"nothing":            {503, "", 0, false, "", tenant.CauseProviderFailed},
		"not there":          {404, "", 0, false, "", tenant.CauseAddress},
		"JSON":               {200, `{"IsSuccessful":true,"Token":"canary"}`, 0, false, "", tenant.CauseAnswerUnusable},
		"success, no token":  {200, inMessage("<IsSuccessful>true</IsSuccessful>"), 0, false, "", tenant.CauseAnswerUnusable},
		"no verdict":         {200, inMessage("<Token>canary</Token>"), 0, false, "", tenant.CauseAnswerUnusable},
		"verdict of no kind": {200, inMessage("<IsSuccessful>yes</IsSuccessful><Token>canary</Token>"), 0, false, "", tenant.CauseAnswerUnusable},
		"two verdicts":       {200, inMessage(token + "<IsSuccessful>false</IsSuccessful>"), 0, false, "", tenant.CauseAnswerUnusable},
		"two tokens":         {200, inMessage(token + "<Token>canary2</Token>"), 0, false, "", tenant.CauseAnswerUnusable},
		"empty body":         {200, inEnvelope(""), 0, false, "", tenant.CauseAnswerUnusable},
		"another service":    {200, inEnvelope(`<AuthenticationResponse xmlns="urn:other">` + token + "</AuthenticationResponse>"), 0, false, "", tenant.CauseAnswerUnusable},
		"another envelope": {200, strings.ReplaceAll(inMessage(token), "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
			0, false, "", tenant.CauseAnswerUnusable},
		"message outside the body": {200, strings.ReplaceAll(inMessage(token), "s:Body", "s:Header"), 0, false, "", tenant.CauseAnswerUnusable},
		"message and fault": {200, strings.Replace(inMessage(token), "</s:Body>", "<s:Fault><faultcode>s:Server</faultcode></s:Fault></s:Body>", 1),
			0, false, "", tenant.CauseAnswerUnusable},
		"two documents":          {200, inMessage(token) + strings.TrimPrefix(inMessage(token), `<?xml version="1.0" encoding="utf-8"?>`), 0, false, "", tenant.CauseAnswerUnusable},
		"cut off":                {200, strings.TrimSuffix(inMessage(token), "</s:Body></s:Envelope>"), 0, false, "", tenant.CauseAnswerUnusable},
		"a document type":        {200, `<!DOCTYPE x [<!ENTITY t "canary">]>` + inMessage(token)[38:], 0, false, "", tenant.CauseAnswerUnusable},
		"an entity":              {200, inMessage("<IsSuccessful>true</IsSuccessful><Token>&t;</Token>"), 0, false, "", tenant.CauseAnswerUnusable},
		"an instruction":         {200, inMessage("<?php x?>" + token), 0, false, "", tenant.CauseAnswerUnusable},
		"too deep":               {200, inMessage(token + strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)), 0, false, "", tenant.CauseAnswerUnusable},
		"more than a megabyte":   {200, inMessage("<IsSuccessful>true</IsSuccessful><Token>" + strings.Repeat("x", maxAnswer) + "</Token>"), 0, false, "", tenant.CauseAnswerUnusable},
		"not in the Unicode way": {200, strings.Replace(inMessage(token), "utf-8", "utf-16", 1), 0, false, "", tenant.CauseAnswerUnusable},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.exchange = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.body)
			}
			row.check(t, f, soapRegistration(f), soapPath)
		})
	}
}

func TestSOAPAnswersAreValidatedAsRESTAnswersAre(t *testing.T) {
	f := newFake(t)
	f.claims = map[string]any{identity + "ctx": "Cust2"}
	f.exchange = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, inMessage("<IsSuccessful>true</IsSuccessful><Token>"+f.exchangeToken()+"</Token>"))
	}
	x, err := exchange(context.Background(), newClient(t), soapRegistration(f), testTenant())
	if !errors.Is(err, ErrTenant) || !x.Ticket.Empty() {
		t.Errorf("another tenant's ticket gave %v", err)
	}
}

func FuzzSOAPAnswer(f *testing.F) {
	f.Add([]byte(inMessage("<IsSuccessful>true</IsSuccessful><Token>x</Token>")))
	f.Add([]byte(inMessage("<IsSuccessful>false</IsSuccessful><ErrorMessage>Revoked</ErrorMessage>")))
	f.Add([]byte(inEnvelope("<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault>")))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>`))
	f.Add([]byte(inMessage("<IsSuccessful>true</IsSuccessful><IsSuccessful>false</IsSuccessful>")))
	f.Add([]byte("<a><b></a></b>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		a := soapExchange{}.read(body)
		if a.foreign != "" && (a.verdict != nil || a.fault || !a.token.Empty() || a.message != "") {
			t.Error("something was read out of what cannot be read")
		}
		_, _ = exchangeResponse{status: http.StatusOK, body: body}.settle(a)
	})
}
