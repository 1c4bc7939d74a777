/* question: the questions of questions.ndjson, spread over every kind of kinds.def. A kind with few questions so far goes first, and one that
 * falls behind may be asked before its time, so that rare kinds fill up; the number of questions is met exactly. */
#ifndef SERVICE_PEOPLE_QUESTION_H
#define SERVICE_PEOPLE_QUESTION_H

#include "service/people/expect.h"
#include "service/people/text.h"

enum { QUESTION_KINDS_MAX = 64 };

struct questioner {
    const struct nation *nation;
    uint64_t want, asked;
    uint64_t of_kind[QUESTION_KINDS_MAX];
    uint8_t order[QUESTION_KINDS_MAX],
        rank[QUESTION_KINDS_MAX]; /* kinds by their number of questions, and where each stands */
};

void questioner_init(struct questioner *q, const struct nation *n);
/* Adds the lines that are due after this household to `out`; `people` have been made so far, this household included. */
void questioner_visit(struct questioner *q, const struct household *h, uint64_t people, struct buf *out);

size_t question_kind_count(void);
const char *question_kind_name(size_t kind);

#endif
