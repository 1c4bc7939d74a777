# The made-up people: the table of mistakes in docs/format/people-files.md is the table of the program; links are judged by what is true of them.
CHECK_PARTS += people-docs-check
.PHONY: people-docs-check
people-docs-check:
	@tools/mistakes-table src/service/people/mistakes.def >$(BUILD)/mistakes.md
	@if [ "$$(grep -c '^| `[a-z_]*` | [0-9.]* % |' docs/format/people-files.md)" = "$$(wc -l <$(BUILD)/mistakes.md)" ] && \
	    [ "$$(grep -cFxf $(BUILD)/mistakes.md docs/format/people-files.md)" = "$$(wc -l <$(BUILD)/mistakes.md)" ]; \
	then echo "1 passed, 0 failed"; \
	else echo "docs/format/people-files.md lacks rows of: tools/mistakes-table src/service/people/mistakes.def"; \
	    echo "0 passed, 1 failed"; exit 1; fi

CHECK_PARTS += quality-test
.PHONY: quality-test quality-tool
quality-tool: $(BUILD)/tools/quality ## Build the tool that judges links by the truth of made-up people
quality-test: $(BUILD)/tools/quality
	@tests/tools/test-quality $<

QUALITY_PEOPLE ?= 100000
QUALITY_PERCENT ?= 100
QUALITY_SEEDS ?= 1
.PHONY: quality
quality: all $(BUILD)/tools/quality $(BUILD)/tools/number_links ## The quality of linking on made-up people (QUALITY_PEOPLE=2500000 QUALITY_SEEDS='1 2 3 4')
	@tools/quality-run $(BUILD) $(QUALITY_PEOPLE) $(QUALITY_PERCENT) $(QUALITY_SEEDS)
