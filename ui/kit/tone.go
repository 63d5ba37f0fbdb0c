package kit

import (
	"slices"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/words"
)

const (
	textFailedPlainly words.Phrase = "That did not work."
	textServerSays    words.Phrase = "The server says: “%s”"
	textWhatToDo      words.Phrase = "What to do: %s"
)

// Tone says how a text is meant; the theme has a colour for each.
type Tone int

// The tones.
const (
	TonePlain Tone = iota
	ToneMuted
	ToneGood
	ToneWarning
	ToneBad
	ToneAccent
	ToneProduction
)

// NoticeView is what a notice says. The zero value is no notice.
type NoticeView struct {
	Tone  Tone
	Title string
	Lines []string
}

// Empty reports whether it is no notice.
func (v NoticeView) Empty() bool { return v.Title == "" }

// Equal reports whether two views look the same.
func (v NoticeView) Equal(other NoticeView) bool {
	return v.Tone == other.Tone && v.Title == other.Title && slices.Equal(v.Lines, other.Lines)
}

// Explain puts an explanation into a notice: what failed as the title, then why, the server's own words
// and what to do next, each on a line of its own.
func Explain(e tenant.Explanation) NoticeView {
	v := NoticeView{Tone: ToneBad, Title: words.Of(e.What)}
	if e.Temporary {
		v.Tone = ToneWarning
	}
	if v.Title == "" {
		v.Title = textFailedPlainly.String()
	}
	v.Lines = ExplanationLines(e)
	return v
}

// ExplanationLines are the rest of an explanation: why, the server's own words, and what to do next.
func ExplanationLines(e tenant.Explanation) []string {
	var lines []string
	if e.Why != "" {
		lines = append(lines, words.Of(e.Why))
	}
	if e.Server != "" {
		lines = append(lines, textServerSays.With(e.Server))
	}
	if e.Next != "" {
		lines = append(lines, textWhatToDo.With(words.Of(e.Next)))
	}
	return lines
}
