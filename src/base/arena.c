#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { CHUNK = 16 * 1024 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a, size_t limit) { *a = (struct arena){.limit = limit}; }

static void free_chunks(struct arena_chunk *c) {
    while (c) {
        struct arena_chunk *next = c->next;
        free(c);
        c = next;
    }
}

void arena_fini(struct arena *a) {
    free_chunks(a->chunks);
    *a = (struct arena){0};
}

void arena_reset(struct arena *a) {
    struct arena_chunk *keep = a->chunks;
    a->used = 0;
    if (keep == NULL) return;
    free_chunks(keep->next);
    keep->next = NULL;
    a->p = keep->bytes, a->end = keep->bytes + keep->size;
}

static bool add_chunk(struct arena *a, size_t n) {
    size_t size = n > CHUNK ? n : CHUNK;
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (c == NULL) return false;
    *c = (struct arena_chunk){.next = a->chunks, .size = size};
    a->chunks = c;
    a->p = c->bytes, a->end = c->bytes + size;
    return true;
}

void *arena_new(struct arena *a, size_t n) {
    size_t align = alignof(max_align_t);
    if (n > a->limit - a->used || n > SIZE_MAX - align) return NULL;
    n = n ? (n + align - 1) & ~(align - 1) : align;
    if (n > a->limit - a->used) return NULL;
    if ((size_t)(a->end - a->p) < n && !add_chunk(a, n)) return NULL;
    void *out = a->p;
    a->p += n, a->used += n;
    return memset(out, 0, n);
}

struct str arena_copy(struct arena *a, struct str s) {
    char *p = s.n < SIZE_MAX ? arena_new(a, s.n + 1) : NULL;
    if (p == NULL) return (struct str){0};
    if (s.n) memcpy(p, s.p, s.n);
    return str_of(p, s.n);
}
