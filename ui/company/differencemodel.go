package company

import (
	"strings"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// difference is what the login user's result and the system user's have not in common, of what should tell them
// apart. Names, ids and times always differ and prove nothing.
type difference struct {
	createdBy, owner, credential bool
	// outcome is true where one of them created a company and the other certainly did not.
	outcome bool
}

// compare finds the differences. Facts are compared of two companies that are there.
func compare(login, system workbench.CompanyResult) difference {
	if login.Outcome != workbench.Created || system.Outcome != workbench.Created {
		return difference{outcome: login.Outcome != system.Outcome && login.Outcome != workbench.CouldNotTell && system.Outcome != workbench.CouldNotTell}
	}
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	return difference{createdBy: differ(login.Company.CreatedBy, system.Company.CreatedBy), owner: differ(login.Company.Owner, system.Company.Owner),
		credential: differ(login.Credential, system.Credential)}
}

// facts are the captions of what differs.
func (d difference) facts() []string {
	var captions []string
	for _, f := range []struct {
		differs bool
		caption words.Phrase
	}{{d.createdBy, factCreatedBy}, {d.owner, factOwner}, {d.credential, factCredential}} {
		if f.differs {
			captions = append(captions, f.caption.String())
		}
	}
	return captions
}

// differenceView is the sentence on what the two results prove together; empty for nothing.
type differenceView struct {
	Text string
	Tone kit.Tone
}

func (d difference) view(login, system workbench.CompanyResult) differenceView {
	switch {
	case d.outcome && login.Outcome == workbench.Created:
		return differenceView{textOnlyLoginUser.String(), kit.ToneWarning}
	case d.outcome:
		return differenceView{textOnlySystemUser.String(), kit.ToneWarning}
	case d.createdBy:
		return differenceView{textDifferProof.With(strings.Join(d.facts(), ", ")), kit.ToneAccent}
	case d.credential && login.Company.CreatedBy != "" && login.Company.CreatedBy == system.Company.CreatedBy:
		return differenceView{textSameCreator.With(login.Company.CreatedBy), kit.ToneWarning}
	case len(d.facts()) > 0:
		return differenceView{textDifferIn.With(strings.Join(d.facts(), ", ")), kit.ToneAccent}
	}
	return differenceView{}
}
