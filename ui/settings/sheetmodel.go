package settings

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// fields are what stands in the sheet.
type fields struct {
	Interval, Budget, Maintenance string
	Demonstration                 bool
	// TellUpdates is whether anybody is asked for new versions, UpdateAddress whom.
	TellUpdates   bool
	UpdateAddress string
	Background    Background
	Notify        bool
	Appearance    kit.Appearance
}

// fieldsOf writes settings as a person would.
func fieldsOf(s tenant.Settings) fields {
	return fields{Interval: intervalText(s.PollInterval), Budget: strconv.Itoa(s.RequestBudget),
		Maintenance: string(s.Maintenance), Demonstration: s.Demonstration,
		TellUpdates: s.UpdateAddress != "", UpdateAddress: s.UpdateAddress}
}

// intervalText writes an interval without the zeros of a [time.Duration]: "1h", not "1h0m0s".
func intervalText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// readInterval takes "15s", "2 m", "1h", and a bare number as seconds.
func readInterval(text string) (time.Duration, error) {
	text = strings.Join(strings.Fields(text), "")
	if _, err := strconv.Atoi(text); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, errors.New(textIntervalForm.String())
	}
	return d, tenant.CheckPollInterval(d)
}

func readBudget(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0, errors.New(textBudgetForm.String())
	}
	return n, tenant.CheckRequestBudget(n)
}

// hint is what stands below a field: what may be written there, or what is wrong with what is.
type hint struct {
	Text  string
	Wrong bool
}

func hintOf(err error, otherwise string) hint {
	if err != nil {
		return hint{words.Of(tenant.Sentence(err)), true}
	}
	return hint{otherwise, false}
}

// hints are those of the fields that can be wrong.
type hints struct{ Interval, Budget, Maintenance, UpdateAddress hint }

// judge reads the fields, and says what is wrong with each by the rules of the core.
func (f fields) judge(now time.Time) (tenant.Settings, hints) {
	var s tenant.Settings
	var h hints
	var err error
	s.PollInterval, err = readInterval(f.Interval)
	h.Interval = hintOf(err, textIntervalHint.String())
	s.RequestBudget, err = readBudget(f.Budget)
	h.Budget = hintOf(err, textBudgetHint.String())
	s.Maintenance = tenant.Maintenance(strings.TrimSpace(f.Maintenance))
	h.Maintenance = hintOf(s.Maintenance.Check(), planned(s.Maintenance, now))
	s.Demonstration = f.Demonstration
	s.UpdateAddress, err = f.updateAddress()
	h.UpdateAddress = hintOf(err, textUpdateAddressHint.String())
	return s, h
}

// updateAddress is whom to ask for new versions: nobody, whatever stands in the field, where that is off.
func (f fields) updateAddress() (string, error) {
	address := strings.TrimSpace(f.UpdateAddress)
	switch {
	case !f.TellUpdates:
		return "", nil
	case address == "":
		return "", errors.New(textUpdateAddressMissing.String())
	}
	return address, tenant.CheckUpdateAddress(address)
}

// planned says what a plan of maintenance means at a time.
func planned(m tenant.Maintenance, now time.Time) string {
	if end, under := m.Until(now); under {
		return textMaintenanceNow.With(words.Moment(end, now.Location()))
	}
	begin, end := m.Next(now)
	if begin.IsZero() {
		return textMaintenanceNone.String()
	}
	return textMaintenanceNext.With(words.Moment(begin, now.Location()), words.Moment(end, now.Location()))
}

// change returns what the person has changed between two states of the settings, to be done to what is stored by
// then: the other program may have changed something else meanwhile. Nil where there is nothing.
func change(from, to tenant.Settings) func(*tenant.Settings) error {
	from.Registration, to.Registration = "", ""
	if from == to {
		return nil
	}
	return func(s *tenant.Settings) error {
		take(&s.PollInterval, from.PollInterval, to.PollInterval)
		take(&s.RequestBudget, from.RequestBudget, to.RequestBudget)
		take(&s.Maintenance, from.Maintenance, to.Maintenance)
		take(&s.Demonstration, from.Demonstration, to.Demonstration)
		take(&s.UpdateAddress, from.UpdateAddress, to.UpdateAddress)
		return nil
	}
}

func take[T comparable](stored *T, from, to T) {
	if from != to {
		*stored = to
	}
}

// The choices of a sheet, in their order.
func backgrounds() []Background { return []Background{BackgroundAsk, BackgroundKeep, BackgroundStop} }

func backgroundChoice(b Background) string {
	switch b {
	case BackgroundKeep:
		return textBackgroundKeep.String()
	case BackgroundStop:
		return textBackgroundStop.String()
	}
	return textBackgroundAsk.String()
}

func appearances() []kit.Appearance { return []kit.Appearance{kit.FollowSystem, kit.Light, kit.Dark} }

func appearanceChoice(a kit.Appearance) string {
	switch a {
	case kit.Light:
		return textAppearanceLight.String()
	case kit.Dark:
		return textAppearanceDark.String()
	}
	return textAppearanceSystem.String()
}
