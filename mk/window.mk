# At the window: nothing holds what a body is measured by (F5), and a face reader to copy from that the scenarios start.
FIELDS := $(sort $(shell find src web docs/format docs/api docs/fhir -type f 2>/dev/null))

.PHONY: biometric
CHECK_PARTS += biometric
biometric: ## No field anywhere for a face, a finger or a voice
	@tools/biometric tools/biometric.words tools/biometric.allow $(FIELDS) && echo "1 passed, 0 failed"

all: $(BUILD)/tools/face_reader_example
