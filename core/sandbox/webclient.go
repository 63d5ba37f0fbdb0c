package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// serveWebClient stands for the start page of a tenant's web client. The sandbox has none: it leads to its own page of
// the tenant's companies, and to the one that the address names. Such an address has two question marks
// (docs.superoffice.com, "SoProtocol"): default.aspx, ?, the screen, ?, and the record.
func (s *Sandbox) serveWebClient(w http.ResponseWriter, r *http.Request) {
	t, ok := s.people.tenant(r.PathValue("ctx"))
	if !ok {
		s.page(w, http.StatusNotFound, pageError, errorPage{Why: "There is no such tenant in the sandbox."})
		return
	}
	where, what, _ := strings.Cut(r.URL.RawQuery, "?")
	record, err := url.ParseQuery(what)
	if err != nil || where != "" && !strings.HasPrefix(strings.ToLower(where), "contact") {
		s.page(w, http.StatusNotFound, pageError, errorPage{Why: "The sandbox shows companies only: default.aspx?contact.main?contact_id=1."})
		return
	}
	address := s.base + pathTenants + "/" + t.Ctx
	if id := record.Get("contact_id"); id != "" {
		address += "#company-" + url.QueryEscape(id)
	}
	http.Redirect(w, r, address, http.StatusFound)
}
