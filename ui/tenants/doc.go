// Package tenants is the window's list of all tenants of all registrations.
package tenants
