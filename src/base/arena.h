/* arena: memory that lives as long as one request (or one line of a file) and goes all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *p, *end;
    size_t used, limit;
};

/* Nothing is allocated before the first use; past `limit` bytes in all arena_new() gives NULL. */
void arena_init(struct arena *a, size_t limit);
void arena_fini(struct arena *a);
/* Forgets everything handed out and keeps one chunk for the next request. */
void arena_reset(struct arena *a);
/* n zeroed bytes (n may be 0) aligned for any type, or NULL when there is no memory within the limit. */
void *arena_new(struct arena *a, size_t n);
/* A copy of s (s.n may be 0); p is NULL only when there is no memory. */
struct str arena_copy(struct arena *a, struct str s);

#endif
