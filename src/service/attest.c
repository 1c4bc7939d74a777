#include "service/attest.h"

#include "rules/recall/recall.h"
#include "state/trust/attestation.h"

enum { PAYS_ALL = 100 };
#define DAY_US   INT64_C(86400000000)
#define JAPAN_US INT64_C(32400000000) /* nine hours */

bool attest_can(const struct verify_desk *desk) { return desk->attestor != NULL; }

static int64_t end_of_day(struct day on) { return (int64_t)(on.n + 1) * DAY_US - JAPAN_US; }

static int64_t until(const struct answer *a) {
    bool confirms = verdict_covered(&a->verdict) && a->verdict.ratio != PAYS_ALL;
    return confirms ? a->answered_us + RECALL_DAYS_MAX * DAY_US : end_of_day(a->question.on);
}

enum err attest_answer(struct verify_desk *desk, const struct answer *a, struct institution_code institution,
                       struct str message, struct buf *out, struct diag *d) {
    const struct attestation signed_answer = {.institution = institution,
                                              .told_us = a->answered_us,
                                              .until_us = until(a),
                                              .on = a->question.on,
                                              .validity = a->verdict.validity,
                                              .ratio = a->verdict.ratio,
                                              .message = message};
    return attestation_sign(desk->attestor, &signed_answer, out, d);
}
