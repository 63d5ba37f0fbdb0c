package company

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// earlierList shows the stored results that are not on the cards, a line each.
type earlierList struct {
	root  *fyne.Container
	lines *fyne.Container
	whens []*kit.Line
	shown []earlierView
	copy  func(string)
	again func(workbench.CompanyResult, *kit.Button)
}

func newEarlierList(copy func(string), again func(workbench.CompanyResult, *kit.Button)) *earlierList {
	l := &earlierList{lines: kit.NewColumn(1), copy: copy, again: again}
	l.root = kit.NewPanel(10, kit.NewColumn(3, kit.NewLine(textEarlier.String(), kit.LookCaption()), l.lines))
	l.root.Hide()
	return l
}

// set draws the list, and reports whether it may have changed its height.
func (l *earlierList) set(views []earlierView) bool {
	if slices.EqualFunc(views, l.shown, sameEarlier) {
		for i, v := range views {
			l.whens[i].SetText(v.When)
		}
		return false
	}
	l.shown, l.lines.Objects, l.whens = views, nil, nil
	for _, v := range views {
		l.lines.Add(l.line(v))
	}
	l.root.Hidden = len(views) == 0
	l.root.Refresh()
	return true
}

func (l *earlierList) line(v earlierView) fyne.CanvasObject {
	when, name := kit.NewLine(v.When, kit.Look{Tone: kit.ColorMuted}), kit.NewLine(v.Name, kit.Look{})
	l.whens = append(l.whens, when)
	again := kit.NewButton(textLookAgain.String(), nil, textLookAgainTip.String(), nil)
	again.Importance = widget.LowImportance
	again.Hidden = !v.CanLookAgain
	again.OnTapped = func() { l.again(v.result, again) }
	copy := kit.NewIconButton(theme.ContentCopyIcon(), textCopyResult.String(), func() { l.copy(v.Copy) })
	return kit.NewFixed(0, 24, kit.NewBar(10, name, kit.NewFixed(84, 0, when), kit.NewFixed(86, 0, kit.NewLine(v.As, kit.Look{})),
		name, again, kit.NewWord(v.Outcome, kit.Look{Tone: v.Tone.Text()}), copy))
}
