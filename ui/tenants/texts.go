package tenants

import "partnerdesk/ui/words"

// The texts of the list of tenants.
const (
	textTenants       words.Phrase = "Tenants"
	textFilterTenants words.Phrase = "Filter by name, Cust, verdict…"
	textNoMatch       words.Phrase = "No tenant matches the filter."
	textNoTenants     words.Phrase = "None yet."
)
