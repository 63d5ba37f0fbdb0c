package online

import "partnerdesk/core/tenant"

// Request is the record of one request, one of the words that all speak: results are stored and shown with theirs.
type Request = tenant.Request
