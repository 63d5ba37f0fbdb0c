// Package detail is the middle of the window: the chosen tenant with its proofs and facts, what became of the last
// action on it, and the ways to sign out of it and to remove it; or a short welcome while there is no tenant.
package detail
