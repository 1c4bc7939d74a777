/* str: a borrowed run of bytes, to look at. It owns nothing, may hold any byte and has no terminator. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"

#include <string.h>

struct str {
    const char *p;
    size_t n;
};

/* A literal as a str; str_c() measures a C string from a library or the command line. */
#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})

static inline struct str str_of(const void *p, size_t n) { return (struct str){p, n}; }
static inline struct str str_c(const char *s) { return (struct str){s, s ? strlen(s) : 0}; }
static inline bool str_empty(struct str s) { return s.n == 0; }
static inline bool str_eq(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }
static inline bool str_starts(struct str s, struct str with) {
    return s.n >= with.n && (with.n == 0 || memcmp(s.p, with.p, with.n) == 0);
}
static inline bool str_ends(struct str s, struct str with) {
    return s.n >= with.n && (with.n == 0 || memcmp(s.p + s.n - with.n, with.p, with.n) == 0);
}
static inline struct str str_skip(struct str s, size_t n) {
    if (n > s.n) n = s.n;
    return (struct str){s.p + n, s.n - n};
}
static inline struct str str_head(struct str s, size_t n) { return (struct str){s.p, n < s.n ? n : s.n}; }

/* Byte order, shorter first on a tie: the order of keys in the store. */
int str_cmp(struct str a, struct str b);
/* Without ASCII spaces, tabs and line ends at both ends. */
struct str str_trim(struct str s);
/* Case-blind for ASCII letters only (HTTP header names, encodings). */
bool str_eq_ascii_case(struct str a, struct str b);
/* Cuts *rest at the first `at`: returns what stood before it and leaves what stood after. Without one, takes all. */
struct str str_cut(struct str *rest, char at);
/* Where `needle` first stands in `s`, or s.n. */
size_t str_find(struct str s, struct str needle);
/* All of s as a decimal number of at most `max`; false on anything else, an empty s included. */
MUST_USE bool str_uint(struct str s, uint64_t max, uint64_t *out);
/* Copies into a C string for a system call; false when it does not fit or holds a zero byte. */
MUST_USE bool str_to_c(struct str s, char *out, size_t size);

#endif
