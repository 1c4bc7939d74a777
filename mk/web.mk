# Pages for browsers are built into the program.
$(BUILD)/obj/src/edge/web/pages.o: $(wildcard web/status/*)
$(BUILD)/obj/src/edge/reception/pages.o: $(wildcard web/window/*)

TEST_PARTS += browser browser-reception browser-card
.PHONY: browser browser-reception browser-card
browser: all ## The status page in a browser, with an accessibility check (npm, chromium)
	@tests/browser/run $(BUILD) status

browser-reception: all ## The reception page in a browser, against a window and a centre that goes away and comes back
	@tests/browser/run $(BUILD) reception

browser-card: all ## A virtual card on a reader and its PIN on the patients' page in a browser
	@tests/browser/run $(BUILD) card
