#include "rules/identity/text.h"

#include "base/utf8.h"

void text_add(struct text *t, uint32_t c, size_t from, size_t until) {
    invariant(t->n < TEXT_MAX);
    t->c[t->n] = c, t->from[t->n] = (uint16_t)from, t->until[t->n] = (uint16_t)until;
    t->n++;
}

enum err text_read(struct str s, struct text *out, const char *where, struct diag *d) {
    struct str rest = s;
    out->whole = s, out->n = 0;
    while (rest.n) {
        size_t from = s.n - rest.n;
        uint32_t c = utf8_next(&rest);
        if (c == UTF8_BAD) return diag_set(d, ERR_UTF8, where, NULL);
        if (out->n == TEXT_MAX) return diag_set(d, ERR_LIMIT, where, "%d 文字まで / characters at most", TEXT_MAX);
        text_add(out, c, from, s.n - rest.n);
    }
    return ERR_OK;
}

struct str text_original(const struct text *t, size_t i, size_t n) {
    if (n == 0 || i >= t->n) return (struct str){0};
    if (n > t->n - i) n = t->n - i;
    return str_of(t->whole.p + t->from[i], (size_t)(t->until[i + n - 1] - t->from[i]));
}

bool text_eq(const struct text *a, const struct text *b) {
    return a->n == b->n && memcmp(a->c, b->c, a->n * sizeof a->c[0]) == 0;
}

struct text text_part(const struct text *t, size_t i, size_t n) {
    struct text part; /* not cleared: what it holds ends at n */
    part.whole = t->whole, part.n = 0;
    for (size_t k = i; k < i + n && k < t->n; k++) text_add(&part, t->c[k], t->from[k], t->until[k]);
    return part;
}
