package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// The faults that the strict code asks for by name.
const (
	faultNewSystemToken = "exchange-token-new-system-token"
	faultDeletedAs404   = "status-deleted-404"
)

// exchangeFaults are about the exchange's answer.
func exchangeFaults() []fault {
	at := []place{placeExchange}
	var rows []fault
	for _, code := range authorizeErrorCodes() {
		rows = append(rows, fault{
			name:   "exchange-refused-" + kebab(code.String()),
			about:  "The exchange is refused as " + code.String() + ", " + strconv.Itoa(int(code)) + ".",
			denied: refusedExchange(code, faultMessage),
		})
	}
	status := func(status int) func(*exchangeRefusal) {
		return func(e *exchangeRefusal) { e.status = status }
	}
	return append(rows,
		fault{name: "exchange-refused-unknown-reason", about: "The exchange is refused for a reason that no document names.",
			denied: &exchangeRefusal{message: "The request was not accepted: quota of system users exceeded (SO-4711)."}},
		fault{name: "exchange-refused-no-message", about: "The exchange is refused without a word.",
			denied: &exchangeRefusal{silent: true}},
		fault{name: "exchange-refusal-400", about: "Refusals of the exchange come with HTTP 400 instead of 200.", worded: status(http.StatusBadRequest)},
		fault{name: "exchange-refusal-401", about: "Refusals of the exchange come with HTTP 401 instead of 200.", worded: status(http.StatusUnauthorized)},
		fault{name: "exchange-refusal-403", about: "Refusals of the exchange come with HTTP 403 instead of 200.", worded: status(http.StatusForbidden)},
		fault{name: "exchange-refusal-500", about: "Refusals of the exchange come with HTTP 500 instead of 200.", worded: status(http.StatusInternalServerError)},
		fault{name: "exchange-refusal-number-only", about: "Refusals of the exchange say the reason's number only.",
			worded: func(e *exchangeRefusal) {
				if e.code != 0 {
					e.message = strconv.Itoa(int(e.code))
				}
			}},
		fault{name: "exchange-refusal-name-only", about: "Refusals of the exchange say the reason's name only.",
			worded: func(e *exchangeRefusal) {
				if e.code != 0 {
					e.message = e.code.String()
				}
			}},
		fault{name: "exchange-500", at: at, about: "The exchange answers 500.", wire: instead(http.StatusInternalServerError)},
		fault{name: "exchange-soap-fault", at: at, about: "The exchange by SOAP answers a SOAP Fault with HTTP 500; by REST it works.", wire: insteadSOAPFault},
		fault{name: "exchange-html", at: at, about: "The exchange answers a page, with HTTP 200.", wire: insteadHTML(http.StatusOK)},
		fault{name: "exchange-dropped", at: at, about: "The connection ends before the ticket is sent.", wire: afterwards(dropped)},
	)
}

// keyFaults are about the metadata and the key set.
func keyFaults() []fault {
	return []fault{
		{name: "metadata-500", everybody: true, at: []place{placeMetadata}, about: "The metadata answers 500.", wire: instead(http.StatusInternalServerError)},
		{name: "metadata-html", everybody: true, at: []place{placeMetadata}, about: "The metadata is a page, with HTTP 200.", wire: insteadHTML(http.StatusOK)},
		{name: "metadata-wrong-issuer", everybody: true, about: "The metadata's issuer ends in /login; the tokens' does not.",
			metadata: func(s *Sandbox, m map[string]any) { m["issuer"] = s.base + "/login" }},
		{name: "metadata-sparse", everybody: true, about: "The metadata holds only what must be there: issuer, authorize, tokens and keys.",
			metadata: func(_ *Sandbox, m map[string]any) {
				for name := range m {
					switch name {
					case "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri":
					default:
						delete(m, name)
					}
				}
			}},
		{name: "keys-500", everybody: true, at: []place{placeKeys}, about: "The key set answers 500.", wire: instead(http.StatusInternalServerError)},
		{name: "keys-empty", everybody: true, about: "The key set is empty.",
			keySet: func(*Sandbox, []map[string]any) ([]map[string]any, error) { return []map[string]any{}, nil }},
		{name: "keys-two-no-kid", everybody: true, about: "The key set holds two keys, and no token says which one signed it.",
			idToken: keyWithoutHint, exchanged: keyWithoutHint,
			keySet: func(s *Sandbox, keys []map[string]any) ([]map[string]any, error) {
				spare, err := s.keys.spare()
				if err != nil {
					return nil, err
				}
				return append([]map[string]any{spare.public()}, keys...), nil
			}},
		{name: "keys-old-kid", everybody: true, about: "The key set writes a key's kid in the old form, which is its x5t; the tokens' kid is the new one.",
			keySet: func(_ *Sandbox, keys []map[string]any) ([]map[string]any, error) {
				for _, key := range keys {
					key["kid"] = key["x5t"]
				}
				return keys, nil
			}},
		{name: "keys-foreign-kinds", everybody: true, about: "The key set also holds keys of other kinds, for other uses, and broken ones.",
			keySet: func(_ *Sandbox, keys []map[string]any) ([]map[string]any, error) {
				return append(foreignKeys(), keys...), nil
			}},
	}
}

// foreignKeys are entries that a client must pass over.
func foreignKeys() []map[string]any {
	return []map[string]any{
		{"kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": "an elliptic curve",
			"x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
		{"kty": "oct", "kid": "a shared secret", "k": "c2VjcmV0"},
		{"kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "kid": "for encryption", "n": "AQAB", "e": "AQAB"},
		{"kty": "RSA", "use": "sig", "kid": "broken", "n": "***", "e": ""},
		{"kty": "QUANTUM", "use": "sig", "kid": "of tomorrow"},
	}
}

// statusFaults are about the tenants' status.
func statusFaults() []fault {
	at := []place{placeStatus}
	drop := func(names ...string) func(*Sandbox, tenant, map[string]any) {
		return func(_ *Sandbox, _ tenant, m map[string]any) {
			for _, name := range names {
				delete(m, name)
			}
		}
	}
	return []fault{
		{name: "status-500", at: at, about: "The status answers 500.", wire: instead(http.StatusInternalServerError)},
		{name: "status-html", at: at, about: "The status is a page, with HTTP 200.", wire: insteadHTML(http.StatusOK)},
		{name: "status-404", at: at, about: "The status answers 404, as for a tenant that there is not.", wire: instead(http.StatusNotFound)},
		{name: "status-number", about: "The state comes as a number.",
			status: func(_ *Sandbox, _ tenant, m map[string]any) {
				if name, ok := m["State"].(string); ok {
					m["State"] = stateNumber(name)
				}
			}},
		{name: "status-new-state", about: "The state is one that no document names.",
			status: func(_ *Sandbox, _ tenant, m map[string]any) { m["State"], m["IsRunning"] = "Hibernating", false }},
		{name: "status-sparse", about: "The status has no Version and no Api: it is then Endpoint and /api.", status: drop("Version", "Api")},
		{name: "status-no-valid-until", about: "The status does not say how long it holds.", status: drop("ValidUntil")},
		{name: "status-valid-until-past", about: "The status says that it ended an hour ago.",
			status: func(s *Sandbox, _ tenant, m map[string]any) {
				m["ValidUntil"] = s.now().UTC().Add(-time.Hour).Format(sevenDigit)
			}},
		{name: "status-api-slash", about: "Api and Endpoint end in a slash.",
			status: func(s *Sandbox, t tenant, m map[string]any) {
				m["Endpoint"], m["Api"] = s.endpoint(t)+"/", s.endpoint(t)+"/api/"
			}},
		{name: "status-other-tenant", about: "The status is about another tenant than was asked for.",
			status: func(_ *Sandbox, t tenant, m map[string]any) { m["ContextIdentifier"] = t.Ctx + "0" }},
		{name: faultDeletedAs404, about: "A tenant whose state is Deleted answers 404 instead of its state."},
		{name: "status-unknown-tenant-200", everybody: true, about: "A tenant that there is not answers 200 with the state Unknown, instead of 404.",
			unknown: func(s *Sandbox, w http.ResponseWriter, ctx string) {
				s.answerJSON(w, http.StatusOK, map[string]any{"ContextIdentifier": ctx, "State": stateUnknown, "IsRunning": false})
			}},
		{name: "status-unknown-tenant-null", everybody: true, about: "A tenant that there is not answers 200 with null, instead of 404.",
			unknown: func(s *Sandbox, w http.ResponseWriter, _ string) { s.answerJSON(w, http.StatusOK, nil) }},
		{name: "status-unknown-tenant-400", everybody: true, about: "A tenant that there is not answers 400 with a message, instead of 404.",
			unknown: func(s *Sandbox, w http.ResponseWriter, _ string) {
				s.answerJSON(w, http.StatusBadRequest, map[string]string{"Message": "The context identifier is not valid."})
			}},
		{name: "status-unknown-tenant-empty", everybody: true, about: "A tenant that there is not answers 404 without a body.",
			unknown: func(_ *Sandbox, w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusNotFound) }},
		{name: "status-unknown-tenant-html", everybody: true, about: "A tenant that there is not answers 404 with a page.",
			unknown: func(_ *Sandbox, w http.ResponseWriter, _ string) { answerPage(w, http.StatusNotFound) }},
	}
}

// providerFaults strike the whole identity provider at once.
func providerFaults() []fault {
	everywhere := provider()
	return []fault{
		{name: "provider-slow", everybody: true, delayed: true, at: everywhere, about: "Metadata, keys, tokens, exchange and status keep the caller waiting.", wire: slow},
		{name: "provider-dropped", everybody: true, at: everywhere, about: "Metadata, keys, tokens, exchange and status hang up without an answer.", wire: dropped},
		{name: "provider-429", everybody: true, at: everywhere, about: "Metadata, keys, tokens, exchange and status answer 429, with Retry-After in seconds.",
			wire: waiting(retrySoon, false, instead(http.StatusTooManyRequests))},
		{name: "provider-500", everybody: true, at: everywhere, about: "Metadata, keys, tokens, exchange and status answer 500.", wire: instead(http.StatusInternalServerError)},
		{name: "provider-html", everybody: true, at: everywhere, about: "Metadata, keys, tokens, exchange and status are a page, with HTTP 200.", wire: insteadHTML(http.StatusOK)},
	}
}
