package settings

import (
	"errors"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
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

// changeReason says why a choice changes nothing, "" where it does. A passphrase can be changed for another one.
func changeReason(now, chosen tenant.ProtectionKind) string {
	if chosen == now && chosen != tenant.ByPassphrase {
		return textProtectSame.String()
	}
	return ""
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
		return errors.New(textPassphrasesDiffer.String())
	}
	return nil
}

// protectionChanged says how it went.
func protectionChanged(p tenant.Protection) kit.NoticeView {
	return withOldKeys(kit.NoticeView{Tone: kit.ToneGood, Title: guardedBy(p.Kind), Lines: []string{words.Of(p.Sentence)}}, p)
}

func guardedBy(kind tenant.ProtectionKind) string {
	switch kind {
	case tenant.ByPassphrase:
		return textGuardedByPassphrase.String()
	case tenant.ByKeyFile:
		return textGuardedByKeyFile.String()
	}
	return textGuardedByKeyring.String()
}

// keyRotated says how it went.
func keyRotated(p tenant.Protection) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: textSealedAnew.String(), Lines: []string{textDataKey.With(words.Thousands(p.Generation))}}
	return withOldKeys(v, p)
}

func withOldKeys(v kit.NoticeView, p tenant.Protection) kit.NoticeView {
	if p.OldKeys > 0 {
		v.Tone = kit.ToneWarning
		v.Lines = append(v.Lines, textOldKeys.Of(p.OldKeys))
	}
	return v
}
