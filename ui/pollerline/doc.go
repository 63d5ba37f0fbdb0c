// Package pollerline is the line that tells who polls and how that goes, with a chart of the last day.
package pollerline
