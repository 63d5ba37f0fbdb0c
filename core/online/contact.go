package online

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"partnerdesk/core/tenant"
)

// NewContact fetches the tenant's own idea of a new company (Contact/default) and gives it a name. The
// rest of the entity stays as it came, byte for byte: it may hold fields that nobody here knows, and
// numbers larger than a float holds.
func (c *Client) NewContact(ctx context.Context, call Call, name string) ([]byte, error) {
	const op = "fetch a new company with the tenant's preferences"
	var entity []byte
	err := c.send(ctx, op, call, http.MethodGet, "Contact/default", nil, nil, func(body []byte) (err error) {
		entity, err = withName(body, name)
		return err
	})
	return entity, err
}

// SaveContact saves an entity from [Client.NewContact]. An error for which [NotCarriedOut] is false leaves
// open whether the company exists: look for it with [Client.FindContacts], never save again.
func (c *Client) SaveContact(ctx context.Context, call Call, entity []byte) (tenant.Company, error) {
	var company tenant.Company
	err := c.send(ctx, "save the company", call, http.MethodPost, "Contact", nil, entity, func(body []byte) (err error) {
		company, err = parseContact(body)
		return err
	})
	return company, err
}

// Found is a company in the answer to a search.
type Found struct {
	ID   int64
	Name string
}

// FindContacts looks companies up by their exact name.
func (c *Client) FindContacts(ctx context.Context, call Call, name string) ([]Found, error) {
	query := url.Values{
		"$select": {"contactId,name"},
		"$filter": {"name eq '" + strings.ReplaceAll(name, "'", "''") + "'"},
	}
	var found []Found
	err := c.send(ctx, "look the company up", call, http.MethodGet, "Contact", query, nil, func(body []byte) (err error) {
		found, err = parseFound(body)
		return err
	})
	return found, err
}

func parseFound(body []byte) ([]Found, error) {
	var wire struct {
		Value *[]struct {
			ContactID  json.Number `json:"contactId"`
			PrimaryKey json.Number `json:"PrimaryKey"`
			Name       string      `json:"name"`
		} `json:"value"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return nil, err
	}
	if wire.Value == nil {
		return nil, errors.New("the answer has no list")
	}
	found := make([]Found, 0, len(*wire.Value))
	for _, row := range *wire.Value {
		id, err := row.ContactID.Int64()
		if err != nil {
			id, err = row.PrimaryKey.Int64()
		}
		if err != nil {
			return nil, errors.New("a company has no id")
		}
		found = append(found, Found{ID: id, Name: bounded(row.Name)})
	}
	return found, nil
}

// withName replaces the value of the top-level member Name and nothing else.
func withName(entity []byte, name string) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(entity))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("the entity is not a JSON object")
	}
	from, to := -1, -1
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read the entity: %w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("read the entity: %w", err)
		}
		if key == "Name" {
			to = int(decoder.InputOffset())
			from = to - len(value)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("read the entity: %w", err)
	}
	if from < 0 {
		return nil, errors.New("the entity has no Name")
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		return nil, fmt.Errorf("write the name: %w", err)
	}
	return bytes.Join([][]byte{entity[:from], quoted, entity[to:]}, nil), nil
}

// associate is how an entity refers to a user.
type associate struct{ Name, FullName string }

// String shows the full name with the associate's name, or whichever is there.
func (a associate) String() string {
	switch {
	case a.FullName == "" || a.FullName == a.Name:
		return a.Name
	case a.Name == "":
		return a.FullName
	}
	return a.FullName + " (" + a.Name + ")"
}

func parseContact(body []byte) (tenant.Company, error) {
	var wire struct {
		ContactId            json.Number
		Name, CreatedDate    string
		CreatedBy, Associate associate
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return tenant.Company{}, err
	}
	id, err := wire.ContactId.Int64()
	if err != nil || id <= 0 {
		return tenant.Company{}, errors.New("the saved company has no id")
	}
	created, _ := parseTime(wire.CreatedDate) // for people only: an unknown form is shown as no date
	return tenant.Company{
		ID: id, Name: bounded(wire.Name), CreatedBy: bounded(wire.CreatedBy.String()), CreatedAt: created, Owner: bounded(wire.Associate.String()),
	}, nil
}
