# Pages for browsers are built into the program.
$(BUILD)/obj/src/edge/web/pages.o: $(wildcard web/status/*)
$(BUILD)/obj/src/edge/reception/pages.o: $(wildcard web/window/*)
$(BUILD)/obj/src/edge/review/pages.o: $(wildcard web/desk/*)

TEST_PARTS += browser browser-reception browser-card browser-review
.PHONY: browser browser-reception browser-card browser-review
browser: all ## The status page in a browser, with an accessibility check (npm, chromium)
	@tests/browser/run $(BUILD) status

browser-reception: all ## The reception page in a browser, against a window and a centre that goes away and comes back
	@tests/browser/run $(BUILD) reception

browser-card: all ## A virtual card on a reader and its PIN on the patients' page in a browser
	@tests/browser/run $(BUILD) card

browser-review: all ## The review page in a browser, two reviewers, killed in between (npm, chromium)
	@tests/browser/run $(BUILD) review
