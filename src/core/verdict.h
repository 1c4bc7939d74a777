/* verdict: what rules/eligibility decides about one question, and why. Data, not an error. */
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include "core/coverage.h"

/* OQSCD006 */
enum validity {
    VALID = 1,
    VALIDITY_NOT = 2,
    VALIDITY_NEWER = 3,
    VALIDITY_NONE = 4,
    VALIDITY_SEVERAL = 5,
    VALIDITY_NO_TICKET = 6,
};

#define WARNING(name, code, ja, en) WARNING_##name,
enum warning {
#include "core/warning.def"
    WARNING_COUNT
};
#undef WARNING

struct warning_info {
    const char *code, *ja, *en;
};
const struct warning_info *warning_info(enum warning w);

struct question {
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth, on;
    bool limit_consent;                  /* OQSCD001 */
    struct institution_code institution; /* who asks; 0: the operator */
};

struct verdict {
    enum validity validity;
    const struct member *member;     /* NULL with VALIDITY_NONE and VALIDITY_SEVERAL */
    const struct coverage *coverage; /* the period shown; NULL likewise */
    uint8_t ratio;                   /* percent on the day, or RATIO_NONE */
    bool newer, preschool;
    uint32_t warnings;                         /* 1u << enum warning */
    const struct elderly_certificate *elderly; /* in force and shown; NULL: none */
    const struct limit_certificate *limit;     /* NULL also without consent */
    const struct disease_certificate *diseases[DISEASES_MAX];
    size_t disease_count;
    const struct medical_ticket *tickets[TICKETS_MAX]; /* of the day's month, whoever they name */
    size_t ticket_count;
};

static inline bool verdict_warns(const struct verdict *v, enum warning w) { return v->warnings >> w & 1; }
static inline bool verdict_covered(const struct verdict *v) {
    return v->validity == VALID || v->validity == VALIDITY_NO_TICKET;
}

#endif
