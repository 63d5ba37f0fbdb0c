// Package signin is the top of the window: with which registration to sign in, the sign-in itself, and the
// poller's switches.
package signin
