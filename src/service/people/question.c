#include "service/people/question.h"

#include "base/utf8.h"

enum when {
    TODAY,
    FIRST_DAY,
    LAST_DAY,
    LOSS_DAY,
    AFTER_LOSS,
    BEFORE_LOSS,
    LONG_BEFORE_LOSS,
    BEFORE_START,
    IN_PERIOD,
    SCHOOL_EVE,
    SCHOOL_DAY,
    SEVENTY_EVE,
    SEVENTY_DAY,
    BEFORE_75,
    EVE_OF_75,
    DAY_75,
    CARD_LAST_DAY,
    CARD_ENDED_DAY,
    BIRTHDAY
};
enum twist {
    PLAIN,
    FAMILY_MEMBER,
    WITHOUT_BRANCH,
    ADDED_BRANCH,
    FULL_WIDTH,
    ZERO_PADDED,
    ELDERLY,
    LATE_ELDERLY,
    PRESCHOOL,
    REGISTERED,
    AIDED,
    ASSISTANCE_BEGAN_TWIST,
    DEAD,
    ENDED,
    FORMER_NAME,
    OTHER_NATIONALITY,
    RARE_LETTER,
    TWIN,
    TWINS_WITHOUT_BRANCH,
    WRONG_BIRTH,
    ERA_SLIP,
    WRONG_BRANCH,
    WRONG_SYMBOL,
    UNKNOWN_NUMBER,
    OTHER_INSURER,
    UNKNOWN_INSURER
};
enum { ANY = -1, ANY_WARNING = -1, NO_WARNING = -2 };

struct kind {
    const char *name;
    enum when when;
    enum twist twist;
    enum validity validity;
    int ratio, warning;
};
#define KIND(name, when, twist, valid, ratio, warning)                                                                 \
    {name, when, twist, (enum validity)(valid), ratio, (int)(warning)},
static const struct kind kinds[] = {
#include "service/people/kinds.def"
};
#undef KIND
_Static_assert(ARRAY_LEN(kinds) <= QUESTION_KINDS_MAX, "room for every kind");

/* A question being made: who it aims at and how it will be written. */
struct draft {
    const struct household *h;
    const struct period *aim;
    const struct person *person;
    struct asked asked;
    uint16_t insurer;
    unsigned slot;
    bool full_width, zero_padded, other_symbol, unknown_insurer;
};

size_t question_kind_count(void) { return ARRAY_LEN(kinds); }
const char *question_kind_name(size_t kind) { return kinds[kind].name; }

void questioner_init(struct questioner *q, const struct nation *n) {
    *q = (struct questioner){.nation = n, .want = n->options.questions};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) q->order[i] = q->rank[i] = (uint8_t)i;
}

static struct day some_day_between(struct day from, struct day until, struct chance *c) {
    return day_before(from, until) ? day_add(from, (int)chance_below(c, (uint32_t)(until.n - from.n))) : from;
}

static struct day lost_or(const struct period *p, struct day otherwise) {
    return day_is(p->lost) ? p->lost : otherwise;
}

/* The day to ask about, or DAY_NONE when this period has no such day. */
static struct day choose_day(const struct nation *n, enum when when, const struct period *p, const struct person *x,
                             struct chance *c) {
    struct day as_of = n->options.as_of, from = day_add(as_of, -2500);
    if (day_before(from, p->start)) from = p->start;
    switch (when) {
    case TODAY: return as_of;
    case FIRST_DAY: return p->start;
    case BIRTHDAY: return day_eq(p->start, x->birth) ? x->birth : DAY_NONE;
    case LAST_DAY: return day_is(p->lost) ? day_add(p->lost, -1) : DAY_NONE;
    case LOSS_DAY: return p->lost;
    case AFTER_LOSS: return day_is(p->lost) ? day_add(p->lost, 1 + (int)chance_below(c, 200)) : DAY_NONE;
    case BEFORE_LOSS: return day_is(p->lost) ? day_add(p->lost, -1 - (int)chance_below(c, 31)) : DAY_NONE;
    case LONG_BEFORE_LOSS: return day_is(p->lost) ? day_add(p->lost, -32 - (int)chance_below(c, 3)) : DAY_NONE;
    case BEFORE_START: return day_add(p->start, -1 - (int)chance_below(c, 200));
    case IN_PERIOD: return some_day_between(from, lost_or(p, as_of), c);
    case SCHOOL_EVE: return day_add(x->school, -1);
    case SCHOOL_DAY: return x->school;
    case SEVENTY_EVE: return day_add(x->seventy, -1);
    case SEVENTY_DAY: return x->seventy;
    case BEFORE_75: return day_add(x->late, -1 - (int)chance_below(c, 31));
    case EVE_OF_75: return day_add(x->late, -1);
    case DAY_75: return x->late;
    case CARD_LAST_DAY: return p->card_until;
    case CARD_ENDED_DAY: return day_is(p->card_until) ? day_add(p->card_until, 1 + (int)chance_below(c, 30)) : DAY_NONE;
    }
    return DAY_NONE;
}

/* Whether a letter of the name is outside JIS X 0208's usual range: compatibility ideographs, CJK extension B, variation sequences, 髙 and its kin. */
static bool rare_letter(const struct name *name) {
    struct str s = name->kanji;
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c > 0xffff || (c >= 0xf900 && c < 0xfb00) || c == 0x9ad9 || c == 0x6ff5 || c == 0x6801 || c == 0x5fb7)
            return true;
    return false;
}

static bool same_birth_on_number(const struct draft *d) {
    for (size_t i = 0; i < d->h->period_count; i++) {
        const struct period *p = &d->h->periods[i];
        if (same_number(p, d->aim) && p->who != d->aim->who && day_eq(d->h->people[p->who].birth, d->person->birth))
            return true;
    }
    return false;
}

static struct day era_slip(struct day birth, struct chance *c) {
    static const int years[] = {63, 30, -63, -30}; /* 昭和 written for 平成, 平成 for 令和, and back */
    int months = 12 * years[chance_below(c, ARRAY_LEN(years))];
    return day_add_months(birth, months);
}

static bool bend_wrong(const struct nation *n, struct draft *d, enum twist twist, struct chance *c) {
    const struct period *p = d->aim;
    switch (twist) {
    case WRONG_BIRTH:
        d->asked.birth = day_add(d->person->birth, chance_percent(c, 50) ? 1 : -(int)chance_below(c, 40) - 1);
        break;
    case ERA_SLIP:
        d->asked.birth = era_slip(d->person->birth, c);
        if (d->asked.birth.n < ISO_FIRST || !day_before(d->asked.birth, n->options.as_of)) return false;
        break;
    case WRONG_BRANCH:
        if (p->branch == BRANCH_NONE) return false;
        d->asked.branch = 90 - p->branch;
        break;
    case WRONG_SYMBOL: d->other_symbol = true, d->asked.card = NULL; return n->insurers[p->insurer].scheme == KYOKAI;
    case UNKNOWN_NUMBER: d->slot = SLOT_NOBODY, d->asked.card = NULL; break;
    case UNKNOWN_INSURER: d->unknown_insurer = true, d->asked.card = NULL; break;
    case OTHER_INSURER: /* nobody of the household was ever with it, and its numbers are made of ordinals */
        d->insurer = (uint16_t)chance_below(c, (uint32_t)n->insurer_count), d->asked.card = NULL;
        for (size_t i = 0; i < d->h->period_count; i++)
            if (d->h->periods[i].insurer == d->insurer) return false;
        break;
    default: return false;
    }
    return true;
}

/* Bends the question; false when this period is not one for it. */
static bool bend(const struct nation *n, struct draft *d, enum twist twist, struct chance *c) {
    const struct period *p = d->aim;
    const struct person *x = d->person;
    enum scheme s = n->insurers[p->insurer].scheme;
    switch (twist) {
    case PLAIN: return true;
    case FAMILY_MEMBER: return p->relation == 2;
    case WITHOUT_BRANCH: d->asked.branch = BRANCH_NONE; return p->branch != BRANCH_NONE;
    case ADDED_BRANCH: d->asked.branch = 0; return p->branch == BRANCH_NONE;
    case FULL_WIDTH: d->full_width = true; return true;
    case ZERO_PADDED: d->zero_padded = true; return true;
    case ELDERLY: return p->elderly_count > 0;
    case LATE_ELDERLY: return s == KOUKI;
    case PRESCHOOL: return s != AID && day_before(d->asked.on, x->school);
    case REGISTERED: return p->ratio == 20 && s != KOUKI && day_before(d->asked.on, x->seventy);
    case AIDED: return s == AID;
    case ASSISTANCE_BEGAN_TWIST: return p->loss_reason == 2;
    case DEAD: return p->loss_reason == 1;
    case ENDED: return day_is(p->lost);
    case FORMER_NAME: return p->maiden;
    case OTHER_NATIONALITY: return x->community != JAPANESE;
    case RARE_LETTER: return x->community == JAPANESE && (rare_letter(x->family) || rare_letter(x->given));
    case TWIN: return same_birth_on_number(d);
    case TWINS_WITHOUT_BRANCH: d->asked.branch = BRANCH_NONE; return same_birth_on_number(d);
    default: return bend_wrong(n, d, twist, c);
    }
}

static bool fits(const struct kind *k, const struct expected *e) {
    if (e->validity != k->validity) return false;
    if (k->ratio != ANY && e->ratio != k->ratio) return false;
    if (k->warning == NO_WARNING) return e->warnings == 0;
    return k->warning == ANY_WARNING || (e->warnings >> k->warning & 1);
}

static void put_digits(struct buf *b, struct str s, const struct draft *d) {
    if (d->zero_padded && s.n && s.p[0] >= '0' && s.p[0] <= '9') buf_puts(b, "00");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (d->full_width && ((c >= '0' && c <= '9') || c == '-')) {
            char wide[3] = {(char)0xef, (char)0xbc, (char)(0x80 + c - 0x20)};
            buf_put(b, str_of(wide, 3));
        } else buf_putc(b, (char)c);
    }
}

static void put_asked(struct buf *b, const struct nation *n, const struct draft *d) {
    const struct insurer *i = &n->insurers[d->insurer];
    struct card_text card;
    card_text_make(n, i, d->aim->owner, d->slot, &card);
    buf_puts(b, "{\"question\":{\"insurer\":\"");
    if (d->unknown_insurer) insurer_number_put(b, insurer_number_make(699999));
    else buf_puts(b, i->digits);
    buf_puts(b, "\"");
    if (card.symbol.n) {
        buf_puts(b, ",\"symbol\":\"");
        put_digits(b, d->other_symbol ? S("99999999") : card.symbol, d);
        buf_puts(b, "\"");
    }
    buf_puts(b, ",\"number\":\"");
    put_digits(b, card.number, d);
    if (d->asked.branch != BRANCH_NONE) {
        buf_puts(b, "\",\"branch\":\"");
        buf_uint_pad(b, (uint64_t)d->asked.branch, 2);
    }
    buf_puts(b, "\",\"birth\":\"");
    day_put_iso(b, d->asked.birth);
    buf_puts(b, "\",\"on\":\"");
    day_put_iso(b, d->asked.on);
    buf_puts(b, "\"}");
}

static void put_expected(struct buf *b, const struct nation *n, const struct draft *d, const struct expected *e) {
    buf_puts(b, ",\"expect\":{\"validity\":");
    buf_uint(b, e->validity);
    if (e->ratio != RATIO_NONE) {
        buf_puts(b, ",\"ratio\":");
        buf_uint(b, e->ratio);
    }
    if (e->shown) {
        buf_puts(b, ",\"insurer\":\"");
        buf_puts(b, n->insurers[e->shown->insurer].digits);
        buf_puts(b, "\"");
    }
    buf_puts(b, e->newer ? ",\"newer\":true,\"warnings\":[" : ",\"newer\":false,\"warnings\":[");
    bool first = true;
    for (unsigned w = 0; w < WARNING_COUNT; w++) {
        if (!(e->warnings >> w & 1)) continue;
        buf_puts(b, first ? "\"" : ",\"");
        buf_puts(b, warning_info((enum warning)w)->code);
        buf_puts(b, "\"");
        first = false;
    }
    buf_puts(b, "]");
    if (e->shown) {
        buf_puts(b, ",\"name\":\"");
        put_name(b, &d->h->people[e->shown->who], e->shown);
        buf_puts(b, "\"");
    }
    buf_puts(b, "}");
}

/* Tries to ask about one period in one way; writes the line when it fits. */
static bool ask_about(struct questioner *q, const struct household *h, const struct period *p, const struct kind *k,
                      struct chance *c, struct buf *out) {
    const struct nation *n = q->nation;
    const struct person *x = &h->people[p->who];
    struct draft d = {
        .h = h,
        .aim = p,
        .person = x,
        .insurer = p->insurer,
        .slot = p->slot,
        .asked = {.card = p, .branch = p->branch, .birth = x->birth, .on = choose_day(n, k->when, p, x, c)}};
    if (!day_is(d.asked.on) || d.asked.on.n < ISO_FIRST || d.asked.on.n - n->options.as_of.n > 400) return false;
    if (d.asked.branch != BRANCH_NONE && k->twist == PLAIN && chance_percent(c, 20)) d.asked.branch = BRANCH_NONE;
    if (!bend(n, &d, k->twist, c)) return false;
    struct expected e = expect(n, h, &d.asked);
    if (!fits(k, &e)) return false;
    put_asked(out, n, &d);
    put_expected(out, n, &d, &e);
    buf_puts(out, ",\"kind\":\"");
    buf_puts(out, k->name);
    buf_puts(out, "\"}\n");
    return true;
}

/* Keeps the kinds with the fewest questions first after one got one more. */
static void sink(struct questioner *q, size_t kind) {
    size_t at = q->rank[kind];
    for (; at + 1 < ARRAY_LEN(kinds) && q->of_kind[q->order[at + 1]] < q->of_kind[kind]; at++) {
        q->order[at] = q->order[at + 1];
        q->rank[q->order[at]] = (uint8_t)at;
    }
    q->order[at] = (uint8_t)kind, q->rank[kind] = (uint8_t)at;
}

/* A quick no for periods that cannot give this kind's answer, before anything is drawn. */
static bool possible(const struct nation *n, const struct kind *k, const struct period *p, const struct person *x) {
    enum scheme s = n->insurers[p->insurer].scheme;
    if ((k->ratio == 0 || k->validity == VALIDITY_NO_TICKET) && s != AID) return false;
    if (k->ratio == 100 && p->class != CLASS_SPECIAL_EXPENSE) return false;
    if (k->ratio == 10 && s != KOUKI) return false;
    if (k->warning == WARNING_ELDERLY_MISSING && (x->age < 70 || s == KOUKI)) return false;
    if ((k->warning == WARNING_CARD_ENDED || k->warning == WARNING_CARD_ENDS_SOON) && !day_is(p->card_until))
        return false;
    bool needs_loss = k->warning == WARNING_LAPSES_SOON || k->validity == VALIDITY_NEWER ||
                      (k->validity == VALIDITY_NOT && k->when != BEFORE_START);
    return !needs_loss || day_is(p->lost) || k->when == DAY_75;
}

static bool ask(struct questioner *q, const struct household *h, size_t kind, struct chance *c, struct buf *out) {
    uint32_t start = h->period_count ? chance_below(c, (uint32_t)h->period_count) : 0;
    for (size_t i = 0; i < h->period_count; i++) {
        const struct period *p = &h->periods[(start + i) % h->period_count];
        if (!possible(q->nation, &kinds[kind], p, &h->people[p->who])) continue;
        if (!ask_about(q, h, p, &kinds[kind], c, out)) continue;
        q->asked++, q->of_kind[kind]++;
        sink(q, kind);
        return true;
    }
    return false;
}

/* Someone of whom no insurer ever heard. */
static void ask_nobody(struct questioner *q, const struct household *h, struct buf *out) {
    struct period nobody = {.insurer = h->home->kokuho, .owner = h->first, .slot = SLOT_NOBODY, .branch = BRANCH_NONE};
    struct draft d = {.h = h,
                      .aim = &nobody,
                      .person = &h->people[0],
                      .insurer = nobody.insurer,
                      .slot = SLOT_NOBODY,
                      .asked = {.branch = BRANCH_NONE, .birth = h->people[0].birth, .on = q->nation->options.as_of}};
    struct expected e = expect(q->nation, h, &d.asked);
    put_asked(out, q->nation, &d);
    put_expected(out, q->nation, &d, &e);
    buf_puts(out, ",\"kind\":\"nobody\"}\n");
    q->asked++;
}

void questioner_visit(struct questioner *q, const struct household *h, uint64_t people, struct buf *out) {
    enum { HURRIED = 6 }; /* kinds that may be asked before their time at one household */
    struct chance c = chance_of(q->nation->options.seed, 0x7175657374696f6eu, h->first);
    uint64_t due = q->want * people / q->nation->options.count, fair = due / ARRAY_LEN(kinds), ahead = q->want / 8;
    bool last = people == q->nation->options.count;
    uint8_t order[QUESTION_KINDS_MAX];
    memcpy(order, q->order, sizeof order);
    for (size_t i = 0; i < HURRIED; i++)
        if (q->of_kind[order[i]] <= fair && q->asked < due + ahead && q->asked < q->want) ask(q, h, order[i], &c, out);
    while (q->asked < due) {
        uint64_t before = q->asked;
        memcpy(order, q->order, sizeof order);
        for (size_t i = 0; i < ARRAY_LEN(kinds) && q->asked < due; i++)
            if (ask(q, h, order[i], &c, out) && !last) break;
        if (q->asked != before) continue;
        if (!last) return; /* nothing fits: the next household catches up */
        ask_nobody(q, h, out);
    }
}
