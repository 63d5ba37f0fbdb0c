package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// hideTyping keeps the console from showing what is typed, until restore is called.
func hideTyping(end any) (restore func(), err error) {
	if i, ok := end.(interruptible); ok {
		end = i.source
	}
	f, ok := end.(*os.File)
	if !ok {
		return nil, os.ErrInvalid
	}
	handle := windows.Handle(f.Fd())
	var before uint32
	if err := windows.GetConsoleMode(handle, &before); err != nil {
		return nil, err
	}
	silent := before&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	if err := windows.SetConsoleMode(handle, silent); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(handle, before) }, nil
}
