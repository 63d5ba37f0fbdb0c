package signin

import (
	"slices"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// currentOf is the registration to sign in with; false while there is none.
func currentOf(registrations []workbench.RegistrationView) (workbench.RegistrationView, bool) {
	for _, r := range registrations {
		if r.Current {
			return r, true
		}
	}
	return workbench.RegistrationView{}, false
}

// registrationLabel is how the chooser shows a registration.
func registrationLabel(r workbench.RegistrationView) string {
	if r.Name == string(r.Environment) || strings.EqualFold(r.Name, r.Environment.Label()) {
		return words.Of(r.Environment.Label())
	}
	return r.Name + " · " + kit.EnvironmentShort(r.Environment)
}

// pollIntervals are the choices for the time between two ticks: the usual ones, and the one that is set.
func pollIntervals(set time.Duration) []time.Duration {
	choices := []time.Duration{
		tenant.MinPollInterval, tenant.DefaultPollInterval, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, tenant.MaxPollInterval,
	}
	if set > 0 && !slices.Contains(choices, set) {
		choices = append(choices, set)
		slices.Sort(choices)
	}
	return choices
}

// intervalLabel names a choice in the shortest way that is exact.
func intervalLabel(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return textEveryHours.With(d / time.Hour)
	case d%time.Minute == 0:
		return textEveryMinutes.With(d / time.Minute)
	}
	return textEverySeconds.With(int(d.Seconds()))
}
