package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// noDate is how the web services write a date that is not there.
const noDate = "0001-01-01T00:00:00"

// bigNumber does not fit into a double: who reads it as one sends another number back.
const bigNumber = json.Number("9007199254740993")

// fields is a JSON object whose numbers keep their text.
type fields = map[string]any

// defaultContact is the company that the tenant's preferences make for a caller. It is the same at every
// call by the same caller, and is what a save is compared with. It holds everything that trips a client
// which knows the entity only from its documentation: nulls, nested objects, arrays, a number that no
// double holds and a field nobody has heard of.
func defaultContact(who caller) fields {
	return fields{
		"ContactId": 0, "Name": "", "Department": "", "OrgNr": "", "Number1": "", "Number2": "",
		"Kananame": "", "Xstop": false, "NoMailing": false, "IsOwnerContact": false, "ActiveInterests": 0,
		"ActiveErpLinks": 0, "BounceEmails": []any{}, "ActiveStatusMonitorId": 0, "Deleted": 0,
		"CreatedDate": noDate, "UpdatedDate": noDate, "DeletedDate": noDate, "DbiAgentId": 0,
		"DbiKey": "", "DbiLastModified": noDate, "DbiLastSyncronized": noDate, "TicketPriority": nil,
		"SupportLanguage": nil, "SupportAssociate": nil, "SupportPerson": nil, "Source": 0,
		"CreatedBy": nil, "UpdatedBy": nil, "Description": "", "Persons": []any{}, "Interests": []any{},
		"Domains": []any{}, "Urls": []any{}, "Faxes": []any{}, "StatusMonitors": []any{}, "Links": []any{},
		"PostalAddress": emptyAddress(), "StreetAddress": emptyAddress(),
		"Associate": associateEntity(who.associate), "Country": countryEntity(who.tenant.Country),
		"Phones":            []any{element("", "Phone"), element("", "Switchboard")},
		"Emails":            []any{element("", "Email")},
		"Category":          mdoItem(1, "Kunde – «A»"),
		"Business":          mdoItem(0, ""),
		"UserDefinedFields": fields{"SuperOffice:1": "[I:0]", "SuperOffice:2": "", "SuperOffice:3": "[D:01/01/0001 00:00:00]"},
		"ExtraFields":       fields{"x_contact_score": "0", "y_rating.x_value": "0,00"},
		"CustomFields":      fields{"SuperOffice:1": "[I:0]", "x_contact_score": "0"},
		"FieldProperties":   fields{}, "TableRight": nil,
		// What follows no documentation names.
		"SandboxRevision": bigNumber,
		"SandboxSeal": fields{
			"Of": who.tenant.Serial, "Exact": json.Number("0.10000000000000000555"),
			"Text": "<&> “ ” 日本 \u2028", "Nothing": nil,
		},
	}
}

func emptyAddress() fields {
	address := fields{"TableRight": nil, "FieldProperties": fields{}, "Formatted": ""}
	for _, name := range []string{"Address1", "Address2", "Address3", "City", "County", "State", "Zipcode"} {
		address[name] = ""
	}
	return address
}

func element(value, description string) fields {
	return fields{
		"Value": value, "StrippedValue": value, "Description": description,
		"TableRight": nil, "FieldProperties": fields{},
	}
}

func mdoItem(id int, value string) fields {
	return fields{"Id": id, "Value": value, "Tooltip": "", "TableRight": nil, "FieldProperties": fields{}}
}

func countryEntity(c country) fields {
	return fields{
		"CountryId": c.ID, "Name": c.Name, "EnglishName": c.Name, "TwoLetterISOCountry": c.Code,
		"CurrencyId": 0, "Currency": c.Currency, "DialInPrefix": c.Dial, "ZipPrefix": "", "Deleted": false,
		"TableRight": nil, "FieldProperties": fields{},
	}
}

func associateEntity(a associate) fields {
	kind := "InternalAssociate"
	if a.System {
		kind = "SystemAssociate"
	}
	return fields{
		"AssociateId": a.ID, "Name": a.Name, "PersonId": a.PersonID, "Rank": 1, "Tooltip": a.FullName,
		"Type": kind, "GroupIdx": 2, "FullName": a.FullName, "FormalName": a.FullName, "Deleted": false,
		"EjUserId": 0, "UserName": a.Login, "TableRight": nil, "FieldProperties": fields{},
	}
}

// savedContact is what the tenant makes of a company that was sent. Where it hides the creator, nobody is
// said to have made it.
func savedContact(sent fields, c company, hideCreator bool) (json.RawMessage, error) {
	saved := maps.Clone(sent)
	at := c.CreatedAt.UTC().Format(time.RFC3339)
	saved["ContactId"] = c.ID
	saved["CreatedDate"], saved["UpdatedDate"] = at, at
	saved["CreatedBy"], saved["UpdatedBy"] = associateEntity(c.CreatedBy), associateEntity(c.CreatedBy)
	if hideCreator {
		saved["CreatedBy"], saved["UpdatedBy"] = nil, nil
	}
	b, err := json.Marshal(saved)
	if err != nil {
		return nil, fmt.Errorf("encode the saved company: %w", err)
	}
	return b, nil
}
