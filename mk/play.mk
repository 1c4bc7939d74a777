# Scenarios: tests/play/<row>-<name>.play against real processes. PLAY_ONLY='A1-*' picks some.

PLAY_ONLY ?= *
PLAYS     := $(sort $(wildcard $(PLAY_ONLY:%=tests/play/%.play)))

.PHONY: play play-test
play: all $(BUILD)/tools/quality $(BUILD)/tools/number_links ## The mission's rows as scenarios against real processes (PLAY_ONLY='A1-*' picks some)
	@PATH="$(CURDIR)/$(BUILD):$(CURDIR)/$(BUILD)/tools:$$PATH" tests/play/run $(PLAYS)

play-test: ## The scenario runner notices what fails
	@tests/tools/test-play
