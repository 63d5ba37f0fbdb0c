package journal_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnerdesk/core/journal"
	"partnerdesk/core/secret"
)

const (
	canaryTicket = "7T:NQBjAGEAbgBhAHIAeQA7ADEAMgA7AEMAdQBzAHQA=="
	canaryAccess = "8A:Cust12345.AWMl9wpc+7Vx/canary=="
	canaryUser   = "Demo App 2.0-cAn4rYt0kN"
	canarySigned = canaryUser + ".202511021530.c2lnbmF0dXJl+Y2FuYXJ5/AA=="
	canarySecret = "0123456789abcdefcanary9876543210"
)

var canaryJWT = jwt(`{"alg":"RS256"}`, `{"sub":"canary","ctx":"Cust12345"}`, "c2lnbmF0dXJlLWNhbmFyeQ")

func jwt(header, payload, signature string) string {
	b := base64.RawURLEncoding
	return b.EncodeToString([]byte(header)) + "." + b.EncodeToString([]byte(payload)) + "." + signature
}

// secretTexts are texts and the part of each that must not be seen.
func secretTexts(t testing.TB) map[string][2]string {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	block := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	inside := strings.Split(block, "\n")[3]
	quotedBlock, _ := json.Marshal(block)
	d := base64.StdEncoding.EncodeToString(key.D.Bytes())
	xml := "<RSAKeyValue><Modulus>" + base64.StdEncoding.EncodeToString(key.N.Bytes()) +
		"</Modulus><Exponent>AQAB</Exponent><D>" + d + "</D></RSAKeyValue>"
	quotedXML, _ := json.Marshal(xml)
	ticketHex := canaryTicket[3:]
	return map[string][2]string{
		"ticket":                  {"use " + canaryTicket + " now", ticketHex},
		"ticket in a URL":         {"https://h/x?a=1&b=" + url.QueryEscape(canaryTicket) + "&c=2", "NQBjAGEAbgBh"},
		"ticket after an escape":  {`\n` + canaryTicket, ticketHex},
		"access token":            {"got " + canaryAccess, "AWMl9wpc"},
		"access token, query":     {"x=" + url.QueryEscape(canaryAccess), "AWMl9wpc"},
		"JWT":                     {"token is " + canaryJWT + ".", "c2lnbmF0dXJl"},
		"JWT payload":             {"token is " + canaryJWT + ".", strings.Split(canaryJWT, ".")[1]},
		"JWT without signature":   {strings.Join(strings.Split(canaryJWT, ".")[:2], "."), strings.Split(canaryJWT, ".")[1]},
		"PEM":                     {"key " + block + " end", inside},
		"PEM in JSON":             {string(quotedBlock), inside},
		"PEM, cut":                {block[:200], inside[:10]},
		"PEM, PKCS 8":             {strings.ReplaceAll(block, "RSA PRIVATE", "PRIVATE"), inside},
		"XML key":                 {"key " + xml + " end", d[:40]},
		"XML key in JSON":         {string(quotedXML), d[:40]},
		"XML key after its name":  {"<RSAKeyValue> wanted, not " + xml, d[:40]},
		"XML key, cut":            {xml[:len(xml)-20], d[:40]},
		"system user token":       {"token " + canaryUser + ", ok", "cAn4rYt0kN"},
		"system user token, end":  {canaryUser, "cAn4rYt0kN"},
		"system user token, URL":  {url.QueryEscape(canaryUser), "cAn4rYt0kN"},
		"signed token":            {"sent " + canarySigned + " off", "c2lnbmF0dXJl"},
		"signed token, letters":   {"App-abcdefghij.202511021530.c2lnbmF0dXJl", "abcdefghij"},
		"signed token, .NET JSON": {`{"x":"App-abcdefghi1.202511021530.AbCd\u002BEfGhIj\u002FKlMn=="}`, "EfGhIj"},
		"app token header":        {"SO-AppToken: " + canarySecret, canarySecret},
		"app token, Go header":    {fmt.Sprint(http.Header{"So-Apptoken": {canarySecret}, "X": {"y"}}), canarySecret},
		"app token, curl":         {`curl -H 'SO-AppToken: ` + canarySecret + `' https://h`, canarySecret},
		"client secret, form":     {"grant_type=x&client_secret=" + canarySecret + "&a=b", canarySecret},
		"client secret, JSON":     {`{"client_secret" : "` + canarySecret + `"}`, canarySecret},
		"client secret, quoted":   {`"{\"client_secret\":\"` + canarySecret + `\"}"`, canarySecret},
		"client secret, struct":   {"{ClientID:x ClientSecret:" + canarySecret + "}", canarySecret},
		"client secret, line":     {"client_secret = " + canarySecret, canarySecret},
		"code":                    {`Get "http://127.0.0.1:1/?code=c0de-canary&state=x": EOF`, "c0de-canary"},
		"state":                   {`Get "http://127.0.0.1:1/?code=x&state=st4te-canary": EOF`, "st4te-canary"},
		"state, HTML":             {"/?a=b&amp;state=st4te-canary&amp;c=d", "st4te-canary"},
		"state, JSON escape":      {`/?a=b\u0026state=st4te-canary\u0026c=d`, "st4te-canary"},
		"code, nested URL":        {"/?next=http%3A%2F%2Fh%2F%3Fcode%3Dc0de-canary%26x%3Dy&z=1", "c0de-canary"},
		"nonce":                   {"https://h/login?nonce=n0nce-canary", "n0nce-canary"},
		"nonce, JSON":             {`{"nonce":"n0nce-canary","iss":"x"}`, "n0nce-canary"},
		"verifier":                {"code_verifier=ver1fier-canary~.x", "ver1fier-canary"},
		"values, Go":              {fmt.Sprint(url.Values{"code_verifier": {"ver1fier-canary"}, "x": {"y"}}), "ver1fier-canary"},
		"refresh token":           {`"refresh_token":"refr3sh canary"`, "canary"},
		"refresh token, escape":   {`{"refresh_token":"quo\"te-canary"}`, "canary"},
		"access token, JSON":      {`{"access_token":"opaque-canary","expires_in":3600}`, "opaque-canary"},
		"id token, form":          {"id_token=opaque-canary", "opaque-canary"},
		"id token hint":           {"/logout?id_token_hint=opaque-canary&x", "opaque-canary"},
		"revocation":              {"token=opaque-canary&token_type_hint=refresh_token", "opaque-canary"},
		"SOAP":                    {`<a:ApplicationToken xmlns:a="u">` + canarySecret + `</a:ApplicationToken>`, canarySecret},
		"SOAP answer":             {`<Token>opaque-canary</Token>`, "opaque-canary"},
		"Authorization":           {"Authorization: Bearer opaque-canary x", "opaque-canary"},
		"Authorization, odd":      {"Authorization: opaque-canary", "opaque-canary"},
		"Authorization, Go":       {fmt.Sprint(http.Header{"Authorization": {"SOTicket opaque-canary"}}), "opaque-canary"},
		"Authorization, JSON":     {`{"authorization":["Bearer opaque-canary"]}`, "opaque-canary"},
		"Authorization, small":    {"authorization: bearer opaque-canary", "opaque-canary"},
		"Cookie":                  {"Cookie: a=opaque-canary; b=c", "opaque-canary"},
		"cookie, small":           {"set-cookie: a=opaque-canary; b=c", "opaque-canary"},
		"scheme alone":            {"header Bearer opaque.canary-0123456789", "opaque.canary"},
		"password in a URL":       {"dial https://user:opaque-canary@host/x", "opaque-canary"},
	}
}

func TestRedactHidesSecrets(t *testing.T) {
	for name, c := range secretTexts(t) {
		if !strings.Contains(c[0], c[1]) {
			t.Errorf("%s: the text does not hold its canary", name)
		}
		for _, text := range []string{c[0], "é " + c[0] + " ü", c[0] + "\n" + c[0], "\x1b[32m" + c[0] + "\x1b[0m"} {
			got := journal.Redact(text)
			if strings.Contains(got, c[1]) || !strings.Contains(got, secret.Mask) {
				t.Errorf("%s: %q became %q", name, text, got)
			}
			if again := journal.Redact(got); again != got {
				t.Errorf("%s: the second time, %q became %q", name, got, again)
			}
		}
	}
}

func TestRedactKeepsTheRest(t *testing.T) {
	for in, want := range map[string]string{
		"a " + canaryTicket + " b":                "a [secret] b",
		"x " + canaryUser + ".":                   "x Demo App 2.0-[secret].",
		"/?code=abcdefg&x=1#f":                    "/?code=[secret]&x=1#f",
		`{"access_token":"abcdefg","x":1}`:        `{"access_token":"[secret]","x":1}`,
		`"{\"nonce\":\"abc\",\"x\":1}"`:           `"{\"nonce\":\"[secret]\",\"x\":1}"`,
		"Authorization: Bearer abc to the tenant": "Authorization: [secret] to the tenant",
		"(" + canaryJWT + ")":                     "([secret])",
		"<Token>abc</Token><X>y</X>":              "<Token>[secret]</Token><X>y</X>",
	} {
		if got := journal.Redact(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

// innocents are texts that look a little like secrets and must stay as they are.
var innocents = []string{
	"", "Logged on to context Cust12345 as System User.", "interval=15s", "state=Running", `{"State":"Running"}`, "state: Running",
	"exit code=1", "status code: 404", "code=404", `{"code":500}`, "http://127.0.0.1:8080/x?y=z", "https://sod.superoffice.com/login/common/oauth/authorize?client_id=0123456789abcdef0123456789abcdef&response_type=code&scope=openid&code_challenge=abc&code_challenge_method=S256",
	"SuperId-1700000000", "Company SuperId-1700000000 created", "550e8400-e29b-41d4-a716-446655440000", "2025-11-02T15:04:05Z",
	"backup-2025-11-02T150405Z.age", "console-2006-01-02.2.jsonl", "Anne-Charlotte", "Smith-Johannesen and sons", "the Anti-Corruption-Act", "partner-administrator",
	"validate id token: nonce: mismatch", "parse token: unexpected end of input", `decode field "token": unexpected end`, "exchange code: invalid_grant",
	"authorization: denied by the administrator", "ticket: refused", "client_secret: missing", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
	"the file must begin with -----BEGIN PRIVATE KEY-----", "the key begins with <RSAKeyValue> and has no modulus", "it needs a Bearer token", "a bearer internationalization-standard",
	"RSAKeyValue", "eyJ", "eyJack.tar.gz", "7T: is the beginning", "fe80::8A:1234", "at 12:30: done", "grant_type=authorization_code", "zip code=0150",
	"mail to a@b.no: ok", "http://h:80/x@y", "key=value", "a - b - c", "100 %", "%3D", "%", "=", ":", "state=", "token=", `{"state":null,"token":{"x":1}}`, "v0.0.0-20240102092130-5ac0b6a4141c",
	"<Code>abc</Code>", "<p>state</p>", "næringsliv-ærfuglsæther1", "[secret]", "token=[secret]", "\xff\xfe-\x00", "Tenant-x", "token_type=Bearer", "expires_in=3600", "postcode=12345678",
}

func TestRedactLeavesInnocentTextAlone(t *testing.T) {
	for _, s := range innocents {
		for _, text := range []string{s, "x " + s, s + " y"} {
			if got := journal.Redact(text); got != text {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
}

func TestRedactHidesJoinedErrors(t *testing.T) {
	err := fmt.Errorf("sign in: %w", &url.Error{Op: "Get", URL: "http://h/?code=c0de-canary", Err: errors.New("EOF")})
	if got := journal.Redact(err.Error()); strings.Contains(got, "canary") || !strings.HasSuffix(got, "EOF") {
		t.Error(got)
	}
}

// TestRedactIsNotSlowedDown gives Redact texts on which looking again and again would take minutes.
func TestRedactIsNotSlowedDown(t *testing.T) {
	for _, part := range []string{
		"-----BEGIN PRIVATE KEY-----", "<RSAKeyValue>", "</RSAKeyValue>", "eyJ", "-eyJ", "eyJ.", "authorization:", "Authorization:", "code=\\", "\\", "\\\\\"", "7T:", "%3A",
		"@", "://a:@", ">", "<token>", "<", `"token":`, `"token":"`, "state=", "token=[", "Bearer ", "k", "App-abcdefghi1", "\x1b[31;", "m", "1m", "=", " :", "[secret]",
	} {
		for _, text := range []string{strings.Repeat(part, 128<<10/len(part)), "code=" + strings.Repeat(part, 128<<10/len(part)) + "/"} {
			if got := journal.Redact(text); len(got) > 9*len(text) {
				t.Errorf("%s: %d bytes", part, len(got))
			}
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range innocents {
		f.Add(s)
	}
	for _, c := range secretTexts(f) {
		f.Add(c[0])
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := journal.Redact(s); len(got) > 9*len(s)+9 {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func BenchmarkRedactInnocent(b *testing.B) {
	const text = "Logged on to the tenant as the system user; the ticket is good until 21:04."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		journal.Redact(text)
	}
}
