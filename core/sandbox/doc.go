// Package sandbox is SuperOffice CRM Online in miniature, served on a loopback address: SuperID with its
// sign-in pages, tokens, key set and exchange, the tenant status, and the tenants' web services, as far as
// an app with a system user needs them. It holds no customer data, asks for no password, and says on every
// page that it is not SuperOffice.
//
// It is written from the description of the wire alone and shares no package with the client, so that both
// cannot share a mistake. Where the description leaves a choice it takes the strict side: what passes here
// should pass the real service.
//
// Start opens one folder of state (a bbolt file held open for the life of the sandbox, whose lock is also
// what keeps a second server away), listens and serves. What must outlive a restart lies in that file:
// keys, tenants, users, consents, refresh tokens, companies, the ports, and on which host a tenant lives.
// Authorization codes, access tokens, tickets, counters, faults and the clock's offset live in memory,
// bounded and with an end.
//
// As with the real service, one host is for sign-in, metadata, status and exchange, and the tenants live on
// numbered hosts, between which they move. Here these are ports of one address. A call to a tenant on
// another host than its own is answered 421.
//
// A reader finds sign-in in authorize.go, tokens in tokens.go, the exchange in exchange.go (by SOAP in
// soap.go), the tenant status in state.go, the hosts in hosts.go, the web services in webservice.go and
// contact.go, the orders that the control page takes in control.go, and the page itself in controlpage.go.
//
// # Faults
//
// The sandbox misbehaves on demand, because a client is tested by what goes wrong. A fault is a row of a
// table (fault in faults.go, the rows in faults_*.go): a stable name, a sentence, and what it does. Most rows
// hold their own effect, and the strict code has one loop for each kind of them: around a handler
// (wirefaults.go), on a token before it is signed (twist.go), on a document, on a refusal. The others are
// asked for by name where the strict code has two ways to go. Which faults are on, switches.go knows. Where
// the description of the wire knows no answer, there is a fault for each plausible one.
//
// To add a fault, write its row in the faults_*.go of its part of the wire, and a row in faults_test.go,
// which looks at the wire with the fault and without it. FAULTS.md says what the client makes of each; the
// command at its head makes it anew.
//
// One thing is more generous than the real service: every tenant has a system user token from the first
// start, named in the ready file, and the exchange takes it before anybody has approved, because a script
// cannot click. Sign-in hands it out only after an administrator's approval, and a revoked one is refused.
package sandbox
