// Package customers reads and writes Customers.xml, the file in which the programs of SuperOffice's tutorial
// keep their customers: an ArrayOfCustomerInfo as .NET's XmlSerializer writes it. It knows the file, and
// nothing of how Partnerdesk stores the same.
package customers

import (
	"time"

	"partnerdesk/core/secret"
)

// Customer is one CustomerInfo. Its ID is not here: it counts the customers of one file.
type Customer struct {
	ContextID string
	// AssociateID is that of the administrator who approved the app; empty where it is not known.
	AssociateID     string
	Active          bool
	SystemUserToken secret.Text
	// LastSync is the last log-on; zero for a customer that was never visited, where the file has the first
	// moment of the year 2000.
	LastSync time.Time
}

// Row is one CustomerInfo of a file, good or bad.
type Row struct {
	// Number counts the customers of the file from 1.
	Number int
	Customer
	// Reason says why the row cannot be taken, without repeating what it holds; empty for a good one. Of a bad
	// row only the ContextID may be used, where there is one.
	Reason string
}

// The names in the file.
const (
	rootName = "ArrayOfCustomerInfo"
	rowName  = "CustomerInfo"
)

// MaxSize bounds a file that is read, in bytes: some 40,000 customers.
const MaxSize = 16 << 20

// never is the LastSync of a customer that was not visited yet.
var never = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
