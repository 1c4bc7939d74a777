#include "base/cp932.h"

#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>

#define NONE ((void *)(iconv_t)-1)

enum err cp932_open(struct cp932 *c, struct diag *d) {
    c->to_utf8 = (void *)iconv_open("UTF-8", "CP932");
    c->from_utf8 = (void *)iconv_open("CP932", "UTF-8");
    if (c->to_utf8 != NONE && c->from_utf8 != NONE) return ERR_OK;
    cp932_close(c);
    return diag_set(d, ERR_ENCODING, "CP932", "the C library has no CP932 (gconv modules are missing)");
}

void cp932_close(struct cp932 *c) {
    if (c->to_utf8 != NONE) iconv_close((iconv_t)c->to_utf8);
    if (c->from_utf8 != NONE) iconv_close((iconv_t)c->from_utf8);
    c->to_utf8 = c->from_utf8 = NONE;
}

/* Lead bytes F0–F9 begin user-defined characters; a trail byte may look like one, so the walk is by characters. */
static size_t before_user_defined(struct str s) {
    for (size_t i = 0; i < s.n;) {
        unsigned char b = (unsigned char)s.p[i];
        if (b >= 0xf0 && b <= 0xf9) return i;
        i += (b >= 0x81 && b <= 0x9f) || b >= 0xe0 ? 2 : 1;
    }
    return s.n;
}

static enum err bad_at(struct str s, size_t at, struct diag *d) {
    enum err e = diag_set(d, ERR_CP932, "", NULL);
    if (d == NULL) return e;
    d->line = d->column = 1;
    for (size_t i = 0; i < at && i < s.n; i++) {
        if (s.p[i] == '\n') d->line++, d->column = 1;
        else d->column++;
    }
    return e;
}

/* Converts as far as it goes; returns how many bytes were taken. */
static size_t run(void *cd, struct str s, struct buf *out, size_t growth) {
    char *room = buf_room(out, s.n * growth);
    if (room == NULL) return 0;
    char *in = (char *)(uintptr_t)s.p, *to = room;
    size_t left = s.n, space = s.n * growth;
    iconv((iconv_t)cd, NULL, NULL, NULL, NULL);
    (void)iconv((iconv_t)cd, &in, &left, &to, &space);
    out->n += (size_t)(to - room);
    return s.n - left;
}

enum err cp932_decode(const struct cp932 *c, struct str s, struct buf *out, struct diag *d) {
    if (s.n == 0) return ERR_OK;
    size_t good = before_user_defined(s);
    size_t taken = good ? run(c->to_utf8, str_head(s, good), out, 3) : 0; /* half-width kana: one byte becomes three */
    if (!buf_ok(out)) return diag_set(d, ERR_LIMIT, "", NULL);
    return taken == s.n ? ERR_OK : bad_at(s, taken, d);
}

/* iconv gives ¥ and ‾ the places of \ and ~, which are other characters, and has places for the user-defined area. Where the
 * first of those stands (C2 A5, E2 80 BE, EE 80 80 – EF A3 BF). */
static size_t before_not_held(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        if (b != 0xc2 && b != 0xe2 && b != 0xee && b != 0xef) continue;
        struct str rest = str_skip(s, i);
        uint32_t u = utf8_next(&rest);
        if (u == 0xa5 || u == 0x203e || (u >= 0xe000 && u <= 0xf8ff)) return i;
    }
    return s.n;
}

size_t cp932_encode(const struct cp932 *c, struct str s, struct buf *out) {
    struct str head = str_head(s, before_not_held(s));
    return head.n ? run(c->from_utf8, head, out, 1) : 0; /* no character is longer in CP932 than in UTF-8 */
}

bool cp932_holds(const struct cp932 *c, uint32_t character) {
    if (character < 0x80) return true;
    struct buf utf8, encoded;
    buf_init(&utf8, 8), buf_init(&encoded, 8);
    utf8_put(&utf8, character);
    bool held = cp932_encode(c, buf_str(&utf8), &encoded) == utf8.n && utf8.n;
    buf_fini(&utf8), buf_fini(&encoded);
    return held;
}
