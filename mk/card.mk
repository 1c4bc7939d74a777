# The virtual card, judged by OpenSC, and our reading of it through PC/SC. Skipped with a word where namespaces or programs are missing.
$(BUILD)/tests/peers/card_session: tests/peers/card_session.c $(BUILD)/libmado.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -MT $@ -o $@ $< $(BUILD)/libmado.a $(LIBS)

CHECK_PARTS += card-peer
.PHONY: card-peer
card-peer: $(BUILD)/mado $(BUILD)/tests/peers/card_session ## The virtual My Number Card against OpenSC and openssl
	@tests/peers/card.sh $(BUILD)
