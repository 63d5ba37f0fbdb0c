//go:build race

package kittest

// raced says that the race detector looks on.
const raced = true
