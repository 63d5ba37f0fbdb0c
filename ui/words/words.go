// Package words is how the window speaks: every text for a person is a [Phrase] in the English of the source,
// and reaches the screen in the person's language.
//
// The translations lie in the files of assets/translations, keyed by the English text, and are looked up by
// Fyne's lang, which chooses the language by the operating system's setting. A test finds every Phrase and
// Plural in the source and says which one a file lacks.
package words

import (
	"encoding/json"
	"fmt"
	"sync"

	"fyne.io/fyne/v2/lang"

	"partnerdesk/assets"
)

// Load hands the translations to Fyne. Call it once, before the first text is asked for; until then texts are
// in English.
func Load() error {
	if err := lang.AddTranslationsFS(assets.Translations, "translations"); err != nil {
		return fmt.Errorf("load translations: %w", err)
	}
	return nil
}

// fromCore are the fixed texts of the core that the translations know.
var fromCore = sync.OnceValue(func() map[string]string {
	var texts map[string]string
	content, err := assets.Translations.ReadFile("translations/core.en.json")
	if err == nil {
		err = json.Unmarshal(content, &texts)
	}
	if err != nil {
		panic(err) // the file is built in, and a test reads it
	}
	return texts
})

// Of is a text that the core made, in the person's language where it is one of the core's fixed texts: a label
// or the advice of a cause. Any other text, which has values in it, stays as it is.
func Of(text string) string {
	if _, known := fromCore()[text]; !known {
		return text
	}
	return lang.L(text)
}

// Phrase is a text in English, whole: a label, or a sentence with the verbs of fmt for its values. Texts are
// never glued together from halves, as another language orders them differently.
type Phrase string

// String is the phrase in the person's language.
func (p Phrase) String() string { return lang.L(string(p)) }

// With is the phrase in the person's language with its values.
func (p Phrase) With(values ...any) string { return fmt.Sprintf(p.String(), values...) }

// Plural is a phrase for one and a phrase for any other number. Its first verb, %s, takes the number with its
// digits grouped.
type Plural struct{ One, Other Phrase }

// Of is the phrase for n in the person's language, with n and then more values.
func (p Plural) Of(n int, more ...any) string {
	phrase := p.Other
	if n == 1 {
		phrase = p.One
	}
	return phrase.With(append([]any{Thousands(n)}, more...)...)
}
