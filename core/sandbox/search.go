package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// serveContactFind lists companies, all or those of one name.
func (s *Sandbox) serveContactFind(w http.ResponseWriter, r *http.Request, who caller) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		s.refuseCall(w, r, http.StatusBadRequest, "InvalidQuery", "The query cannot be read.")
		return
	}
	match, err := readFilter(query.Get("$filter"), s.quotesIn(who.tenant.Ctx))
	if err != nil {
		s.refuseCall(w, r, http.StatusBadRequest, "InvalidFilter", err.Error())
		return
	}
	pick, err := readSelect(query.Get("$select"))
	if err != nil {
		s.refuseCall(w, r, http.StatusBadRequest, "InvalidSelect", err.Error())
		return
	}
	found, _, err := s.store.companies(who.tenant.Ctx, match)
	if err != nil {
		s.fail(w, err)
		return
	}
	rows := make([]map[string]any, 0, len(found))
	for _, c := range found {
		rows = append(rows, pick(c))
	}
	s.answerCall(w, r, http.StatusOK, map[string]any{
		"odata.metadata": s.endpoint(who.tenant) + "/api/v1/Contact/$metadata",
		"odata.nextLink": nil,
		"value":          rows,
	})
}

// quotes says what a filter makes of the quotes in a name.
type quotes int

const (
	quotesDoubled quotes = iota // each must be doubled: the strict form
	quotesSingle                // each stands for itself
	quotesRefused               // none may be there
)

// quotesIn is how a tenant reads quotes. How the real one does, no document tells.
func (s *Sandbox) quotesIn(ctx string) quotes {
	switch {
	case s.faults.is(faultQuoteSingle, ctx):
		return quotesSingle
	case s.faults.is(faultQuoteDoubled, ctx):
		return quotesRefused
	}
	return quotesDoubled
}

// unquote reads a name out of a filter.
func (q quotes) unquote(literal string) (string, error) {
	switch {
	case q == quotesSingle:
		return literal, nil
	case q == quotesRefused && strings.Contains(literal, "'"):
		return "", badRequestf("A name with a single quote cannot be searched for.")
	case strings.Contains(strings.ReplaceAll(literal, "''", ""), "'"):
		return "", badRequestf("A single quote in the name must be doubled.")
	}
	return strings.ReplaceAll(literal, "''", "'"), nil
}

// readFilter understands name eq '…'.
func readFilter(filter string, style quotes) (func(company) bool, error) {
	filter = strings.TrimSpace(filter)
	if filter == "" {
		return func(company) bool { return true }, nil
	}
	parts := strings.SplitN(filter, " ", 3)
	if len(parts) != 3 || !strings.EqualFold(parts[0], "name") || !strings.EqualFold(parts[1], "eq") {
		return nil, badRequestf("The sandbox knows the filter name eq '…' only.")
	}
	literal := strings.TrimSpace(parts[2])
	if len(literal) < 2 || literal[0] != '\'' || literal[len(literal)-1] != '\'' {
		return nil, badRequestf("The name must stand in single quotes.")
	}
	name, err := style.unquote(literal[1 : len(literal)-1])
	if err != nil {
		return nil, err
	}
	return func(c company) bool { return c.Name == name }, nil
}

// readSelect understands a list of columns, in the case they were asked for.
func readSelect(columns string) (func(company) map[string]any, error) {
	if columns == "" {
		columns = "contactId,name"
	}
	names := strings.Split(columns, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
		if _, ok := column(company{}, names[i]); !ok {
			return nil, badRequestf("The sandbox knows the columns contactId, name, department and registeredDate only.")
		}
	}
	return func(c company) map[string]any {
		row := map[string]any{"PrimaryKey": digits(c.ID), "EntityName": "contact"}
		for _, name := range names {
			row[name], _ = column(c, name)
		}
		return row
	}, nil
}

func column(c company, name string) (any, bool) {
	switch strings.ToLower(name) {
	case "contactid":
		return c.ID, true
	case "name":
		return c.Name, true
	case "department":
		return "", true
	case "registereddate":
		return c.CreatedAt.UTC().Format(sevenDigit), true
	}
	return nil, false
}
