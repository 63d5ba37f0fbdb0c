package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// firstAddress reads the address on the first line: alone, or as a JSON value's url. The line is part of
// what is left to read.
func firstAddress(r io.Reader) (string, io.Reader, error) {
	buffered := bufio.NewReader(r)
	line, err := buffered.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("read the address: %w after %q", err, line)
	}
	address := strings.TrimSpace(line)
	if strings.HasPrefix(address, "{") {
		var first struct{ URL string }
		if err := json.Unmarshal([]byte(address), &first); err != nil {
			return "", nil, err
		}
		address = first.URL
	}
	return address, io.MultiReader(strings.NewReader(line), buffered), nil
}
