/* health_card_read: the other way round than health_card.h: from what a scanner types or a picture holds to values. All of it is a
 * stranger's until the signature was checked (check.h). */
#ifndef EDGE_PAPER_HEALTH_CARD_READ_H
#define EDGE_PAPER_HEALTH_CARD_READ_H

#include "base/arena.h"
#include "core/coverage.h"
#include "edge/paper/health_card.h"

enum { CODE_TEXT_MAX = 2 * HEALTH_CARD_JWS_MAX + 64, HEALTH_CARD_ARENA_MAX = 512 << 10 };

/* What a code says; text lives as long as the arena. */
struct health_card {
    enum paper_kind kind;
    struct str id; /* vc.rid */
    struct insurer_number insurer;
    int64_t nbf_s, exp_s;
    struct day from, until; /* of the paper, both inside; Japan's days */
    struct str name, kana;  /* kana may be empty */
    uint8_t sex;            /* OQSCD007: 1, 2 or 3 */
    struct day birth;
    struct insured_id insured;
    struct str insurer_name;
    struct day start, last; /* of the coverage; last: DAY_NONE when open */
    uint8_t ratio;          /* percent, or RATIO_NONE */
};

/* "shc:/" and digits to the JWS. Blanks at both ends, letters in capitals, and full-width ones as a Japanese keyboard sends them do no
 * harm. ERR_SYNTAX says what it is instead; ERR_NOT_SUPPORTED for a code in several parts ("shc:/1/3/…"); ERR_LIMIT. */
MUST_USE enum err health_card_text_read(struct str text, struct buf *jws, struct diag *d);
/* The payload. d->where is a path in it. ERR_SYNTAX and the others of json_read(), ERR_MISSING, ERR_VALUE, ERR_DATE, ERR_CHECK_DIGIT,
 * ERR_NOT_SUPPORTED for another kind of health card, ERR_CONFLICT when the issuer and the insurer in it are two. */
MUST_USE enum err health_card_json_read(struct arena *a, struct str payload, struct health_card *out, struct diag *d);

#endif
