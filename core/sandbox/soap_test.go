package sandbox_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/xml"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const (
	partner    = "http://www.superoffice.com/superid/partnersystemuser/0.1"
	soapAction = partner + "/IPartnerSystemUserService/Authenticate"
	soapPath   = "/Login/services/PartnerSystemUserService.svc"
)

// soapRequest is a request by the WSDL.
func soapRequest(signed, applicationToken, ctx string) string {
	return `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
  <s:Header>
    <h:ApplicationToken xmlns:h="` + partner + `">` + applicationToken + `</h:ApplicationToken>
    <h:ContextIdentifier xmlns:h="` + partner + `">` + ctx + `</h:ContextIdentifier>
  </s:Header>
  <s:Body>
    <AuthenticationRequest xmlns="` + partner + `">
      <SignedSystemToken>` + signed + `</SignedSystemToken>
      <ReturnTokenType>Jwt</ReturnTokenType>
    </AuthenticationRequest>
  </s:Body>
</s:Envelope>`
}

// soapAnswer is what an envelope says, by names and namespaces, whatever its prefixes.
type soapAnswer struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Body    struct {
		Response *struct {
			IsSuccessful        bool
			Token, ErrorMessage struct {
				Nil  bool   `xml:"http://www.w3.org/2001/XMLSchema-instance nil,attr"`
				Text string `xml:",chardata"`
			}
		} `xml:"http://www.superoffice.com/superid/partnersystemuser/0.1 AuthenticationResponse"`
		Fault *struct {
			Code string `xml:"faultcode"`
			Text string `xml:"faultstring"`
		} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Fault"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// soap sends an envelope, and holds the answer against the schema.
func (w *world) soap(envelope string, headers ...string) (int, soapAnswer) {
	w.t.Helper()
	headers = append([]string{"Content-Type", "text/xml; charset=utf-8", "SOAPAction", `"` + soapAction + `"`}, headers...)
	a := w.call(http.MethodPost, w.ready.BaseURL+soapPath, envelope, headers...)
	if kind := a.header.Get("Content-Type"); kind != "text/xml; charset=utf-8" || a.header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("%d, %s: %s", a.status, kind, a.body)
	}
	fitsSchema(w.t, a.body)
	var read soapAnswer
	if err := xml.Unmarshal(a.body, &read); err != nil {
		w.t.Fatalf("%d: %v: %s", a.status, err, a.body)
	}
	if (read.Body.Fault == nil) == (read.Body.Response == nil) {
		w.t.Fatalf("neither an answer nor a fault, or both: %s", a.body)
	}
	return a.status, read
}

// fitsSchema lets a program that shares no code with this one check an envelope.
func fitsSchema(t *testing.T, envelope []byte) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("This test needs the program xmllint: install the package libxml2-utils.")
	}
	cmd := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", "testdata/envelope.xsd", "-")
	cmd.Stdin = strings.NewReader(string(envelope))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v: %s", err, out)
	}
}

func TestSOAPExchangeGivesATicket(t *testing.T) {
	w := newWorld(t)
	signed := signToken(t, w.key(), w.tenant(second).SystemUserToken, w.clock.now())
	envelope := soapRequest(signed, w.ready.ClientSecret, second)
	fitsSchema(t, []byte(envelope)) // else the test's own idea of the WSDL is wrong
	for _, headers := range [][]string{nil, {"SOAPAction", soapAction}, {"Content-Type", "text/xml"}} {
		status, a := w.soap(envelope, headers...)
		if status != http.StatusOK || a.Body.Response == nil || !a.Body.Response.IsSuccessful || !a.Body.Response.ErrorMessage.Nil {
			t.Fatalf("with the headers %v: %d %+v", headers, status, a.Body.Fault)
		}
		claims := w.claims(a.Body.Response.Token.Text)
		if claims["aud"] != "spn:"+w.tenant(second).Serial || claims[prefix+"ctx"] != second {
			t.Errorf("the token is for %v, of %v", claims["aud"], claims[prefix+"ctx"])
		}
		if a := w.service(http.MethodGet, second, "User/currentPrincipal", "", w.ticket(claims)); a.status != http.StatusOK {
			t.Errorf("the ticket: %d %s", a.status, a.body)
		}
	}
	if n := w.counted(second).Exchanges; n != 3 {
		t.Errorf("%d exchanges were counted", n)
	}
}

// What the schema leaves to the writer, the service must not mind.
func TestSOAPTakesEveryWayOfWriting(t *testing.T) {
	w := newWorld(t)
	signed := signToken(t, w.key(), w.tenant(first).SystemUserToken, w.clock.now())
	plain := soapRequest(signed, w.ready.ClientSecret, first)
	header := plain[strings.Index(plain, "<h:App"):strings.Index(plain, "</s:Header>")]
	lines := strings.Split(strings.TrimSpace(header), "\n")
	for name, envelope := range map[string]string{
		"other prefixes":  strings.NewReplacer("<s:", "<env:", "</s:", "</env:", ":s=", ":env=", "<h:", "<u:", "</h:", "</u:", ":h=", ":u=").Replace(plain),
		"no declaration":  plain[strings.Index(plain, "<s:"):],
		"byte order mark": "\ufeff" + plain,
		"comments":        strings.Replace(plain, "<s:Header>", "<!-- a --><s:Header><!-- b -->", 1),
		"headers turned":  strings.Replace(plain, strings.TrimSpace(header), lines[1]+lines[0], 1),
		"must understand": strings.ReplaceAll(plain, "<h:ApplicationToken", `<h:ApplicationToken s:mustUnderstand="1"`),
		"cdata":           strings.Replace(plain, signed, "<![CDATA["+signed+"]]>", 1),
		"character":       strings.Replace(plain, signed, strings.Replace(signed, "P", "&#80;", 1), 1),
	} {
		if envelope == plain {
			t.Fatalf("%s: nothing was changed", name)
		}
		status, a := w.soap(envelope)
		if status != http.StatusOK || a.Body.Response == nil || !a.Body.Response.IsSuccessful {
			t.Errorf("%s: %d %+v %+v", name, status, a.Body.Fault, a.Body.Response)
		}
	}
}

func TestSOAPRefusals(t *testing.T) {
	w := newWorld(t)
	key, token, now := w.key(), w.tenant(first).SystemUserToken, w.clock.now()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good, mine := signToken(t, key, token, now), w.ready.ClientSecret
	for name, c := range map[string]struct{ envelope, want string }{
		"unknown tenant": {soapRequest(good, mine, "Cust1"), "4 (Denied)"},
		"other tenant":   {soapRequest(good, mine, second), "4 (Denied)"},
		"wrong secret":   {soapRequest(good, strings.Repeat("0", 32), first), "4 (Denied)"},
		"too old":        {soapRequest(signToken(t, key, token, now.Add(-10*time.Minute)), mine, first), "6 (InvalidTimestamp)"},
		"other key":      {soapRequest(signToken(t, stranger, token, now), mine, first), "7 (InvalidSignature)"},
		"no token":       {soapRequest("", mine, first), "7 (InvalidSignature)"},
		"nil token": {strings.Replace(soapRequest("", mine, first), "<SignedSystemToken>",
			`<SignedSystemToken xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true">`, 1), "7 (InvalidSignature)"},
		"SAML":          {strings.Replace(soapRequest(good, mine, first), "Jwt", "Saml", 1), "4 (Denied)"},
		"no token type": {strings.Replace(soapRequest(good, mine, first), "<ReturnTokenType>Jwt</ReturnTokenType>", "", 1), "4 (Denied)"},
		"odd text":      {soapRequest("&lt;&amp;\u00e6\u4f01", mine, first), "7 (InvalidSignature)"},
	} {
		status, a := w.soap(c.envelope)
		if status != http.StatusOK || a.Body.Response == nil {
			t.Errorf("%s: %d %+v", name, status, a.Body.Fault)
			continue
		}
		r := a.Body.Response
		if r.IsSuccessful || !r.Token.Nil || !strings.Contains(r.ErrorMessage.Text, "AuthorizeErrorCode "+c.want) {
			t.Errorf("%s: %v %q", name, r.IsSuccessful, r.ErrorMessage.Text)
		}
	}
	w.control("revoke", first, "")
	if _, a := w.soap(soapRequest(good, mine, first)); a.Body.Response == nil || !strings.Contains(a.Body.Response.ErrorMessage.Text, "1 (Revoked)") {
		t.Errorf("revoked: %+v %+v", a.Body.Fault, a.Body.Response)
	}
}

// An envelope that the WSDL does not describe is a fault, and nothing is exchanged.
func TestSOAPFaults(t *testing.T) {
	w := newWorld(t)
	good := soapRequest(signToken(t, w.key(), w.tenant(first).SystemUserToken, w.clock.now()), w.ready.ClientSecret, first)
	change := func(old, to string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("there is no %s to change", old)
		}
		return strings.ReplaceAll(good, old, to)
	}
	inHeader := func(s string) string { return change("</s:Header>", s+"</s:Header>") }
	for name, c := range map[string]struct{ envelope, code, says string }{
		"empty":                  {"", "Client", "no element"},
		"no XML":                 {"{}", "Client", "outside"},
		"cut short":              {good[:len(good)-20], "Client", "well-formed"},
		"two documents":          {good + "<more/>", "Client", "more than one"},
		"text behind":            {good + "more", "Client", "outside"},
		"a document type":        {change("<s:Envelope", `<!DOCTYPE x [<!ENTITY e "x">]><s:Envelope`), "Client", "document type"},
		"an entity":              {change("Jwt", "&e;"), "Client", "well-formed"},
		"an instruction":         {change("<s:Body>", "<?php x?><s:Body>"), "Client", "instruction"},
		"nested without an end":  {change("<s:Body>", "<s:Body>"+strings.Repeat("<x>", 5000)), "Client", "deep"},
		"SOAP 1.2":               {change("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"), "VersionMismatch", "SOAP 1.1"},
		"no envelope":            {change("s:Envelope", "s:Letter"), "Client", "no envelope"},
		"wrong namespace":        {change(partner+`">`+"\n", partner+"/\">\n"), "Client", "AuthenticationRequest"},
		"wrong header namespace": {change(`:h="`+partner, `:h="urn:other`), "Client", "ApplicationToken is unknown"},
		"no namespace":           {change(` xmlns="`+partner+`"`, ""), "Client", "AuthenticationRequest"},
		"no application token":   {change("ApplicationToken", "Token"), "Client", "Token is unknown"},
		"no headers":             {change("s:Header>", "s:Head>"), "Client", "Head"},
		"headers left out":       {good[:strings.Index(good, "<s:Header>")] + good[strings.Index(good, "</s:Header>")+len("</s:Header>"):], "Client", "ApplicationToken is missing"},
		"no context":             {inHeader("")[:strings.Index(good, "<h:Context")] + good[strings.Index(good, "</s:Header>"):], "Client", "ContextIdentifier is missing"},
		"header twice":           {inHeader(`<h:ContextIdentifier xmlns:h="` + partner + `">` + second + `</h:ContextIdentifier>`), "Client", "twice"},
		"unknown header":         {inHeader(`<x xmlns="urn:x"/>`), "Client", "unknown"},
		"to be understood":       {inHeader(`<x xmlns="urn:x" s:mustUnderstand="1"/>`), "MustUnderstand", "not understood"},
		"text in the header":     {inHeader("text"), "Client", "holds text"},
		"no body":                {good[:strings.Index(good, "<s:Body>")] + "</s:Envelope>", "Client", "no body"},
		"an empty body":          {good[:strings.Index(good, "<s:Body>")] + "<s:Body/></s:Envelope>", "Client", "no AuthenticationRequest"},
		"REST's JWT":             {change(">Jwt<", ">JWT<"), "Client", "neither Jwt nor Saml"},
		"signed token twice":     {change("<ReturnTokenType>", "<SignedSystemToken/><ReturnTokenType>"), "Client", "twice"},
		"wrong order":            {change("<SignedSystemToken>", "<ReturnTokenType>Jwt</ReturnTokenType><SignedSystemToken>"), "Client", "wrong place"},
		"an element too many":    {change("</AuthenticationRequest>", "<More/></AuthenticationRequest>"), "Client", "More"},
		"an element in the text": {change(">Jwt<", "><b/>Jwt<"), "Client", "where text belongs"},
		"an unknown attribute":   {change("<ReturnTokenType>", `<ReturnTokenType kind="x">`), "Client", "attribute kind"},
		"nil with a text": {change("<SignedSystemToken>",
			`<SignedSystemToken xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true">`), "Client", "is nil"},
	} {
		status, a := w.soap(c.envelope)
		if status != http.StatusInternalServerError || a.Body.Fault == nil {
			t.Errorf("%s: %d %+v", name, status, a.Body.Response)
			continue
		}
		if f := a.Body.Fault; !strings.HasSuffix(f.Code, ":"+c.code) || !strings.Contains(f.Text, c.says) {
			t.Errorf("%s: %s %q", name, f.Code, f.Text)
		}
	}
	for _, action := range []string{"", `""`, soapAction + "Response", `"` + soapAction, strings.ToLower(soapAction)} {
		if status, a := w.soap(good, "SOAPAction", action); status != http.StatusInternalServerError || a.Body.Fault == nil ||
			!strings.Contains(a.Body.Fault.Text, "SOAPAction") {
			t.Errorf("SOAPAction %s: %d", action, status)
		}
	}
}

func TestSOAPIsPlainXMLOfAModestSize(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"application/json", "application/soap+xml", "text/xml; charset=iso-8859-1", ""} {
		a := w.call(http.MethodPost, w.ready.BaseURL+soapPath, "<x/>", "Content-Type", kind, "SOAPAction", soapAction)
		if a.status != http.StatusUnsupportedMediaType {
			t.Errorf("Content-Type %q: %d", kind, a.status)
		}
	}
	huge := tooLarge(soapRequest("signed", w.ready.ClientSecret, first))
	a := w.call(http.MethodPost, w.ready.BaseURL+soapPath, huge, "Content-Type", "text/xml", "SOAPAction", soapAction)
	if a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too large a body: %d", a.status)
	}
	if a := w.call(http.MethodGet, w.ready.BaseURL+soapPath, ""); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
}

// Each form of the exchange writes the token type in its own way, and takes no other.
func TestRESTTakesJWTInCapitalsOnly(t *testing.T) {
	w := newWorld(t)
	signed := signToken(t, w.key(), w.tenant(first).SystemUserToken, w.clock.now())
	for kind, want := range map[string]bool{"JWT": true, "Jwt": false, "jwt": false, "": false} {
		a := w.call(http.MethodPost, w.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate",
			`{"SignedSystemToken":"`+signed+`","ApplicationToken":"`+w.ready.ClientSecret+`","ContextIdentifier":"`+first+
				`","ReturnTokenType":"`+kind+`"}`, "Content-Type", asJSON).object(t)
		if a["IsSuccessful"] != want {
			t.Errorf("%q: %v %v", kind, a["IsSuccessful"], a["ErrorMessage"])
		}
	}
}
