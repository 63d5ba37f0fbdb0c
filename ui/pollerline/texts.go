package pollerline

import "partnerdesk/ui/words"

const (
	textTakeOver    words.Phrase = "Take over"
	textTakingOver  words.Phrase = "Asking…"
	textTakeOverTip words.Phrase = "Asks the other process to finish what is under way and to let this window poll; it then stands by"
	textAskedUntil  words.Phrase = "The %s hands over by %s"

	textStarting  words.Phrase = "The poller is starting…"
	textNobody    words.Phrase = "Nobody polls"
	textAsked     words.Phrase = "Asked the %s to hand polling over · %d s left"
	textThere     words.Phrase = "The %s polls; its log is below"
	textHere      words.Phrase = "Polling here"
	textAskedHere words.Phrase = "Polling here · the %s takes over"

	textProcess   words.Phrase = "%s (process %d)"
	textProcessOn words.Phrase = "%s on %s (process %d)"

	textFirstTick words.Phrase = "first tick under way"
	textNoTenants words.Phrase = "no active tenants"
	textNoneDue   words.Phrase = "no tenant was due"
	textLoggedOn  words.Phrase = "%s of %s logged on"
	textResting   words.Phrase = "%s resting"
	textAttention words.Phrase = "%s in need of attention"
	textFailed    words.Phrase = "%s failed"

	textNotTaken     words.Phrase = "This window does not take polling over."
	textAskedLater   words.Phrase = "The %s has asked for it too, and later."
	textThereLater   words.Phrase = "Take over from there when it polls."
	textThereFirst   words.Phrase = "The %s was there first."
	textFromThere    words.Phrase = "Take over from there."
	textNotHanded    words.Phrase = "The %s did not hand polling over within %d s."
	textMaybeStuck   words.Phrase = "It may be stuck, or of an older version. It goes on polling."
	textAskAgainOver words.Phrase = "Ask again, or end that process: this window polls as soon as it has gone."

	textNoTicks words.Phrase = "No ticks in the last 24 hours"
	textLastDay words.Phrase = "Last 24 hours: %s, %s, %s, %s"
)

// The numbers of the chart.
var (
	textTicks     = words.Plural{One: "%s tick", Other: "%s ticks"}
	textLogOns    = words.Plural{One: "%s log-on", Other: "%s log-ons"}
	textExchanges = words.Plural{One: "%s exchange", Other: "%s exchanges"}
	textFailures  = words.Plural{One: "%s failure", Other: "%s failures"}
)
