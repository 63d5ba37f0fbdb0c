package tenants

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// order is what the table is sorted by. Its zero value is no order; the usual one is by name.
type order struct {
	by       column
	downward bool
}

// usualOrder is that of the first start.
func usualOrder() order { return order{by: colName} }

// clicked is the order after a click on a column's header: the other direction, or the one in which that column
// says most. Those who need somebody come first, as do the latest log-ons.
func (o order) clicked(c column) order {
	if o.by == c {
		return order{c, !o.downward}
	}
	return order{c, c == colVerdict || c == colLogOn || c == colFailures}
}

// String is the order as the preferences keep it.
func (o order) String() string {
	if o.downward {
		return "-" + o.by.id()
	}
	return o.by.id()
}

// orderOf reads what String has written; anything else is the usual order.
func orderOf(s string) order {
	id, downward := strings.CutPrefix(s, "-")
	for c := range columns {
		if c.id() == id {
			return order{c, downward}
		}
	}
	return usualOrder()
}

// term is one word of a filter: it must occur in one column, or anywhere where of is columns.
type term struct {
	of   column
	text string
}

// termsOf takes a filter apart. A word like verdict:needs looks in the column alone.
func termsOf(filter string) []term {
	var terms []term
	for _, word := range strings.Fields(strings.ToLower(filter)) {
		t := term{columns, word}
		if name, text, found := strings.Cut(word, ":"); found {
			if c, known := columnNamed(name); known {
				t = term{c, text}
			}
		}
		terms = append(terms, t)
	}
	return terms
}

func (r *row) has(t term, now time.Time) bool {
	if t.of == columns {
		return strings.Contains(r.search, t.text)
	}
	return strings.Contains(strings.ToLower(r.text(t.of, now)), t.text)
}

// arrange returns the indexes of the rows in which every term occurs at the time now, in an order. It is quick enough for the user
// interface's goroutine with many thousands of rows, as the benchmark shows: all that is sorted by is a number.
func arrange(rows []row, terms []term, o order, now time.Time) []int32 {
	found := make([]int32, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if !slices.ContainsFunc(terms, func(t term) bool { return !r.has(t, now) }) {
			found = append(found, int32(i))
		}
	}
	if o == usualOrder() {
		return found // rows come in it
	}
	slices.SortFunc(found, func(a, b int32) int {
		x, y := rows[a].ranks[o.by], rows[b].ranks[o.by]
		switch {
		case x == y:
			return cmp.Compare(a, b)
		case x == never || y == never:
			return cmp.Compare(y, x) // last in either direction
		case o.downward:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
	return found
}
