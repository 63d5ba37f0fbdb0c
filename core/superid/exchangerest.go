package superid

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"partnerdesk/core/secret"
)

// restPath is fixed by SuperOffice (docs.superoffice.com, "Partner system user REST API").
const restPath = "/Login/api/PartnerSystemUser/Authenticate"

// restExchange is the exchange as JSON.
type restExchange struct{}

func (restExchange) request(ctx context.Context, base string, q exchangeQuestion) (*http.Request, error) {
	body, err := json.Marshal(map[string]string{
		"SignedSystemToken": q.signed.Reveal(),
		"ApplicationToken":  q.applicationToken.Reveal(),
		"ContextIdentifier": q.contextID,
		"ReturnTokenType":   "JWT",
	})
	if err != nil {
		return nil, fmt.Errorf("%s: write the request: %w", opExchange, err)
	}
	return exchangeRequest(ctx, base+restPath, "application/json", body)
}

func (restExchange) read(body []byte) exchangeAnswer {
	var answer struct {
		IsSuccessful *bool
		Token        secret.Text
		ErrorMessage string
		Message      string // of the web server's own errors
	}
	if decode(body, &answer) != nil {
		return exchangeAnswer{foreign: "it is not the JSON that was expected"}
	}
	if answer.IsSuccessful == nil && answer.ErrorMessage != "" {
		no := false // nobody who succeeds says why not
		answer.IsSuccessful = &no
	}
	a := exchangeAnswer{verdict: answer.IsSuccessful, token: answer.Token, message: answer.ErrorMessage}
	if a.verdict == nil {
		a.message = answer.Message
	}
	return a
}
