package logpane

import "partnerdesk/ui/kit"

// What the window's menu offers of the log are the pane's own controls: what one cannot do, and why, goes for the other.

// FollowCheck turns following on and off.
func (p *Pane) FollowCheck() *kit.Check { return p.follow }

// ClearButton shows all lines again.
func (p *Pane) ClearButton() *kit.Button { return p.clear }

// CopyButton copies the marked lines.
func (p *Pane) CopyButton() *kit.Button { return p.copy }

// ExportButton opens the sheet that exports the lines.
func (p *Pane) ExportButton() *kit.Button { return p.export }

// NextButton goes to the next line that the search has found.
func (p *Pane) NextButton() *kit.Button { return p.find.next }

// PreviousButton goes to the one before.
func (p *Pane) PreviousButton() *kit.Button { return p.find.previous }
