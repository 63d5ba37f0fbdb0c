package company

import (
	"cmp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// companyCard is a create button, and what came of it.
type companyCard struct {
	as      tenant.Actor
	create  *kit.Button
	pressed time.Time // when create was pressed last

	body     *fyne.Container
	yes, no  *kit.Button
	cancel   *kit.Button
	again    *kit.Button
	open     *kit.Button
	copy     *kit.Button
	ground   *kit.Surface
	title    *kit.Line
	when     *kit.Line
	lines    *fyne.Container
	facts    *kit.FactGrid
	requests *fyne.Container
	answers  *fyne.Container
	view     cardView
	drawn    bool
}

func newCompanyCard(as tenant.Actor) *companyCard {
	c := &companyCard{as: as, create: kit.NewButton("", nil, "", nil)}
	c.create.Importance = widget.HighImportance
	c.makeButtons()
	c.ground = kit.NewSurface(kit.ColorSurface, kit.ColorLine, 6)
	c.title, c.when = kit.NewWord("", kit.Look{}), kit.NewLine("", kit.LookCaption())
	c.lines, c.requests = kit.NewColumn(3), kit.NewColumn(1)
	c.facts = kit.NewFactGrid(1, 84)
	c.answers = kit.NewBar(6, nil, c.yes, c.no, c.again, c.cancel)
	heading := kit.NewFixed(0, 26, kit.NewBar(8, c.when, c.title, c.when, c.open, c.copy))
	content := kit.NewColumn(5, heading, c.lines, c.answers, c.facts.Container, c.requests)
	c.body = kit.NewOver(c.ground, kit.NewInset(10, 6, content))
	return c
}

func (c *companyCard) makeButtons() {
	c.yes, c.no = kit.NewButton(textCreateInProduction.String(), nil, "", nil), kit.NewButton(textDoNotCreate.String(), nil, "", nil)
	c.yes.Importance = widget.DangerImportance
	c.cancel = kit.NewButton(kit.TextCancel.String(), nil, textCancelTip.String(), nil)
	c.again = kit.NewButton(textLookAgain.String(), theme.ViewRefreshIcon(), textLookAgainTip.String(), nil)
	c.again.Importance = widget.HighImportance
	c.open = kit.NewButton(textOpenCRM.String(), nil, textOpenCRMTip.String(), nil)
	c.open.Importance = widget.LowImportance
	c.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyResult.String(), nil)
}

// allow says whether the button can be used and where it writes, or why not.
func (c *companyCard) allow(s *slot, t workbench.TenantView) {
	production := t.Environment == tenant.Production
	c.create.Tint(production)
	text, tip := byActor(c.as, textCreateAsLogin, textCreateAsSystem).String(), byActor(c.as, textEmptyAsLogin, textEmptyAsSystem).String()
	if production {
		text = byActor(c.as, textCreateLiveAsLogin, textCreateLiveAsSystem).String()
		tip = textCreateLiveTip.With(cmp.Or(t.CompanyName, t.ContextID), t.ContextID)
	}
	reason := createReason(c.as, t)
	switch {
	case s != nil && s.phase == slotWorking:
		text, reason = textCreating.String(), textBeingCreated.String()
	case s != nil && s.phase == slotResolving:
		reason = textBeingLookedUp.String()
	case s != nil && s.phase == slotAsking:
		reason = textAnswerFirst.String()
	}
	c.create.Label(text)
	c.create.Explain(tip)
	c.create.Allow(reason)
}

// set draws a view, and reports whether it may have changed its height.
func (c *companyCard) set(v cardView) bool {
	c.when.SetText(v.When)
	if c.drawn && sameCard(v, c.view) {
		c.view = v
		return false
	}
	c.view, c.drawn = v, true
	fill, edge := kit.ColorSurface, kit.ColorLine
	if v.Asks || v.CanLookAgain {
		fill, edge = v.Tone.Colors()
	}
	c.ground.Paint(fill, edge)
	c.title.Set(v.Title, kit.LookBold().In(v.Tone.Text()))
	c.copy.Hidden, c.open.Hidden = v.Copy == "", !v.CanOpen
	c.lines.Objects = nil
	for _, text := range v.Lines {
		c.lines.Add(kit.NewParagraph(text, kit.Look{Tone: linesTone(v)}))
	}
	c.lines.Hidden = len(v.Lines) == 0
	c.facts.Set(v.Facts)
	c.facts.Hidden = len(v.Facts) == 0
	c.setRequests(v.Requests)
	c.yes.Hidden, c.no.Hidden, c.cancel.Hidden, c.again.Hidden = !v.Asks, !v.Asks, !v.CanCancel, !v.CanLookAgain
	c.answers.Hidden = !v.Asks && !v.CanCancel && !v.CanLookAgain
	c.body.Refresh()
	return true
}

func (c *companyCard) setRequests(all []requestView) {
	c.requests.Objects = nil
	if len(all) > 0 {
		c.requests.Add(kit.NewLine(textRequests.String(), kit.LookCaption()))
	}
	plain := kit.Look{Size: theme.SizeNameCaptionText, Style: fyne.TextStyle{Monospace: true}}
	for _, q := range all {
		answer := plain
		if q.Failed {
			answer = plain.In(kit.ToneBad.Text())
		}
		path := kit.NewPath(q.Path, plain)
		c.requests.Add(kit.NewBar(8, path, kit.NewFixed(34, 0, kit.NewWord(q.Method, plain)), path,
			kit.NewWord(q.Answer, answer), kit.NewWord(q.Took, plain)))
	}
	c.requests.Hidden = len(all) == 0
}

func linesTone(v cardView) fyne.ThemeColorName {
	if v.Tone == kit.ToneMuted {
		return kit.ColorMuted
	}
	return theme.ColorNameForeground
}
