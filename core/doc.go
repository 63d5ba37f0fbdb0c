// Package core is the house of Partnerdesk, told in a page. The package itself holds nothing but the tests
// that keep the house and its papers in order.
//
// # What it is
//
// SuperOffice CRM Online has tenants (customers' installations) and SuperID (its identity provider). A
// partner registers an app in SuperOffice's Developer Portal, once for each environment. When an
// administrator of a tenant approves the app, the id token of that sign-in brings a system user token.
// From then on the app may act in the tenant without anybody signed in: it signs the token with its RSA
// key, exchanges it for a ticket that lives for six hours after each use, and calls the tenant's web
// services with it. Partnerdesk does all of this for all of a partner's tenants, and shows it.
//
// # Two programs, one data directory
//
// app/desktop is the window, app/console the same without one. Both may run at the same time on one data
// directory: storage opens its file for each piece of work, and a lease in the store lets exactly one
// process poll. Locks beside the file let one of them renew a credential at a time.
//
// # The rooms, from the top
//
//	app/desktop, app/console   entry points: flags, signals, the screen
//	app                        builds everything below, owns it, takes it down
//	app/metrics                the poller's numbers and health for a monitoring system, on loopback
//	app/bench                  the poller at the size of a fleet, measured against floors; not shipped
//	app/bench/window           the desktop beside an empty window: first frame, memory, processor, the long log
//	app/bench/measure          what both benches have in common
//	app/release                the scripts that name a version and make a release; tests only
//	app/soak                   the poller through a virtual day of troubles; tests only
//	app/person                 an administrator with a browser, for the tests of both programs
//	ui                         the Fyne window: one package below it for each region; no protocol, no database
//	ui/kit, ui/words           what regions are built of, and how they speak the person's language
//	ui/logview                 a log of a million lines, drawn as one picture
//	core/workbench             the use cases that window and command line call
//	core/poller                when and in which order tenants are visited
//	core/keeper                status, access tokens and tickets: cached, renewed once
//	core/superid               SuperID: sign-in and out, validation of tokens, signing, exchange
//	core/online                a tenant's status and web services
//	core/probe                 the way to a server: name resolution and TLS, for a diagnosis
//	core/update                asks a chosen address for the newest release; off by default
//	core/customers             Customers.xml, the tutorial's file of customers
//	core/transfer              the file in which all of it moves to another machine
//	core/wholefile             files for a person: written whole or not at all, for their owner only
//	core/journal               the event log: write, redact, follow, search
//	core/tenant                the words that all speak; errors with two texts
//	core/secret                text that cannot be printed
//	core/sandbox               SuperOffice CRM Online in miniature; knows none of the above
//	storage                    the bbolt file with sealed secrets
//	assets                     icon, callback page, sandbox pages, translations, licences of what is linked
//	assets/licences            the tool that gathers those
//	assets/icons               the tool that draws the icon in the sizes that a Linux desktop wants
//	assets/papers              the tool that makes pages of HTML of the papers, for the packages
//	assets/papers/markdown     Markdown as GitHub reads it, for that tool and for the test of all links
//
// A room knows only rooms below it, and house_test.go keeps it so. An interface stands where it is used,
// with the methods used: a new room is a package, its line in that test, and its line here. Libraries have
// their rooms too: Fyne belongs to the window, and bbolt to storage and to core/sandbox, which keeps its own
// state in a file of its own. (The bench reads with it too, as a floor.)
//
// # The ten steps
//
// The tutorial that Partnerdesk replaces has ten steps, and every journal event that carries one out names
// it (core/tenant, Step): 1 the program starts; 2 nobody is signed in; 3 workbench has superid build the
// authorize URL, and the browser opens; 4 the administrator approves, and the browser comes back to a
// listener on loopback; 5 code for tokens, and the id token is validated check by check; 6 tenant and
// system user token go to storage; 7 the poller reads the active tenants; 8 keeper needs a ticket, and
// superid signs and exchanges; 9 the returned token is validated; 10 online calls the tenant with the
// ticket.
//
// # What to hold on to
//
// Secrets are a type ([partnerdesk/core/secret.Text]) that no verb, encoder or log prints. Errors carry a
// chain for the log and words for people ([partnerdesk/core/tenant.Problem]). A write is repeated only
// after an answer that proves that nothing was done. Every goroutine has an owner that waits for it.
package core
