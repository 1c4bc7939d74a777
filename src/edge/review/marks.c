#include "edge/review/marks.h"

#include "rules/identity/address.h"
#include "rules/identity/kana.h"
#include "rules/identity/kanji.h"
#include "rules/identity/text.h"

/* For each character of the text: what to say of it; NULL: nothing. */
struct marked {
    struct text text;
    const char *mark[TEXT_MAX];
};

static const char left_out[] = "LEFT_OUT";

/* ---- names and kana ---- */

/* Without spaces; for kana width and hiragana folded, as they differ on nearly every line and say nothing. */
static struct text for_eyes(const struct text *t, enum fact fact) {
    if (fact == FACT_KANA) return kana_fold(t, KANA_SPACING | KANA_WIDTH | KANA_HIRAGANA);
    struct text out = {.whole = t->whole};
    for (size_t i = 0; i < t->n; i++)
        if (!is_space(t->c[i]) && !is_selector(t->c[i])) text_add(&out, t->c[i], t->from[i], t->until[i]);
    return out;
}

static const char *kana_mark(const struct text *a, size_t i, const struct text *b, size_t j) {
    static const struct {
        unsigned fold;
        enum reason reason;
    } steps[] = {{KANA_SMALL, REASON_SMALL},
                 {KANA_SAME_SOUND, REASON_SAME_SOUND},
                 {KANA_VOICED, REASON_VOICED},
                 {KANA_SHAPE, REASON_SHAPE}};
    struct text x = text_part(a, i, 1), y = text_part(b, j, 1);
    for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
        struct text fx = kana_fold(&x, steps[s].fold), fy = kana_fold(&y, steps[s].fold);
        if (text_eq(&fx, &fy)) return reason_info(steps[s].reason)->name;
    }
    return reason_info(REASON_OTHER_KANA)->name;
}

static const char *name_mark(const struct text *a, size_t i, const struct text *b, size_t j) {
    static const enum reason reasons[] = {[KANJI_DIFFERENT] = REASON_CHARACTER,
                                          [KANJI_SAME] = REASON_ALL,
                                          [KANJI_COMPATIBILITY] = REASON_COMPATIBILITY,
                                          [KANJI_REGISTER] = REASON_REGISTER,
                                          [KANJI_DICTIONARY] = REASON_DICTIONARY};
    if (is_lost(a->c[i]) || is_lost(b->c[j])) return reason_info(REASON_LOST)->name;
    return reason_info(reasons[kanji_compare(a->c[i], b->c[j])])->name;
}

/* Marks the characters of the original that the folded one was made of. */
static void set_mark(struct marked *m, const struct text *folded, size_t i, const char *mark) {
    for (size_t k = 0; k < m->text.n; k++)
        if (m->text.from[k] >= folded->from[i] && m->text.until[k] <= folded->until[i]) m->mark[k] = mark;
}

/* Of one length: character against character. Else what stands between the common beginning and the common end. */
static void mark_characters(enum fact fact, struct marked *a, struct marked *b) {
    struct text x = for_eyes(&a->text, fact), y = for_eyes(&b->text, fact);
    size_t head = 0, tail = 0, shorter = x.n < y.n ? x.n : y.n;
    if (x.n != y.n) {
        while (head < shorter && x.c[head] == y.c[head]) head++;
        while (tail < shorter - head && x.c[x.n - 1 - tail] == y.c[y.n - 1 - tail]) tail++;
        /* Something else stands there, or nothing. */
        enum reason other = fact == FACT_KANA ? REASON_OTHER_KANA : REASON_CHARACTER;
        const char *mark = head + tail < shorter ? reason_info(other)->name : left_out;
        for (size_t i = head; i < x.n - tail; i++) set_mark(a, &x, i, mark);
        for (size_t i = head; i < y.n - tail; i++) set_mark(b, &y, i, mark);
        return;
    }
    for (size_t i = 0; i < x.n; i++) {
        if (x.c[i] == y.c[i]) continue;
        const char *mark = fact == FACT_KANA   ? kana_mark(&x, i, &y, i)
                           : fact == FACT_NAME ? name_mark(&x, i, &y, i)
                                               : reason_info(REASON_CHARACTER)->name;
        set_mark(a, &x, i, mark), set_mark(b, &y, i, mark);
    }
}

/* ---- addresses: part against part ---- */

static void mark_part(struct marked *m, struct str part, const char *mark) {
    size_t from = str_find(m->text.whole, part); /* a prefecture's name may be the table's own */
    uintptr_t at = (uintptr_t)part.p, whole = (uintptr_t)m->text.whole.p;
    if (part.n == 0 || from == m->text.whole.n) return;
    if (at >= whole && at < whole + m->text.whole.n) from = at - whole;
    for (size_t k = 0; k < m->text.n; k++)
        if (m->text.from[k] >= from && m->text.until[k] <= from + part.n) m->mark[k] = mark;
}

/* What stands between the town and the rest: the block, as written. */
static struct str block_as_written(const struct address *a, struct str whole) {
    const char *from = a->town.n ? a->town.p + a->town.n : a->city.n ? a->city.p + a->city.n : whole.p;
    const char *until = a->rest.n ? a->rest.p : whole.p + whole.n;
    return until > from ? str_of(from, (size_t)(until - from)) : (struct str){0};
}

static void mark_pair(struct marked *a, struct str x, struct marked *b, struct str y, enum reason reason) {
    if (str_eq(x, y)) return;
    mark_part(a, x, y.n ? reason_info(reason)->name : left_out);
    mark_part(b, y, x.n ? reason_info(reason)->name : left_out);
}

static void mark_address(struct marked *a, struct marked *b) {
    struct address x, y;
    struct diag d;
    if (address_parse(NULL, a->text.whole, &x, "", &d) != ERR_OK ||
        address_parse(NULL, b->text.whole, &y, "", &d) != ERR_OK)
        return;
    mark_pair(a, x.prefecture, b, y.prefecture, REASON_PREFECTURE);
    mark_pair(a, x.city, b, y.city, REASON_CITY);
    mark_pair(a, x.town, b, y.town, REASON_TOWN);
    if (!str_eq(address_block(&x), address_block(&y)))
        mark_pair(a, block_as_written(&x, a->text.whole), b, block_as_written(&y, b->text.whole), REASON_BLOCK);
    mark_pair(a, x.rest, b, y.rest, REASON_BUILDING);
    mark_pair(a, x.unread, b, y.unread, REASON_UNREAD);
}

/* ---- out ---- */

static void put_piece(struct buf *out, bool *first, struct str text, const char *mark) {
    buf_puts(out, *first ? "{\"t\":" : ",{\"t\":"), buf_json(out, text);
    if (mark) buf_printf(out, ",\"mark\":\"%s\"", mark);
    buf_putc(out, '}');
    *first = false;
}

/* Characters side by side with the same mark of an address are one piece; without a mark they always are. */
static void put_side(struct buf *out, const char *name, const struct marked *m, enum fact fact) {
    bool first = true;
    buf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0, n = 1; i < m->text.n; i += n, n = 1) {
        bool joins = m->mark[i] == NULL || fact == FACT_ADDRESS || m->mark[i] == left_out;
        while (joins && i + n < m->text.n && m->mark[i + n] == m->mark[i]) n++;
        put_piece(out, &first, text_original(&m->text, i, n), m->mark[i]);
    }
    buf_putc(out, ']');
}

static void put_whole(struct buf *out, const char *name, struct str s) {
    bool first = true;
    buf_printf(out, ",\"%s\":[", name);
    if (s.n) put_piece(out, &first, s, NULL);
    buf_putc(out, ']');
}

static void put_why(struct buf *out, const struct comparison *c) {
    buf_puts(out, ",\"why\":[");
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct reason_info *r = reason_info(c->findings[i].reason);
        buf_printf(out, "%s{\"agrees\":%s,\"reason\":\"%s\",\"ja\":", i ? "," : "", r->agrees ? "true" : "false",
                   r->name);
        buf_json(out, str_c(r->ja)), buf_puts(out, ",\"en\":"), buf_json(out, str_c(r->en)), buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

void marks_put(struct buf *out, enum fact fact, struct str a, struct str b) {
    static const char *const names[FACT_COUNT] = {"name", "kana", "birth", "address"};
    static enum err (*const compare[FACT_COUNT])(struct str, struct str, struct comparison *, struct diag *) = {
        name_compare, kana_compare, birth_compare, address_compare};
    struct comparison c = comparison_of(fact);
    struct marked x = {0}, y = {0};
    struct diag d;
    bool readable = text_read(a, &x.text, "", &d) == ERR_OK && text_read(b, &y.text, "", &d) == ERR_OK;
    if (compare[fact](a, b, &c, &d) != ERR_OK) c = comparison_of(fact), c.level = LEVEL_UNKNOWN;
    const struct level_info *l = level_info(c.level);
    buf_printf(out, "{\"fact\":\"%s\",\"level\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\"", names[fact], l->code, l->ja,
               l->en);
    put_why(out, &c);
    if (readable && a.n && b.n && fact == FACT_ADDRESS) mark_address(&x, &y);
    else if (readable && a.n && b.n) mark_characters(fact, &x, &y);
    if (readable) put_side(out, "a", &x, fact), put_side(out, "b", &y, fact);
    else put_whole(out, "a", a), put_whole(out, "b", b);
    buf_putc(out, '}');
}
