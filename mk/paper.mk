# Papers: what poppler, zbar and jose say of them.
TEST_PARTS += paper-peers
.PHONY: paper-peers
paper-peers: $(BUILD)/mado ## Printed papers read by zbar, poppler and jose (npm)
	@tests/peers/paper.sh $(BUILD)
