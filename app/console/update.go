package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/workbench"
)

// updateCommand asks for the newest release now.
type updateCommand struct{}

// Run asks, where the settings name somebody to ask. The exit status is 0 whether or not there is a newer version, and
// 1 where nobody answered.
func (updateCommand) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		c, err := a.Workbench.CheckForUpdate(ctx)
		if err != nil {
			return err
		}
		v := viewUpdate(c)
		return s.out.value(v, v.write)
	})
}

// updateView is the answer as it is printed.
type updateView struct {
	Version string `json:"version"`
	// Asked is false where the settings name no address; what follows it is left out then.
	Asked   bool      `json:"asked"`
	Address string    `json:"address,omitempty"`
	At      time.Time `json:"asked_at,omitzero"`
	Newest  string    `json:"newest,omitempty"`
	Page    string    `json:"page,omitempty"`
	Newer   bool      `json:"newer"`

	comparable bool
}

func viewUpdate(c workbench.UpdateCheck) updateView {
	return updateView{Version: c.Version, Asked: c.Address != "", Address: c.Address, At: c.At.UTC(), Newest: c.Newest, Page: c.Page,
		Newer: c.Newer, comparable: c.Comparable}
}

func (v updateView) write(w io.Writer) {
	fmt.Fprintf(w, "This version:\t%s\n", plain(v.Version))
	if !v.Asked {
		fmt.Fprintln(w, "Newest version:\tnot asked for. “partnerdesk-console settings set --update-address URL” names the address to ask.")
		return
	}
	fmt.Fprintf(w, "Newest version:\t%s\n", plain(v.Newest))
	switch {
	case v.Newer:
		fmt.Fprintf(w, "It is newer:\t%s\n", plain(v.Page))
	case !v.comparable:
		fmt.Fprintln(w, "This build has no version number that could be compared.")
	default:
		fmt.Fprintln(w, "Nothing newer is there.")
	}
}
