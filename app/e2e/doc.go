// Package e2e proves the main jobs in the real thing: the built desktop in a real window on a virtual screen,
// driven with mouse and keyboard and read by its pixels, a real Chromium in which SuperID's pages are clicked
// through, and the built console beside it on the same data. `make e2e` runs it; the build tag e2e keeps it out
// of every other test run.
//
// What a person must see is read off the screen. What is true is asked of the console and of the sandbox's
// counters, which do not depend on how well letters can be read. Each wait is bounded and fails with a picture.
//
// The build tag packages, for `make packages`, has the tests that install what is handed out in a place of its own,
// a clean Debian or Windows as Wine knows it, and live the same first minute there: a machine is such a place.
//
// Screenshots of each stage stay in the folder that PARTNERDESK_E2E_ARTIFACTS names.
package e2e
