/* How made-up people can prove being insured: the shares, and that every line is one that a store takes. */
#include "base/buf.h"
#include "edge/ways_file/ways_file.h"
#include "lib/unit.h"
#include "service/people/people.h"
#include "service/people/proofs.h"

enum { PEOPLE = 60000 };

static struct nation nation;
static struct household *household;

static int make_nation(void **state) {
    struct people_options o = {.count = PEOPLE, .seed = 11, .questions = 1000, .as_of = people_default_day()};
    (void)state;
    household = malloc(sizeof *household);
    return household && nation_init(&nation, world_real(), &o, NULL) == ERR_OK ? 0 : -1;
}
static int drop_nation(void **state) {
    (void)state;
    free(household);
    nation_fini(&nation);
    return 0;
}

static void look_at_all(void (*look)(const struct household *h, void *context), void *context) {
    for (uint64_t done = 0; done < PEOPLE;) {
        uint64_t block = done / BLOCK_PEOPLE, end = (block + 1) * BLOCK_PEOPLE;
        for (unsigned k = 0; done < end; k++) {
            household_make(&nation, block, k, done, (size_t)(end - done), household);
            look(household, context);
            done += household->people_count;
        }
    }
}

struct tally {
    size_t people, with_card, registered, ended, lapsed, soon, phone, pinless, channel[CHANNELS], wanted;
};

static void count(const struct household *h, void *context) {
    struct tally *t = context;
    struct day on = nation.options.as_of;
    for (size_t i = 0; i < h->people_count; i++) {
        struct ways w = person_ways(&nation, &h->people[i]), again = person_ways(&nation, &h->people[i]);
        const struct way *card = &w.of[WAY_CARD];
        assert_true(ways_same(&w, &again));
        t->people++, t->channel[w.channel]++, t->wanted += w.paper_wanted;
        t->phone += w.of[WAY_PHONE].state != WAY_NONE;
        if (card->state == WAY_NONE) continue;
        assert_true(!day_before(card->since, h->people[i].birth) && day_until(card->since, on));
        assert_true(!day_before(card->card_until, on) && day_until(card->certificate_until, card->card_until));
        t->with_card++, t->pinless += card->pinless;
        if (card->state != WAY_REGISTERED) t->ended++;
        else t->registered++;
        if (card->state != WAY_REGISTERED) continue;
        if (day_before(card->certificate_until, on)) t->lapsed++;
        else if (day_before(card->certificate_until, day_add_months(on, 3))) t->soon++;
    }
}

/* Tenths of a percent. */
static void share(const char *what, size_t part, size_t of, size_t low, size_t high) {
    size_t permille = part * 1000 / of;
    if (permille < low || permille > high) print_error("%s: %zu permille\n", what, permille);
    assert_in_range(permille, low, high);
}

static void shares_are_those_of_the_table(void **state) {
    (void)state;
    struct tally t = {0};
    look_at_all(count, &t);
    share("registered once", t.with_card, t.people, 680,
          720); /* 79.9 % of people hold a card, 87.8 % of these are registered */
    share("taken back, returned, revoked", t.ended, t.with_card, 7, 14);
    share("certificate ended", t.lapsed, t.registered, 40, 90);
    share("certificate ends within three months", t.soon, t.registered, 30, 100);
    share("phones", t.phone, t.people, 8, 20);
    share("without PINs", t.pinless, t.with_card, 5, 15);
    share("portal", t.channel[CHANNEL_PORTAL], t.people, 220, 280);
    share("app", t.channel[CHANNEL_APP], t.people, 100, 150);
    share("paper wanted", t.wanted, t.people, 0, 3);
    assert_true(t.wanted > 0);
}

struct lines {
    struct arena arena;
    struct buf b;
    size_t count;
};

static void read_back(const struct household *h, void *context) {
    struct lines *x = context;
    for (size_t i = 0; i < h->period_count; i++) {
        const struct period *p = &h->periods[i];
        struct ways_line l;
        struct diag d = {0};
        if (!covers(p, nation.options.as_of)) continue;
        buf_reset(&x->b), arena_reset(&x->arena);
        put_ways_line(&x->b, &nation, h, p);
        if (ways_file_read(&x->arena, str_trim(buf_str(&x->b)), &l, &d) != ERR_OK)
            print_error("%s: %.*s\n", d.where, (int)x->b.n, x->b.p);
        assert_int_equal(d.err, ERR_OK);
        struct ways w = person_ways(&nation, &h->people[p->who]);
        assert_true(ways_same(&w, &l.ways) && day_eq(l.on, nation.options.as_of));
        assert_true(day_eq(l.birth, h->people[p->who].birth) && l.id.branch == p->branch);
        x->count++;
    }
}

static void every_line_says_what_the_person_was_made_with(void **state) {
    (void)state;
    struct lines x = {0};
    arena_init(&x.arena, 1 << 20), buf_init(&x.b, 1 << 16);
    look_at_all(read_back, &x);
    assert_true(x.count > PEOPLE * 9 / 10);
    arena_fini(&x.arena), buf_fini(&x.b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_of_the_table),
        cmocka_unit_test(every_line_says_what_the_person_was_made_with),
    };
    return cmocka_run_group_tests_name("proofs", tests, make_nation, drop_nation);
}
