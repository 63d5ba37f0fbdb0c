package settings

import (
	"errors"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

// protections are the choices, in the order of preference.
func protections() []tenant.ProtectionKind {
	return []tenant.ProtectionKind{tenant.ByKeyring, tenant.ByPassphrase, tenant.ByKeyFile}
}

// protectionChoice names a choice.
func protectionChoice(kind tenant.ProtectionKind) string {
	switch kind {
	case tenant.ByPassphrase:
		return textProtectByPassphrase.String()
	case tenant.ByKeyFile:
		return textProtectByKeyFile.String()
	}
	return textProtectByKeyring.String()
}

// protectionMeaning says what a choice means for the person.
func protectionMeaning(kind tenant.ProtectionKind) string {
	switch kind {
	case tenant.ByPassphrase:
		return textProtectAsks.String()
	case tenant.ByKeyFile:
		return textProtectKeyFile.String()
	}
	return textProtectKeyring.String()
}

// protectionFields are what was chosen and typed.
type protectionFields struct {
	Kind              tenant.ProtectionKind
	Passphrase, Again secret.Text
}

// validate says what is wrong with the fields. The passphrase is typed twice, as nobody sees it and nobody can
// restore it.
func (f protectionFields) validate() error {
	if f.Kind != tenant.ByPassphrase {
		return nil
	}
	if err := tenant.CheckPassphrase(f.Passphrase); err != nil {
		return err
	}
	if f.Passphrase.Reveal() != f.Again.Reveal() {
		return errors.New("the two passphrases are not the same")
	}
	return nil
}

// protectionChanged says how it went.
func protectionChanged(p tenant.Protection) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: "The data file is guarded by the " + p.Kind.Label() + " now.", Lines: []string{p.Sentence}}
	return withOldKeys(v, p)
}

// keyRotated says how it went.
func keyRotated(p tenant.Protection) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: "Every secret is sealed anew.", Lines: []string{"This is data key number " + tenant.Thousands(p.Generation) + "."}}
	return withOldKeys(v, p)
}

func withOldKeys(v kit.NoticeView, p tenant.Protection) kit.NoticeView {
	if p.OldKeys > 0 {
		v.Tone = kit.ToneWarning
		v.Lines = append(v.Lines, tenant.Plural(p.OldKeys, "old key")+" could not be removed yet; each start tries again.")
	}
	return v
}
