package tenants

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// Roster is the tenants of one reading of the store, ready to be drawn. It is made off the user interface's
// goroutine, and never changed afterwards.
type Roster struct {
	rows  []row
	index map[tenant.Key]int
}

// NewRoster makes the rows of tenants. The tenants must be in the order of their names, as [Sort] puts them, and must not be
// changed afterwards.
func NewRoster(views []workbench.TenantView) *Roster {
	r := &Roster{rows: make([]row, len(views)), index: make(map[tenant.Key]int, len(views))}
	for i := range views {
		r.rows[i] = rowOf(&views[i], i)
		r.index[views[i].Key] = i
	}
	return r
}

// Sort puts tenants in the order of their names, as a dictionary of a language has them: capitals make no difference,
// and Å comes last in Norwegian and with A in English. See [words.Alphabet].
func Sort(views []workbench.TenantView, alphabet language.Tag) {
	type keyed struct {
		name []byte // what is compared, made once for each
		view *workbench.TenantView
	}
	given := slices.Clone(views)
	dictionary, room := collate.New(alphabet, collate.IgnoreCase), collate.Buffer{}
	list := make([]keyed, len(views))
	for i := range given {
		list[i] = keyed{dictionary.KeyFromString(&room, given[i].CompanyName), &given[i]}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		if order := bytes.Compare(a.name, b.name); order != 0 {
			return order
		}
		return strings.Compare(a.view.Key.String(), b.view.Key.String())
	})
	for i, k := range list {
		views[i] = *k.view
	}
}

// row is one tenant as the table shows it.
type row struct {
	view *workbench.TenantView
	// cells are the texts, but for those that grow old: see text. Ranks are what all are sorted by: never is last in
	// either direction.
	cells [columns]string
	ranks [columns]int64
	// search is what the filter looks through, in lower case.
	search string
}

// never is the rank of what has not happened.
const never = -1 << 63

func rowOf(v *workbench.TenantView, place int) row {
	r := row{view: v}
	r.cells = [columns]string{
		colVerdict: kit.VerdictWord(v.Verdict), colName: cmp.Or(v.CompanyName, v.ContextID), colCtx: v.ContextID,
		colEnvironment: kit.EnvironmentShort(v.Environment),
	}
	if v.Failures > 0 {
		r.cells[colFailures] = words.Thousands(v.Failures)
	}
	r.ranks = [columns]int64{
		colVerdict: severity(v.Verdict), colName: int64(place), colCtx: number(v.ContextID), colEnvironment: distance(v.Environment),
		colLogOn: moment(v.LogOnAt), colTicket: moment(v.TicketUntil), colFailures: int64(v.Failures),
	}
	if v.Failures == 0 {
		r.ranks[colFailures] = never
	}
	r.search = strings.ToLower(strings.Join([]string{r.cells[colName], v.ContextID, r.cells[colEnvironment], string(v.Environment),
		v.Registration, r.cells[colVerdict], v.Serial, v.SignedInAs}, "\n"))
	return r
}

// ages reports whether a column's texts are other ones from minute to minute.
func (c column) ages() bool { return c == colLogOn || c == colTicket }

// text is what a cell says at the time now. What grows old is made for the rows that are looked at, and not each time
// for thousands.
func (r *row) text(c column, now time.Time) string {
	switch v := r.view; {
	case c == colLogOn && v.Awaited:
		return textAwaited.String()
	case c == colLogOn && !v.LogOnAt.IsZero():
		return words.Ago(v.LogOnAt, now)
	case c == colTicket && !v.TicketUntil.IsZero():
		if left := v.TicketUntil.Sub(now); left >= time.Minute {
			return words.Span(left)
		}
		return words.Remaining(v.TicketUntil, now)
	}
	return r.cells[c]
}

func moment(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.Unix()
}

// number is what stands behind the letters of a context identifier.
func number(ctx string) int64 {
	n := int64(0)
	for _, c := range ctx {
		if c >= '0' && c <= '9' {
			n = n*10 + int64(c-'0')
		}
	}
	return n
}

// severity puts verdicts in the order of how much they ask of a person.
func severity(v tenant.Verdict) int64 {
	switch v {
	case tenant.Well:
		return 0
	case tenant.Inactive:
		return 1
	case tenant.Unknown:
		return 2
	case tenant.Resting:
		return 3
	}
	return 4
}

// distance puts environments in the order of how near they are to customers.
func distance(e tenant.Environment) int64 {
	switch e {
	case tenant.Production:
		return 0
	case tenant.Stage:
		return 1
	case tenant.Development:
		return 2
	case tenant.Sandbox:
		return 4
	}
	return 3
}

// tone is the colour of a cell's text.
func (r *row) tone(c column) kit.Tone {
	switch c {
	case colName:
		if r.view.Active {
			return kit.TonePlain
		}
	case colVerdict:
		return kit.VerdictTone(r.view.Verdict)
	case colEnvironment:
		return kit.EnvironmentTone(r.view.Environment)
	case colLogOn:
		if r.view.Awaited {
			return kit.ToneAccent
		}
	case colFailures:
		return kit.VerdictTone(r.view.Verdict)
	}
	return kit.ToneMuted
}

// production reports whether the tenant is a customer's real one.
func (r *row) production() bool { return r.view.Environment == tenant.Production }

// tip is what a cell says to the pointer: its text where that is cut, or what its text leaves out.
func (r *row) tip(c column, cut bool, now time.Time) string {
	switch {
	case c == colLogOn && r.view.Awaited:
		return textAwaitedTip.With(words.Ago(r.view.LogOnAt, now))
	case c == colVerdict && r.view.Trouble != nil:
		return words.Of(r.view.Trouble.What)
	case c == colName && r.production():
		return textProduction.With(r.cells[colName])
	case c == colLogOn && !r.view.LogOnAt.IsZero():
		return words.Moment(r.view.LogOnAt, now.Location())
	case cut:
		return r.text(c, now)
	}
	return ""
}
