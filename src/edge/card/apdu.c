#include "edge/card/apdu.h"

enum { HEADER = 4, STATUS = 2 };

static unsigned byte_at(struct str s, size_t i) { return (unsigned char)s.p[i]; }
static unsigned expected(unsigned le) { return le == 0 ? APDU_LE_ALL : le; }

bool apdu_read(struct str bytes, struct apdu *out) {
    if (bytes.n < HEADER || bytes.n > APDU_MAX) return false;
    *out = (struct apdu){.cla = (uint8_t)byte_at(bytes, 0),
                         .ins = (uint8_t)byte_at(bytes, 1),
                         .p1 = (uint8_t)byte_at(bytes, 2),
                         .p2 = (uint8_t)byte_at(bytes, 3)};
    struct str body = str_skip(bytes, HEADER);
    if (body.n == 0) return true;
    unsigned first = byte_at(body, 0);
    if (body.n == 1) {
        out->le = expected(first);
        return true;
    }
    /* Lc 0 with more behind it is the extended form. */
    if (first == 0 || body.n < 1 + first || body.n > 2 + first) return false;
    out->data = str_of(body.p + 1, first);
    if (body.n == 2 + first) out->le = expected(byte_at(body, 1 + first));
    return true;
}

void apdu_put(struct buf *out, const struct apdu *a) {
    invariant(a->data.n <= APDU_DATA_MAX && a->le <= APDU_LE_ALL);
    buf_u8(out, a->cla), buf_u8(out, a->ins), buf_u8(out, a->p1), buf_u8(out, a->p2);
    if (a->data.n) buf_u8(out, (uint8_t)a->data.n), buf_put(out, a->data);
    if (a->le) buf_u8(out, (uint8_t)(a->le & 0xff));
}

bool apdu_answer_read(struct str bytes, struct apdu_answer *out) {
    if (bytes.n < STATUS || bytes.n > APDU_ANSWER_MAX) return false;
    out->data = str_head(bytes, bytes.n - STATUS);
    out->status = (uint16_t)(byte_at(bytes, bytes.n - 2) << 8 | byte_at(bytes, bytes.n - 1));
    return true;
}

void apdu_answer_put(struct buf *out, struct str data, uint16_t status) {
    buf_put(out, data);
    buf_u8(out, (uint8_t)(status >> 8)), buf_u8(out, (uint8_t)(status & 0xff));
}
