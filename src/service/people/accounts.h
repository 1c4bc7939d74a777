/* accounts: the bank accounts that made-up people are registered with, and for each line what is true. Accounts and their banks are made up. The forms are docs/format/accounts.md
 * and people-files.md. Which kinds a registration gets depends on the seed and the person; whose account a session left open takes, on the order of the registrations. */
#ifndef SERVICE_PEOPLE_ACCOUNTS_H
#define SERVICE_PEOPLE_ACCOUNTS_H

#include "service/people/account_kinds.h"
#include "service/people/household.h"

enum { ACCOUNT_NAME_BYTES = 512 };

/* What was registered last at a desk's terminal. */
struct desk_terminal {
    uint64_t owner; /* ordinal plus 1; 0 before the first */
    uint64_t household;
    int64_t at_s;
    char account[24], name[ACCOUNT_NAME_BYTES];
    size_t name_n;
};
struct accounts {
    const struct nation *nation;
    uint32_t percent;                /* of the rates of wrong kinds */
    struct desk_terminal *terminals; /* DESKS_PER_CITY for each municipality */
    uint64_t lines, wrong, of_kind[ACCOUNT_KINDS];
};

MUST_USE enum err accounts_init(struct accounts *a, const struct nation *n, uint32_t percent, struct diag *d);
void accounts_fini(struct accounts *a);
/* Appends the person's registration and what is true of it, or nothing: not everyone has registered. */
void accounts_person(struct accounts *a, const struct household *h, const struct person *p, struct buf *line,
                     struct buf *truth);

#endif
