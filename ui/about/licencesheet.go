package about

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/assets"
	"partnerdesk/ui/kit"
)

// licenceSheet shows the terms of one part at a time.
type licenceSheet struct {
	*kit.Dialog
	all    []assets.Licence
	module *kit.Choice
	text   *kit.Paragraph
	close  *kit.Button
}

func newLicenceSheet(run *kit.Runner, window fyne.Window, all []assets.Licence) *licenceSheet {
	s := &licenceSheet{all: all, text: kit.NewParagraph("", kit.LookCaption())}
	s.close = kit.NewButton(kit.TextClose.String(), nil, "", func() { s.Hide() })
	s.close.Importance = widget.HighImportance
	var labels []string
	for _, l := range all {
		labels = append(labels, strings.Join(strings.Fields(l.Module+" "+shortVersion(l.Version)), " ")+"   ·   "+l.Kind)
	}
	s.module = kit.NewChoice(labels, nil)
	s.Dialog = kit.NewDialog(run, kit.DialogOptions{Window: window, Title: textLicencesTitle.String(), Gap: kit.DialogGap, Escape: func() { s.Hide() }},
		kit.NewFoot(nil, s.close),
		kit.NewParagraph(textLicencesHint.String(), kit.Look{Tone: kit.ColorMuted}), s.module, s.text)
	s.module.OnChanged = func(string) { s.show() }
	s.module.SetSelectedIndex(0)
	return s
}

// show draws the text of the chosen part, line by line as its authors have written it.
func (s *licenceSheet) show() {
	s.text.Text = s.all[max(0, s.module.SelectedIndex())].Text
	s.text.Refresh()
	s.Fit()
}

// shortVersion is a version without the time and the commit of one that has no number.
func shortVersion(version string) string {
	if parts := strings.Split(version, "-"); len(parts) > 2 {
		return parts[0] + " (" + parts[len(parts)-1] + ")"
	}
	return version
}
