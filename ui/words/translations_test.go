package words_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"partnerdesk/ui/words"
)

// update writes the English files anew, and gives the Norwegian ones an empty text for each that they lack.
var update = flag.Bool("update", false, "write the translation files")

const folder = "../../assets/translations"

// languages are those that the window speaks beside English.
var languages = []string{"nb"}

func read(t *testing.T, name string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name+".json"))
	if os.IsNotExist(err) {
		return map[string]string{}
	}
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return texts
}

func write(t *testing.T, name string, texts map[string]string) {
	t.Helper()
	file, err := os.Create(filepath.Join(folder, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(texts); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// wanted are the texts that each file must have: those of the source, and Fyne's own.
func wanted(t *testing.T) map[string][]string {
	t.Helper()
	all := phrases(t)
	all["core"] = append(fixedTexts(t), rules(t)...)
	all["fyne"] = textsOfFyne(t)
	return all
}

// textsOfFyne are the texts that Fyne itself shows, in its dialogs and menus: it ships no Norwegian.
func textsOfFyne(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "lang", "translations", "base.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]any{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Keys(texts))
}

func TestEveryTextIsInEveryLanguage(t *testing.T) {
	files := wanted(t)
	for name, texts := range files {
		want := map[string]string{}
		for _, text := range texts {
			want[text] = text
		}
		if name != "fyne" { // Fyne has its own English
			english(t, name+".en", want)
		}
		for _, language := range languages {
			translated(t, name+"."+language, want)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name, _, _ := strings.Cut(e.Name(), ".")
		if _, there := files[name]; !there {
			t.Errorf("%s belongs to no part of the window", e.Name())
		}
	}
}

func english(t *testing.T, name string, want map[string]string) {
	t.Helper()
	if *update {
		write(t, name, want)
	}
	if !maps.Equal(read(t, name), want) {
		t.Errorf("%s is not the English of the source; run this test with -update", name)
	}
}

func translated(t *testing.T, name string, want map[string]string) {
	t.Helper()
	have := read(t, name)
	if *update {
		texts := map[string]string{}
		for text := range want {
			texts[text] = have[text]
		}
		write(t, name, texts)
		have = texts
	}
	for text := range want {
		switch translation := have[text]; {
		case translation == "":
			t.Errorf("%s lacks %q", name, text)
		case !slices.Equal(verbs(text), verbs(translation)):
			t.Errorf("%s: %q has other values than %q", name, translation, text)
		}
	}
	for text := range have {
		if _, used := want[text]; !used {
			t.Errorf("%s has %q, which nobody says", name, text)
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+0-9.]*[a-z%]`)

// verbs are the places for values in a text, in their order as arguments.
func verbs(text string) []string {
	found := verb.FindAllString(text, -1)
	if strings.Contains(text, "%[") {
		slices.Sort(found) // numbered: the order in the sentence is free
		for i, v := range found {
			found[i] = "%" + v[strings.Index(v, "]")+1:]
		}
	}
	return found
}

func TestTheWindowSpeaksNorwegian(t *testing.T) {
	speak := func(locale, want string) {
		t.Helper()
		t.Setenv("LANG", locale)
		t.Setenv("LC_ALL", locale)
		if err := words.Load(); err != nil {
			t.Fatal(err)
		}
		if got := words.Of("The connection failed."); got != want {
			t.Errorf("in %s it says %q", locale, got)
		}
		if got := words.Of("Fjord & Fell AS"); got != "Fjord & Fell AS" {
			t.Errorf("in %s a company's name became %q", locale, got)
		}
	}
	speak("nb_NO.UTF-8", "Forbindelsen ble brutt.")
	speak("en_US.UTF-8", "The connection failed.")
}
