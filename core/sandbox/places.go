package sandbox

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// place is where on the wire a request arrives: what counters count by, and where faults of the wire act.
type place string

const (
	placeMetadata   place = "metadata"
	placeKeys       place = "keys"
	placeTokens     place = "tokens"
	placeRevoke     place = "revoke"
	placeExchange   place = "exchange"
	placeStatus     place = "status"
	placePrincipal  place = "principal"
	placeContactGet place = "contact get"
	placeSave       place = "save"
)

// services are the places of the tenants' web services.
func services() []place { return []place{placePrincipal, placeContactGet, placeSave} }

// provider are the places of the identity provider that programs ask, not people.
func provider() []place {
	return []place{placeMetadata, placeKeys, placeTokens, placeExchange, placeStatus}
}

// contextInBody finds the context identifier in the body of an exchange, whether it is JSON or XML.
var contextInBody = regexp.MustCompile(`ContextIdentifier(?:"\s*:\s*"|(?:\s[^<>]*)?>\s*)(\w+)`)

// errand is what a request is about, as far as it says so itself. It decides only what is counted, and
// which faults are shown.
type errand struct {
	place place
	// ctx is the tenant's context identifier, or "" where the request names none that there is.
	ctx string
	// grant is the grant_type of a token request.
	grant string
}

// errandOf reads what a request is about, and leaves its body to be read again.
func (s *Sandbox) errandOf(p place, r *http.Request) errand {
	e := errand{place: p, ctx: r.PathValue("ctx")}
	switch p {
	case placeTokens:
		form := formOfBody(r)
		e.grant = form.Get("grant_type")
		e.ctx = contextOfToken(form.Get(grantRefresh))
		if g, ok := s.codes.get(form.Get(paramCode)); ok {
			e.ctx = g.ctx
		}
	case placeRevoke:
		e.ctx = contextOfToken(formOfBody(r).Get("token"))
	case placeExchange:
		body, _ := bodyOf(r) // the handler meets the same error
		if found := contextInBody.FindSubmatch(body); found != nil {
			e.ctx = string(found[1])
		}
	}
	t, _ := s.people.tenant(e.ctx)
	e.ctx = t.Ctx
	return e
}

// formOfBody reads what can be read of a form; the handler complains about the rest.
func formOfBody(r *http.Request) url.Values {
	body, _ := bodyOf(r)
	form, _ := url.ParseQuery(string(body))
	return form
}

// contextOfToken reads the tenant from the text of an opaque token, "8A:Cust12345." and so on.
func contextOfToken(token string) string {
	_, after, _ := strings.Cut(token, ":")
	ctx, _, _ := strings.Cut(after, ".")
	return ctx
}
