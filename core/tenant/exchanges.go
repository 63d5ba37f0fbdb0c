package tenant

import "time"

// Exchanges counts how often a tenant's system user token was exchanged for a ticket, by days of UTC. Each
// exchange writes a row in the customer's database, and a ticket in use lives for ever: what is more than a
// few in a day is worth asking about.
type Exchanges struct {
	Key
	// Day is the last day that was counted, at midnight UTC.
	Day time.Time
	// Counts are those of Day, of the day before it, and so on.
	Counts []int
	// Last is when the last of them brought its ticket.
	Last time.Time
}

// ExchangeDays is how many days of exchanges are kept: as many as of the journal.
const ExchangeDays = 92

// UTCDay is the midnight with which t's day begins in UTC.
func UTCDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// On returns how many exchanges there were on t's day.
func (e Exchanges) On(t time.Time) int {
	back := e.daysBack(t)
	if back < 0 || back >= len(e.Counts) {
		return 0
	}
	return e.Counts[back]
}

// Most returns the day with the most exchanges and their number; of several such days, the last.
func (e Exchanges) Most() (day time.Time, count int) {
	for back, n := range e.Counts {
		if n > count {
			day, count = e.Day.AddDate(0, 0, -back), n
		}
	}
	return day, count
}

// Add returns the counts with one exchange more on t's day, and forgets what is older than [ExchangeDays]. Where
// Day lies further ahead than that, a clock was wrong then or is now: the count begins anew, as it would otherwise
// stand still until that day comes.
func (e Exchanges) Add(t time.Time) Exchanges {
	e.Last = t
	back := e.daysBack(t)
	counts := e.Counts
	if len(counts) == 0 || back < -ExchangeDays || back >= ExchangeDays {
		e.Day, back, counts = UTCDay(t), 0, nil
	}
	if back < 0 {
		e.Day = UTCDay(t)
		counts = append(make([]int, -back), counts...)
		back = 0
	}
	counts = append([]int(nil), counts...)
	for len(counts) <= back {
		counts = append(counts, 0)
	}
	counts[back]++
	e.Counts = counts[:min(len(counts), ExchangeDays)]
	return e
}

// daysBack is how many days before Day t's day lies; negative where it lies after it.
func (e Exchanges) daysBack(t time.Time) int { return int(e.Day.Sub(UTCDay(t)).Hours() / 24) }
