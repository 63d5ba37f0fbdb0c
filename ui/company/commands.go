package company

import (
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// CreateButton is the button that creates a company as an actor: the window's menu presses it too.
func (s *Section) CreateButton(as tenant.Actor) *kit.Button { return s.card(as).create }
