# The line is down: what must not be possible.
CHECK_PARTS += denials
.PHONY: denials
denials: ## A share of 100 % has one maker
	@if tools/denials src; then echo "1 passed, 0 failed"; else echo "0 passed, 1 failed"; exit 1; fi
