package data

import (
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// newForm makes what all sheets have in common.
func newForm(run *kit.Runner, o Options, act string, submit func()) *kit.Form {
	return kit.NewForm(run, kit.FormOptions{Window: o.Window, OpenFolder: o.OpenFolder, OnChanged: o.OnChanged, OnFail: o.OnFail}, act, submit)
}

// registrationChoice lets one of the registrations be chosen.
type registrationChoice struct {
	*kit.Choice
	names []string
}

func newRegistrationChoice(all []workbench.RegistrationView) *registrationChoice {
	c := &registrationChoice{}
	var labels []string
	current := 0
	for i, r := range all {
		c.names = append(c.names, r.Name)
		labels = append(labels, textRegistrationIn.With(r.Name, kit.EnvironmentShort(r.Environment)))
		if r.Current {
			current = i
		}
	}
	c.Choice = kit.NewChoice(labels, nil)
	if len(all) > 0 {
		c.SetSelectedIndex(current)
	}
	return c
}

// name is the chosen one's; empty, which means the current one, where there is none to choose.
func (c *registrationChoice) name() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.names[i]
	}
	return ""
}
