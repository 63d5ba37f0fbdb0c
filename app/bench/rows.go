package main

import (
	"context"
	"fmt"

	"partnerdesk/app/bench/measure"
)

// measurement makes one or some rows.
type measurement struct {
	name    string
	measure func(context.Context, *bench) ([]measure.Row, error)
}

func chosen(only string) ([]measurement, error) {
	all := []measurement{
		{"cold", measureCold}, {"tutorial", measureTutorial}, {"warm", measureWarm}, {"memory", measureMemory}, {"lasting", measureLasting},
	}
	if only == "" {
		return all, nil
	}
	for _, m := range all {
		if m.name == only {
			return []measurement{m}, nil
		}
	}
	return nil, fmt.Errorf("there is no row %q", only)
}
