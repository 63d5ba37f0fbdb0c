package customers

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
)

const (
	head = "\ufeff" + `<?xml version="1.0" encoding="utf-8"?>` + "\r\n" +
		`<` + rootName + ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">` + "\r\n"
	foot = `</` + rootName + `>`
	// syncLayout is how XmlSerializer writes a DateTime.
	syncLayout = "2006-01-02T15:04:05.9999999"
)

// Write writes customers as the tutorial's programs read them, numbered from 1. The system user tokens stand
// in it in the clear, as they do there.
func Write(w io.Writer, list []Customer) error {
	b := bufio.NewWriter(w)
	// An error of b stays, so that the last one tells.
	_, _ = b.WriteString(head)
	for i, c := range list {
		synced := never.Format(syncLayout) // without a zone, as the tutorial has it
		if !c.LastSync.IsZero() {
			synced = c.LastSync.UTC().Format(syncLayout) + "Z"
		}
		_, _ = b.WriteString("  <" + rowName + ">\r\n")
		for _, field := range [][2]string{
			{"ID", fmt.Sprint(i + 1)},
			{"AssociateID", cmp.Or(c.AssociateID, "0")},
			{"IsActive", fmt.Sprint(c.Active)},
			{"SystemUserToken", c.SystemUserToken.Reveal()},
			{"ContextIdentifier", c.ContextID},
			{"LastSync", synced},
		} {
			_, _ = b.WriteString("    <" + field[0] + ">")
			_ = xml.EscapeText(b, []byte(field[1]))
			_, _ = b.WriteString("</" + field[0] + ">\r\n")
		}
		_, _ = b.WriteString("  </" + rowName + ">\r\n")
	}
	_, _ = b.WriteString(foot)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write customers: %w", err)
	}
	return nil
}
