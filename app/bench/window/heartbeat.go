package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"partnerdesk/app/bench/measure"
	"partnerdesk/app/bench/window/pulse"
)

// The aims for the time, in milliseconds, that a heartbeat waits for the user interface: a frame of 60 in a second is
// 16.7 of them, and a person notices two.
const (
	nearlyAlways = 12
	worst        = 33
)

// measureLog lets a long log grow in a window: followed, and while it is searched again and again.
func measureLog(ctx context.Context, b *bench) ([]measure.Row, error) {
	floor, err := b.heartbeat(ctx, "-show=false")
	if err != nil {
		return nil, err
	}
	var rows []measure.Row
	what := fmt.Sprintf("%s lines, %s a second", measure.Count(b.log), measure.Count(b.rate))
	for _, way := range []struct{ name, flag string }{{"followed", "-filter=false"}, {"while a filter runs", "-filter"}} {
		ours, err := b.heartbeat(ctx, way.flag)
		if err != nil {
			return nil, err
		}
		rows = append(rows, logRows(what+" "+way.name, ours, floor)...)
	}
	return rows, nil
}

func logRows(what string, ours, floor pulse.Result) []measure.Row {
	const floorIs = "window without the log"
	milliseconds := func(what string, ours, floor, aim float64) measure.Row {
		row := measure.Judged(what, millis(ours), floorIs, millis(floor), "", "", true)
		if aim > 0 {
			row.Aim, row.Met = fmt.Sprintf("≤ %v ms", aim), ours <= aim
		}
		return row
	}
	return []measure.Row{
		milliseconds("heartbeat p50, "+what, ours.P50, floor.P50, 0),
		milliseconds("heartbeat p95", ours.P95, floor.P95, 0),
		milliseconds("heartbeat p99", ours.P99, floor.P99, nearlyAlways),
		milliseconds(fmt.Sprintf("heartbeat, the worst of %s", measure.Count(ours.Beats)), ours.Max, floor.Max, worst),
		measure.Judged("of a core meanwhile", percent(ours.Processor), floorIs, percent(floor.Processor), "", "", true),
		measure.Judged("resident memory at the end", measure.Megabytes(ours.Resident), "window and lines, not shown", measure.Megabytes(floor.Resident), "", "", true),
	}
}

func millis(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) + " ms" }

// heartbeat runs the program that shows a long log, and returns what it tells.
func (b *bench) heartbeat(ctx context.Context, flag string) (pulse.Result, error) {
	var told pulse.Result
	var out bytes.Buffer
	const toBegin = time.Minute
	bounded, cancel := context.WithTimeout(ctx, b.during+toBegin)
	defer cancel()
	cmd := b.command(bounded, "log", "-lines", strconv.Itoa(b.log), "-rate", strconv.Itoa(b.rate), "-for", b.during.String(), flag)
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return told, fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	if err := json.Unmarshal(out.Bytes(), &told); err != nil {
		return told, fmt.Errorf("read what %s tells: %w", cmd.Path, err)
	}
	return told, b.screen.await(ctx, false)
}
