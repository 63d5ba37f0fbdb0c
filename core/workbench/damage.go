package workbench

import (
	"fmt"
	"strings"

	"partnerdesk/core/tenant"
)

// DamageView is what cannot be trusted of one tenant, of one registration (then the key has no context
// identifier), or of the data file as a whole (then the key is empty).
type DamageView struct {
	tenant.Key
	// Records says which: "tenant", "ticket", "visit".
	Records []string `json:"records"`
	// Trouble says it in a sentence, with what to do next.
	Trouble tenant.Explanation `json:"trouble"`
}

// damageViews puts together what belongs to the same tenant.
func damageViews(damaged []tenant.Damaged) []DamageView {
	var views []DamageView
	at := map[tenant.Key]int{}
	for _, d := range damaged {
		i, seen := at[d.Key]
		if !seen {
			i = len(views)
			at[d.Key] = i
			views = append(views, DamageView{Key: d.Key})
		}
		views[i].Records = append(views[i].Records, d.Record)
	}
	for i := range views {
		views[i].explain()
	}
	return views
}

func (v *DamageView) explain() {
	const backup = "put a backup of the data file in its place."
	whose, next := "the data file", "Choose the settings again, which replaces them, or "+backup
	switch {
	case v.ContextID != "":
		whose = v.ContextID
		next = fmt.Sprintf("Remove the tenant here (“partnerdesk-console tenants remove %s”) and sign in to it again, or %s", v.ContextID, backup)
	case v.Registration != "":
		whose = "the registration " + v.Registration
		next = "Remove its tenants and then the registration, and add them again, or " + backup
	}
	v.Trouble = tenant.CauseFilesBroken.Explain(
		fmt.Sprintf("%s of %s cannot be trusted: %s.", tenant.Plural(len(v.Records), "record"), whose, strings.Join(v.Records, ", ")),
		"The data file was damaged, or changed by something other than this program.", next)
}
