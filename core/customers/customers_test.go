package customers_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"partnerdesk/core/customers"
	"partnerdesk/core/secret"
)

// inArray puts customers into a file as the tutorial's programs write it.
func inArray(rows string) string {
	return `<?xml version="1.0" encoding="utf-8"?>` + "\r\n" +
		`<ArrayOfCustomerInfo xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">` +
		rows + `</ArrayOfCustomerInfo>`
}

// inRow is one customer, with elements that take the place of the good ones.
func inRow(elements ...string) string {
	good := []string{
		"<ID>1</ID>", "<AssociateID>5</AssociateID>", "<IsActive>true</IsActive>",
		"<SystemUserToken>canary-token</SystemUserToken>", "<ContextIdentifier>Cust1</ContextIdentifier>", "<LastSync>2000-01-01T00:00:00</LastSync>",
	}
	for _, e := range elements {
		name, _, _ := strings.Cut(e[1:], ">")
		name, _, _ = strings.Cut(name, " ")
		for i, g := range good {
			if strings.HasPrefix(g, "<"+name+">") {
				good[i] = e
			}
		}
	}
	return "<CustomerInfo>" + strings.Join(good, "") + "</CustomerInfo>"
}

func TestTheTutorialsFileIsReadInEitherEncoding(t *testing.T) {
	for _, name := range []string{"utf8.xml", "utf16.xml"} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := customers.Read(bytes.NewReader(raw))
			if err != nil || len(rows) != 2 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			first, second := rows[0], rows[1]
			if first.Reason != "" || first.ContextID != "Cust10001" || first.AssociateID != "5" || !first.Active ||
				first.SystemUserToken.Reveal() != "Partner App-canaryAAAA" || !first.LastSync.IsZero() {
				t.Errorf("the first row is %v (%s)", first.ContextID, first.Reason)
			}
			if second.Reason != "" || second.Active || second.SystemUserToken.Reveal() != "Partner App-canary&BBB" ||
				!second.LastSync.Equal(time.Date(2025, 11, 3, 13, 25, 1, 934296500, time.UTC)) {
				t.Errorf("the second row is %v at %v (%s)", second.ContextID, second.LastSync, second.Reason)
			}
		})
	}
}

func TestUTF16MayBeBigEndian(t *testing.T) {
	raw := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(inArray(inRow()))) {
		raw = binary.BigEndian.AppendUint16(raw, unit)
	}
	rows, err := customers.Read(bytes.NewReader(raw))
	if err != nil || len(rows) != 1 || rows[0].Reason != "" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestABadRowIsToldAndTheOthersAreRead(t *testing.T) {
	for _, row := range []struct{ name, element, fault string }{
		{"no context identifier", "<ContextIdentifier />", "ContextIdentifier"},
		{"another form", "<ContextIdentifier>Company 7</ContextIdentifier>", "ContextIdentifier"},
		{"no token", "<SystemUserToken />", "SystemUserToken is missing"},
		{"a token that is nil", `<SystemUserToken xsi:nil="true" />`, "SystemUserToken is missing"},
		{"a token of white space", "<SystemUserToken>  </SystemUserToken>", "SystemUserToken is missing"},
		{"a token with a line break", "<SystemUserToken>canary&#10;b</SystemUserToken>", "SystemUserToken holds"},
		{"a token that is too long", "<SystemUserToken>" + strings.Repeat("a", 5000) + "</SystemUserToken>", "SystemUserToken holds"},
		{"a token with elements", "<SystemUserToken>canary<b>c</b></SystemUserToken>", "SystemUserToken holds elements"},
		{"neither true nor false", "<IsActive>canary</IsActive>", "IsActive"},
		{"no time", "<LastSync>canary</LastSync>", "LastSync"},
		{"an associate id that is too long", "<AssociateID>" + strings.Repeat("7", 300) + "</AssociateID>", "AssociateID"},
		{"one element twice", "<IsActive>true</IsActive><IsActive>false</IsActive>", "IsActive stands in it twice"},
	} {
		t.Run(row.name, func(t *testing.T) {
			rows, err := customers.Read(strings.NewReader(inArray(inRow(row.element) +
				inRow("<ContextIdentifier>Cust2</ContextIdentifier>"))))
			if err != nil || len(rows) != 2 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			if bad := rows[0]; bad.Number != 1 || !strings.HasPrefix(bad.Reason, row.fault) || strings.Contains(bad.Reason, "canary") {
				t.Errorf("row %d: %s", bad.Number, bad.Reason)
			}
			if good := rows[1]; good.Number != 2 || good.Reason != "" || good.ContextID != "Cust2" {
				t.Errorf("row %d: %s", good.Number, good.Reason)
			}
		})
	}
}

func TestWhatDotNetLeavesOutOrWritesOtherwise(t *testing.T) {
	for _, row := range []struct {
		name, element string
		active        bool
		synced        time.Time
	}{
		{"1 for true", "<IsActive>1</IsActive>", true, time.Time{}},
		{"0 for false", "<IsActive>0</IsActive>", false, time.Time{}},
		{"elements that nobody knows", "<ID>2</ID><Extra><Deep>x</Deep></Extra>", true, time.Time{}},
		{"no fraction, no zone", "<LastSync>2025-11-03T14:25:01</LastSync>", true, time.Date(2025, 11, 3, 14, 25, 1, 0, time.UTC)},
		{"in UTC", "<LastSync>2025-11-03T14:25:01.5Z</LastSync>", true, time.Date(2025, 11, 3, 14, 25, 1, 5e8, time.UTC)},
		{"never, in a zone", "<LastSync>2000-01-01T00:00:00+01:00</LastSync>", true, time.Time{}},
		{"DateTime.MinValue", "<LastSync>0001-01-01T00:00:00</LastSync>", true, time.Time{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			rows, err := customers.Read(strings.NewReader(inArray(inRow(row.element))))
			if err != nil || len(rows) != 1 || rows[0].Reason != "" {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			if rows[0].Active != row.active || !rows[0].LastSync.Equal(row.synced) {
				t.Errorf("active %v, synced %v", rows[0].Active, rows[0].LastSync)
			}
		})
	}
}

func TestTheSecondRowOfOneTenantIsBad(t *testing.T) {
	rows, err := customers.Read(strings.NewReader(inArray(inRow() + inRow("<SystemUserToken>canary-other</SystemUserToken>"))))
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[0].Reason != "" || rows[1].Reason != "the same tenant stands in row 1 already" {
		t.Errorf("%q, %q", rows[0].Reason, rows[1].Reason)
	}
}

func TestAFileThatIsNoneIsRefusedWithoutRepeatingIt(t *testing.T) {
	deep := strings.Repeat("<canary>", 100)
	for _, row := range []struct{ name, file, want string }{
		{"empty", "", "no XML"},
		{"text", "canary", "no XML"},
		{"another document", "<canary/>", "outermost element"},
		{"cut short", inArray(inRow())[:400], "well-formed"},
		{"a document type", `<!DOCTYPE a [<!ENTITY canary "x">]>` + inArray(""), "document type"},
		{"an entity of its own", inArray(inRow("<IsActive>&canary;</IsActive>")), "well-formed"},
		{"tags that do not match", inArray("<CustomerInfo><canary></CustomerInfo>"), "well-formed"},
		{"something behind it", inArray("") + "<canary/>", "follows"},
		{"too deep", inArray("<other>" + deep), "too deep"},
		{"neither encoding", "\xff\x00\x80canary", "neither UTF-8 nor UTF-16"},
		{"half a character", "\xff\xfe<", "neither UTF-8 nor UTF-16"},
		{"too long", strings.Repeat(" ", customers.MaxSize+1), "longer than 16 MB"},
		{"too many", inArray(strings.Repeat("<CustomerInfo/>", 100_001)), "more than 100000"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := customers.Read(strings.NewReader(row.file))
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestWhatIsWrittenIsReadTheSame(t *testing.T) {
	synced := time.Date(2026, 2, 3, 4, 5, 6, 1234567*100, time.UTC)
	list := []customers.Customer{
		{ContextID: "Cust1", AssociateID: "5", Active: true, SystemUserToken: secret.New(`a <token> & "more"`), LastSync: synced},
		{ContextID: "Cust2", SystemUserToken: secret.New("b")},
	}
	var b bytes.Buffer
	if err := customers.Write(&b, list); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "<LastSync>2000-01-01T00:00:00</LastSync>") || !strings.Contains(b.String(), "<IsActive>false</IsActive>") {
		t.Errorf("not as XmlSerializer writes it: %d bytes", b.Len())
	}
	rows, err := customers.Read(&b)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	list[1].AssociateID = "0" // .NET has no empty number
	for i, r := range rows {
		if r.Reason != "" || !same(r.Customer, list[i]) {
			t.Errorf("row %d came back otherwise: %s", r.Number, r.Reason)
		}
	}
}

func TestNothingPrintsAToken(t *testing.T) {
	rows, err := customers.Read(strings.NewReader(inArray(inRow())))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if strings.Contains(fmt.Sprintf(verb, rows), "canary") {
			t.Errorf("%s prints the token", verb)
		}
	}
}

func same(a, b customers.Customer) bool {
	return a.ContextID == b.ContextID && a.AssociateID == b.AssociateID && a.Active == b.Active &&
		a.SystemUserToken.Equal(b.SystemUserToken) && a.LastSync.Equal(b.LastSync)
}

func FuzzCustomersXML(f *testing.F) {
	for _, name := range []string{"utf8.xml", "utf16.xml"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(inArray(inRow() + inRow())))
	f.Add([]byte(inArray(inRow("<LastSync>x</LastSync>"))))
	f.Add([]byte(`<!DOCTYPE a>` + inArray("")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rows, err := customers.Read(bytes.NewReader(raw))
		if err != nil {
			return
		}
		var good []customers.Customer
		for i, r := range rows {
			if r.Number != i+1 {
				t.Fatalf("row %d has the number %d", i+1, r.Number)
			}
			if r.Reason == "" {
				good = append(good, r.Customer)
			}
		}
		var b bytes.Buffer
		if err := customers.Write(&b, good); err != nil {
			t.Fatal(err)
		}
		again, err := customers.Read(&b)
		if err != nil || len(again) != len(good) {
			t.Fatalf("%d of %d good rows came back: %v", len(again), len(good), err)
		}
		for i, r := range again {
			if good[i].AssociateID == "" {
				good[i].AssociateID = "0"
			}
			// The file has ticks of 100 ns.
			good[i].LastSync = good[i].LastSync.Truncate(100)
			if r.Reason != "" || !same(r.Customer, good[i]) {
				t.Fatalf("row %d came back otherwise: %s", r.Number, r.Reason)
			}
		}
	})
}
