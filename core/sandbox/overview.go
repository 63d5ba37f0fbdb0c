package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// tenantRow is a tenant as the overview and the control page show it.
type tenantRow struct {
	Ctx         string   `json:"ctx"`
	CompanyName string   `json:"company_name"`
	Serial      string   `json:"serial"`
	State       string   `json:"state"`
	Running     bool     `json:"running"`
	Consent     string   `json:"consent"`
	ApprovedBy  string   `json:"approved_by,omitempty"`
	Companies   int      `json:"companies"`
	Counters    Counters `json:"counters"`
	// Host is the number of the host that the tenant lives on, Endpoint its address there.
	Host     hostNumber `json:"host"`
	Endpoint string     `json:"endpoint"`
}

// overviewPage is one page of the list of tenants.
type overviewPage struct {
	Rows                 []tenantRow
	Total                int
	Page, Previous, Next int // 0 where there is none
	States               []string
	// Find is what the tenants were searched for; empty for all.
	Find string
}

// companiesPage is one tenant with what was created in it.
type companiesPage struct {
	Tenant    tenantRow
	Companies []company
	Shown     int
}

// overview reads the page-th hundred of the tenants whose context identifier or name holds find.
func (s *Sandbox) overview(page int, find string) (overviewPage, error) {
	all := s.people.tenants
	find = strings.ToLower(strings.TrimSpace(find))
	if find != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(t tenant) bool {
			return !strings.Contains(strings.ToLower(t.Ctx), find) && !strings.Contains(strings.ToLower(t.CompanyName), find)
		})
	}
	last := max(1, (len(all)+pageLength-1)/pageLength)
	page = min(max(page, 1), last)
	p := overviewPage{Total: len(all), Page: page, Previous: page - 1, States: tenantStates(), Find: find}
	if page < last {
		p.Next = page + 1
	}
	for _, t := range all[(page-1)*pageLength : min(page*pageLength, len(all))] {
		row, err := s.row(t)
		if err != nil {
			return overviewPage{}, err
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (s *Sandbox) row(t tenant) (tenantRow, error) {
	state, err := s.store.state(t.Ctx)
	if err != nil {
		return tenantRow{}, err
	}
	given, err := s.store.consent(t.Ctx)
	if err != nil {
		return tenantRow{}, err
	}
	count, err := s.store.companyCount(t.Ctx)
	if err != nil {
		return tenantRow{}, err
	}
	return tenantRow{
		Ctx: t.Ctx, CompanyName: t.CompanyName, Serial: t.Serial, State: state, Running: runs(state),
		Consent: given.State, ApprovedBy: given.ApprovedBy, Companies: count,
		Counters: s.counters.of(t.Ctx), Host: s.homes.of(t.Ctx), Endpoint: s.endpoint(t),
	}, nil
}

func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		return 1
	}
	return n
}

// serveTenants shows all tenants.
func (s *Sandbox) serveTenants(w http.ResponseWriter, r *http.Request) {
	p, err := s.overview(pageNumber(r), r.URL.Query().Get("find"))
	if err != nil {
		s.fail(w, err)
		return
	}
	s.page(w, http.StatusOK, pageTenants, p)
}

// serveCompanies shows what was created in a tenant, as a person would look it up in the CRM.
func (s *Sandbox) serveCompanies(w http.ResponseWriter, r *http.Request) {
	t, ok := s.people.tenant(r.PathValue("ctx"))
	if !ok {
		s.page(w, http.StatusNotFound, pageError, errorPage{Why: "There is no such tenant in the sandbox."})
		return
	}
	row, err := s.row(t)
	if err != nil {
		s.fail(w, err)
		return
	}
	found, _, err := s.store.companies(t.Ctx, func(company) bool { return true })
	if err != nil {
		s.fail(w, err)
		return
	}
	s.page(w, http.StatusOK, pageCompanies, companiesPage{Tenant: row, Companies: found, Shown: len(found)})
}
