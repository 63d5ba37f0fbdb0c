package words_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

// sources parses the Go files of the project, tests left out, and hands each over with its package's folder below
// the root.
func sources(t *testing.T, visit func(folder string, file *ast.File, positions *token.FileSet)) {
	t.Helper()
	const root = "../.."
	positions := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"testdata", "build", "kittest"}, entry.Name())):
			return filepath.SkipDir
		case entry.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		visit(filepath.ToSlash(folder), file, positions)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// literal is the value of a string literal, or of several that are joined.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		a, one := literal(e.X)
		b, two := literal(e.Y)
		return a + b, e.Op == token.ADD && one && two
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

// named reports whether an expression is a name, with or without the package words before it.
func named(e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == name
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "words" && e.Sel.Name == name
	}
	return false
}

// phrases are the texts of the window by the translation file that they belong to: the name of their package.
func phrases(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	sources(t, func(folder string, file *ast.File, _ *token.FileSet) {
		if folder != "app/desktop" && folder != "ui" && !strings.HasPrefix(folder, "ui/") {
			return
		}
		name := fileOf(folder)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if !named(n.Type, "Phrase") {
					break
				}
				for _, v := range n.Values {
					if text, ok := literal(v); ok {
						found[name] = append(found[name], text)
					}
				}
			case *ast.CompositeLit:
				if named(n.Type, "Plural") {
					found[name] = append(found[name], pluralTexts(n)...)
				}
			}
			return true
		})
	})
	return found
}

// fileOf names a folder's translation file: the window's own is called so.
func fileOf(folder string) string {
	if folder == "ui" {
		return "window"
	}
	return filepath.Base(folder)
}

func pluralTexts(l *ast.CompositeLit) []string {
	var texts []string
	for _, element := range l.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		if text, ok := literal(element); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// fixedTexts are the core's that have no values in them: the taxonomy's words, the words of failures, labels and what
// the steps of a diagnosis prove and find, the checks of a token, and what guards the data file.
func fixedTexts(t *testing.T) []string {
	t.Helper()
	var texts []string
	take := func(e ast.Expr) {
		if text, ok := literal(e); ok && text == strings.TrimSpace(text) && text != strings.ToUpper(text) {
			texts = append(texts, text)
		}
	}
	sources(t, func(folder string, file *ast.File, _ *token.FileSet) {
		if folder == "core/sandbox" || folder == "app/console" {
			return // the one has words of its own, the other speaks English
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Explain" {
					for _, argument := range n.Args {
						take(argument)
					}
				}
				if called, ok := n.Fun.(*ast.Ident); ok && folder == "core/workbench" && (called.Name == "passed" || called.Name == "skipped") {
					take(n.Args[0])
				}
			case *ast.FuncDecl:
				if wordy(n) {
					everyLiteral(n, take)
				}
			case *ast.ValueSpec:
				if len(n.Names) == 1 && fixed(folder, n.Names[0].Name) {
					everyLiteral(n, take)
				}
			}
			return true
		})
	})
	return texts
}

// fixed reports whether a variable or constant of the core holds words for people.
func fixed(folder, name string) bool {
	switch folder {
	case "core/tenant":
		return name == "stepLabels" || strings.HasPrefix(name, "next")
	case "core/update":
		return strings.HasPrefix(name, "next")
	case "core/superid":
		return name == "stepSignature"
	}
	return false
}

// rules are the sentences below a field that breaks one: the errors of core/tenant that have no values in them, but
// for those with a name that other packages ask for. One that begins with "its" or "it" speaks of what an error
// around it has named, and is no sentence alone.
func rules(t *testing.T) []string {
	t.Helper()
	var texts []string
	sources(t, func(folder string, file *ast.File, _ *token.FileSet) {
		if folder != "core/tenant" {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if declared, ok := n.(*ast.ValueSpec); ok && declared.Names[0].IsExported() {
				return false
			}
			if text, ok := newError(n); ok && !strings.HasPrefix(text, "it") {
				texts = append(texts, tenant.Sentence(errors.New(text)))
			}
			return true
		})
	})
	return texts
}

// newError is the text of a call of errors.New.
func newError(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || called.Sel.Name != "New" {
		return "", false
	}
	if x, ok := called.X.(*ast.Ident); !ok || x.Name != "errors" {
		return "", false
	}
	return literal(call.Args[0])
}

// wordy reports whether all literals of a function are words for people.
func wordy(f *ast.FuncDecl) bool {
	switch f.Name.Name {
	case "Label", "Causes", "registrationStages", "tenantStages", "describe", "steps", "remark", "leftToDo":
		return true
	}
	return false
}

func everyLiteral(n ast.Node, take func(ast.Expr)) {
	ast.Inspect(n, func(n ast.Node) bool {
		if e, ok := n.(*ast.BasicLit); ok {
			take(e)
		}
		return true
	})
}
