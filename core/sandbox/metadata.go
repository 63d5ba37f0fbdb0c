package sandbox

import (
	"encoding/base64"
	"math/big"
	"net/http"
)

// serveMetadata answers the discovery document. Its issuer is the base without /login, although the
// document lies under /login: the real service does it so.
func (s *Sandbox) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	s.answerJSON(w, http.StatusOK, map[string]any{
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
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"grant_types_supported":                 []string{grantCode, grantRefresh, "implicit"},
	})
}

// serveKeys answers the key set.
func (s *Sandbox) serveKeys(w http.ResponseWriter, _ *http.Request) {
	public := s.signer.key.PublicKey
	s.answerJSON(w, http.StatusOK, map[string]any{"keys": []map[string]any{{
		"kty": "RSA",
		"use": "sig",
		"alg": "RS256",
		"kid": s.signer.kid(),
		"x5t": s.signer.x5t(),
		"n":   base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		"e":   base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
		"x5c": []string{base64.StdEncoding.EncodeToString(s.signer.certificate)},
	}}})
}
