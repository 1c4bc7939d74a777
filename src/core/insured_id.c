#include "core/insured_id.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

enum err insured_part_check(struct str s) {
    if (!utf8_valid(s)) return ERR_UTF8;
    if (utf8_length(s) > INSURED_ID_CHARACTERS) return ERR_LIMIT;
    for (struct str rest = s; rest.n;) {
        uint32_t c = utf8_next(&rest);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return ERR_VALUE;
    }
    return ERR_OK;
}

static bool is_dash(uint32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x30fc || c == 0xfe63;
}

static void drop_zeros(struct buf *out, size_t from) {
    size_t zeros = 0, n = out->n - from;
    while (zeros + 1 < n && out->p[from + zeros] == '0') zeros++;
    if (zeros == 0) return;
    memmove(out->p + from, out->p + from + zeros, n - zeros);
    buf_cut(out, out->n - zeros);
}

static bool plain(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f) return false;
    return true;
}

/* One pass; *changed when what it gave is not yet known to be its own folded form: a space that stood between two characters
 * may have kept them from being composed. */
static enum err fold_once(struct str s, struct buf *out, bool *changed) {
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &folded,
                                      UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
    if (n < 0) return n == UTF8PROC_ERROR_NOMEM ? ERR_MEMORY : ERR_UTF8;
    struct str rest = str_of(folded, (size_t)n);
    *changed = false;
    for (uint32_t c; (c = utf8_next(&rest)) != UTF8_BAD;) {
        bool space = c == ' ' || c == 0x3000;
        *changed |= space && !str_empty(rest);
        if (!space) utf8_put(out, is_dash(c) ? '-' : c);
    }
    free(folded);
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

enum err insured_part_fold(struct str s, struct buf *out) {
    size_t from = out->n;
    char room[2][4 * INSURED_FOLDED_MAX];
    bool again = !plain(s);
    for (unsigned turn = 0; again; turn++) {
        struct buf b = buf_over(room[turn % 2], sizeof room[0]);
        TRY(fold_once(s, &b, &again)); /* each further turn has dropped a space, so they end */
        s = buf_str(&b);
    }
    buf_put(out, s);
    if (!buf_ok(out)) return ERR_LIMIT;
    drop_zeros(out, from);
    return out->n - from <= INSURED_FOLDED_MAX ? ERR_OK : ERR_LIMIT;
}

enum err branch_parse(struct str s, int *out) {
    char digits[8];
    size_t n = 0;
    *out = BRANCH_NONE;
    for (uint32_t c; s.n && (c = utf8_next(&s)) != UTF8_BAD;) {
        if (c >= 0xff10 && c <= 0xff19) c = c - 0xff10 + '0';
        if (c < '0' || c > '9' || n == 2) return ERR_VALUE;
        digits[n++] = (char)c;
    }
    if (s.n) return ERR_UTF8;
    uint64_t v = 0;
    if (n == 0) return ERR_OK;
    if (!str_uint(str_of(digits, n), 99, &v)) return ERR_VALUE;
    *out = (int)v;
    return ERR_OK;
}

void branch_put(struct buf *b, int branch) {
    if (branch != BRANCH_NONE) buf_uint_pad(b, (uint64_t)branch, 2);
}
