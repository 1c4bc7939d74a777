# What `make check` and `make test` are made of. A room adds a part of its own with `CHECK_PARTS += name` (every change, on
# every machine) or `TEST_PARTS += name` (needs more: npm, minutes) in its mk/ROOM.mk; a part is a make target whose output
# ends in a line "N passed, N failed[, N skipped]". tools/parts runs them and adds up.

# What files that come before this one have added stays.
CHECK_PARTS := floors banned sizes links symbols format-check tools-test unit sanitize clang fuzz-corpus play-test play $(CHECK_PARTS)
TEST_PARTS  := $(TEST_PARTS)

OUR_C := $(sort $(shell find src tests bench tools -path '*/node_modules' -prune -o -name '*.[ch]' -print 2>/dev/null))
OUR_SRC := $(filter src/%,$(OUR_C))

OUR_MD := $(sort $(wildcard *.md docs/*.md docs/*/*.md src/*/*.md src/*/*/*.md tests/*/*.md bench/*.md web/*.md))

.PHONY: check test floors banned sizes links symbols format format-check tools-test sanitize clang unit-bins

check: ## Everything that needs no npm: floors, format, unit tests, sanitizers, clang, fuzz corpora, scenarios
	+@tools/parts $(BUILD)/results $(CHECK_PARTS)

test: ## make check, and the checks by software we did not write (needs ./setup --test)
	+@tools/parts $(BUILD)/results $(CHECK_PARTS) $(TEST_PARTS)

floors: ## No file includes a neighbour's header or one from a higher floor
	@tools/floors src/FLOORS src

banned: ## No call of a function that has a safer one here
	@tools/banned tools/banned.list $(OUR_C)

sizes: ## No source file of more than 600 lines; names functions of more than 60
	@tools/sizes $(OUR_SRC)

symbols: all ## No two rooms give one name to the linker, which would silently take the first
	@twice=$$(nm -g --defined-only -P $(BUILD)/libmado.a | awk '$$2 ~ /^[TDBRC]$$/ { print $$1 }' | sort | uniq -d); \
	if [ -z "$$twice" ]; then echo "1 passed, 0 failed"; else echo "named twice:" $$twice; echo "0 passed, 1 failed"; exit 1; fi

links: ## Every relative link of the documents leads somewhere
	@tools/links $(OUR_MD)

format-check: ## The sources stand as clang-format would write them
	@clang-format --dry-run -Werror $(OUR_C) && echo "$(words $(OUR_C)) files are in order"

format: ## Rewrite the sources as clang-format wants them
	@clang-format -i $(OUR_C)

tools-test: ## The checkers find what they are there to find
	@tests/tools/run

unit-bins: $(UNIT_BIN)

# gcc with AddressSanitizer and UndefinedBehaviorSanitizer: the unit tests once more, any finding ends the program.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize: ## The unit tests under AddressSanitizer and UndefinedBehaviorSanitizer (gcc)
	+@$(MAKE) --no-print-directory BUILD=build/sanitize CFLAGS='-O1 -g' SAN='$(SANITIZE)' unit

# One clang tree serves two ends: a second compiler's opinion of everything, and the fuzz targets (mk/fuzz.mk).
clang: ## Build everything with clang, instrumented for the fuzz targets
	+@$(MAKE) --no-print-directory $(CLANG_TREE) all unit-bins fuzz-bins && echo "clang builds everything"
