/* visit: one patient of today at the reception: what was asked, and what is known of it. Kept on the disk as bytes with a sum over
 * them, a visit a file (visits.h). */
#ifndef SERVICE_RECEPTION_VISIT_H
#define SERVICE_RECEPTION_VISIT_H

#include "base/buf.h"
#include "core/card_verdict.h"
#include "core/coverage.h"

enum {
    VISIT_ID = 32,                                /* hexadecimal digits, 128 random bits */
    VISIT_PART_BYTES = 4 * INSURED_ID_CHARACTERS, /* symbol, number */
    VISIT_CHART_CHARACTERS = 50,                  /* as 照会番号 */
    VISIT_CHART_BYTES = 4 * VISIT_CHART_CHARACTERS,
    VISIT_NAME_BYTES = 4 * NAME_CHARACTERS,
    VISIT_ADDRESS_CHARACTERS = 200,
    VISIT_ADDRESS_BYTES = 4 * VISIT_ADDRESS_CHARACTERS,
    VISIT_STATED_CHARACTERS = 200, /* a sentence or two at the patients' page */
    VISIT_STATED_BYTES = 4 * VISIT_STATED_CHARACTERS,
    VISIT_SAID_BYTES = 512,      /* the centre's own words when it refuses: 60 characters in the field's form */
    VISIT_ANSWER_MAX = 64 << 10, /* a usual one is 2 KB */
    VISIT_STORED_MAX = VISIT_ANSWER_MAX + (8 << 10)
};

/* WAITING: nothing has been heard yet. SILENT: the centre did not answer, it is asked again; `answer` may hold what is remembered.
 * ANSWERED: `answer` holds it. REFUSED: the centre says what is wrong with the question, or what it said cannot be an answer to it. DESK:
 * from the patients' page without numbers, for the staff to go on with. Numbers on the disk. */
enum visit_state { VISIT_WAITING = 1, VISIT_SILENT = 2, VISIT_ANSWERED = 3, VISIT_REFUSED = 4, VISIT_DESK = 5 };

/* How the visit came: typed at the reception, or at the patients' page by who holds a card, a paper or nothing. Numbers on the disk. */
enum visit_way { VISIT_TYPED = 0, VISIT_BY_CARD = 1, VISIT_BY_PAPER = 2, VISIT_BY_NOTHING = 3 };

struct visit {
    char id[VISIT_ID + 1];
    unsigned number; /* of the day, from 1: what people at the reception call it by */
    struct day day;
    int64_t asked_us, settled_us; /* UTC; settled_us: of the state, 0 while waiting */
    enum visit_state state;       /* 0: not in the list yet */
    enum err why;                 /* SILENT, REFUSED; ERR_OK otherwise */
    int64_t told_us;              /* UTC: SILENT with an answer: when the centre told it; 0 otherwise */
    bool changed;                 /* the centre's answer is another than the remembered one that was shown before */
    int64_t removed_us; /* UTC: taken off the list then, to be put back for some seconds; 0: it is on the list */
    enum proof proof;   /* NONE: shown by nothing yet, the staff see to it */
    enum visit_way way;
    /* As typed; from the patients' page what is not known is empty, 0 or DAY_NONE. */
    struct insurer_number insurer;
    struct day birth;
    int branch;
    bool limit_consent;
    char symbol[VISIT_PART_BYTES + 1], insured_number[VISIT_PART_BYTES + 1];
    char chart[VISIT_CHART_BYTES + 1], name[VISIT_NAME_BYTES + 1];
    uint8_t sex; /* at the patients' page: 1 or 2, 0 not said */
    char address[VISIT_ADDRESS_BYTES + 1], stated[VISIT_STATED_BYTES + 1];
    char said[VISIT_SAID_BYTES + 1]; /* by the centre that refused; "" otherwise */
    struct buf answer;               /* JSON as the page shows it; the visit's own */
    /* While the window runs, not kept: */
    uint64_t version; /* of the last change */
    uint64_t tried;   /* in which order it was asked about last; 0: not yet */
    bool asking;      /* the line has it */
};

/* Empty, with a buf for the answer. NULL without memory. */
struct visit *visit_new(void);
void visit_free(struct visit *v);

void visit_put(struct buf *out, const struct visit *v);
/* Into an empty visit. ERR_CORRUPT for anything but what visit_put() writes or wrote in its first form, ERR_VERSION for a later form. */
MUST_USE enum err visit_read(struct str bytes, struct visit *v, struct diag *d);

#endif
