package core_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// A failure that a person is told has a cause in the taxonomy, and the taxonomy alone decides whose fault it
// is and whether it heals: the poller's rests, the window's colours and a script's JSON hang on both. So no
// room but core/tenant fills in an Explanation by hand, and none changes what the cause has decided.
func TestNobodyExplainsAFailurePastTheTaxonomy(t *testing.T) {
	for file, room := range goFiles(t) {
		if room == "core/tenant" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, found := range handMade(t, file, nil) {
			t.Error(found)
		}
	}
}

func TestTheTaxonomysGuardSeesWhatItShould(t *testing.T) {
	const head = "package x\nimport \"partnerdesk/core/tenant\"\n"
	for source, want := range map[string]int{
		`func f() error { return &tenant.Problem{Explanation: tenant.Explanation{What: "x"}} }`: 1,
		`func f() *tenant.Explanation { return &tenant.Explanation{"x", "y"} }`:                 1,
		`var all = []tenant.Explanation{{What: "x"}, {}}`:                                       1,
		`var all = map[string]*tenant.Explanation{"x": {What: "x"}}`:                            1,
		`func f(e tenant.Explanation) { e.Fault, e.Temporary = "", false }`:                     2,
		`func f(p *tenant.Problem) { p.Explanation.Temporary = true }`:                          1,
		`func f() tenant.Explanation { return tenant.Explanation{} }`:                           0,
		`func f() tenant.Explanation { return tenant.CauseClock.Explain("x", "", "") }`:         0,
		`func f(e *tenant.Explanation) bool { e.Server = "x"; return e.Temporary }`:             0,
		`type Explanation struct{ What string }; var e = Explanation{What: "x"}`:                0,
	} {
		if found := handMade(t, "x.go", head+source); len(found) != want {
			t.Errorf("%s\nfound %v", source, found)
		}
	}
	renamed := "package x\nimport words \"partnerdesk/core/tenant\"\nvar e = words.Explanation{What: \"x\"}"
	if found := handMade(t, "x.go", renamed); len(found) != 1 {
		t.Errorf("under another name: found %v", found)
	}
}

// handMade lists where a file fills in or changes an Explanation. source is the file's text, or nil to read it.
func handMade(t *testing.T, file string, source any) []string {
	t.Helper()
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, file, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	name := importName(parsed, module+"/core/tenant")
	if name == "" {
		return nil
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			for _, literal := range explanations(n, name) {
				found = append(found, fmt.Sprintf("%s: an Explanation is made by tenant.Cause.Explain", positions.Position(literal.Pos())))
			}
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				if s, ok := left.(*ast.SelectorExpr); ok && (s.Sel.Name == "Fault" || s.Sel.Name == "Temporary") {
					found = append(found, fmt.Sprintf("%s: %s is the cause's to decide", positions.Position(s.Pos()), s.Sel.Name))
				}
			}
		}
		return true
	})
	return found
}

// importName is the name by which a file knows a package, empty where it does not.
func importName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if got, err := strconv.Unquote(spec.Path.Value); err != nil || got != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndex(path, "/")+1:]
	}
	return ""
}

// explanations returns the literal itself where it is an Explanation with content, and such elements of it as
// leave their type out.
func explanations(literal *ast.CompositeLit, name string) []*ast.CompositeLit {
	if isExplanation(literal.Type, name) && len(literal.Elts) > 0 {
		return []*ast.CompositeLit{literal}
	}
	var element ast.Expr
	switch of := literal.Type.(type) {
	case *ast.ArrayType:
		element = of.Elt
	case *ast.MapType:
		element = of.Value
	}
	if pointer, ok := element.(*ast.StarExpr); ok {
		element = pointer.X
	}
	if !isExplanation(element, name) {
		return nil
	}
	var found []*ast.CompositeLit
	for _, e := range literal.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil && len(inner.Elts) > 0 {
			found = append(found, inner)
		}
	}
	return found
}

func isExplanation(of ast.Expr, name string) bool {
	s, ok := of.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Explanation" {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == name
}
