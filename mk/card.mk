# The virtual card, judged by OpenSC. Skipped with a word where namespaces or the programs are missing.
CHECK_PARTS += card-peer
.PHONY: card-peer
card-peer: $(BUILD)/mado ## The virtual My Number Card against OpenSC and openssl
	@tests/peers/card.sh $(BUILD)
