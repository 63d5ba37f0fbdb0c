package tenants

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/words"
)

// fleet are four tenants that differ in everything.
func fleet() []workbench.TenantView {
	view := func(name, ctx string, e tenant.Environment, v tenant.Verdict, ago, left time.Duration, failures int) workbench.TenantView {
		t := workbench.TenantView{Key: tenant.Key{Registration: "app", ContextID: ctx}, CompanyName: name, Environment: e, Verdict: v,
			Active: true, Failures: failures}
		if ago > 0 {
			t.LogOnAt = kittest.Noon.Add(-ago)
		}
		if left > 0 {
			t.TicketUntil = kittest.Noon.Add(left)
		}
		return t
	}
	return []workbench.TenantView{
		view("Alfa", "Cust900", tenant.Sandbox, tenant.Well, time.Minute, time.Hour, 0),
		view("Bravo", "Cust1000", tenant.Production, tenant.NeedsAttention, time.Hour, 0, 12),
		view("charlie", "Cust20", tenant.Stage, tenant.Resting, time.Second, 2*time.Hour, 2),
		view("Delta", "Cust3", tenant.Development, tenant.Unknown, 0, 0, 0),
	}
}

func TestEachColumnSortsByWhatItMeans(t *testing.T) {
	rows := NewRoster(fleet()).rows
	for _, c := range []struct {
		order
		want string
	}{
		{order{colName, false}, "ABcD"}, {order{colName, true}, "DcBA"},
		{order{colCtx, false}, "DcAB"},
		{order{colVerdict, true}, "BcDA"},
		{order{colEnvironment, false}, "BcDA"},
		{order{colLogOn, true}, "cABD"}, {order{colLogOn, false}, "BAcD"},
		{order{colTicket, false}, "AcBD"}, {order{colTicket, true}, "cABD"},
		{order{colFailures, true}, "BcAD"}, {order{colFailures, false}, "cBAD"},
	} {
		got := ""
		for _, i := range arrange(rows, nil, c.order, kittest.Noon) {
			got += rows[i].cells[colName][:1]
		}
		if got != c.want {
			t.Errorf("sorted by %s: %s, want %s", c.order, got, c.want)
		}
	}
}

func TestAnOrderIsKeptAsText(t *testing.T) {
	for c := range columns {
		for _, downward := range []bool{false, true} {
			if o := (order{c, downward}); orderOf(o.String()) != o {
				t.Errorf("%s comes back as %s", o, orderOf(o.String()))
			}
		}
	}
	if orderOf("") != usualOrder() || orderOf("-colour") != usualOrder() {
		t.Error("what nobody has stored is not the usual order")
	}
}

func TestAClickOnAHeaderTurnsTheOrderOrBeginsWhereItSaysMost(t *testing.T) {
	o := usualOrder().clicked(colFailures)
	if o != (order{colFailures, true}) || o.clicked(colFailures) != (order{colFailures, false}) || o.clicked(colCtx) != (order{colCtx, false}) {
		t.Errorf("%s, %s, %s", o, o.clicked(colFailures), o.clicked(colCtx))
	}
}

func TestRowsOfTheRosterComeByName(t *testing.T) {
	views := fleet()
	slices.Reverse(views)
	Sort(views, language.English)
	if views[2].CompanyName != "charlie" || views[0].CompanyName != "Alfa" {
		t.Errorf("%v", views)
	}
}

func TestNamesAreSortedAsThePersonsLanguageDoes(t *testing.T) {
	names := []string{"Ås Bygg", "alfa", "Ærlig Handel", "Zeta", "Øst", "Beta", "Angel"}
	for locale, want := range map[string]string{
		"nb_NO.UTF-8": "alfa, Angel, Beta, Zeta, Ærlig Handel, Øst, Ås Bygg",
		"nn_NO.UTF-8": "alfa, Angel, Beta, Zeta, Ærlig Handel, Øst, Ås Bygg",
		"en_GB.UTF-8": "Ærlig Handel, alfa, Angel, Ås Bygg, Beta, Øst, Zeta",
		"C":           "Ærlig Handel, alfa, Angel, Ås Bygg, Beta, Øst, Zeta",
	} {
		t.Setenv("LC_ALL", locale)
		views := make([]workbench.TenantView, len(names))
		for i, name := range names {
			views[i].CompanyName = name
		}
		Sort(views, words.Alphabet())
		got := make([]string, len(views))
		for i, v := range views {
			got[i] = v.CompanyName
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q", locale, got)
		}
	}
}
