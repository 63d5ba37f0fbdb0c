//go:build unix && !darwin

package storage

import (
	"errors"
	"os"
	"strconv"
)

// secretStoreReachable looks for the session bus before Secret Service is asked. Without one, the D-Bus
// library would start a bus of its own that outlives the program and that no secret store sits on.
func secretStoreReachable() error {
	if address := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); address != "" && address != "autolaunch:" {
		return nil
	}
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat("/run/user/" + strconv.Itoa(os.Getuid()) + "/" + name); err == nil {
			return nil
		}
	}
	return errors.New("there is no D-Bus session to reach Secret Service by")
}
