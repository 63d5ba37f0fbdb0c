package main

import (
	"context"
	"fmt"
	"strings"

	"partnerdesk/assets"
)

// licencesCommand prints what the window's About shows. It needs no data directory.
type licencesCommand struct{}

// Run prints the licences, each under a line that names what it is for.
func (licencesCommand) Run(_ context.Context, s *session) error {
	all, err := assets.Licences()
	if err != nil {
		return err
	}
	if s.out.json {
		return s.out.line(s.out.stdout, all)
	}
	// The texts have columns of their own, which must not be lined up anew.
	for _, l := range all {
		name := strings.TrimSpace(l.Module + " " + l.Version)
		if _, err := fmt.Fprintf(s.out.stdout, "== %s (%s)\n\n%s\n\n", name, l.Kind, strings.TrimSpace(l.Text)); err != nil {
			return fmt.Errorf("print the licences: %w", err)
		}
	}
	return nil
}
