# Fuzz targets: tests/fuzz/fuzz_NAME.c with its corpus in tests/fuzz/corpus/NAME/. All in one clang tree, build/fuzz.

FUZZ_SECONDS ?= 10
FUZZ_RUNS    ?= -1
FUZZ_ONLY    ?= $(FUZZ_NAMES)
FUZZ_SRC     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NAMES   := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%)
FUZZ_BIN     := $(FUZZ_SRC:%.c=$(BUILD)/%)
FUZZ_TREE    := build/fuzz
CLANG_TREE   := BUILD=$(FUZZ_TREE) CC=clang CFLAGS='-O1 -g' \
                SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'

.PHONY: fuzz fuzz-bins fuzz-corpus
fuzz: clang ## Fuzz every parser for FUZZ_SECONDS each (FUZZ_ONLY="json utf8" picks some)
	@tests/fuzz/run $(FUZZ_TREE) $(FUZZ_SECONDS) $(FUZZ_RUNS) $(FUZZ_ONLY)

fuzz-corpus: clang ## Every fuzz target over its corpus, once
	@tests/fuzz/run $(FUZZ_TREE) 0 0 $(FUZZ_NAMES)

fuzz-bins: $(FUZZ_BIN)
$(BUILD)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(TEST_LIB_OBJ) $(BUILD)/libmado.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -Itests $(LDFLAGS) $(TEST_LINK) -MMD -MP -MT $@ -o $@ $< $(TEST_LIB_OBJ) $(BUILD)/libmado.a $(LIBS)
