# Mado. `make help` lists what there is to make.
# Rooms are folders below src/; a file belongs to the library unless it stands in src/cmd or src/net/nginx.

# All processors, unless told otherwise.
ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
endif

BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
Q       ?= @
VERSION := $(shell cat VERSION)
CFLAGS  ?= -O2 -g
SAN     ?=
WARN    := -std=c17 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wpointer-arith \
           -Wwrite-strings -Wundef -Wformat=2 -Wno-format-nonliteral -Wimplicit-fallthrough
ALL_CFLAGS  = $(WARN) $(CFLAGS) $(SAN) -fPIC -fno-strict-aliasing -fstack-protector-strong -D_GNU_SOURCE \
              -DMADO_VERSION='"$(VERSION)"' -Isrc -I$(BUILD)/gen -pthread -isystem /usr/include/libxml2 -isystem /usr/include/PCSC $(PAPER_CFLAGS)
# cairo and pango keep their headers in folders of their own.
PAPER_CFLAGS := $(patsubst -I%,-isystem %,$(filter -I%,$(shell pkg-config --cflags pangocairo 2>/dev/null)))
LIBS        = -llmdb -lxml2 -lzip -lsodium -lutf8proc -lcurl -lssl -lcrypto -lseccomp -lpcsclite -lpthread \
              -lpangocairo-1.0 -lpango-1.0 -lgobject-2.0 -lglib-2.0 -lcairo -lqrencode -lzbar -lz

LIB_SRC := $(filter-out src/cmd/% src/net/nginx/%,$(sort $(wildcard src/*/*.c src/*/*/*.c)))
CMD_SRC := $(sort $(wildcard src/cmd/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(BUILD)/obj/%.o)
UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c tests/unit/*/*/test_*.c tests/sim/test_*.c))
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
.DEFAULT_GOAL := all
# Allocations of our own code go through tests/lib/short_memory.h in test programs.
TEST_LINK := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
TEST_LIB_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard tests/lib/*.c)))
.SECONDARY: $(TEST_LIB_OBJ)

.PHONY: all help lib unit clean
all: $(BUILD)/mado ## Build build/mado (and the module of the door)

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(BUILD)/mado: $(CMD_OBJ) $(BUILD)/libmado.a
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

lib: $(BUILD)/libmado.a ## Build the library alone
$(BUILD)/libmado.a: $(LIB_OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/%.c $(TEST_LIB_OBJ) $(BUILD)/libmado.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(LDFLAGS) $(TEST_LINK) -MMD -MP -o $@ $< $(TEST_LIB_OBJ) $(BUILD)/libmado.a -lcmocka $(LIBS)

$(BUILD)/obj/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<

unit: $(UNIT_BIN) ## Run the unit tests
	@tests/run-unit $(UNIT_BIN)

clean: ## Remove build/
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
include $(sort $(wildcard mk/*.mk))
