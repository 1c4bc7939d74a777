/* person_search: the one person who is called so, was born that day and lives there: for disaster mode, and for statements that have waited. What
 * agrees is rules/identity's to say; what it takes to be the one is this room's:
 *
 *   birth date   the same day
 *   sex          as registered, or not registered
 *   kana         the same or another way of writing the same; known slips apart only when the name in kanji is given and agrees (twins' names are
 *                often one kana apart)
 *   address      agrees at least to the municipality. Nobody is found by name and birth date alone
 *   covered      on the day asked about, so that an insurer one has left does not stand beside the one one has joined
 *
 * Of several the one whose address agrees better, to the town against to the municipality alone, is meant; of equals nobody. Nothing here denies
 * anything: nobody found is nobody found. */
#ifndef SERVICE_PERSON_SEARCH_H
#define SERVICE_PERSON_SEARCH_H

#include "core/statement.h"
#include "service/verify.h"

struct person_sought {
    struct str kana, name, address; /* name may be empty */
    struct day birth, on;
    uint8_t sex;                   /* OQSCD007; 3: not said, either */
    struct insurer_number insurer; /* n 0: any */
};

enum person_outcome { PERSON_NONE, PERSON_ONE, PERSON_SEVERAL };

struct person_found {
    enum person_outcome outcome;
    struct insurer_number insurer; /* PERSON_ONE: what a question asks with; strings in the arena */
    struct insured_id id;
};

/* ERR_NOT_FOUND: there is no index of people (people_index.h); ERR_LIMIT: so many were born that day that nobody can be told apart. */
MUST_USE enum err person_search(struct store *coverage, struct store *people, struct arena *a,
                                const struct person_sought *s, struct person_found *out, struct diag *d);

#endif
