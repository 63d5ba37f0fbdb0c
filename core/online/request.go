package online

import "time"

// Request is the record of one request to a tenant, for people to see: no header, no query, no body.
type Request struct {
	Method string `json:"method"`
	// Path is without the query.
	Path string `json:"path"`
	// Status is the HTTP status; 0 when no answer came.
	Status int           `json:"status"`
	Took   time.Duration `json:"took_ns"`
}
