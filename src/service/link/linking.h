/* linking: members of insurers linked to residents of the registry, batch by batch: as many members as the memory allows, then the registry
 * streamed once past them, then a decision for each (rules/identity/link.h). */
#ifndef SERVICE_LINK_LINKING_H
#define SERVICE_LINK_LINKING_H

#include "service/insurer_line.h"
#include "service/link/acting.h"

enum { LINK_MEMORY_DEFAULT_MIB = 1024, LINK_MEMORY_MIN_MIB = 16 };

/* What became of one member. Everything is borrowed and lasts for the call. */
struct link_result {
    const struct link_member *member;
    enum link_rule rule;
    uint32_t wrong;            /* how likely the holder is not the member, in a million; 0 without a holder */
    enum wrong_kind kind;      /* and how that would have come */
    const struct found *found; /* holders of the number first, then who is within reach */
    size_t found_count;
    const struct found *holder; /* the first of them, or NULL */
};

struct link_progress {
    uint64_t members, residents; /* so far; a resident counts in every batch */
    uint64_t pairs, compared;
    uint64_t bytes, size; /* of the registry in this pass */
    unsigned batch;
};

struct linking {
    struct world *world;
    const char *residents;
    const struct resident_format *format;
    uint64_t memory_bytes;
    unsigned threads;
    /* Tokens of numbers: for residents and for members; see registry.h. */
    enum err (*tokens)(void *context, const struct mynumber *numbers, size_t count, struct link_token *tokens,
                       struct diag *d);
    enum err (*result)(void *context, const struct link_result *r, struct diag *d);
    enum err (*refused)(void *context, const char *path, uint64_t line, const struct diag *why, struct diag *d);
    void (*progress)(void *context, const struct link_progress *p);
    /* All results of the lines before this one have been given: who goes on from here (linking_file()) loses and doubles nothing. May be NULL. */
    enum err (*settled)(void *context, const char *path, uint64_t line, struct diag *d);
    void *context;
    bool by_record; /* links that are there already: linking_link(), and no numbers */

    struct members members;
    struct doubt_counts counts; /* of all batches so far */
    struct doubt_model model;
    struct link_progress so_far;
};

MUST_USE enum err linking_open(struct linking *l, struct diag *d);
void linking_close(struct linking *l);
/* Takes in one insurer's file from line `from` (1: all); batches are worked off as they fill. A line that cannot be read goes to refused(). */
MUST_USE enum err linking_file(struct linking *l, const char *path, uint64_t from,
                               const struct insurer_file_format *format, struct diag *d);
/* One link that is there already, to be looked at again: the record as the insurer has it, and the resident's record id. */
MUST_USE enum err linking_link(struct linking *l, struct insurer_number insurer, const struct insured_id *id,
                               const struct person *record, struct str resident, struct diag *d);
/* The last batch. */
MUST_USE enum err linking_finish(struct linking *l, struct diag *d);

#endif
