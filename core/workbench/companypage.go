package workbench

import (
	"context"
	"fmt"
	"strings"

	"partnerdesk/core/tenant"
)

// CompanyPage returns the address of a company in the tenant's web client, for a browser. Tenants move between
// hosts, so the status is asked for where the tenant is now.
func (w *Workbench) CompanyPage(ctx context.Context, k tenant.Key, id int64) (string, error) {
	s, err := w.subject(ctx, k)
	if err != nil {
		return "", err
	}
	status, err := w.Keeper.Running(ctx, s)
	if err != nil {
		return "", err
	}
	endpoint := status.Endpoint
	if endpoint == "" {
		endpoint = strings.TrimSuffix(status.API, "/api")
	}
	return companyPage(endpoint, id), nil
}

// companyPage is a link in the form that SuperOffice calls SoProtocol (docs.superoffice.com, "SoProtocol"): the
// client's start page, then which screen with which tab, then which record. Both parts begin with a question mark.
func companyPage(endpoint string, id int64) string {
	return fmt.Sprintf("%s/default.aspx?contact.main?contact_id=%d", endpoint, id)
}
