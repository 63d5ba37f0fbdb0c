package superid

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

const (
	opClient   = "check client id and client secret"
	whatClient = "SuperOffice does not take the app as it is registered here."
	whatBroken = "SuperOffice's token endpoint does not work."
	// noSuchToken stands in for a refresh token. It cannot be one, so nothing can come of the request.
	noSuchToken = "partnerdesk-doctor-no-such-refresh-token"
)

// ClientProof is how far an answer proves that the provider takes a client id with its secret.
type ClientProof struct {
	// Proven is true where the provider refused nothing but the made-up grant.
	Proven bool
	// Answer is the answer in a few words, for where it proves nothing: "HTTP status 400".
	Answer string
}

// CheckClient asks whether the provider takes the registration's client id and client secret, without a person
// and without a grant: it sends a refresh token that cannot be one. Who checks the client first (RFC 6749
// section 3.2.1 demands it before anything is granted) answers invalid_client where id and secret do not fit, and
// invalid_grant where they do. ErrClientRefused says that they do not. An answer that is neither proves nothing,
// and is no error. In which order SuperOffice checks is not documented, so the exchange is the better proof.
func (c *Client) CheckClient(ctx context.Context, reg tenant.Registration) (ClientProof, error) {
	m, err := c.metadata(ctx, baseOf(reg))
	if err != nil {
		return ClientProof{}, err
	}
	r, err := clientRequest(ctx, reg, m, m.TokenEndpoint, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {noSuchToken}})
	if err != nil {
		return ClientProof{}, unusableRegistration(opClient, "Its address is not usable.", "Correct the registration's address.")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return ClientProof{}, networkProblem(ctx, opClient, whatClient, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return ClientProof{}, networkProblem(ctx, opClient, whatClient, err)
	}
	proof, err := clientAnswer(resp.StatusCode, body, clientSecrets(reg)...)
	return proof, tenant.WithRetryAfter(err, c.retryAfter(resp))
}

// clientAnswer reads the body first, as for every other answer.
func clientAnswer(status int, body []byte, secrets ...secret.Text) (ClientProof, error) {
	var answer struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	known := json.Unmarshal(body, &answer) == nil && answer.Error != ""
	name := serverWords(answer.Error, secrets...)
	words := name
	if answer.Description != "" {
		words += ": " + serverWords(answer.Description, secrets...)
	}
	switch {
	case known && name == "invalid_grant":
		return ClientProof{Proven: true}, nil
	case known && (name == "invalid_client" || name == "unauthorized_client"):
		e := tenant.CauseClientRefused.Explain(whatClient, "", "")
		e.Server = words
		return ClientProof{}, &tenant.Problem{Op: opClient, Explanation: e, Err: fmt.Errorf("%w: HTTP status %d", ErrClientRefused, status)}
	case known && (name == "server_error" || name == "temporarily_unavailable"):
		e := tenant.CauseProviderFailed.Explain(whatBroken, "", nextLater)
		e.Server = words
		return ClientProof{}, &tenant.Problem{Op: opClient, Explanation: e, Err: fmt.Errorf("%w: HTTP status %d", ErrUnavailable, status)}
	case status == http.StatusTooManyRequests, status >= 500:
		return ClientProof{}, statusProblem(opClient, whatBroken, status, words)
	case known:
		return ClientProof{Answer: clip(name, 100)}, nil
	}
	return ClientProof{Answer: fmt.Sprintf("HTTP status %d", status)}, nil
}
