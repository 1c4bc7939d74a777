#include "base/str.h"

int str_cmp(struct str a, struct str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c != 0) return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct str str_trim(struct str s) {
    while (s.n && is_space(s.p[0])) s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    return s;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool str_eq_ascii_case(struct str a, struct str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

struct str str_cut(struct str *rest, char at) {
    const char *hit = rest->n ? memchr(rest->p, at, rest->n) : NULL;
    size_t n = hit ? (size_t)(hit - rest->p) : rest->n;
    struct str head = str_head(*rest, n);
    *rest = str_skip(*rest, hit ? n + 1 : n);
    return head;
}

size_t str_find(struct str s, struct str needle) {
    const char *hit = needle.n && s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return hit ? (size_t)(hit - s.p) : s.n;
}

bool str_uint(struct str s, uint64_t max, uint64_t *out) {
    uint64_t v = 0;
    if (s.n == 0) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        uint64_t d = (uint64_t)(s.p[i] - '0');
        if (v > (UINT64_MAX - d) / 10) return false;
        v = v * 10 + d;
    }
    if (v > max) return false;
    *out = v;
    return true;
}

bool str_to_c(struct str s, char *out, size_t size) {
    if (s.n >= size || (s.n && memchr(s.p, 0, s.n))) return false;
    if (s.n) memcpy(out, s.p, s.n);
    out[s.n] = 0;
    return true;
}
