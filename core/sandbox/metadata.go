package sandbox

import "net/http"

// serveMetadata answers the discovery document. Its issuer is the base without /login, although the
// document lies under /login: the real service does it so.
func (s *Sandbox) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	metadata := map[string]any{
		"issuer":                                s.base,
		"authorization_endpoint":                s.base + pathAuthorize,
		"token_endpoint":                        s.base + pathTokens,
		"jwks_uri":                              s.base + pathJWKS,
		"end_session_endpoint":                  s.base + pathLogout,
		"revocation_endpoint":                   s.base + pathRevoke,
		"response_types_supported":              []string{"code", "id_token", "code id_token", "token id_token", "token"},
		"response_modes_supported":              []string{modeFormPost, "fragment", modeQuery},
		"scopes_supported":                      []string{"openid"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{algRS256},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"grant_types_supported":                 []string{grantCode, grantRefresh, "implicit"},
	}
	for _, f := range s.faults.on("") {
		if f.metadata != nil {
			f.metadata(s, metadata)
		}
	}
	s.answerJSON(w, http.StatusOK, metadata)
}

// serveKeys answers the key set.
func (s *Sandbox) serveKeys(w http.ResponseWriter, _ *http.Request) {
	keys, err := s.keys.set()
	for _, f := range s.faults.on("") {
		if f.keySet != nil && err == nil {
			keys, err = f.keySet(s, keys)
		}
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	s.answerJSON(w, http.StatusOK, map[string]any{"keys": keys})
}
