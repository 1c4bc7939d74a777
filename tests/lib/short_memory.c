#include "lib/short_memory.h"

#include <stdlib.h>

/* The linker turns calls of malloc in our own code into __wrap_malloc (TEST_LINK in the Makefile); libraries keep theirs. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);

static _Thread_local size_t left;
static _Thread_local bool hit;

void short_memory_from(size_t nth) { left = nth, hit = false; }

bool short_memory_hit(void) {
    bool was = hit;
    left = 0, hit = false;
    return was;
}

static bool fails(void) {
    if (left == 0 || --left > 0) return false;
    return hit = true;
}

void *__wrap_malloc(size_t n) { return fails() ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t count, size_t n) { return fails() ? NULL : __real_calloc(count, n); }
void *__wrap_realloc(void *p, size_t n) { return fails() ? NULL : __real_realloc(p, n); }
