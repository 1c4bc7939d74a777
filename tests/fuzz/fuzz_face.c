/* Any bytes as what a face reader says: refused, or a yes, a no or a given-up of the form, for this question. */
#include "base/str.h"
#include "edge/face/face_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const struct face_question q = {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                                           "000102030405060708090a0b0c0d0e0f", ""};
    struct face_reply r;
    struct diag d = {0};
    enum err e = face_reply_read(str_of(data, n), &q, &r, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return 0;
    invariant(r.answer < FACE_ANSWERS && face_device_name(str_c(r.device)));
    invariant(r.signature_bytes > 0 && r.signature_bytes <= sizeof r.signature);
    return 0;
}
