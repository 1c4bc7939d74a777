# The log's own: a verifier written from the format's page.

LEDGER_TOOLS := $(BUILD)/tests/peers/make_log
$(BUILD)/tests/peers/make_log: tests/peers/make_log.c $(BUILD)/libmado.a
$(LEDGER_TOOLS):
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -MT $@ -o $@ $< $(BUILD)/libmado.a $(LIBS)

CHECK_PARTS += ledger-peer
.PHONY: ledger-peer
ledger-peer: $(BUILD)/mado $(BUILD)/tests/peers/make_log ## Another verifier agrees about logs, good and damaged
	@tests/peers/ledger.sh $(BUILD)
