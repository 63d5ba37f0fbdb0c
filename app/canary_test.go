package app

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"partnerdesk/core/customers"
	"partnerdesk/core/journal"
	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// canaryText is the secret that is planted wherever one can be. None of its characters is escaped anywhere.
const canaryText = "canaryInTheCoalMine0123456789"

// carriers are all exported types in which a secret can lie.
// TestEveryTypeThatCarriesASecretIsAmongTheCarriers finds out when one is missing.
var carriers = []reflect.Type{
	reflect.TypeFor[secret.Text](),
	reflect.TypeFor[tenant.Registration](), reflect.TypeFor[tenant.Tenant](), reflect.TypeFor[tenant.Login](),
	reflect.TypeFor[tenant.Ticket](), reflect.TypeFor[tenant.Snapshot](), reflect.TypeFor[tenant.Roster](),
	reflect.TypeFor[tenant.Portable](), reflect.TypeFor[tenant.PortableTenant](),
	reflect.TypeFor[customers.Customer](), reflect.TypeFor[customers.Row](),
	reflect.TypeFor[superid.Client](), reflect.TypeFor[superid.Claim](), reflect.TypeFor[superid.Claims](), reflect.TypeFor[superid.Tokens](), reflect.TypeFor[superid.Granted](),
	reflect.TypeFor[superid.Exchanged](), reflect.TypeFor[superid.InspectOptions](), reflect.TypeFor[superid.Inspection](),
	reflect.TypeFor[online.Credential](), reflect.TypeFor[online.Call](),
	reflect.TypeFor[keeper.Subject](), reflect.TypeFor[keeper.Keeper](),
	reflect.TypeFor[workbench.TokenRequest](), reflect.TypeFor[workbench.WrittenKey](),
	reflect.TypeFor[workbench.RegistrationDraft](), reflect.TypeFor[workbench.DiagnoseRequest](),
}

// plant fills a value, its unexported fields too, with the canary wherever a secret can be. It enters the types of
// this program only.
func plant(v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[secret.Text]() {
		v.Set(reflect.ValueOf(secret.New(canaryText)))
		return
	}
	if depth == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if !strings.HasPrefix(v.Type().PkgPath(), "partnerdesk/") && v.Type().PkgPath() != "" {
			return
		}
		for i := range v.NumField() {
			field := v.Field(i)
			plant(reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem(), depth-1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem(), depth-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), depth-1)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		plant(value, depth-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.Zero(v.Type().Key()), value)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(secret.New(canaryText)))
		}
	}
}

// told lists the forms in which the canary would be legible.
func told() [][]byte {
	forms := [][]byte{[]byte(canaryText), []byte(hex.EncodeToString([]byte(canaryText))), []byte(strings.ToUpper(hex.EncodeToString([]byte(canaryText))))}
	for shift := range 3 { // wherever it begins among base64's groups of three
		forms = append(forms, []byte(base64.StdEncoding.EncodeToString([]byte(canaryText)[3-shift:][:21])))
	}
	return forms
}

func wantSilence(t *testing.T, how string, printed []byte) {
	t.Helper()
	for _, form := range told() {
		if bytes.Contains(printed, form) {
			t.Errorf("%s tells the secret: %s", how, printed)
		}
	}
}

func TestNoTypeThatCarriesASecretTellsIt(t *testing.T) {
	var log bytes.Buffer
	dir := t.TempDir()
	j, err := journal.Open(journal.Options{Dir: dir, Program: "console"})
	if err != nil {
		t.Fatal(err)
	}
	handlers := []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil), j.Handler()}
	for _, carrier := range carriers {
		full := reflect.New(carrier)
		plant(full.Elem(), 8)
		for _, v := range []any{full.Interface(), full.Elem().Interface(), []any{full.Elem().Interface()}, map[string]any{"k": full.Interface()}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d"} {
				wantSilence(t, fmt.Sprintf("%s of %T", verb, v), fmt.Appendf(nil, verb, v))
			}
			encoded, _ := json.Marshal(v) // what an encoder refuses, it does not tell
			wantSilence(t, fmt.Sprintf("JSON of %T", v), encoded)
			encoded, _ = xml.Marshal(v)
			wantSilence(t, fmt.Sprintf("XML of %T", v), encoded)
			var binary bytes.Buffer
			_ = gob.NewEncoder(&binary).Encode(v)
			wantSilence(t, fmt.Sprintf("gob of %T", v), binary.Bytes())
			for _, h := range handlers {
				slog.New(h).Error("Something failed", slog.Any("what", v), slog.Any("value", fmt.Errorf("with %v", v)))
			}
			wantSilence(t, fmt.Sprintf("log/slog of %T", v), log.Bytes())
			log.Reset()
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		wantSilence(t, "the journal", b)
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files of the journal, %v", files, err)
	}
}

// The canary must be where it is looked for: a plant that reached nothing would make every type silent.
func TestTheCanaryReachesEveryCarrier(t *testing.T) {
	for _, carrier := range carriers {
		full := reflect.New(carrier)
		plant(full.Elem(), 8)
		if !carries(full.Elem()) {
			t.Errorf("%s has no secret planted in it", carrier)
		}
	}
}

func carries(v reflect.Value) bool {
	if v.Type() == reflect.TypeFor[secret.Text]() {
		return !v.Field(0).IsNil()
	}
	switch v.Kind() {
	case reflect.Struct:
		return slices.ContainsFunc(slices.Collect(maps.Values(maps.Collect(fieldsOf(v)))), carries)
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && carries(v.Elem())
	case reflect.Slice:
		return v.Len() > 0 && carries(v.Index(0))
	case reflect.Map:
		return v.Len() > 0 && carries(v.MapIndex(v.MapKeys()[0]))
	}
	return false
}

func fieldsOf(v reflect.Value) func(yield func(int, reflect.Value) bool) {
	return func(yield func(int, reflect.Value) bool) {
		for i := range v.NumField() {
			if !yield(i, v.Field(i)) {
				return
			}
		}
	}
}

// A private key that was read is no secret.Text, but a number.
func TestAPrivateKeyThatWasReadIsNotTold(t *testing.T) {
	key, err := superid.NewPrivateKey(1024)
	if err != nil {
		t.Fatal(err)
	}
	number := key.RSA.D
	for _, v := range []any{key, &key, []superid.PrivateKey{key}} {
		var printed bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%d"} {
			fmt.Fprintf(&printed, verb, v)
		}
		_ = json.NewEncoder(&printed).Encode(v)
		_ = xml.NewEncoder(&printed).Encode(v)
		_ = gob.NewEncoder(&printed).Encode(v)
		slog.New(slog.NewTextHandler(&printed, nil)).Error("x", "key", v)
		slog.New(slog.NewJSONHandler(&printed, nil)).Error("x", "key", v)
		for _, form := range [][]byte{[]byte(number.String()), []byte(number.Text(16)), number.Bytes()} {
			if bytes.Contains(printed.Bytes(), form) {
				t.Errorf("%T tells the private exponent", v)
			}
		}
	}
}

func TestEveryTypeThatCarriesASecretIsAmongTheCarriers(t *testing.T) {
	var known []string
	for _, carrier := range carriers {
		known = append(known, carrier.String())
	}
	found := carriersInSource(t)
	for _, name := range found {
		if !slices.Contains(known, name) {
			t.Errorf("%s can carry a secret and is not among the carriers", name)
		}
	}
	if len(found) < 10 {
		t.Errorf("only %v were found", found)
	}
}

// carriersInSource finds the exported struct types of the rooms of core that mention secret.Text, or a type that does.
func carriersInSource(t *testing.T) []string {
	t.Helper()
	mentions := map[string][]string{} // by type
	entries, err := os.ReadDir(filepath.Join("..", "core"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		room := entry.Name()
		if room == "secret" || room == "sandbox" { // the type itself, and the room that does not know it
			continue
		}
		files, err := filepath.Glob(filepath.Join("..", "core", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			collectMentions(parsed, room, mentions)
		}
	}
	carrying := map[string]bool{"secret.Text": true}
	for grown := true; grown; {
		grown = false
		for name, others := range mentions {
			if !carrying[name] && slices.ContainsFunc(others, func(other string) bool { return carrying[other] }) {
				carrying[name], grown = true, true
			}
		}
	}
	var found []string
	for name := range carrying {
		if _, short, _ := strings.Cut(name, "."); ast.IsExported(short) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func collectMentions(file *ast.File, room string, mentions map[string][]string) {
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		fields, ok := spec.Type.(*ast.StructType)
		if !ok {
			return false
		}
		name := room + "." + spec.Name.Name
		for _, field := range fields.Fields.List {
			ast.Inspect(field.Type, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncType, *ast.InterfaceType:
					return false // holds no value
				case *ast.SelectorExpr:
					if of, ok := n.X.(*ast.Ident); ok {
						mentions[name] = append(mentions[name], of.Name+"."+n.Sel.Name)
					}
					return false
				case *ast.Ident:
					mentions[name] = append(mentions[name], room+"."+n.Name)
				}
				return true
			})
		}
		return false
	})
}
