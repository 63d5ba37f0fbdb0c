package online

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"partnerdesk/core/tenant"
)

// Refusal is an answer of a tenant or of the status service that is not a success.
type Refusal struct {
	Status int
}

// Error returns the status with its name.
func (r *Refusal) Error() string {
	return fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status))
}

// StatusOf returns the HTTP status of the refusal in err's chain, and 0 where there is none: no whole answer
// came, or a 2xx that cannot be understood.
func StatusOf(err error) int {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Status
	}
	return 0
}

// NotCarriedOut reports whether err proves that the server did nothing: it answered with a refusal of the
// request itself (4xx). Everything else (no answer, half an answer, 5xx) leaves it open.
func NotCarriedOut(err error) bool {
	status := StatusOf(err)
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout
}

// refused makes the two texts for an answer that is not 2xx.
func refused(op string, res *http.Response, body []byte, now time.Time, explain explainer) error {
	r := &Refusal{Status: res.StatusCode}
	p := &tenant.Problem{Op: op, Err: r, Explanation: explain(r)}
	p.Server = quotation{contentType: res.Header.Get("Content-Type"), body: body, secrets: secretsOf(res.Request.Header)}.words()
	return tenant.WithRetryAfter(p, tenant.ParseRetryAfter(res.Header.Get("Retry-After"), now))
}

// explainer says for people what a refusal means where it came from.
type explainer func(*Refusal) tenant.Explanation

// byTenant explains what a tenant's web services refuse.
func byTenant(r *Refusal) tenant.Explanation {
	const refused = "The tenant refused the request."
	switch {
	case r.Status == http.StatusUnauthorized:
		return tenant.CauseCredentialRefused.Explain(refused, "", "")
	case r.Status == http.StatusForbidden:
		return tenant.CauseRightMissing.Explain(refused, "", "")
	case r.Status == http.StatusNotFound:
		return tenant.CauseTenantGone.Explain(refused, "There is nothing at this address.", "Check with the customer that the tenant still exists.")
	case r.Status == http.StatusMisdirectedRequest:
		return tenant.CauseTenantMoved.Explain(refused, "", "")
	case r.Status == http.StatusTooManyRequests:
		return tenant.CauseThrottled.Explain(refused, "", "")
	case r.Status >= 500:
		return tenant.CauseTenantFailed.Explain("The tenant is in trouble.", "", "")
	case r.Status >= 300 && r.Status < 400:
		return tenant.CauseTenantRefused.Explain(refused,
			"It answered with a redirect, which a request with a credential does not follow.", "Check the environment's address.")
	}
	return tenant.CauseTenantRefused.Explain(refused, "", "")
}

// byStatusService explains what the service that knows all tenants of ctxID's environment refuses. It belongs
// to the provider: when it is in trouble, no tenant is to blame. SuperOffice does not document what it answers
// for a tenant that is gone; 404 is the likeliest.
func byStatusService(ctxID string) explainer {
	return func(r *Refusal) tenant.Explanation {
		what := "SuperOffice does not tell the state of the tenant " + ctxID + "."
		switch {
		case r.Status == http.StatusNotFound || r.Status == http.StatusGone:
			return tenant.CauseTenantGone.Explain("SuperOffice does not know the tenant "+ctxID+".", "",
				"Remove it here, or sign in again in the right environment.")
		case r.Status == http.StatusTooManyRequests || r.Status >= 500:
			return tenant.CauseProviderFailed.Explain(what, "", "")
		case r.Status >= 300 && r.Status < 400:
			return tenant.CauseAddress.Explain(what, "Its address answered with a redirect to another one.", "")
		}
		return tenant.CauseTenantRefused.Explain(what, "", "")
	}
}
