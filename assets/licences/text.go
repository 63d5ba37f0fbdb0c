package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"partnerdesk/assets"
)

// writeText writes the list as it is, for the packages, whose readers may have no window to open About in.
func writeText(w io.Writer) error {
	all, err := assets.Licences()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, l := range all {
		fmt.Fprintf(out, "%s\n%s\n%s\n\n%s\n\n\n", strings.TrimSpace(l.Module+" "+l.Version), l.Kind, strings.Repeat("=", 60), l.Text)
	}
	return out.Flush()
}
