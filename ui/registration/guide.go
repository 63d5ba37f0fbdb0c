package registration

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// guide says what to enter in the Developer Portal, with what to copy. It folds away for whoever knows it.
type guide struct {
	root  *fyne.Container
	steps *fyne.Container
	fold  *kit.Button
	open  *kit.Button
	lines []*guideRow
	// onFold is called when the height has changed.
	onFold func()
}

// guideRow is one thing to do there.
type guideRow struct {
	caption *kit.Line
	text    *kit.Paragraph
	value   *kit.Line
	copy    *kit.Button
	entry   *fyne.Container
}

func newGuide(unfolded bool, clip func(string), openPortal func()) *guide {
	g := &guide{steps: kit.NewColumn(7)}
	for range guideOf(tenant.Development, "") {
		g.lines = append(g.lines, g.newRow(clip))
	}
	g.open = kit.NewButton(textOpenPortal.String(), nil, portalURL, openPortal)
	g.fold = kit.NewButton("", nil, "", func() { g.unfold(!g.steps.Visible()); g.onFold() })
	g.fold.Importance = widget.LowImportance
	heading := kit.NewLine(textPortalPart.String(), kit.LookBold())
	g.root = kit.NewPanel(10, kit.NewColumn(7, kit.NewBar(6, heading, heading, g.fold, g.open), g.steps))
	g.unfold(unfolded)
	return g
}

func (g *guide) newRow(clip func(string)) *guideRow {
	mono := kit.Look{Style: fyne.TextStyle{Monospace: true}}
	r := &guideRow{caption: kit.NewLine("", kit.LookCaption()), text: kit.NewParagraph("", kit.LookCaption()), value: kit.NewLine("", mono)}
	r.copy = kit.NewButton(kit.TextCopy.String(), nil, "", func() {
		clip(r.value.Text)
		for _, other := range g.lines {
			other.copy.Label(kit.TextCopy.String())
		}
		r.copy.Label(textCopied.String())
	})
	r.entry = kit.NewBar(6, r.value, r.value, r.copy)
	g.steps.Add(kit.NewPair(captionRoom()-10, r.caption, kit.NewColumn(2, r.text, r.entry)))
	return r
}

func (g *guide) unfold(on bool) {
	g.steps.Hidden = !on
	g.fold.Label(textShowGuide.String())
	if on {
		g.fold.Label(textHideGuide.String())
	}
	g.root.Refresh()
}

// show fits the guide to an environment and a redirect URI, and reports whether the height may have changed.
func (g *guide) show(lines []guideLine) bool {
	moved := false
	for i, line := range lines {
		r := g.lines[i]
		if r.value.Text != line.Value {
			r.copy.Label(kit.TextCopy.String()) // what is on the clipboard is another value
		}
		r.caption.SetText(line.Caption)
		r.value.SetText(line.Value)
		r.entry.Hidden = line.Value == ""
		if r.text.Text != line.Text {
			r.text.Text, moved = line.Text, true
			r.text.Refresh()
		}
	}
	if moved {
		g.root.Refresh()
	}
	return moved
}
