/* accounts: the bank accounts that people are registered with (公金受取口座), looked over: whose each is by its name, one account on several people, and sessions
 * left open at a terminal. Everything stands in memory, some 300 bytes a resident and 200 a registration: a municipality or a prefecture at a time. */
#ifndef SERVICE_ACCOUNTS_H
#define SERVICE_ACCOUNTS_H

#include "base/arena.h"
#include "rules/identity/account.h"
#include "rules/identity/account_judge.h"
#include "rules/identity/account_number.h"

enum { PERSON_NAMES = 5 }; /* name, kana, other_name, other_kana, former_name */

/* Texts are borrowed by the lists below; whoever fills them copies. */
struct account_person {
    struct str id, household, names[PERSON_NAMES]; /* household empty: lives alone, as far as is known */
};
struct account_registration {
    struct str resident, name, terminal; /* terminal empty: not known */
    struct account_number account;
    int64_t at_s; /* seconds since 1970; NO_TIME without one */
    uint32_t line;
};
#define NO_TIME INT64_MIN

struct account_book {
    struct account_person *people;
    struct account_registration *registrations;
    size_t person_count, person_room, registration_count, registration_room;
    struct arena texts;
};

enum { BOOK_MAX = 1 << 27, SESSION_S = 3600 }; /* a session that is left open ends within the hour at the latest */

void account_book_init(struct account_book *b, size_t text_limit);
void account_book_fini(struct account_book *b);
/* Copies what p and r borrow. ERR_MEMORY, ERR_LIMIT. */
MUST_USE enum err account_book_person(struct account_book *b, const struct account_person *p, struct diag *d);
MUST_USE enum err account_book_registration(struct account_book *b, const struct account_registration *r,
                                            struct diag *d);

struct account_finding {
    enum account_alarm alarm;
    const struct account_registration *registration;
    struct comparison own;           /* fact, level and findings; level LEVEL_UNKNOWN without a resident */
    const struct account_person *of; /* somebody whose account it seems to be; NULL when nobody was found */
};
struct account_result {
    uint64_t registrations, residents, of[ACCOUNT_ALARM_COUNT];
};

/* Calls `found` for each alarm, in order of rank and then of lines. Sorts the book's lists. ERR_DUPLICATE when a resident stands twice; ERR_UTF8 and ERR_LIMIT of names, with
 * the line of the registration; errors of `found` end it. */
MUST_USE enum err account_book_inspect(struct account_book *b,
                                       enum err (*found)(void *context, const struct account_finding *f,
                                                         struct diag *d),
                                       void *context, struct account_result *out, struct diag *d);

#endif
