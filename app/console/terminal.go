package main

import (
	"context"
	"io"
	"os"
)

// interruptible is standard input that a person can leave by Ctrl+C while it waits for them.
type interruptible struct {
	ctx    context.Context
	source io.Reader
}

// Read returns what source gives, or the error of ctx when that ends first. The system cannot be told to end
// a read: the one that is under way then ends with the process, which is next.
func (i interruptible) Read(b []byte) (int, error) {
	type answer struct {
		bytes []byte
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		own := make([]byte, len(b))
		n, err := i.source.Read(own)
		answered <- answer{own[:n], err}
	}()
	select {
	case a := <-answered:
		return copy(b, a.bytes), a.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}

// isTerminal reports whether a person sits at the other end. The null device is a character device too,
// but nobody reads or types there.
func isTerminal(end any) bool {
	if i, ok := end.(interruptible); ok {
		end = i.source
	}
	f, ok := end.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
