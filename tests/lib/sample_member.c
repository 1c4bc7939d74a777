#include "lib/sample_member.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "lib/sim_disk.h"

struct maker {
    struct arena *a;
    uint64_t seed;
    bool full;
};

static uint64_t below(struct maker *m, uint64_t n) { return sim_random(&m->seed) % n; }
static bool maybe(struct maker *m) { return m->full || below(m, 2); }

static struct str text(struct maker *m, size_t characters, bool kana) {
    static const uint32_t some[] = {U'見', U'本', U'髙', U'﨑', U'𠮷', U'邊', 0xe0100, U'　', U'A', U'z', U'0', U'é'};
    static const uint32_t half[] = {0xff61, 0xff76, 0xff7f, 0xff80, 0xff9f, ' ', 'A', '-'};
    char room[1024];
    struct buf b = buf_over(room, sizeof room);
    if (!maybe(m)) return S("");
    size_t n = m->full ? characters : 1 + below(m, characters < 12 ? characters : 12);
    for (size_t i = 0; i < n; i++) {
        if (m->full) utf8_put(&b, U'𠮷');
        else utf8_put(&b, kana ? half[below(m, ARRAY_LEN(half))] : some[below(m, ARRAY_LEN(some))]);
    }
    return arena_copy(m->a, buf_str(&b));
}

static struct day some_day(struct maker *m) { return (struct day){(int32_t)below(m, 400000) - 62091}; }
static struct day maybe_day(struct maker *m) { return maybe(m) ? some_day(m) : DAY_NONE; }
static uint8_t count_up_to(struct maker *m, uint8_t max) {
    return m->full ? max : below(m, 3) ? 0 : (uint8_t)below(m, max + 1u);
}
static uint8_t ratio(struct maker *m) { return (const uint8_t[]){10, 20, 30}[below(m, 3)]; }

static void lists(struct maker *m, struct coverage *c) {
    struct elderly_certificate *e = arena_new(m->a, ELDERLY_MAX * sizeof *e);
    struct limit_certificate *l = arena_new(m->a, LIMITS_MAX * sizeof *l);
    struct disease_certificate *x = arena_new(m->a, DISEASES_MAX * sizeof *x);
    struct medical_ticket *t = arena_new(m->a, TICKETS_MAX * sizeof *t);
    c->elderly_count = count_up_to(m, ELDERLY_MAX), c->limit_count = count_up_to(m, LIMITS_MAX);
    c->disease_count = count_up_to(m, DISEASES_MAX), c->ticket_count = count_up_to(m, TICKETS_MAX);
    for (size_t i = 0; i < c->elderly_count; i++)
        e[i] = (struct elderly_certificate){maybe_day(m), some_day(m), some_day(m), ratio(m)};
    for (size_t i = 0; i < c->limit_count; i++)
        l[i] = (struct limit_certificate){
            (uint8_t)(1 + below(m, 3)), "B10", maybe_day(m), some_day(m), maybe_day(m), maybe_day(m)};
    for (size_t i = 0; i < c->disease_count; i++)
        x[i] = (struct disease_certificate){(uint8_t)(1 + below(m, 3)), maybe_day(m), some_day(m), maybe_day(m),
                                            (uint32_t)below(m, 100000000)};
    for (size_t i = 0; i < c->ticket_count; i++)
        t[i] = (struct medical_ticket){.type = (uint8_t)(1 + below(m, 2)),
                                       .treatment = (uint8_t)below(m, 6),
                                       .month = 202600 + (uint32_t)(1 + below(m, 12)),
                                       .from = maybe_day(m),
                                       .until = maybe_day(m),
                                       .institution = {maybe(m) ? 4799999999 : 0},
                                       .self_pay_yen = (uint32_t)below(m, 100000000),
                                       .issue_number = text(m, 20, false),
                                       .contact = text(m, NAME_CHARACTERS, false)};
    c->elderly = e, c->limits = l, c->diseases = x, c->tickets = t;
}

static struct coverage coverage(struct maker *m) {
    struct coverage c = coverage_empty();
    c.start = some_day(m);
    if (maybe(m)) c.lost = day_add(c.start, 1 + (int)below(m, 1000)), c.loss_reason = 99;
    c.issued = maybe_day(m), c.card_from = maybe_day(m), c.card_until = maybe_day(m);
    c.class = below(m, 5) ? (uint8_t)(1 + below(m, 7)) : CLASS_MEDICAL_AID;
    c.sex = (uint8_t)(1 + below(m, 3)), c.other_sex = (uint8_t)below(m, 4), c.relation = (uint8_t)below(m, 3);
    if (maybe(m)) c.ratio = ratio(m);
    c.name = text(m, NAME_CHARACTERS, false), c.kana = text(m, NAME_CHARACTERS, below(m, 3));
    c.other_name = text(m, NAME_CHARACTERS, false), c.other_kana = text(m, NAME_CHARACTERS, true);
    c.head = below(m, 3) ? text(m, NAME_CHARACTERS, false) : c.name;
    c.post = maybe(m) ? S("123-4567") : S("");
    c.address = text(m, ADDRESS_CHARACTERS, false), c.welfare_office = text(m, NAME_CHARACTERS, false);
    c.recorded_s = (int64_t)below(m, 1ull << 40);
    lists(m, &c);
    return c;
}

struct coverage sample_coverage(struct arena *a, uint64_t seed, bool full) {
    struct maker m = {a, seed, full};
    return coverage(&m);
}

struct member sample_member(struct arena *a, uint64_t seed, size_t periods, bool full) {
    struct maker m = {a, seed, full};
    struct coverage *all = arena_new(a, periods * sizeof *all);
    struct member out = {.insurer = {6139448}, .birth = some_day(&m), .periods = all, .period_count = periods};
    out.id = (struct insured_id){text(&m, INSURED_ID_CHARACTERS, false), S("００42-60"), (int)below(&m, 101) - 1};
    for (size_t i = 0; i < periods; i++) {
        all[i] = coverage(&m);
        if (i && !full && below(&m, 2)) { /* the same person, in an earlier period */
            struct coverage was = all[i];
            all[i] = all[i - 1];
            all[i].recorded_s = was.recorded_s, all[i].ratio = was.ratio, all[i].head = was.head;
        }
        all[i].start = (struct day){20000 - 30 * (int32_t)i}, all[i].lost = i ? day_add(all[i].start, 30) : DAY_NONE;
    }
    for (size_t i = 0; i < sizeof out.pseudonym; i++) out.pseudonym[i] = (uint8_t)below(&m, 256);
    for (size_t i = 0; i < sizeof out.link && below(&m, 20); i++) out.link[i] = (uint8_t)below(&m, 256);
    return out;
}

static bool days_same(const struct day *x, const struct day *y, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!day_eq(x[i], y[i])) return false;
    return true;
}

static bool lists_same(const struct coverage *x, const struct coverage *y) {
    bool same = true;
    for (size_t i = 0; i < x->elderly_count; i++) {
        const struct elderly_certificate *a = &x->elderly[i], *b = &y->elderly[i];
        same = same && days_same(&a->issued, &b->issued, 3) && a->ratio == b->ratio;
    }
    for (size_t i = 0; i < x->limit_count; i++) {
        const struct limit_certificate *a = &x->limits[i], *b = &y->limits[i];
        same = same && a->class == b->class && memcmp(a->category, b->category, 4) == 0 &&
               days_same(&a->issued, &b->issued, 4);
    }
    for (size_t i = 0; i < x->disease_count; i++) {
        const struct disease_certificate *a = &x->diseases[i], *b = &y->diseases[i];
        same = same && a->disease == b->disease && days_same(&a->issued, &b->issued, 3) &&
               a->self_pay_yen == b->self_pay_yen;
    }
    for (size_t i = 0; i < x->ticket_count; i++) {
        const struct medical_ticket *a = &x->tickets[i], *b = &y->tickets[i];
        same = same && a->type == b->type && a->treatment == b->treatment && a->month == b->month &&
               day_eq(a->from, b->from) && day_eq(a->until, b->until) && a->institution.n == b->institution.n &&
               a->self_pay_yen == b->self_pay_yen && str_eq(a->issue_number, b->issue_number) &&
               str_eq(a->contact, b->contact);
    }
    return same;
}

bool sample_coverage_same(const struct coverage *x, const struct coverage *y) {
    bool days = day_eq(x->start, y->start) && day_eq(x->lost, y->lost) && day_eq(x->issued, y->issued) &&
                day_eq(x->card_from, y->card_from) && day_eq(x->card_until, y->card_until);
    bool codes = x->loss_reason == y->loss_reason && x->class == y->class && x->sex == y->sex &&
                 x->other_sex == y->other_sex && x->relation == y->relation && x->ratio == y->ratio;
    bool texts = str_eq(x->name, y->name) && str_eq(x->kana, y->kana) && str_eq(x->other_name, y->other_name) &&
                 str_eq(x->other_kana, y->other_kana) && str_eq(x->head, y->head) && str_eq(x->post, y->post) &&
                 str_eq(x->address, y->address) && str_eq(x->welfare_office, y->welfare_office);
    bool counts = x->elderly_count == y->elderly_count && x->limit_count == y->limit_count &&
                  x->disease_count == y->disease_count && x->ticket_count == y->ticket_count;
    return days && codes && texts && counts && lists_same(x, y);
}
