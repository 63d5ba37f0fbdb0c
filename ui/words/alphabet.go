package words

import (
	"fyne.io/fyne/v2/lang"
	"golang.org/x/text/language"
)

// Alphabet is the language by whose dictionaries names are to be sorted for the person: the operating system's, also
// where there is no translation into it. It asks the system, which takes a while on some: keep the answer.
func Alphabet() language.Tag { return alphabetOf(lang.SystemLocale().LanguageString()) }

// alphabetOf returns the language of a locale such as nb-NO. The tables that x/text/collate sorts by know Nynorsk but
// not Bokmål, which would be sorted as English is; both have one alphabet.
func alphabetOf(locale string) language.Tag {
	tag := language.Make(locale)
	switch base, _ := tag.Base(); base.String() {
	case "nb", "no":
		return language.Make("nn")
	}
	return tag
}
