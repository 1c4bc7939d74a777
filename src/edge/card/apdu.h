/* apdu: one command to a smart card and its answer, as bytes (ISO/IEC 7816-4:2020, 5.1 to 5.6). Short form alone: the applications
 * of the My Number Card neither need nor promise extended lengths. */
#ifndef EDGE_CARD_APDU_H
#define EDGE_CARD_APDU_H

#include "base/buf.h"

enum {
    APDU_DATA_MAX = 255,
    APDU_LE_ALL = 256, /* Le 00: as much as there is, at most 256 bytes */
    APDU_MAX = 5 + APDU_DATA_MAX + 1,
    APDU_ANSWER_MAX = APDU_LE_ALL + 2, /* data, then the status word */
};

struct apdu {
    uint8_t cla, ins, p1, p2;
    struct str data; /* borrowed */
    unsigned le;     /* 0: no data wanted; else 1 … APDU_LE_ALL */
};

/* False when it is none of the four cases in short form: the card says 6700 then. */
MUST_USE bool apdu_read(struct str bytes, struct apdu *out);
/* data.n at most APDU_DATA_MAX, le at most APDU_LE_ALL. */
void apdu_put(struct buf *out, const struct apdu *a);

struct apdu_answer {
    struct str data; /* borrowed */
    uint16_t status; /* SW1 SW2 */
};
/* False when it is too short for a status word or longer than APDU_ANSWER_MAX. */
MUST_USE bool apdu_answer_read(struct str bytes, struct apdu_answer *out);
void apdu_answer_put(struct buf *out, struct str data, uint16_t status);

#endif
