// Package steps is the strip of the tutorial's ten steps, which light up as the journal tells of them.
package steps
