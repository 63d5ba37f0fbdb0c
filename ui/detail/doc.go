// Package detail is the middle of the window: the chosen tenant with its proofs and facts, what became of the last
// action on it, why it does not work and what helps, its last 24 hours, what the last id token said, and the ways to
// sign out of it and to remove it; or a short welcome while there is no tenant.
package detail
