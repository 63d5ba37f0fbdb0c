# Partnerdesk. Two commands are all that a fresh machine needs: make run, make test.

# One set of flags for all of Fyne's C files: each other set would cost its own three minutes.
TAGS := migrated_fynedo
GO   ?= go

# The version is stamped in: app/version.go.
STAMP = -ldflags "-X partnerdesk/app.version=$(shell .ci/version)"

.PHONY: run test build vet unit e2e packages guide elsewhere soak bench fuzz fmt clean dist reproduce release

# run starts the desktop.
run: install-run
	$(GO) build -tags $(TAGS) $(STAMP) -o build/partnerdesk ./app/desktop
	./build/partnerdesk

# build makes both programs.
build: install-run
	$(GO) build -tags $(TAGS) $(STAMP) -o build/partnerdesk ./app/desktop
	CGO_ENABLED=0 $(GO) build $(STAMP) -o build/partnerdesk-console ./app/console

# test is everything that must hold before a change lands.
test: install-packages vet unit elsewhere e2e packages

vet: install-test
	@unformatted=$$(gofmt -l app assets core storage ui); \
	if [ -n "$$unformatted" ]; then echo "not gofmt-clean: $$unformatted"; exit 1; fi
	$(GO) vet -tags "$(TAGS) e2e packages" ./...
	$(GO) tool staticcheck -tags "$(TAGS) e2e packages" ./...

# unit runs the tests under the race detector, and then compares the pictures without it: under it they would take
# minutes (ui/kit/kittest).
unit: install-test
	$(GO) test -race -tags $(TAGS) ./...
	$(GO) test -tags $(TAGS) -run Picture ./ui/...

# e2e drives the built desktop in a real window, with a real browser and the built console beside it.
e2e: install-test
	$(GO) build -race -tags $(TAGS) -o build/e2e/partnerdesk ./app/desktop
	$(GO) build -race -o build/e2e/partnerdesk-console ./app/console
	PARTNERDESK_E2E_BINARY=$(CURDIR)/build/e2e/partnerdesk PARTNERDESK_E2E_CONSOLE=$(CURDIR)/build/e2e/partnerdesk-console \
		PARTNERDESK_E2E_ARTIFACTS=$(CURDIR)/build/e2e \
		$(GO) test -race -count=1 -timeout 10m -tags "$(TAGS) e2e" ./app/e2e

# packages installs what is handed out in a clean Debian and under Wine, and lives the first minute there.
packages: install-packages dist
	.ci/packages

# guide makes the pictures of the guide and of this project's README anew, from the real window. Look at each of them.
# The window in them has the number of the last release.
guide: STAMP = -ldflags "-X partnerdesk/app.version=$(shell sed -n 's/^Version *= *"\(.*\)"$$/\1/p' FyneApp.toml)"
guide: install-test
	$(GO) build -tags $(TAGS) $(STAMP) -o build/e2e/partnerdesk-guide ./app/desktop
	PARTNERDESK_E2E_BINARY=$(CURDIR)/build/e2e/partnerdesk-guide PARTNERDESK_E2E_ARTIFACTS=$(CURDIR)/build/e2e \
		PARTNERDESK_GUIDE=$(CURDIR)/assets/guide \
		$(GO) test -count=1 -timeout 15m -run '^TestGuidePictures$$' -tags "$(TAGS) e2e" ./app/e2e
	mv assets/guide/window.png assets/screenshots/window.png

# elsewhere builds for the systems that this one is not: the console, which is one file without cgo, and
# the desktop's own code for Windows, without the C code that only a compiler for Windows can build.
elsewhere: install-test
	for os in linux windows darwin; do CGO_ENABLED=0 GOOS=$$os $(GO) build -o build/console/$$os/ ./app/console || exit 1; done
	CGO_ENABLED=0 GOOS=windows $(GO) vet -tags "$(TAGS) ci" ./app/desktop

# soak is the long form of the tests of storage that kill a program or let two programs contend, and of the poller's
# virtual day of troubles.
soak: install-test
	$(GO) test -race -count=1 -v -timeout 60m -run 'Killed|OfManyOperations|HeldTwice' ./storage -rounds 500 -operations 10000
	$(GO) test -count=1 -v -timeout 60m -run 'Day' ./app/soak -tenants 1000 -hours 24

# bench prints what things cost, as ratios to a floor in the same run where there is one: each part for itself,
# then the poller with a whole fleet, and then the window beside an empty one, which take some minutes each.
bench: install-test
	$(GO) test -tags $(TAGS) -run '^$$' -bench . ./core/... ./storage ./ui/...
	$(GO) run ./app/bench
	$(GO) run ./app/bench/window

# fuzz tries every fuzz target for a while.
FUZZTIME ?= 1m
fuzz:
	@for package in $$($(GO) list ./core/... ./storage ./ui/...); do \
	  for target in $$($(GO) test -tags $(TAGS) -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    $(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

# dist makes all that is handed out, into build/dist: .ci/dist.
dist: install-dist
	.ci/dist

# reproduce builds what is in build/dist once more, elsewhere, and compares the bytes. COLD=--cold compiles all of it again.
reproduce: install-dist
	.ci/reproduce $(COLD)

# release makes a version of what is committed, and tells how to publish it: make release VERSION=1.2.3
release:
	@.ci/release "$(VERSION)"

fmt:
	gofmt -w app assets core storage ui

clean:
	rm -rf build

.PHONY: install-run install-test install-dist install-packages
install-run:
	@.ci/install run
install-test:
	@.ci/install test
install-dist:
	@.ci/install dist
install-packages:
	@.ci/install packages
