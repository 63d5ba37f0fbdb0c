// Package e2e proves the main job in the real thing: the built desktop in a real window on a virtual
// screen, driven with mouse and keyboard and read by its pixels, and a real Chromium in which SuperID's
// pages are clicked through. `make e2e` runs it; the build tag e2e keeps it out of every other test run.
//
// Screenshots of each stage stay in the folder that PARTNERDESK_E2E_ARTIFACTS names.
package e2e
