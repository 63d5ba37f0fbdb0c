// Package soak lets the poller work for a virtual day, on a fleet in which something is always wrong. All parts
// are the real ones: the store's file, the journal, the clients and the sandbox. Only time and the network are not:
// a bubble of testing/synctest makes the day pass in a minute, and as it cannot wait for sockets, the connections
// are pipes in memory.
//
// A short form is part of the tests; make soak runs the long one.
package soak
