#include "service/people/proofs.h"

#include "service/people/text.h"

enum { STREAM_PROOFS = 0x5052 << 16 };
enum {
    CHILD_AGE = 15,
    MINOR_AGE = 18,
    OLD_AGE = 75,
    CARD_YEARS = 10,
    CARD_YEARS_MINOR = 5,
    CERTIFICATE_YEARS = 5,
    RUSH_FROM = 36, /* most cards were made three to six years before 2026 */
    RUSH_MONTHS = 37,
    RUSH_PERCENT = 60,
    DAYS_OF_MONTH = 28,
    REGISTER_MONTHS = 24, /* registered within two years of being made */
    END_MONTHS = 18,      /* ended within the last year and a half */
    PHONES_SINCE = 14,    /* months before the end of 2026: 2025-09 */
};

#define PROOF(name, permille, what) PROOF_##name = (permille),
enum proof_share {
#include "service/people/proofs.def"
};
#undef PROOF

static int age_on(const struct person *p, struct day on) {
    int age = 0;
    while (day_until(day_birthday(p->birth, age + 1), on)) age++;
    return age;
}

/* The nth birthday after a day: how cards and certificates end. */
static struct day nth_birthday(const struct person *p, struct day made, int n) {
    return day_birthday(p->birth, age_on(p, made) + n);
}

static struct day back(struct day from, int months, struct chance *c) {
    int day = chance_range(c, 0, DAYS_OF_MONTH - 1);
    return day_add(day_add_months(from, -months), -day);
}

static struct day latest(struct day a, struct day b) { return day_before(a, b) ? b : a; }

/* Of cards that end before the nation's day its holder has a newer one. */
static struct day made_on(const struct nation *n, const struct person *p, struct chance *c) {
    struct day on = n->options.as_of;
    int years = p->age < MINOR_AGE ? CARD_YEARS_MINOR : CARD_YEARS;
    int spread = chance_range(c, 0, years * 12 - 2), rush = RUSH_FROM + chance_range(c, 0, RUSH_MONTHS - 1);
    bool rushed = years == CARD_YEARS && chance_percent(c, RUSH_PERCENT);
    struct day made = latest(back(on, rushed ? rush : spread, c), p->birth);
    while (day_before(nth_birthday(p, made, age_on(p, made) < MINOR_AGE ? CARD_YEARS_MINOR : CARD_YEARS), on))
        made = nth_birthday(p, made, CARD_YEARS_MINOR);
    return made;
}

static void end_some(struct way *w, struct day on, struct chance *c) {
    uint32_t draw = chance_below(c, 1000);
    struct day ended = latest(back(on, chance_range(c, 0, END_MONTHS), c), w->since);
    const struct {
        uint32_t permille;
        enum way_state state;
        enum way_reason reason;
    } ends[] = {{PROOF_TAKEN_BACK, WAY_DEREGISTERED, REASON_OF_WAY_WISH},
                {PROOF_GIVEN_BACK, WAY_RETURNED, REASON_OF_WAY_WISH},
                {PROOF_CUT_OFF, WAY_REVOKED, REASON_OF_WAY_LOST}};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (draw < ends[i].permille) {
            w->state = (uint8_t)ends[i].state, w->reason = (uint8_t)ends[i].reason, w->by = COUNTER_LIST;
            w->stated = ended;
            return;
        }
        draw -= ends[i].permille;
    }
}

static struct way card_way(const struct nation *n, const struct person *p, struct chance *c) {
    struct day on = n->options.as_of, made = made_on(n, p, c);
    int age = age_on(p, made);
    struct day until = nth_birthday(p, made, age < MINOR_AGE ? CARD_YEARS_MINOR : CARD_YEARS),
               certificate = nth_birthday(p, made, CERTIFICATE_YEARS);
    bool renewed = chance_permille(c, PROOF_RENEWED);
    if (day_before(certificate, on) && renewed) certificate = until;
    struct day since = day_add_months(made, chance_range(c, 0, REGISTER_MONTHS));
    struct way w = {.state = WAY_REGISTERED,
                    .since = day_before(on, since) ? made : since,
                    .card_until = until,
                    .certificate_until = certificate,
                    .pinless = chance_permille(c, p->age >= OLD_AGE ? PROOF_PINLESS_OLD : PROOF_PINLESS)};
    w.stated = w.since;
    end_some(&w, on, c);
    return w;
}

static struct way phone_way(const struct nation *n, const struct way *card, struct chance *c) {
    struct day since = back(n->options.as_of, chance_range(c, 0, PHONES_SINCE - 1), c);
    since = latest(since, card->since);
    struct way w = {.state = WAY_REGISTERED,
                    .since = since,
                    .stated = since,
                    .card_until = DAY_NONE,
                    .certificate_until = card->certificate_until};
    return w;
}

struct ways person_ways(const struct nation *n, const struct person *p) {
    struct chance c = chance_of(n->options.seed, STREAM_PROOFS, p->ordinal);
    struct ways w = ways_none();
    uint32_t channel = chance_below(&c, 1000);
    bool held = chance_permille(&c, p->age < CHILD_AGE ? PROOF_HELD_CHILD : PROOF_HELD),
         registered = chance_permille(&c, PROOF_REGISTERED), wanted = chance_permille(&c, PROOF_PAPER_OLD),
         phone = chance_permille(&c, PROOF_ON_PHONE);
    if (p->age < OLD_AGE)
        w.channel = channel < PROOF_PORTAL               ? CHANNEL_PORTAL
                    : channel < PROOF_PORTAL + PROOF_APP ? CHANNEL_APP
                                                         : CHANNEL_PAPER;
    if (!held || !registered) return w;
    w.of[WAY_CARD] = card_way(n, p, &c);
    w.paper_wanted = p->age >= OLD_AGE && wanted;
    if (phone && p->age >= CHILD_AGE && p->age < OLD_AGE && w.of[WAY_CARD].state == WAY_REGISTERED &&
        !day_before(w.of[WAY_CARD].certificate_until, n->options.as_of))
        w.of[WAY_PHONE] = phone_way(n, &w.of[WAY_CARD], &c);
    return w;
}

/* ---- the line ---- */

static void put_day(struct buf *b, const struct nation *n, const char *name, struct day d) {
    if (!day_is(d)) return;
    buf_printf(b, ",\"%s\":\"", name);
    buf_put(b, str_of(nation_iso(n, d), 10));
    buf_putc(b, '"');
}

static void put_way(struct buf *b, const struct nation *n, const struct way *w, enum way_kind kind) {
    if (w->state == WAY_NONE) return;
    buf_printf(b, ",\"%s\":{\"state\":\"%s\"", way_kind_word(kind)->word, way_state_word(w->state)->word);
    put_day(b, n, "since", w->since);
    if (w->state != WAY_REGISTERED) {
        put_day(b, n, "stated", w->stated);
        buf_printf(b, ",\"reason\":\"%s\",\"by\":\"%s\"", way_reason_word(w->reason)->word, counter_word(w->by)->word);
    }
    put_day(b, n, "card_until", w->card_until);
    put_day(b, n, "certificate_until", w->certificate_until);
    if (w->pinless) buf_puts(b, ",\"pinless\":true");
    buf_putc(b, '}');
}

void put_ways_line(struct buf *b, const struct nation *n, const struct household *h, const struct period *p) {
    const struct insurer *i = &n->insurers[p->insurer];
    const struct person *who = &h->people[p->who];
    struct ways w = person_ways(n, who);
    struct card_text card;
    card_text_make(n, i, p->owner, p->slot, &card);
    buf_printf(b, "{\"insurer\":\"%s\"", i->digits);
    if (card.symbol.n) buf_puts(b, ",\"symbol\":\""), buf_put(b, card.symbol), buf_putc(b, '"');
    buf_puts(b, ",\"number\":\""), buf_put(b, card.number), buf_putc(b, '"');
    if (p->branch >= 0) buf_printf(b, ",\"branch\":\"%02d\"", p->branch);
    put_day(b, n, "birth", who->birth);
    put_day(b, n, "on", n->options.as_of);
    for (unsigned k = 0; k < WAY_KINDS; k++) put_way(b, n, &w.of[k], k);
    buf_printf(b, ",\"channel\":\"%s\"", channel_word(w.channel)->word);
    if (w.paper_wanted) buf_puts(b, ",\"paper\":true");
    buf_puts(b, "}\n");
}
