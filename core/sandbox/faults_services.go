package sandbox

import (
	"net/http"
	"time"
)

// The faults that the strict code of the web services asks for by name.
const (
	faultExpiredAs403   = "services-expired-403"
	faultQuoteSingle    = "services-quote-single"
	faultQuoteDoubled   = "services-quote-doubled-refused"
	faultSentry         = "services-sentry"
	faultCreatorMissing = "services-no-creator"
)

// How long the sandbox asks a client to wait.
const (
	retrySoon  = 7 * time.Second
	retryLater = time.Minute
)

// serviceFaults are about the tenants' web services.
func serviceFaults() []fault {
	all, save := services(), []place{placeSave}
	return []fault{
		{name: "services-slow", delayed: true, at: all, about: "The web services keep the caller waiting.", wire: slow},
		{name: "services-dropped", at: all, about: "The web services hang up without an answer; nothing was done.", wire: dropped},
		{name: "services-401", at: all, about: "Every credential is refused with 401.", wire: instead(http.StatusUnauthorized)},
		{name: "services-403", at: all, about: "The user lacks every right: 403.", wire: instead(http.StatusForbidden)},
		{name: "services-421", at: all, about: "The tenant's own host answers 421, as if the tenant lived elsewhere.", wire: instead(http.StatusMisdirectedRequest)},
		{name: faultExpiredAs403, about: "An access token that is not known any more is answered 403 instead of 401."},
		{name: "services-429", at: all, about: "The web services answer 429, with Retry-After in seconds.",
			wire: waiting(retrySoon, false, instead(http.StatusTooManyRequests))},
		{name: "services-429-date", at: all, about: "The web services answer 429, with Retry-After as a date.",
			wire: waiting(retryLater, true, instead(http.StatusTooManyRequests))},
		{name: "services-503", at: all, about: "The web services answer 503, with Retry-After in seconds.",
			wire: waiting(retrySoon, false, instead(http.StatusServiceUnavailable))},
		{name: "services-500", at: all, about: "The web services answer 500, with an error in JSON.", wire: instead(http.StatusInternalServerError)},
		{name: "services-500-html", at: all, about: "The web services answer 500, with a page.", wire: insteadHTML(http.StatusInternalServerError)},
		{name: "services-500-empty", at: all, about: "The web services answer 500 without a body.", wire: insteadNothing(http.StatusInternalServerError)},
		{name: "services-html", at: all, about: "The web services answer a page instead of JSON, with HTTP 200.", wire: insteadHTML(http.StatusOK)},
		{name: "services-save-dropped", at: save, about: "A company is saved, but the connection ends before the answer.", wire: afterwards(dropped)},
		{name: "services-save-500", at: save, about: "A company is saved, but the answer is 500.", wire: afterwards(instead(http.StatusInternalServerError))},
		{name: "services-save-empty", at: save, about: "A company is saved, but the answer is 200 without a body.", wire: afterwards(insteadNothing(http.StatusOK))},
		{name: faultQuoteSingle, about: "A filter takes a quote in a name as it stands, without doubling."},
		{name: faultQuoteDoubled, about: "A filter refuses every name with a quote, doubled or not."},
		{name: faultSentry, about: "Sentry keeps login users from creating companies, with 403; the system user it does not bind."},
		{name: faultCreatorMissing, about: "A saved company does not say who created it."},
		{name: "services-nameless-system-user", about: "The system user has no name, neither as principal nor as creator.",
			caller: func(who *caller) {
				if who.associate.System {
					who.associate.Name, who.associate.FullName = "", ""
				}
			}},
	}
}
