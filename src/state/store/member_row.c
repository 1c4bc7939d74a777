#include "state/store/member_row.h"

#include "base/scan.h"
#include "state/store/store_key.h"

enum { ROW_VERSION = 1 };
enum { SAME_ROOM = 24 * 1024 }; /* one period with every text and list at its limit is shorter */
enum { SYMBOL_DIFFERS = 1, NUMBER_DIFFERS = 2, LINKED = 4 };
/* Which optional parts a period has. */
enum {
    HAS_DATES = 1 << 0, /* any of issued, card_from, card_until */
    HAS_LOST = 1 << 1,
    HAS_RATIO = 1 << 2,
    HAS_CERTIFICATES = 1 << 3,
    HAS_WELFARE = 1 << 4,
    SAME_PERSON = 1 << 5, /* name … sex as in the period before it in the row */
    HEAD_IS_NAME = 1 << 6,
    HAS_OTHER = 1 << 7, /* other name, other kana or other sex */
    KANA_HALF = 1 << 8, /* kana in one byte a character (JIS X 0201) */
};
static const int DAY_ZERO = 62091; /* days from 1800-01-01 to 1970-01-01; +1 so that 0 means none */

/* One walk over the fields serves both ways: with `out` it writes, with `in` it reads. */
struct codec {
    struct buf *out;
    struct scan *in;
    struct arena *arena;
    bool good;
};

static uint64_t number(struct codec *c, uint64_t v, uint64_t max) {
    uint64_t got = v;
    if (c->out) buf_varint(c->out, v);
    else if (!scan_varint(c->in, &got) || got > max) c->good = false, got = 0;
    return got;
}

static void byte(struct codec *c, uint8_t *v) {
    if (c->out) buf_u8(c->out, *v);
    else if (!scan_u8(c->in, v)) c->good = false;
}

static void text(struct codec *c, struct str *s) {
    if (c->out) buf_bytes(c->out, *s);
    else if (!scan_bytes(c->in, s)) c->good = false, *s = S("");
}

static void raw(struct codec *c, uint8_t *p, size_t n) {
    struct str s;
    if (c->out) buf_put(c->out, str_of(p, n));
    else if (scan_take(c->in, n, &s)) memcpy(p, s.p, n);
    else c->good = false;
}

static void day(struct codec *c, struct day *d) {
    uint64_t v = number(c, day_is(*d) ? (uint64_t)(d->n + DAY_ZERO + 1) : 0, 1 << 20);
    if (c->in) *d = v ? (struct day){(int32_t)v - DAY_ZERO - 1} : DAY_NONE;
}

static void *list(struct codec *c, const void *p, uint8_t *count, uint8_t max, size_t size) {
    *count = (uint8_t)number(c, *count, max);
    if (c->out) return (void *)(uintptr_t)p;
    if (*count == 0) return NULL;
    void *room = arena_new(c->arena, *count * size);
    if (room == NULL) c->good = false, *count = 0;
    return room;
}

/* ---- kana of the half-width set: U+FF61–FF9F is one byte A1–DF of JIS X 0201, ASCII is itself ---- */

static bool kana_is_half(struct str s) {
    for (size_t i = 0; i < s.n;) {
        unsigned char b = (unsigned char)s.p[i];
        if (b < 0x80) {
            i++;
            continue;
        }
        if (b != 0xef || s.n - i < 3) return false;
        unsigned second = (unsigned char)s.p[i + 1], third = (unsigned char)s.p[i + 2];
        if (!((second == 0xbd && third >= 0xa1) || (second == 0xbe && third <= 0x9f))) return false;
        i += 3;
    }
    return true;
}

static void kana_put_half(struct buf *out, struct str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    buf_varint(out, n);
    for (size_t i = 0; i < s.n; i += (unsigned char)s.p[i] < 0x80 ? 1 : 3) {
        unsigned char b = (unsigned char)s.p[i];
        if (b < 0x80) buf_u8(out, b);
        else buf_u8(out, (uint8_t)((unsigned char)s.p[i + 2] + ((unsigned char)s.p[i + 1] == 0xbe ? 0x40 : 0)));
    }
}

static void kana_expand(struct codec *c, struct str *s) {
    char *p = arena_new(c->arena, s->n * 3 + 1);
    size_t n = 0;
    if (p == NULL) {
        c->good = false;
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        unsigned char b = (unsigned char)s->p[i];
        if (b < 0x80) {
            p[n++] = (char)b;
            continue;
        }
        p[n++] = (char)0xef;
        p[n++] = (char)(b < 0xc0 ? 0xbd : 0xbe);
        p[n++] = (char)(b < 0xc0 ? b : b - 0x40);
    }
    *s = str_of(p, n);
}

static void kana(struct codec *c, struct str *s, bool half) {
    if (!half) return text(c, s);
    if (c->out) return kana_put_half(c->out, *s);
    text(c, s);
    kana_expand(c, s);
}

/* ---- certificates ---- */

static void elderly(struct codec *c, struct elderly_certificate *e) {
    day(c, &e->issued), day(c, &e->from), day(c, &e->until);
    byte(c, &e->ratio);
}

static void limit(struct codec *c, struct limit_certificate *l) {
    byte(c, &l->class);
    raw(c, (uint8_t *)l->category, 3);
    day(c, &l->issued), day(c, &l->from), day(c, &l->until), day(c, &l->long_term);
}

static void disease(struct codec *c, struct disease_certificate *x) {
    byte(c, &x->disease);
    day(c, &x->issued), day(c, &x->from), day(c, &x->until);
    x->self_pay_yen = (uint32_t)number(c, x->self_pay_yen, UINT32_MAX);
}

static void ticket(struct codec *c, struct medical_ticket *t) {
    byte(c, &t->type), byte(c, &t->treatment);
    t->month = (uint32_t)number(c, t->month, 999999);
    day(c, &t->from), day(c, &t->until);
    t->institution.n = number(c, t->institution.n, 9999999999u);
    t->self_pay_yen = (uint32_t)number(c, t->self_pay_yen, UINT32_MAX);
    text(c, &t->issue_number), text(c, &t->contact);
}

#define EACH(codec, items, count, max, type, walk)                                                                     \
    do {                                                                                                               \
        struct type *walk##_list_ = list(codec, items, &(count), max, sizeof(struct type));                            \
        for (size_t walk##_i_ = 0; walk##_i_ < (count); walk##_i_++) walk(codec, &walk##_list_[walk##_i_]);            \
        (items) = walk##_list_;                                                                                        \
    } while (0)

static void certificates(struct codec *c, struct coverage *v) {
    EACH(c, v->elderly, v->elderly_count, ELDERLY_MAX, elderly_certificate, elderly);
    EACH(c, v->limits, v->limit_count, LIMITS_MAX, limit_certificate, limit);
    EACH(c, v->diseases, v->disease_count, DISEASES_MAX, disease_certificate, disease);
    EACH(c, v->tickets, v->ticket_count, TICKETS_MAX, medical_ticket, ticket);
}

/* ---- a period ---- */

static bool same_person(const struct coverage *a, const struct coverage *b) {
    return str_eq(a->name, b->name) && str_eq(a->kana, b->kana) && str_eq(a->other_name, b->other_name) &&
           str_eq(a->other_kana, b->other_kana) && str_eq(a->post, b->post) && str_eq(a->address, b->address) &&
           a->sex == b->sex && a->other_sex == b->other_sex;
}

static unsigned shape(const struct coverage *v, const struct coverage *before) {
    unsigned s = 0;
    if (day_is(v->issued) || day_is(v->card_from) || day_is(v->card_until)) s |= HAS_DATES;
    if (day_is(v->lost) || v->loss_reason) s |= HAS_LOST;
    if (v->ratio != RATIO_NONE) s |= HAS_RATIO;
    if (v->elderly_count || v->limit_count || v->disease_count || v->ticket_count) s |= HAS_CERTIFICATES;
    if (v->welfare_office.n) s |= HAS_WELFARE;
    if (before && same_person(v, before)) return s | SAME_PERSON | (str_eq(v->head, v->name) ? HEAD_IS_NAME : 0);
    if (str_eq(v->head, v->name)) s |= HEAD_IS_NAME;
    if (v->other_name.n || v->other_kana.n || v->other_sex) s |= HAS_OTHER;
    if (kana_is_half(v->kana)) s |= KANA_HALF;
    return s;
}

static void person(struct codec *c, struct coverage *v, unsigned s) {
    byte(c, &v->sex);
    text(c, &v->name);
    kana(c, &v->kana, s & KANA_HALF);
    if (s & HAS_OTHER) text(c, &v->other_name), text(c, &v->other_kana), byte(c, &v->other_sex);
    text(c, &v->post), text(c, &v->address);
}

static void copy_person(struct coverage *v, const struct coverage *from) {
    v->sex = from->sex, v->other_sex = from->other_sex;
    v->name = from->name, v->kana = from->kana, v->other_name = from->other_name, v->other_kana = from->other_kana;
    v->post = from->post, v->address = from->address;
}

static void period(struct codec *c, struct coverage *v, const struct coverage *before) {
    unsigned s = (unsigned)number(c, c->out ? shape(v, before) : 0, 0x1ff);
    if (!c->good || ((s & SAME_PERSON) && before == NULL)) {
        c->good = false;
        return;
    }
    day(c, &v->start);
    v->recorded_s = (int64_t)number(c, (uint64_t)v->recorded_s, INT64_MAX);
    byte(c, &v->class), byte(c, &v->relation);
    if (s & HAS_LOST) day(c, &v->lost), byte(c, &v->loss_reason);
    if (s & HAS_DATES) day(c, &v->issued), day(c, &v->card_from), day(c, &v->card_until);
    if (s & HAS_RATIO) byte(c, &v->ratio);
    if (!(s & SAME_PERSON)) person(c, v, s);
    else if (c->in) copy_person(v, before);
    if (!(s & HEAD_IS_NAME)) text(c, &v->head);
    else if (c->in) v->head = v->name;
    if (s & HAS_WELFARE) text(c, &v->welfare_office);
    if (s & HAS_CERTIFICATES) certificates(c, v);
}

static void periods(struct codec *c, struct member *m) {
    struct coverage *all = (struct coverage *)(uintptr_t)m->periods;
    m->period_count = (size_t)number(c, m->period_count, PERIODS_MAX);
    if (c->in && c->good) all = arena_new(c->arena, (m->period_count + 1) * sizeof *all);
    if (all == NULL) c->good = false;
    for (size_t i = 0; c->good && i < m->period_count; i++) {
        if (c->in) all[i] = coverage_empty();
        period(c, &all[i], i ? &all[i - 1] : NULL);
    }
    m->periods = all;
}

static void row(struct codec *c, struct member *m, const struct insured_id *folded) {
    uint8_t version = ROW_VERSION, flags = 0;
    if (c->out)
        flags =
            (uint8_t)((str_eq(m->id.symbol, folded->symbol) ? 0 : SYMBOL_DIFFERS) |
                      (str_eq(m->id.number, folded->number) ? 0 : NUMBER_DIFFERS) | (member_linked(m) ? LINKED : 0));
    byte(c, &version), byte(c, &flags);
    if (version != ROW_VERSION) c->good = false;
    raw(c, m->pseudonym, sizeof m->pseudonym);
    if (flags & LINKED) raw(c, m->link, sizeof m->link);
    if (flags & SYMBOL_DIFFERS) text(c, &m->id.symbol);
    if (flags & NUMBER_DIFFERS) text(c, &m->id.number);
    if (c->good) periods(c, m);
}

/* The texts, and as many bytes as the rest can take at most. */
static size_t longest(const struct coverage *c) {
    enum {
        DAY = 3,
        PERIOD = 64,
        ELDERLY = 3 * DAY + 1,
        LIMIT = 4 * DAY + 4,
        DISEASE = 3 * DAY + 6,
        TICKET = 2 * DAY + 20
    };
    size_t n = PERIOD + c->name.n + c->kana.n + c->other_name.n + c->other_kana.n + c->head.n + c->post.n +
               c->address.n + c->welfare_office.n;
    n += c->elderly_count * ELDERLY + c->limit_count * LIMIT + c->disease_count * DISEASE + c->ticket_count * TICKET;
    for (size_t i = 0; i < c->ticket_count; i++) n += c->tickets[i].issue_number.n + c->tickets[i].contact.n;
    return n;
}

size_t member_row_bound(const struct member *m) {
    enum { HEAD = 64 };
    size_t n = HEAD + m->id.symbol.n + m->id.number.n;
    for (size_t i = 0; i < m->period_count; i++) n += longest(&m->periods[i]);
    return n;
}

bool coverage_same(const struct coverage *a, const struct coverage *b) {
    char room_a[SAME_ROOM], room_b[SAME_ROOM];
    struct buf x = buf_over(room_a, sizeof room_a), y = buf_over(room_b, sizeof room_b);
    struct coverage p = *a, q = *b;
    struct codec cx = {.out = &x, .good = true}, cy = {.out = &y, .good = true};
    p.recorded_s = q.recorded_s = 0;
    period(&cx, &p, NULL);
    period(&cy, &q, NULL);
    return buf_ok(&x) && buf_ok(&y) && str_eq(buf_str(&x), buf_str(&y));
}

enum err member_row_put(struct buf *out, const struct member *m, const struct insured_id *folded) {
    struct member copy = *m;
    struct codec c = {.out = out, .good = true};
    row(&c, &copy, folded);
    return buf_ok(out) && out->n <= MEMBER_ROW_MAX ? ERR_OK : ERR_LIMIT;
}

enum err member_row_read(struct arena *a, struct str key, struct str value, struct member *out) {
    struct insured_id folded;
    struct str kept_key = arena_copy(a, key), kept = arena_copy(a, value);
    if (kept_key.p == NULL || kept.p == NULL) return ERR_MEMORY;
    *out = (struct member){0};
    if (!store_key_member_read(kept_key, &out->insurer, &folded, &out->birth)) return ERR_CORRUPT;
    out->id = folded;
    struct scan in = scan_of(kept);
    struct codec c = {.in = &in, .arena = a, .good = true};
    row(&c, out, &folded);
    return c.good && scan_end(&in) && out->period_count ? ERR_OK : ERR_CORRUPT;
}
