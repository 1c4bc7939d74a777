# Tables of kanji for src/rules/identity: our own rows in order, and Unihan's.
IDENTITY_TABLES := $(BUILD)/gen/rules/identity/words.inc
$(IDENTITY_TABLES): tools/identity_tables $(wildcard src/rules/identity/*.def) src/service/people/surnames.def src/service/people/given.def
	@tools/identity_tables $(BUILD)/gen && touch $@
$(BUILD)/obj/src/rules/identity/kanji.o $(BUILD)/obj/src/rules/identity/reading.o: $(IDENTITY_TABLES)

TEST_PARTS += accounts-peer
.PHONY: accounts-peer
accounts-peer: all ## What an inspection of made-up people's bank accounts finds and what it does not
	@python3 tests/peers/accounts.py $(BUILD)/mado 100000 1 2

.PHONY: ablation
ablation: all ## What each rule of comparison buys and what it lets in, on made-up people: the table of docs/quality.md
	@python3 tests/peers/ablation.py $(BUILD)/mado 20000 1

TEST_PARTS += identity-peers
.PHONY: identity-peers
identity-peers: all ## The share of names and addresses recognised, against collections in $MADO_DATA
	@tests/peers/identity.sh $(BUILD)

# The rules of linking: the table in docs/format/links.md is the program's.
CHECK_PARTS += link-docs-check
.PHONY: link-docs-check
link-docs-check:
	@tools/link-rules src/rules/identity/link_rule.def >$(BUILD)/link-rules.md
	@if [ "$$(grep -cFxf $(BUILD)/link-rules.md docs/format/links.md)" = "$$(grep -c '^LINK_RULE(' src/rules/identity/link_rule.def)" ]; \
	then echo "1 passed, 0 failed"; \
	else echo "docs/format/links.md lacks rows of: tools/link-rules src/rules/identity/link_rule.def"; \
	    echo "0 passed, 1 failed"; exit 1; fi
