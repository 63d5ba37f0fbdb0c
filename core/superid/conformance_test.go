package superid

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// conformanceCase is one sign-in with a provider that behaves as a line of OpenID's conformance profile for
// relying parties says, or as an attacker would.
type conformanceCase struct {
	provider func(f *fake)
	// want is the step's sentinel and cause; nil means that the sign-in must succeed.
	want  error
	cause tenant.Cause
	// sent looks at what the provider got.
	sent func(t *testing.T, f *fake)
}

// TestRelyingPartyConformance carries each line out with the real sign-in over real HTTP. The names that
// begin with rp are those of the OpenID Foundation's relying party tests (openid.net/certification/rp_testing)
// for the code flow; the lines about userinfo, request objects and dynamic registration have no counterpart
// at SuperOffice.
func TestRelyingPartyConformance(t *testing.T) {
	for name, row := range merged(profileCases(), keyCases(), tokenCases(), attackCases()) {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			if row.provider != nil {
				row.provider(f)
			}
			signedIn(t, f, newClient(t), row)
			if row.sent != nil {
				row.sent(t, f)
			}
		})
	}
}

// signedIn demands of one sign-in what the row says, and that a refused one leaves nothing behind.
func signedIn(t *testing.T, f *fake, c *Client, row conformanceCase) {
	t.Helper()
	accepted := false
	s, page, err := signInWith(context.Background(), c, f.registration(), SignInRequest{
		Accept: func(context.Context, SignedIn) error { accepted = true; return nil },
	})
	if row.want == nil {
		if err != nil || !accepted {
			t.Fatalf("refused: %v", err)
		}
		checkSuccessPage(t, page)
		return
	}
	if !errors.Is(err, row.want) {
		t.Fatalf("got %v, want %v", err, row.want)
	}
	if e := explained(t, err); e.Cause != row.cause {
		t.Errorf("cause %s, want %s: %+v", e.Cause, row.cause, e)
	}
	if accepted || !s.AccessToken.Empty() || !s.RefreshToken.Empty() || s.Claims.Subject != "" || s.Claims.ContextID != "" {
		t.Errorf("something was accepted: %+v", s)
	}
	if strings.Contains(page.body, "signed in to") {
		t.Errorf("the browser was told of success: %s", page.body)
	}
	assertNoCanary(t, err, s, page.body)
}

// merged puts tables together, and refuses two rows of one name.
func merged(tables ...map[string]conformanceCase) map[string]conformanceCase {
	all := map[string]conformanceCase{}
	for _, table := range tables {
		for name, row := range table {
			if _, twice := all[name]; twice {
				panic("two rows are called " + name)
			}
			all[name] = row
		}
	}
	return all
}

func claims(changes map[string]any) func(*fake) { return func(f *fake) { f.claims = changes } }

func metadataSays(changes map[string]any) func(*fake) {
	return func(f *fake) { f.metadata = changes }
}

// profileCases are the lines about requests and discovery.
func profileCases() map[string]conformanceCase {
	return map[string]conformanceCase{
		"rp-response_type-code": {sent: func(t *testing.T, f *fake) {
			if f.pending.Get("response_type") != "code" || f.form.Get("grant_type") != "authorization_code" || f.form.Get("code") != testCode {
				t.Errorf("asked for %v, exchanged %v", f.pending["response_type"], f.form["grant_type"])
			}
		}},
		"rp-scope-openid": {sent: func(t *testing.T, f *fake) {
			if f.pending.Get("scope") != "openid" {
				t.Errorf("scope %q", f.pending.Get("scope"))
			}
		}},
		"rp-token_endpoint-client_secret_post": {
			provider: metadataSays(map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_post"}}),
			sent: func(t *testing.T, f *fake) {
				if f.form.Get("client_id") != testClientID || f.form.Get("client_secret") != testClientSecret || f.basic != "" {
					t.Errorf("secret in the body: %v, in the header: %v", f.form.Has("client_secret"), f.basic != "")
				}
			}},
		"rp-token_endpoint-client_secret_basic": {
			provider: metadataSays(map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}),
			sent: func(t *testing.T, f *fake) {
				want := "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(testClientID)+":"+url.QueryEscape(testClientSecret)))
				if f.form.Has("client_secret") || f.basic != want {
					t.Errorf("secret in the body: %v, right header: %v", f.form.Has("client_secret"), f.basic == want)
				}
			}},
		"rp-discovery-openid-configuration": {
			// The endpoints lie where only the metadata says.
			provider: func(f *fake) {
				f.Config.Handler = moved(f)
				f.metadata = map[string]any{"authorization_endpoint": f.URL + "/elsewhere/login/common/oauth/authorize",
					"token_endpoint": f.URL + "/elsewhere/login/common/oauth/tokens", "jwks_uri": f.URL + "/elsewhere/login/.well-known/jwks"}
			},
			sent: func(t *testing.T, f *fake) {
				if f.count(metadataAt) != 1 || f.count(keysAt) != 1 {
					t.Errorf("requests %v", f.requests)
				}
			}},
		"rp-discovery-jwks_uri-keys": {sent: func(t *testing.T, f *fake) {
			if f.count(keysAt) != 1 {
				t.Errorf("the key set was read %d times", f.count(keysAt))
			}
		}},
		"rp-discovery-issuer-not-matching-config": {
			provider: metadataSays(map[string]any{"issuer": "https://another.example"}),
			want:     ErrIssuer, cause: tenant.CauseAddress,
			sent: func(t *testing.T, f *fake) {
				if f.pending != nil || f.form != nil {
					t.Error("the person or the code went there all the same")
				}
			}},
		"discovery: the issuer with /login": {
			provider: func(f *fake) { f.metadata = map[string]any{"issuer": f.URL + "/login"} }, want: ErrMetadata, cause: tenant.CauseAddress},
	}
}

// keyCases are the lines about the provider's keys.
func keyCases() map[string]conformanceCase {
	noName := map[string]any{"kid": nil, "x5t": nil}
	return map[string]conformanceCase{
		"rp-id_token-bad-sig-rs256":          {provider: func(f *fake) { f.signer = otherKey() }, want: ErrSignature, cause: tenant.CauseTokenRefused},
		"rp-id_token-kid-absent-single-jwks": {provider: func(f *fake) { f.header = over(f.header, noName) }},
		"rp-id_token-kid-absent-multiple-jwks": {provider: func(f *fake) {
			f.keys = append(f.keys, jwk(otherKey()))
			f.header = over(f.header, noName)
		}, want: ErrKey, cause: tenant.CauseKeyUnknown},
		"a kid that the key set does not have": {provider: func(f *fake) {
			f.keys = append(f.keys, jwk(otherKey()))
			f.header = over(f.header, map[string]any{"kid": "another", "x5t": nil})
		}, want: ErrKey, cause: tenant.CauseKeyUnknown},
		"a new key before the key set has it": {provider: func(f *fake) {
			next := jwk(otherKey())
			f.signer = otherKey()
			f.header = over(f.header, map[string]any{"kid": next["kid"], "x5t": next["x5t"]})
		}, want: ErrKey, cause: tenant.CauseKeyUnknown},
		"matched by x5t only": {provider: func(f *fake) {
			f.keys = append([]map[string]any{jwk(otherKey())}, f.keys...)
			f.header = over(f.header, map[string]any{"kid": nil})
		}},
		"kid in the old form": {provider: func(f *fake) {
			old := over(jwk(f.signer), map[string]any{"x5t": nil, "x5c": nil})
			old["kid"] = f.header["x5t"]
			f.keys = []map[string]any{jwk(otherKey()), old}
		}},
		"token with the old form of kid": {provider: func(f *fake) {
			f.keys = append(f.keys, jwk(otherKey()))
			f.header = over(f.header, map[string]any{"kid": f.header["x5t"], "x5t": nil})
		}},
		"the key set is gone": {provider: func(f *fake) { f.metadata = map[string]any{"jwks_uri": f.URL + "/none"} },
			want: ErrKey, cause: tenant.CauseAddress},
	}
}

// tokenCases are the lines about the id token's claims.
func tokenCases() map[string]conformanceCase {
	return map[string]conformanceCase{
		"rp-nonce-invalid":            {provider: claims(map[string]any{"nonce": "canary"}), want: ErrNonce, cause: tenant.CauseTokenRefused},
		"nonce absent":                {provider: claims(map[string]any{"nonce": nil}), want: ErrNonce, cause: tenant.CauseTokenRefused},
		"rp-id_token-issuer-mismatch": {provider: claims(map[string]any{"iss": "https://another.example"}), want: ErrIssuer, cause: tenant.CauseTokenRefused},
		"rp-id_token-sub":             {provider: claims(map[string]any{"sub": nil}), want: ErrSubject, cause: tenant.CauseTokenRefused},
		"rp-id_token-aud":             {provider: claims(map[string]any{"aud": "another"}), want: ErrAudience, cause: tenant.CauseOtherApp},
		"aud of several without azp":  {provider: claims(map[string]any{"aud": []string{testClientID, "another"}}), want: ErrAudience, cause: tenant.CauseOtherApp},
		"azp of another":              {provider: claims(map[string]any{"azp": "another"}), want: ErrAudience, cause: tenant.CauseOtherApp},
		"aud of several with azp":     {provider: claims(map[string]any{"aud": []string{testClientID, "another"}, "azp": testClientID})},
		"rp-id_token-iat":             {provider: claims(map[string]any{"iat": nil}), want: ErrIssuedAt, cause: tenant.CauseTokenRefused},
		"iat in the future":           {provider: claims(map[string]any{"iat": 4e9}), want: ErrIssuedAt, cause: tenant.CauseTokenTimes},
		"expired":                     {provider: claims(map[string]any{"exp": 1e9}), want: ErrExpiry, cause: tenant.CauseTokenTimes},
		"not valid yet":               {provider: claims(map[string]any{"nbf": 4e9}), want: ErrNotBefore, cause: tenant.CauseTokenTimes},
		`"aud":[1]`:                   {provider: claims(map[string]any{"aud": []int{1}}), want: ErrAudience, cause: tenant.CauseTokenRefused},
		"iss a list":                  {provider: claims(map[string]any{"iss": []string{"x"}}), want: ErrIssuer, cause: tenant.CauseTokenRefused},
		"exp as text":                 {provider: claims(map[string]any{"exp": "4000000000"}), want: ErrExpiry, cause: tenant.CauseTokenRefused},
		"sub a number":                {provider: claims(map[string]any{"sub": 1}), want: ErrSubject, cause: tenant.CauseTokenRefused},
		"serial that is no number":    {provider: claims(map[string]any{identity + "serial": "1.5"}), want: ErrClaims, cause: tenant.CauseTokenRefused},
		"associateid an object":       {provider: claims(map[string]any{identity + "associateid": map[string]any{}}), want: ErrClaims, cause: tenant.CauseTokenRefused},
		"is_administrator as yes":     {provider: claims(map[string]any{identity + "is_administrator": "yes"}), want: ErrClaims, cause: tenant.CauseTokenRefused},
	}
}

// attackCases are what an attacker would send (RFC 8725 section 2).
func attackCases() map[string]conformanceCase {
	// sends puts a token in the place of the honest one, made of its header and claims.
	sends := func(make func(f *fake, header, claims map[string]any) string) func(*fake) {
		return func(f *fake) {
			f.token = func(w http.ResponseWriter, _ *http.Request) {
				honest := map[string]any{}
				if err := unmarshalPart(f.idToken(), &honest); err != nil {
					f.t.Error(err)
				}
				writeJSON(w, map[string]any{"access_token": testAccess, "token_type": "Bearer", "refresh_token": testRefresh,
					"id_token": make(f, f.header, honest)})
			}
		}
	}
	return map[string]conformanceCase{
		"rp-id_token-sig-none": {provider: sends(func(_ *fake, h, c map[string]any) string {
			return encode(mustJSON(over(h, map[string]any{"alg": "none"}))) + "." + encode(mustJSON(c)) + "."
		}), want: ErrAlgorithm, cause: tenant.CauseTokenRefused},
		"HS256 with the public key": {provider: sends(func(f *fake, h, c map[string]any) string {
			signed := encode(mustJSON(over(h, map[string]any{"alg": "HS256"}))) + "." + encode(mustJSON(c))
			public, err := x509.MarshalPKIXPublicKey(&f.signer.PublicKey)
			if err != nil {
				f.t.Error(err)
			}
			mac := hmac.New(sha256.New, []byte(pemText("PUBLIC KEY", public)))
			mac.Write([]byte(signed))
			return signed + "." + encode(mac.Sum(nil))
		}), want: ErrAlgorithm, cause: tenant.CauseTokenRefused},
		"crit": {provider: func(f *fake) { f.header["crit"] = []string{"exp"} }, want: ErrForm, cause: tenant.CauseTokenRefused},
		"a key in the header": {provider: sends(func(_ *fake, h, c map[string]any) string {
			own := jwk(otherKey())
			return signJWT(otherKey(), over(h, map[string]any{"jwk": own, "x5c": own["x5c"], "jku": "https://evil.example/keys", "x5u": "https://evil.example/cert"}), c)
		}), want: ErrSignature, cause: tenant.CauseTokenRefused},
		"claims twice": {provider: sends(func(f *fake, h, c map[string]any) string {
			return rawClaims(`,"sub":"eve@example.com"}`)(f, h, c)
		}), want: ErrForm, cause: tenant.CauseTokenRefused},
		"header twice": {provider: sends(func(f *fake, h, c map[string]any) string {
			header := strings.TrimSuffix(string(mustJSON(h)), "}") + `,"alg":"RS256"}`
			return signRaw(f.signer, []byte(header), mustJSON(c))
		}), want: ErrForm, cause: tenant.CauseTokenRefused},
		"claims changed after signing": {provider: sends(func(f *fake, h, c map[string]any) string {
			parts := strings.Split(signJWT(f.signer, h, c), ".")
			return parts[0] + "." + encode(mustJSON(over(c, map[string]any{identity + "ctx": "Cust99999"}))) + "." + parts[2]
		}), want: ErrSignature, cause: tenant.CauseTokenRefused},
		"the exchange's token as id token": {provider: sends(func(f *fake, _, _ map[string]any) string {
			return f.exchangeToken()
		}), want: ErrIssuer, cause: tenant.CauseTokenRefused},
		// The whole answer is bounded, so that so large a token is not even decoded.
		"a token of 2 MB":   {provider: claims(map[string]any{"x": strings.Repeat("x", 2<<20)}), want: ErrAnswer, cause: tenant.CauseAnswerUnusable},
		"a token of 500 KB": {provider: claims(map[string]any{"x": strings.Repeat("x", 375<<10)}), want: ErrForm, cause: tenant.CauseTokenRefused},
	}
}

// TestKeyRotationDuringSignIns is rp-key-rotation-op-sign-key: the provider signs with a new key between
// two sign-ins of one client.
func TestKeyRotationDuringSignIns(t *testing.T) {
	t.Run("rp-key-rotation-op-sign-key", func(t *testing.T) {
		f := newFake(t)
		c := newClient(t)
		signedIn(t, f, c, conformanceCase{})
		next := jwk(otherKey())
		f.setKeys(next)
		f.signer, f.header["kid"], f.header["x5t"] = otherKey(), next["kid"], next["x5t"]
		signedIn(t, f, c, conformanceCase{})
		if f.count(keysAt) != 2 {
			t.Errorf("the key set was read %d times, want once for each key", f.count(keysAt))
		}
	})
}

// moved serves everything but the metadata under another path.
func moved(f *fake) http.Handler {
	elsewhere := http.StripPrefix("/elsewhere", http.HandlerFunc(f.serve))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == metadataAt {
			f.serve(w, r)
			return
		}
		elsewhere.ServeHTTP(w, r)
	})
}

// TestAHugeTokenIsRefusedBeforeItIsDecoded: the size decides alone, also where no answer's bound stands
// before it.
func TestAHugeTokenIsRefusedBeforeItIsDecoded(t *testing.T) {
	huge := secret.New(strings.Repeat("a", 1<<20) + "." + strings.Repeat("b", 1<<20) + ".c")
	allocated := testing.AllocsPerRun(10, func() {
		_, err := knownKeys("https://sod.superoffice.com", &providerKey().PublicKey).validate(context.Background(), "", huge, expectation{})
		if !errors.Is(err, ErrForm) || !strings.Contains(err.Error(), "2048 KB") {
			t.Errorf("got %v", err)
		}
	})
	if allocated > 200 {
		t.Errorf("%v allocations for a token that is refused by its size", allocated)
	}
}
