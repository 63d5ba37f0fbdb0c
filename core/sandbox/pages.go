package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"partnerdesk/assets"
)

// The pages, by the names of their files.
const (
	pageSignIn    = "signin.html"
	pageTenant    = "tenant.html"
	pageApprove   = "approve.html"
	pageRefused   = "refused.html"
	pageError     = "error.html"
	pageFormPost  = "formpost.html"
	pageLogout    = "logout.html"
	pageHome      = "home.html"
	pageTenants   = "tenants.html"
	pageCompanies = "companies.html"
	pageControl   = "control.html"
	pageEntity    = "entity.html"

	// usersListed is how many users get a button on the sign-in page; the others are typed.
	usersListed = 50
	// submitScript sends the form_post page on; without scripts its button does.
	submitScript = "document.forms[0].submit()"
)

// flowForm is what the pages of a sign-in carry along.
type flowForm struct {
	// Action is the same request again, choices are in the body.
	Action       string
	User, Tenant string
}

func formOf(a authorizeRequest, c choices) flowForm {
	return flowForm{Action: pathAuthorize + "?" + a.query, User: c.user, Tenant: c.tenant}
}

type signInPage struct {
	Form                flowForm
	App, Prefill, Error string
	Users               []user
	More                int
}

type tenantPage struct {
	Form    flowForm
	User    user
	Tenants []tenant
}

type approvePage struct {
	Form   flowForm
	App    string
	User   user
	Tenant tenant
}

type refusedPage struct {
	Form       flowForm
	User       user
	Title, Why string
}

type errorPage struct{ Why string }

type homePage struct {
	Base  string
	Hosts []string
}

type formField struct{ Name, Value string }

type formPostPage struct {
	RedirectURI string
	Fields      []formField
}

// parsePages reads the embedded templates.
func parsePages() (*template.Template, error) {
	helpers := template.FuncMap{
		"date":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"script": func() template.JS { return submitScript },
	}
	pages, err := template.New("").Funcs(helpers).ParseFS(assets.SandboxPages, "sandbox/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the sandbox's pages: %w", err)
	}
	return pages, nil
}

// page shows a page, whole or not at all.
func (s *Sandbox) page(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := s.pages.ExecuteTemplate(&out, name, data); err != nil {
		s.fail(w, err)
		return
	}
	h := w.Header()
	h.Set(hContent, typeHTML)
	h.Set(hCache, noStore)
	h.Set("Content-Security-Policy", policyOf(name))
	h.Set("X-Frame-Options", "DENY")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

// policyOf is the content security policy of a page. The pages of a sign-in say nothing of form-action,
// because browsers hold redirects against it too, and a sign-in ends with one to the app.
func policyOf(name string) string {
	policy := "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
	switch name {
	case pageFormPost:
		sum := sha256.Sum256([]byte(submitScript))
		return policy + "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	case pageSignIn, pageTenant, pageApprove, pageRefused:
		return policy
	}
	return policy + "; form-action 'self'"
}

func (s *Sandbox) serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(hCache, "max-age=300")
	http.ServeFileFS(w, r, assets.SandboxPages, "sandbox/sandbox.css")
}

func (s *Sandbox) serveHome(w http.ResponseWriter, _ *http.Request) {
	s.page(w, http.StatusOK, pageHome, homePage{Base: s.base, Hosts: s.addresses[1:]})
}
