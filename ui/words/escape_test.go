package words_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// spoken is what looks like a text for a person: two words, or one with a capital letter.
var spoken = regexp.MustCompile(`\pL\pL[,.:…]? \pL|^\p{Lu}\p{Ll}+[.…]?$`)

func TestNoTextEscapesTheTranslations(t *testing.T) {
	sources(t, func(folder string, file *ast.File, positions *token.FileSet) {
		if folder != "ui" && !strings.HasPrefix(folder, "ui/") {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if untranslated(n) {
				return false
			}
			if text, ok := n.(*ast.BasicLit); ok {
				if s, ok := literal(text); ok && spoken.MatchString(s) {
					t.Errorf("%s: %q is no words.Phrase, so that it cannot be translated", positions.Position(n.Pos()), s)
				}
			}
			return true
		})
	})
}

// untranslated reports whether the texts in a node are phrases already, or not for the window: imports and tags, the
// texts of errors, the words that the core's translations hold, the names of folders, what a file is searched for,
// and another program's own names, which are constants declared as plain strings.
func untranslated(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return true
	case *ast.Field:
		return n.Tag != nil
	case *ast.ValueSpec:
		return named(n.Type, "Phrase") || named(n.Type, "string")
	case *ast.CompositeLit:
		return named(n.Type, "Plural")
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		return ok && key.Name == "Op"
	case *ast.CallExpr:
		switch called := n.Fun.(type) {
		case *ast.Ident:
			return called.Name == "panic"
		case *ast.SelectorExpr:
			switch called.Sel.Name {
			case "Explain", "Errorf":
				return true
			}
			x, ok := called.X.(*ast.Ident)
			return ok && slices.Contains([]string{"errors.New", "filepath.Join", "strings.Contains"}, x.Name+"."+called.Sel.Name)
		}
	}
	return false
}
