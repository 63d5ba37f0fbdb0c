package online

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"partnerdesk/core/tenant"
)

// Principal logs on: it asks the tenant for whom it takes the credential (User/currentPrincipal).
func (c *Client) Principal(ctx context.Context, call Call) (tenant.Principal, error) {
	const op = "log on to the tenant"
	var p tenant.Principal
	err := c.send(ctx, op, call, http.MethodGet, "User/currentPrincipal", nil, nil, func(body []byte) (err error) {
		p, err = parsePrincipal(body)
		return err
	})
	return p, err
}

func parsePrincipal(body []byte) (tenant.Principal, error) {
	var wire struct {
		AssociateId                                                        json.Number
		Associate, FullName, UserType, UserName, DatabaseContextIdentifier string
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return tenant.Principal{}, err
	}
	if wire.Associate == "" && wire.UserName == "" {
		return tenant.Principal{}, errors.New("the answer names no user")
	}
	id, _ := wire.AssociateId.Int64() // for people only: a strange number is shown as none
	return tenant.Principal{
		AssociateID: int(id), Associate: bounded(wire.Associate), FullName: bounded(wire.FullName), UserType: bounded(wire.UserType),
		UserName: bounded(wire.UserName), ContextID: bounded(wire.DatabaseContextIdentifier),
	}, nil
}
