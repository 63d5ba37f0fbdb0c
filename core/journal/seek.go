package journal

import (
	"bytes"
	"errors"
	"io"
	"time"
)

const (
	// peekBytes holds at least one whole line of the journal's own, wherever it begins.
	peekBytes = 2 * maxLine
	// seekWithin is so little that reading through it is faster than looking for a better place.
	seekWithin = 256 << 10
)

// seekTo returns the beginning of a line before which every line is older than at. As lines stand in the
// order of time, nearly, it need not read those. Where lines cannot be read it settles for an earlier place.
func seekTo(f io.ReaderAt, size int64, at time.Time) (int64, error) {
	bound := at.Add(-disorder)
	low, high := int64(0), size
	for high-low > seekWithin {
		middle := low + (high-low)/2
		window, err := peek(f, middle, peekBytes)
		if err != nil {
			return 0, err
		}
		// The window begins within a line that is not looked at.
		begin := bytes.IndexByte(window, '\n') + 1
		offset, when := firstStamp(window[begin:])
		if start := middle + int64(begin+offset); begin > 0 && !when.IsZero() && start < high && when.Before(bound) {
			low = start
		} else {
			high = middle
		}
	}
	return low, nil
}

// peek reads up to n bytes at an offset.
func peek(f io.ReaderAt, offset int64, n int) ([]byte, error) {
	window := make([]byte, n)
	n, err := f.ReadAt(window, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return window[:n], nil
}

// firstStamp finds the first whole line of the journal's own in a window that begins with a line, and its
// time; zero if there is none.
func firstStamp(window []byte) (offset int, at time.Time) {
	for {
		end := bytes.IndexByte(window[offset:], '\n')
		if end < 0 {
			return 0, time.Time{}
		}
		if at := timeOf(window[offset : offset+end]); !at.IsZero() {
			return offset, at
		}
		offset += end + 1
	}
}

// firstTime returns the time of the first line in f; zero if none can be read.
func firstTime(f io.ReaderAt) (time.Time, error) {
	window, err := peek(f, 0, peekBytes)
	if err != nil {
		return time.Time{}, err
	}
	_, at := firstStamp(window)
	return at, nil
}

// lastTime returns the time of the last whole line in f; zero if none can be read.
func lastTime(f io.ReaderAt, size int64) (time.Time, error) {
	window, err := peek(f, max(0, size-peekBytes), peekBytes)
	if err != nil {
		return time.Time{}, err
	}
	window = window[:bytes.LastIndexByte(window, '\n')+1]
	for len(window) > 0 {
		begin := bytes.LastIndexByte(window[:len(window)-1], '\n') + 1
		if at := timeOf(window[begin:]); !at.IsZero() {
			return at, nil
		}
		window = window[:begin]
	}
	return time.Time{}, nil
}

// timeOf returns the time of a line of the journal's own, and zero for any other.
func timeOf(line []byte) time.Time {
	stamp, _, ok := stampOf(line)
	if !ok {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, string(stamp))
	if err != nil {
		return time.Time{}
	}
	return at
}
