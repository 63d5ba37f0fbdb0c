package storage

import (
	"time"

	"partnerdesk/core/tenant"
)

type exchangesRecord struct {
	Day    time.Time `json:"day"`
	Counts []int     `json:"counts"`
	Last   time.Time `json:"last,omitzero"`
}

// exchanges counts the exchanges of each tenant.
var exchanges = table[tenant.Exchanges, exchangesRecord]{
	bucket: bucketExchanges,
	noun:   "count of exchanges",
	pack: func(e tenant.Exchanges, _ *box) exchangesRecord {
		return exchangesRecord{Day: e.Day.UTC(), Counts: e.Counts, Last: e.Last.UTC()}
	},
	unpack: func(r exchangesRecord, x *box) tenant.Exchanges {
		return tenant.Exchanges{Key: tenantKey(x.key), Day: r.Day, Counts: r.Counts, Last: r.Last}
	},
}

// countExchange notes an exchange, in the transaction that stores what it brought.
func countExchange(w *work, key tenant.Key, at time.Time) (tenant.Exchanges, error) {
	e, err := exchanges.orNone(w, recordKey(key))
	if err != nil {
		return e, err
	}
	e.Key = key
	e = e.Add(at)
	return e, exchanges.put(w, recordKey(key), e)
}
