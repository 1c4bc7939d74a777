/* people: a synthetic nation, written as insurers, the resident registry and a window would: DIR/insurers/<保険者番号>.ndjson (first a line
 * that names the insurer), DIR/insurers.ndjson, DIR/residents.ndjson, DIR/questions.ndjson, DIR/people.json (how it was made).
 * With accounts also DIR/accounts.ndjson and DIR/accounts-truth.ndjson (accounts.h).
 * With a dirty insurer also DIR/dirty/<保険者番号>.ndjson and DIR/truth.ndjson (dirty.h), in a nation with namesakes (namesakes.h).
 * On demand DIR/ways/<保険者番号>.ndjson (proofs.h).
 * The same arguments give the same bytes on every machine. Time grows with the number of people, memory does not. */
#ifndef SERVICE_PEOPLE_PEOPLE_H
#define SERVICE_PEOPLE_PEOPLE_H

#include "service/people/account_kinds.h"
#include "service/people/mistakes.h"
#include "service/people/nation.h"

struct people_job {
    struct people_options people;
    const char *folder;
    bool csv; /* insurers' files as CSV too (DIR/insurers/<保険者番号>.csv), what CSV can carry of them */
    bool insurers_only;     /* neither residents nor questions */
    bool ways;              /* lists of how members can prove being insured too (DIR/ways/<保険者番号>.ndjson) */
    bool dirty;             /* members as an insurer that makes mistakes holds them, and the truth */
    uint32_t dirty_percent; /* of the rates of mistakes.def, 0 … DIRTY_PERCENT_MAX */
    bool accounts;          /* the bank accounts people are registered with, and the truth */
    uint32_t accounts_percent; /* of the rates of account_kinds.def's wrong kinds, 0 … DIRTY_PERCENT_MAX */
    uint32_t only_insurer;     /* this insurer's file alone, 0: all */
    /* Called about every thousand people; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t count);
    void *progress_context;
};
struct people_result {
    uint64_t people, households, periods, questions, insurers;
    uint64_t members, clean, mistakes[MISTAKE_COUNT];     /* dirty lines, those without a mistake, those with each */
    uint64_t registrations, account_kinds[ACCOUNT_KINDS]; /* of bank accounts */
};

/* Day the people are made for unless another is named: 2026-11-22. */
struct day people_default_day(void);
/* min(count, max(1000, count / 10)) */
uint64_t people_default_questions(uint64_t count);

/* ERR_CONFLICT when DIR/insurers holds files of which no people.json says that they were made here. */
MUST_USE enum err people_write(struct world *w, const struct people_job *job, struct people_result *out,
                               struct diag *d);

#endif
