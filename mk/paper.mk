# Papers: what poppler, zbar and jose say of them.
# poppler's headers are for the one file that loads it (its library is in no program).
$(BUILD)/obj/src/edge/paper/look_pdf.o: ALL_CFLAGS += $(patsubst -I%,-isystem %,$(filter -I%,$(shell pkg-config --cflags poppler-glib 2>/dev/null)))

TEST_PARTS += paper-peers
.PHONY: paper-peers
paper-peers: $(BUILD)/mado ## Printed papers read by zbar, poppler and jose (npm), and what jose signed read by us
	@tests/peers/paper.sh $(BUILD)
