package tenant

// Snapshot is what a store holds at one moment, read in one piece. Tickets carry no text.
type Snapshot struct {
	Registrations []Registration
	Tenants       []Tenant
	// Logins has the tenants to which somebody is signed in. Their tokens are not in the snapshot.
	Logins    map[Key]bool
	Tickets   map[Key]Ticket
	Visits    map[Key]Visit
	Exchanges map[Key]Exchanges
	Settings  Settings
	Lease     Lease
	// Damaged are the records that could not be read, in the order in which they lie; all others are there.
	Damaged []Damaged
	// Revision changes with everything in the snapshot but the lease, whichever program changes it.
	Revision uint64
}

// Damaged names a record of the store that cannot be trusted: it was damaged, or changed by something other than
// these programs.
type Damaged struct {
	// Record says what it is: "tenant", "ticket", "registration".
	Record string
	// Key is the tenant's; it has a registration only where the record is one, and is zero for a record of
	// which a store has one.
	Key Key
}
