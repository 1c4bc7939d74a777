/* members: a batch of insurers' members in memory, found by their token and by birth date and sex. Filled, then closed, then only read:
 * by any number of threads. */
#ifndef SERVICE_LINK_MEMBERS_H
#define SERVICE_LINK_MEMBERS_H

#include "core/digits.h"
#include "core/insured_id.h"
#include "service/link/packed.h"
#include "service/link/sketch.h"

enum { LINK_TOKEN_BYTES = 16, MEMBERS_MIN = 1024, MEMBER_NONE = UINT32_MAX };

/* What stands for whoever the member is said to be: of the My Number by the vault, or of a registry's record. */
struct link_token {
    uint8_t bytes[LINK_TOKEN_BYTES];
};

struct link_member {
    struct packed packed; /* first: symbol, second: number */
    struct insurer_number insurer;
    int8_t branch;
    bool has_number;
    struct day start; /* of the period the line speaks of; of several lines of one member the latest stays */
    struct link_token token;
    uint32_t next;       /* with the same token, or MEMBER_NONE */
    uint32_t next_alike; /* with the same key's hash */
};

/* By birth date and sex; several for a member of several names. */
struct block_entry {
    struct sketch sketch;
    uint32_t member;
};

struct members {
    struct link_member *all;
    size_t count, room;
    struct arena texts;
    uint32_t *by_token, *by_key; /* hash tables of indexes, twice as large as the room */
    size_t slots;
    struct block_entry *entries; /* in order of block */
    uint32_t *block_start;       /* of (birth − first day) × 3 + sex, one more than there are */
    struct day first, last;
    bool keep_all; /* several lines of one member stay several */
};

/* For as many members as memory allows: about `memory_bytes` in all, the index included. */
MUST_USE enum err members_init(struct members *m, uint64_t memory_bytes, struct diag *d);
void members_fini(struct members *m);
/* Empties it. */
void members_reset(struct members *m);

/* Copies. *full: nothing was taken, close the batch first. A member that is there already is replaced when the period is later. */
MUST_USE enum err members_add(struct members *m, const struct link_member *head, const struct person *p,
                              const struct insured_id *id, bool *full, struct diag *d);
/* Whether so many more of usual length may not fit. */
bool members_nearly_full(const struct members *m, size_t more);
/* Builds the indexes. */
MUST_USE enum err members_close(struct members *m, struct diag *d);

/* The first member with this token; the others follow by `next`. */
uint32_t members_by_token(const struct members *m, const struct link_token *t);
/* The entries of a birth date and sex ('1', '2', 0 for those without); *count 0: none. */
const struct block_entry *members_block(const struct members *m, struct day birth, char sex, size_t *count);

#endif
