package detail

import (
	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// actButton is a button for whichever act helps at the moment.
type actButton struct {
	*kit.Button
	act act
	do  func(act)
}

func newActButton(do func(act)) *actButton {
	b := &actButton{do: do}
	return b
}

// offer makes the button one for an act, and returns it as the only one of a notice; none where there is no act. reason
// says why the act cannot be had now.
func (b *actButton) offer(a act, reason string) []fyne.CanvasObject {
	if a == "" {
		return nil
	}
	if b.Button == nil || b.act != a {
		label, tip := actWords(a)
		b.act, b.Button = a, kit.NewButton(label.String(), nil, tip.String(), func() { b.do(a) })
	}
	b.Allow(reason)
	return []fyne.CanvasObject{b.Button}
}
