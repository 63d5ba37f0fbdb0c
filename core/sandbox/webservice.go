package sandbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The credentials that a tenant takes.
const (
	credentialBearer = "Bearer (login user)"
	credentialTicket = "SOTicket (system user)"
)

// caller is who calls a tenant, and how he showed it.
type caller struct {
	tenant     tenant
	associate  associate
	credential string
}

// serviceError is the error body of the tenants' web services.
type serviceError struct {
	Error        bool
	ErrorType    string
	ErrorMessage string
	ErrorSource  string
}

// tenantCall lets a call through to a running tenant with a credential of that tenant.
func (s *Sandbox) tenantCall(next func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(hCache, noStore)
		t, ok := s.people.tenant(r.PathValue("ctx"))
		if !ok {
			s.refuseCall(w, r, http.StatusNotFound, "TenantNotFound", "There is no such tenant.")
			return
		}
		state, err := s.store.state(t.Ctx)
		if err != nil {
			s.fail(w, err)
			return
		}
		if !runs(state) {
			w.Header().Set("Retry-After", retryAfterStoppedTenant)
			s.refuseCall(w, r, http.StatusServiceUnavailable, "TenantNotRunning", "The tenant is not running: "+state+".")
			return
		}
		who, ok := s.identify(r, t)
		if !ok {
			s.refuseCredential(w, r, t)
			return
		}
		for _, f := range s.faults.on(t.Ctx) {
			if f.caller != nil {
				f.caller(&who)
			}
		}
		next(w, r, who)
	}
}

// refuseCredential answers 401, or what the documents say elsewhere of an expired access token.
func (s *Sandbox) refuseCredential(w http.ResponseWriter, r *http.Request, t tenant) {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	status := http.StatusUnauthorized
	if strings.EqualFold(scheme, "bearer") && s.faults.is(faultExpiredAs403, t.Ctx) {
		status = http.StatusForbidden
	}
	w.Header().Set("WWW-Authenticate", "Bearer, SOTicket")
	s.refuseCall(w, r, status, "AuthenticationFailed", "The credential is missing, wrong or expired.")
}

// identify finds who calls. A ticket counts only together with the application token, and its six hours
// begin anew.
func (s *Sandbox) identify(r *http.Request, t tenant) (caller, bool) {
	if len(r.Header.Values("Authorization")) != 1 {
		return caller{}, false
	}
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		grant, ok := s.accessTokens.get(value)
		if !ok || grant.ctx != t.Ctx || !s.now().Before(grant.ends) {
			return caller{}, false
		}
		u, _ := s.people.user(grant.login)
		a, ok := u.in(t.Ctx)
		return caller{t, a, credentialBearer}, ok
	case "soticket":
		if !equal(r.Header.Get(appToken), s.app.ClientSecret) {
			return caller{}, false
		}
		if ctx, ok := s.tickets.get(value); !ok || ctx != t.Ctx {
			return caller{}, false
		}
		_, ok := s.tickets.use(value)
		return caller{t, t.SystemUser, credentialTicket}, ok
	}
	return caller{}, false
}

// servePrincipal answers who calls.
func (s *Sandbox) servePrincipal(w http.ResponseWriter, r *http.Request, who caller) {
	role, userType := "User", "InternalAssociate"
	if who.associate.Administrator {
		role = "Administrator"
	}
	if who.associate.System {
		role, userType = "System", "SystemAssociate"
	}
	s.answerCall(w, r, http.StatusOK, map[string]any{
		"AssociateId":               who.associate.ID,
		"Associate":                 who.associate.Name,
		"FullName":                  who.associate.FullName,
		"UserType":                  userType,
		"RoleName":                  role,
		"RoleType":                  "Employee",
		"EMailAddress":              who.associate.Login,
		"UserName":                  who.associate.Login,
		"PersonId":                  who.associate.PersonID,
		"ContactId":                 1,
		"ContactOwner":              0,
		"GroupId":                   2,
		"SecondaryGroups":           []int{},
		"IsPersonAssociate":         !who.associate.System,
		"HomeCountryId":             who.tenant.Country.ID,
		"EjUserId":                  0,
		"ProvidedCredentials":       "",
		"DatabaseContextIdentifier": who.tenant.Ctx,
		"DatabaseSerialNumber":      who.tenant.Serial,
	})
}

// answerCall answers in JSON where JSON was asked for. Elsewhere the same comes as HTML, as the real
// service would have it, so that a client which forgets the Accept header is found out.
func (s *Sandbox) answerCall(w http.ResponseWriter, r *http.Request, status int, v any) {
	if wantsJSON(r) {
		s.answerJSON(w, status, v)
		return
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		s.fail(w, err)
		return
	}
	s.page(w, status, pageEntity, string(b))
}

func (s *Sandbox) refuseCall(w http.ResponseWriter, r *http.Request, status int, kind, text string) {
	s.answerCall(w, r, status, serviceError{
		Error: true, ErrorType: kind, ErrorMessage: text, ErrorSource: "Partnerdesk sandbox",
	})
}

// wantsJSON reports whether the Accept header names application/json.
func wantsJSON(r *http.Request) bool { return accepts(r, typeJSON) }

// accepts reports whether the Accept header names a media type itself, and not with a q of 0.
func accepts(r *http.Request, wanted string) bool {
	for _, line := range r.Header.Values(hAccept) {
		for part := range strings.SplitSeq(line, ",") {
			kind, parameters, err := mime.ParseMediaType(part)
			if err != nil || kind != wanted {
				continue
			}
			if q, err := strconv.ParseFloat(parameters["q"], 64); err != nil || q > 0 {
				return true
			}
		}
	}
	return false
}

// badRequest is a refusal of what was sent, with the words for it.
type badRequest struct{ text string }

func (b badRequest) Error() string { return b.text }

func badRequestf(format string, args ...any) error {
	return badRequest{fmt.Sprintf(format, args...)}
}
