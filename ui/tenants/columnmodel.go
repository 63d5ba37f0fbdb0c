package tenants

import (
	"strings"

	"partnerdesk/ui/words"
)

// column is one of the table's, in the order in which they stand.
type column int

const (
	colVerdict column = iota
	colName
	colCtx
	colEnvironment
	colLogOn
	colTicket
	colFailures
	columns
)

// id names a column in the preferences, and in the filter.
func (c column) id() string {
	return [columns]string{"verdict", "name", "ctx", "environment", "logon", "ticket", "failures"}[c]
}

func (c column) title() string {
	return [columns]words.Phrase{textVerdict, textName, textCtx, textEnvironment, textLogOn, textTicket, textFailures}[c].String()
}

// about says what the column shows.
func (c column) about() string {
	return [columns]words.Phrase{textVerdictTip, textName, textCtxTip, textEnvironmentTip, textLogOnTip, textTicketTip, textFailuresTip}[c].String()
}

// columnNamed finds the column whose name, in English or in the person's language, begins so.
func columnNamed(beginning string) (column, bool) {
	for c := range columns {
		if beginning != "" && (strings.HasPrefix(c.id(), beginning) || strings.HasPrefix(strings.ToLower(c.title()), beginning)) {
			return c, true
		}
	}
	return 0, false
}

const (
	// columnGap is the room between two columns, and edgeRoom that at both sides of a row.
	columnGap = 8
	edgeRoom  = 7
	// dotRoom is the column of verdicts where there is room for the dots alone.
	dotRoom = 12
	// leastWidth is how narrow a person can make a column; nameLeast is what the name needs to be read, and
	// nameGood what it is given before a column beyond the first three comes in.
	leastWidth = 34
	nameLeast  = 96
	nameGood   = 132
)

// givingWay are the columns that need not be seen, the most important first.
func givingWay() []column { return []column{colCtx, colEnvironment, colTicket, colFailures} }

// place is where a column lies in a row.
type place struct {
	column
	x, width float32
}

// fit lays out the columns in a room. Each has its width, and the name what is left; those that find no room are
// not there, rather than cut.
func fit(room float32, widths [columns]float32) []place {
	seen := [columns]bool{colVerdict: true, colName: true, colLogOn: true}
	left := func() float32 {
		rest := room - 2*edgeRoom
		for c := range columns {
			if seen[c] && c != colName {
				rest -= widths[c] + columnGap
			}
		}
		return rest
	}
	if left() < nameLeast {
		widths[colVerdict] = dotRoom
	}
	if left() < nameLeast {
		seen[colLogOn] = false
	}
	for _, c := range givingWay() {
		if seen[c] = seen[colLogOn]; left() < nameGood {
			seen[c] = false
			break
		}
	}
	widths[colName] = max(leastWidth, left())
	var places []place
	x := float32(edgeRoom)
	for c := range columns {
		if seen[c] {
			places = append(places, place{c, x, widths[c]})
			x += widths[c] + columnGap
		}
	}
	return places
}

// edgeAt finds the edge between two columns that lies near x: the index of the column at its left.
func edgeAt(places []place, x float32) (int, bool) {
	const near = 5
	for i := range max(0, len(places)-1) {
		if edge := places[i].x + places[i].width + columnGap/2; x > edge-near && x < edge+near {
			return i, true
		}
	}
	return 0, false
}

// dragged moves the edge at the right of a column: what one of its two neighbours gains the other loses.
func dragged(places []place, edge int, by float32, widths [columns]float32) [columns]float32 {
	left, right := places[edge], places[edge+1]
	least := func(c column) float32 {
		switch {
		case c != colName:
			return leastWidth
		case len(places) > 3:
			return nameGood // with less, a column would give way in the middle of the drag
		}
		return nameLeast
	}
	by = max(by, min(0, least(left.column)-left.width))
	by = min(by, max(0, right.width-least(right.column)))
	widths[left.column], widths[right.column] = left.width+by, right.width-by
	return widths
}
