package tenants

import (
	"strconv"
	"strings"
	"time"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// tableText is rows as text for a spreadsheet: a header, then a line for each, with tabs between the columns. Times
// stand in full, as "3 min ago" is soon wrong. It holds no secret: the rows have none.
func tableText(rows []*row, zone *time.Location) string {
	var b strings.Builder
	line := func(cells ...string) {
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ") // a tab or a new line in a name would begin a cell
		}
		b.WriteString(strings.Join(cells, "\t"))
		b.WriteByte('\n')
	}
	line(textName.String(), textCtx.String(), textEnvironment.String(), textRegistration.String(), textSerial.String(),
		textVerdict.String(), textLogOn.String(), textTicket.String(), textFailures.String())
	for _, r := range rows {
		line(r.cells[colName], r.view.ContextID, r.cells[colEnvironment], r.view.Registration, r.view.Serial,
			kit.VerdictWord(r.view.Verdict), full(r.view.LogOnAt, zone), full(r.view.TicketUntil, zone), strconv.Itoa(r.view.Failures))
	}
	return b.String()
}

// full is a time in full, and nothing where there is none.
func full(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return words.Moment(t, zone)
}
