package ui

import (
	"cmp"
	"strings"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/words"
)

// attention notices which tenants newly need attention. What was so when the program started is no news: whoever
// starts it sees it in the list.
type attention struct {
	known map[tenant.Key]bool // nil before the first look
}

// see takes in how the tenants are, and returns those that need attention since the last look.
func (a *attention) see(tenants []workbench.TenantView) []workbench.TenantView {
	first := a.known == nil
	now := map[tenant.Key]bool{}
	var newly []workbench.TenantView
	for _, t := range tenants {
		if t.Verdict != tenant.NeedsAttention {
			continue
		}
		now[t.Key] = true
		if !first && !a.known[t.Key] {
			newly = append(newly, t)
		}
	}
	a.known = now
	return newly
}

// count is how many need attention.
func (a *attention) count() int { return len(a.known) }

// mostNamed is how many tenants a notification names.
const mostNamed = 3

// notification is what the system tells of them: of one, what is wrong and what to do; of several at once, who
// they are. It cannot be clicked, so that the words must do.
func notification(newly []workbench.TenantView) (title, text string) {
	if len(newly) == 1 {
		t := newly[0]
		title = textAttentionOne.With(cmp.Or(t.CompanyName, t.ContextID))
		if t.Trouble == nil {
			return title, textAttentionPlain.String()
		}
		return title, strings.TrimSpace(words.Of(t.Trouble.What) + " " + words.Of(t.Trouble.Next))
	}
	var names []string
	for _, t := range newly[:min(len(newly), mostNamed)] {
		names = append(names, cmp.Or(t.CompanyName, t.ContextID))
	}
	if more := len(newly) - mostNamed; more > 0 {
		names = append(names, textAttentionMore.With(words.Thousands(more)))
	}
	return textAttention.Of(len(newly)), strings.Join(names, ", ")
}
