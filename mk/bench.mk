# Speed, S1–S9: what each measures and the latest figures are in docs/measurements.md. Everything runs on loopback and stays below build/bench.

BENCH_SRC  := $(sort $(wildcard bench/*.c))
BENCH_BIN  := $(BENCH_SRC:%.c=$(BUILD)/%)
BENCH_LIB  := $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard bench/lib/*.c)))

$(BENCH_LIB): ALL_CFLAGS += -I.
$(BENCH_BIN): $(BUILD)/bench/%: bench/%.c $(BENCH_LIB) $(BUILD)/libmado.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -I. $(LDFLAGS) -MMD -MP -MT $@ -o $@ $< $(BENCH_LIB) $(BUILD)/libmado.a $(LIBS) -lm

.PHONY: bench bench-quick bench-bins
bench-bins: $(BENCH_BIN)
bench: all $(BENCH_BIN) ## Measure S1–S9 against their references, a table to bench/results/ (PEOPLE=10000000 GOALS='S1 S2')
	@bench/run $(BUILD) "$(or $(GOALS),full)"

bench-quick: all $(BENCH_BIN) ## S1 and S5 in under 40 seconds, on the people that are there
	@bench/run $(BUILD) quick
