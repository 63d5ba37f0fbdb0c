// Package company is the region of the window that proves that a tenant works: a company is created in it as the
// login user and as the system user, and what came of both stands side by side.
package company
