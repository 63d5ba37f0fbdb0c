package superid

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func testTenant() tenant.Tenant {
	return tenant.Tenant{Key: tenant.Key{Registration: "test", ContextID: "Cust12345"}, Serial: "1801550193",
		SystemUserToken: secret.New(testSystemToken)}
}

// exchange carries out the tutorial's steps 8 and 9: it asks for a ticket and validates the answer.
func exchange(ctx context.Context, c *Client, reg tenant.Registration, t tenant.Tenant) (Exchanged, error) {
	g, err := c.RequestTicket(ctx, reg, t)
	if err != nil {
		return Exchanged{Skew: g.Skew}, err
	}
	return c.ValidateTicket(ctx, reg, t, g)
}

// checkSigned verifies a signed system token as a server does: split from the right, as the token may
// hold dots.
func checkSigned(t *testing.T, signed string, key *rsa.PublicKey) (token, minute string) {
	t.Helper()
	last := strings.LastIndexByte(signed, '.')
	stamped, signature := signed[:last], signed[last+1:]
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(stamped))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], raw); err != nil {
		t.Error(err)
	}
	middle := strings.LastIndexByte(stamped, '.')
	return stamped[:middle], stamped[middle+1:]
}

func TestSignSystemUserToken(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 30, 59, 0, time.FixedZone("", 3600))
	signed, err := SignSystemUserToken(secret.New(testSystemToken), appKey(), at)
	if err != nil {
		t.Fatal(err)
	}
	token, minute := checkSigned(t, signed.Reveal(), &appKey().PublicKey)
	if token != testSystemToken || minute != "202512312330" {
		t.Errorf("signed %q at %s", token, minute)
	}
	if _, err := SignSystemUserToken(secret.Text{}, appKey(), at); !errors.Is(err, ErrNoSystemUser) {
		t.Errorf("nothing to sign: %v", err)
	}
	if _, err := SignSystemUserToken(secret.New("x"), nil, at); err == nil {
		t.Error("signed without a key")
	}
}

func TestExchange(t *testing.T) {
	f := newFake(t)
	f.claims = map[string]any{identity + "system_token": "Canary App v1.2-Renewed123"}
	f.exchange = func(w http.ResponseWriter, r *http.Request) {
		var sent map[string]string
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		token, minute := checkSigned(t, sent["SignedSystemToken"], &appKey().PublicKey)
		if token != testSystemToken || len(minute) != 12 || sent["ApplicationToken"] != testClientSecret ||
			sent["ContextIdentifier"] != "Cust12345" || sent["ReturnTokenType"] != "JWT" || len(sent) != 4 ||
			r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("request %v", r.Header)
		}
		writeJSON(w, map[string]any{"IsSuccessful": true, "Token": f.exchangeToken(), "ErrorMessage": nil})
	}
	x, err := exchange(context.Background(), newClient(t), f.registration(), testTenant())
	if err != nil {
		t.Fatal(err)
	}
	if x.Ticket.Reveal() != testTicket || x.Claims.ContextID != "Cust12345" || x.Claims.AssociateID != "7" ||
		len(x.Claims.All) == 0 || x.Claims.SystemUserToken.Reveal() != "Canary App v1.2-Renewed123" || x.Skew.Abs() > 2*time.Second {
		t.Errorf("got %+v", x)
	}
	var names []string
	for _, c := range x.Checks {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, ", "); got != "form, algorithm, key, signature, issuer, audience, expiry, not before, issued at, claims, tenant, ticket" {
		t.Errorf("checked: %s", got)
	}
	assertNoCanary(t, nil, x)
}

func TestAKeyThatWasReplacedSignsNoMore(t *testing.T) {
	f := newFake(t)
	signedBy := appKey()
	f.exchange = func(w http.ResponseWriter, r *http.Request) {
		var sent map[string]string
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		checkSigned(t, sent["SignedSystemToken"], &signedBy.PublicKey)
		writeJSON(w, map[string]any{"IsSuccessful": true, "Token": f.exchangeToken()})
	}
	c, first := newClient(t), f.registration()
	second := first
	second.PrivateKey = secret.New(pemText("PRIVATE KEY", pkcs8(otherKey())))
	for _, step := range []struct {
		reg tenant.Registration
		key *rsa.PrivateKey
	}{{first, appKey()}, {first, appKey()}, {second, otherKey()}, {first, appKey()}} {
		signedBy = step.key
		if _, err := exchange(context.Background(), c, step.reg, testTenant()); err != nil {
			t.Fatal(err)
		}
	}
	second.PrivateKey = secret.New("no key")
	if _, err := c.RequestTicket(context.Background(), second, testTenant()); !errors.Is(err, ErrKeyForm) {
		t.Errorf("with a text that is no key: %v", err)
	}
}

func TestExchangesAtOnceKeepTheirConnections(t *testing.T) {
	f := newFake(t)
	const crowd = 32
	var there sync.WaitGroup // so that each has a connection of its own
	var callers sync.Map     // by their address
	f.exchange = func(w http.ResponseWriter, r *http.Request) {
		callers.Store(r.RemoteAddr, true)
		there.Done()
		there.Wait()
		writeJSON(w, map[string]any{"IsSuccessful": true, "Token": f.exchangeToken()})
	}
	c := newClient(t)
	wave := func() {
		there.Add(crowd)
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				if _, err := exchange(context.Background(), c, f.registration(), testTenant()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	wave()
	wave()
	connections := 0
	callers.Range(func(any, any) bool { connections++; return true })
	if connections != crowd {
		t.Errorf("two crowds of %d took %d connections", crowd, connections)
	}
}

// refusalCase is an answer to an exchange that brings no ticket, and how it is explained.
type refusalCase struct {
	status  int
	body    string
	code    AuthorizeErrorCode
	refused bool // by the service itself
	server  string
	cause   tenant.Cause
}

// check demands that an exchange by the registration's protocol ends so, and is not repeated.
func (row refusalCase) check(t *testing.T, f *fake, reg tenant.Registration, path string) {
	t.Helper()
	x, err := exchange(context.Background(), newClient(t), reg, testTenant())
	e := explained(t, err)
	if e.Cause != row.cause || (row.server != "" && e.Server != row.server) {
		t.Errorf("%+v", e)
	}
	var refusal *ExchangeRefusal
	if errors.As(err, &refusal) != row.refused || row.refused && (refusal.Code != row.code || refusal.Status != row.status) {
		t.Errorf("refusal %+v of %v", refusal, err)
	}
	if !x.Ticket.Empty() {
		t.Error("a ticket came with the refusal")
	}
	assertNoCanary(t, err, x)
	if f.count(path) != 1 {
		t.Error("the exchange was repeated")
	}
}

func TestExchangeIsRefused(t *testing.T) {
	refusal := func(message string) string {
		b, _ := json.Marshal(map[string]any{"IsSuccessful": false, "Token": nil, "ErrorMessage": message})
		return string(b)
	}
	rows := map[string]refusalCase{
		"200, by name":         {200, refusal("The token was refused: Revoked"), Revoked, true, "The token was refused: Revoked", tenant.CauseRevoked},
		"500, by name":         {500, refusal("NeedsReapproval"), NeedsReapproval, true, "NeedsReapproval", tenant.CauseReapproval},
		"401, by number":       {401, refusal("AuthorizeErrorCode: 7"), InvalidSignature, true, "AuthorizeErrorCode: 7", tenant.CauseSigningKey},
		"number alone":         {200, refusal("6"), InvalidTimestamp, true, "6", tenant.CauseClock},
		"number and name":      {200, refusal("4 (Denied)"), Denied, true, "4 (Denied)", tenant.CauseDenied},
		"number in brackets":   {200, refusal("Access refused (3)."), Expired, true, "Access refused (3).", tenant.CauseExpired},
		"redirect":             {200, refusal("InvalidRedirectUrl"), InvalidRedirectURL, true, "", tenant.CauseRedirectURI},
		"unknown reason":       {200, refusal("Ukjent grunn – «æøå» 500"), 0, true, "Ukjent grunn – «æøå» 500", tenant.CauseExchangeRefused},
		"unknown reason, 500":  {500, refusal("Database down"), 0, true, "Database down", tenant.CauseProviderFailed},
		"no reason":            {200, `{"IsSuccessful":false}`, 0, true, "", tenant.CauseExchangeRefused},
		"small letters":        {200, `{"isSuccessful":false,"errorMessage":"Denied"}`, Denied, true, "Denied", tenant.CauseDenied},
		"echoes secrets":       {200, refusal("Token " + testSystemToken + " of " + testClientSecret + " is Revoked"), Revoked, true, "Token [secret] of [secret] is Revoked", tenant.CauseRevoked},
		"web server's error":   {500, `{"Message":"An error has occurred."}`, 0, false, "An error has occurred.", tenant.CauseProviderFailed},
		"html":                 {502, "<html>Bad Gateway</html>", 0, false, "", tenant.CauseProviderFailed},
		"nothing":              {503, "", 0, false, "", tenant.CauseProviderFailed},
		"not there":            {404, "", 0, false, "", tenant.CauseAddress},
		"not logged in":        {401, `{"Message":"Authorization has been denied for this request."}`, 0, false, "Authorization has been denied for this request.", tenant.CauseAnswerUnusable},
		"slow down":            {429, "", 0, false, "", tenant.CauseProviderFailed},
		"success without all":  {200, `{}`, 0, false, "", tenant.CauseAnswerUnusable},
		"success, no token":    {200, `{"IsSuccessful":true,"Token":""}`, 0, false, "", tenant.CauseAnswerUnusable},
		"success as text":      {200, `{"IsSuccessful":"true","Token":"x"}`, 0, false, "", tenant.CauseAnswerUnusable},
		"a list":               {200, `[]`, 0, false, "", tenant.CauseAnswerUnusable},
		"null":                 {200, `null`, 0, false, "", tenant.CauseAnswerUnusable},
		"more than a megabyte": {200, `{"Token":"` + strings.Repeat("x", maxAnswer) + `"}`, 0, false, "", tenant.CauseAnswerUnusable},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.exchange = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.body)
			}
			row.check(t, f, f.registration(), restPath)
		})
	}
}

func TestTheClockIsNamedWhenTheTimestampIsRefused(t *testing.T) {
	f := newFake(t)
	f.exchange = func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"IsSuccessful": false, "ErrorMessage": "InvalidTimestamp"})
	}
	c := New(Options{Now: func() time.Time { return time.Now().Add(17 * time.Minute) }})
	defer c.Close()
	x, err := exchange(context.Background(), c, f.registration(), testTenant())
	if e := explained(t, err); e.Cause != tenant.CauseClock || !strings.Contains(e.Why, "ahead of the server's") || x.Skew > -16*time.Minute {
		t.Errorf("skew %s: %+v", x.Skew, e)
	}
}

func TestExchangedTokenIsValidated(t *testing.T) {
	for name, row := range map[string]struct {
		claims map[string]any
		want   error
	}{
		"SuperID's issuer":   {map[string]any{"iss": "https://sod.superoffice.com"}, ErrIssuer},
		"an app's audience":  {map[string]any{"aud": testClientID}, ErrAudience},
		"another's audience": {map[string]any{"aud": "spn:2"}, ErrAudience},
		"bare audience":      {map[string]any{"aud": "spn:", identity + "serial": nil}, ErrTenant},
		"another serial":     {map[string]any{"aud": "spn:2", identity + "serial": "2"}, ErrTenant},
		"another tenant":     {map[string]any{identity + "ctx": "Cust2"}, ErrTenant},
		"expired":            {map[string]any{"exp": 1}, ErrExpiry},
		"no ticket":          {map[string]any{identity + "ticket": nil}, ErrTicket},
		"ticket a number":    {map[string]any{identity + "ticket": 7}, ErrTicket},
		"ticket of lines":    {map[string]any{identity + "ticket": "7T:canary\r\nX: y"}, ErrTicket},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.claims = row.claims
			f.exchange = func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, map[string]any{"IsSuccessful": true, "Token": f.exchangeToken()})
			}
			x, err := exchange(context.Background(), newClient(t), f.registration(), testTenant())
			if !errors.Is(err, row.want) || !x.Ticket.Empty() || len(x.Checks) != 12 {
				t.Errorf("got %v, %+v", err, x)
			}
			explained(t, err)
			assertNoCanary(t, err, x)
		})
	}
}

func TestExchangeNeedsItsParts(t *testing.T) {
	f := newFake(t)
	full, whole := f.registration(), testTenant()
	without := func(change func(*tenant.Registration, *tenant.Tenant)) error {
		reg, at := full, whole
		change(&reg, &at)
		_, err := exchange(context.Background(), newClient(t), reg, at)
		explained(t, err)
		return err
	}
	if err := without(func(_ *tenant.Registration, t *tenant.Tenant) { t.SystemUserToken = secret.Text{} }); !errors.Is(err, ErrNoSystemUser) {
		t.Errorf("no token: %v", err)
	}
	if err := without(func(r *tenant.Registration, _ *tenant.Tenant) { r.ClientSecret = secret.Text{} }); !errors.Is(err, ErrRegistration) {
		t.Errorf("no secret: %v", err)
	}
	if err := without(func(r *tenant.Registration, _ *tenant.Tenant) { r.PrivateKey = secret.Text{} }); !errors.Is(err, ErrRegistration) {
		t.Errorf("no key: %v", err)
	}
	if err := without(func(r *tenant.Registration, _ *tenant.Tenant) { r.PrivateKey = secret.New("canary") }); !errors.Is(err, ErrKeyForm) {
		t.Errorf("a broken key: %v", err)
	}
	if err := without(func(r *tenant.Registration, _ *tenant.Tenant) { r.Base = "http://sod.superoffice.com" }); !errors.Is(err, ErrRegistration) {
		t.Errorf("no https: %v", err)
	}
	if len(f.requests) != 0 {
		t.Errorf("something was sent: %v", f.requests)
	}
}

func TestExchangeIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := newFake(t)
	f.exchange = func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	_, err := exchange(ctx, newClient(t), f.registration(), testTenant())
	if !errors.Is(err, ErrCancelled) {
		t.Errorf("got %v", err)
	}
}

func TestFindAuthorizeError(t *testing.T) {
	for words, want := range map[string]AuthorizeErrorCode{
		"":                                    0,
		"HTTP status code 500":                0,
		"Expired":                             Expired,
		"the consent has been revoked":        Revoked,
		"1":                                   Revoked,
		"5: the app has changed":              NeedsReapproval,
		"Error code = 2":                      InvalidRedirectURL,
		"8":                                   0,
		"Code 12":                             0,
		"Denied: InvalidSignature":            InvalidSignature,
		"Tenant Cust1 has 3 databases":        0,
		"invalidtimestamp":                    InvalidTimestamp,
		"Unexpired things are not Deniedness": 0,
	} {
		if got := findAuthorizeError(words); got != want {
			t.Errorf("%q: %v, want %v", words, got, want)
		}
	}
}
