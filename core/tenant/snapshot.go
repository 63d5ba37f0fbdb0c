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
	// Revision changes with every commit, whichever program made it.
	Revision uint64
}
