# FHIR: the day in the CapabilityStatement (of the last commit, or of the VERSION file where there is no git), and the definitions
# that docs/fhir/ publishes, made from the tables of src/edge/fhir and src/core.
MADO_DATE := $(shell git log -1 --format=%cs 2>/dev/null || date -r VERSION +%F)
$(BUILD)/obj/src/edge/fhir/capability.o: ALL_CFLAGS += -DMADO_DATE='"$(MADO_DATE)"'

.PHONY: fhir-docs fhir-docs-check fhir-peers
CHECK_PARTS += fhir-docs-check
TEST_PARTS  += fhir-peers

$(BUILD)/tools/%: tools/%.c $(BUILD)/libmado.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(BUILD)/libmado.a $(LIBS)

fhir-docs: $(BUILD)/tools/fhir_definitions ## Write docs/fhir/ anew from the tables
	@mkdir -p docs/fhir && rm -f docs/fhir/*.json && $< docs/fhir

fhir-docs-check: $(BUILD)/tools/fhir_definitions
	@rm -rf $(BUILD)/fhir-docs && mkdir -p $(BUILD)/fhir-docs && $< $(BUILD)/fhir-docs
	@if diff -rq $(BUILD)/fhir-docs docs/fhir; then echo "1 passed, 0 failed"; \
	else echo "docs/fhir is older than the tables: make fhir-docs"; echo "0 passed, 1 failed"; exit 1; fi

fhir-peers: all $(BUILD)/tests/peers/fhir_answers ## FHIR over mutual TLS, and its messages checked by validators from npm
	@tests/peers/fhir.sh $(BUILD)

# OpenAPI 3.1 of everything that can be asked over HTTP, from the routes and the tables of messages.
.PHONY: openapi openapi-check openapi-peers
CHECK_PARTS += openapi-check
TEST_PARTS  += openapi-peers

# The tool builds a tree and prints it, which base/json.h does not do; cJSON does, and is in no program that answers.
$(BUILD)/tools/openapi: LIBS += -lcjson

openapi: $(BUILD)/tools/openapi ## Write docs/api/openapi.json anew from the routes
	@$< docs/api/parts >$(BUILD)/openapi.json && cp $(BUILD)/openapi.json docs/api/openapi.json

openapi-check: $(BUILD)/tools/openapi
	@$< docs/api/parts >$(BUILD)/openapi.json
	@if cmp -s $(BUILD)/openapi.json docs/api/openapi.json; then echo "1 passed, 0 failed"; \
	else echo "docs/api/openapi.json is older than the routes: make openapi"; echo "0 passed, 1 failed"; exit 1; fi

openapi-peers: all ## The running server against its OpenAPI document, with schemathesis
	@tests/peers/openapi.sh $(BUILD)
