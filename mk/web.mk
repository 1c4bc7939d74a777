# Pages for browsers are built into the program.
$(BUILD)/obj/src/edge/web/pages.o: $(wildcard web/*/*)

TEST_PARTS += browser
.PHONY: browser
browser: all ## The status page in a browser, with an accessibility check (npm, chromium)
	@tests/browser/run $(BUILD)
