/* registry: the resident registry streamed once past a batch of members, by several threads. For each member it finds who holds the
 * member's token, and everybody who is within reach (rules/identity/link.h): every resident of the same birth date and sex is looked at.
 * A line that cannot be read ends it, because whoever stands there might have been within reach. */
#ifndef SERVICE_LINK_REGISTRY_H
#define SERVICE_LINK_REGISTRY_H

#include "rules/identity/link.h"
#include "service/link/blocks.h"
#include "service/link/members.h"
#include "service/link/resident.h"
#include "service/link/twice.h"

enum { LINK_THREADS_MAX = 64, SAMPLE_RESIDENTS = 50000 };

/* One resident found for one member. */
struct found {
    uint32_t member;
    bool holder; /* of the token */
    struct likeness likeness;
    const struct packed *resident; /* first: record id, second: household */
};

struct registry_settings {
    struct world *world;
    const char *path;
    const struct resident_format *format;
    unsigned threads;
    /* Fills in the tokens of some residents; called by one thread at a time. A resident whose `has` is false has none. */
    enum err (*tokens)(void *context, const struct resident *residents, size_t count, struct link_token *tokens,
                       bool *has, struct diag *d);
    void (*progress)(void *context, uint64_t bytes, uint64_t size); /* may be NULL; by any thread, one at a time */
    void *context;
};

struct registry_found {
    struct found *all; /* in order of member, its holders first, then by record id */
    size_t count;
    uint64_t residents, pairs, compared; /* read; members of the same block; of those compared in full */
    struct arena *arenas;                /* of the residents; one a thread */
    size_t arena_count;
    const struct packed *
        *sample; /* whole households, about SAMPLE_RESIDENTS people, in order of household and record id */
    size_t sample_count;
    struct twice keys; /* of kana and of twins, of every resident */
};

MUST_USE enum err registry_search(const struct registry_settings *s, const struct members *m,
                                  struct registry_found *out, struct diag *d);
/* Whether somebody else in the registry has the resident's birth date and kana, or is a twin of the same sex and household. */
bool registry_has_double(const struct registry_found *f, const struct packed *resident);
void registry_found_fini(struct registry_found *f);

#endif
