# The line is down: what must not be possible.
CHECK_PARTS += denials
.PHONY: denials
denials: ## A share of 100 % has one maker
	@if tools/denials src; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; exit 1; fi

# 72 hours without a line: three small seeds are among the unit tests.
.PHONY: sim-line
sim-line: $(BUILD)/tests/sim/test_line_down ## 72 hours without a line, larger (VISITS=3000 SEEDS=10 SEED=1)
	@MADO_SIM_VISITS=$(or $(VISITS),3000) MADO_SIM_SEEDS=$(or $(SEEDS),10) MADO_SIM_SEED=$(or $(SEED),1) $< 2>/dev/null

# docs/parity.md: every way of proving oneself × every kind of person, asked of real processes.
.PHONY: parity
parity: all ## Write docs/parity.md anew (the scenario B9-parity fails on any difference)
	@touch docs/parity.md && PARITY_OUT=1 PATH="$(CURDIR)/$(BUILD):$$PATH" tests/play/run tests/play/B9-parity.play
