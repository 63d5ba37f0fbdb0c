package main

import "testing"

func TestACommandLineThatIsWrongEndsTheProgram(t *testing.T) {
	for _, c := range []struct {
		args   []string
		data   string
		status int
		read   bool
	}{
		{args: nil, read: true},
		{args: []string{"--data", "here"}, data: "here", read: true},
		{args: []string{"-data=here"}, data: "here", read: true},
		{args: []string{"--help"}},
		{args: []string{"--date", "here"}, status: exitWrongUse},
		{args: []string{"--data"}, status: exitWrongUse},
		{args: []string{"--data", "here", "there"}, status: exitWrongUse},
	} {
		data, status, read := arguments(c.args)
		if read != c.read || status != c.status || read && data != c.data {
			t.Errorf("%q: %q, status %d, read %t", c.args, data, status, read)
		}
	}
}
