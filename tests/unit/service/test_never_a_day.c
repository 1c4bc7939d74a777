/* Coverage never lapses by forgetting: made-up people live for ten years, day by day. Cards end, are renewed or not, lost, returned, taken
 * back; certificates are made by the rules alone. On every day on which somebody is covered there is a way or a certificate. */
#include "lib/unit.h"
#include "rules/eligibility/eligibility.h"
#include "service/paper_due.h"
#include "service/people/people.h"
#include "service/people/proofs.h"

enum { PEOPLE = 600, YEARS = 10, INSURER = 1130012, PAPERS_AT_ONCE = 3 };

struct life {
    struct member member;
    struct coverage periods[2]; /* newest start first */
    struct ways_facts facts;
    struct chance chance;
    size_t papers;
};

static struct nation nation;
static struct household *household;

static int begin(void **state) {
    struct people_options o = {.count = 2000, .seed = 23, .questions = 1000, .as_of = people_default_day()};
    (void)state;
    household = malloc(sizeof *household);
    return household && nation_init(&nation, world_real(), &o, NULL) == ERR_OK ? 0 : -1;
}
static int end(void **state) {
    (void)state;
    free(household);
    nation_fini(&nation);
    return 0;
}

/* One in five changes insurers' records once: covered, a gap, covered again. */
static void life_begin(struct life *l, const struct person *p) {
    struct day on = nation.options.as_of;
    *l = (struct life){.chance = chance_of(99, 1, p->ordinal),
                       .facts = {.known = true, .ways = person_ways(&nation, p)}};
    for (size_t i = 0; i < 2; i++) {
        l->periods[i] = coverage_empty();
        l->periods[i].class = CLASS_GENERAL, l->periods[i].sex = 1;
        l->periods[i].start = p->birth;
    }
    l->member = (struct member){.insurer = {KYOKAI},
                                .id = {S(""), S("1"), BRANCH_NONE},
                                .birth = p->birth,
                                .periods = l->periods,
                                .period_count = 1};
    if (!chance_percent(&l->chance, 20)) return;
    struct day left = day_add(on, chance_range(&l->chance, 100, 3000));
    l->periods[1].lost = left;
    l->periods[0].start = day_add(left, chance_range(&l->chance, 0, 60));
    l->member.period_count = 2;
}

static bool covered(const struct life *l, struct day on) {
    struct question q = {.insurer = l->member.insurer, .id = l->member.id, .birth = l->member.birth, .on = on};
    struct eligibility_facts facts = {.members = &l->member, .member_count = 1};
    struct verdict v = eligibility_decide(&q, &facts);
    return verdict_covered(&v);
}

/* What nobody foresees, and what people do: a card is lost, returned, taken back, or renewed some weeks before its end, or never. */
static void live_a_day(struct life *l, struct day on, bool surprises) {
    struct way *card = &l->facts.ways.of[WAY_CARD];
    const struct way_change changes[] = {{WAY_DEREGISTERED, REASON_OF_WAY_WISH, COUNTER_PHONE, WAY_CARD},
                                         {WAY_RETURNED, REASON_OF_WAY_MOVED, COUNTER_DESK, WAY_CARD},
                                         {WAY_REVOKED, REASON_OF_WAY_LOST, COUNTER_PHONE, WAY_CARD}};
    if (surprises && chance_below(&l->chance, 3000) == 0)
        (void)ways_change(&l->facts.ways, &changes[chance_below(&l->chance, ARRAY_LEN(changes))], on);
    if (surprises && chance_below(&l->chance, 4000) == 0) l->facts.ways.paper_wanted = !l->facts.ways.paper_wanted;
    if (card->state != WAY_REGISTERED) return;
    bool near = card->certificate_until.n - on.n < 60 && !day_before(card->certificate_until, on);
    if (near && chance_below(&l->chance, 100) == 0)
        card->certificate_until = day_add_months(on, 60), card->card_until = day_add_months(on, 120);
}

static void run_night(struct life *l, struct day on) {
    struct paper_due due;
    for (int i = 0; i < PAPERS_AT_ONCE && paper_due(&l->member, &l->facts, PAPER_CERTIFICATE, on, &due); i++) {
        const struct paper_made made = {.made = on, .from = due.span.from, .until = due.span.until};
        assert_true(day_until(made.from, made.until) && !day_before(made.from, on));
        /* Nobody gets two for one day. */
        for (size_t k = 0; k < l->facts.certificates.count; k++)
            assert_true(day_before(l->facts.certificates.list[k].until, made.from));
        papers_add(&l->facts.certificates, &made);
        l->papers++;
    }
}

static bool provable(const struct life *l, struct day on) {
    bool way = !l->facts.ways.paper_wanted && day_is(ways_until(&l->facts.ways, on));
    return way || paper_on(&l->facts.certificates, on) != NULL;
}

struct tally {
    size_t lives, days, by_paper, papers;
};

static void live(struct tally *t, const struct person *p, unsigned every, bool surprises) {
    struct life l;
    struct day first = nation.options.as_of, last = day_add_months(first, 12 * YEARS);
    life_begin(&l, p);
    l.member.periods = l.periods;
    for (struct day on = first; day_until(on, last); on = day_add(on, 1)) {
        live_a_day(&l, on, surprises);
        if ((unsigned)(on.n - first.n) % every == 0) run_night(&l, on);
        if (!covered(&l, on)) continue;
        /* A record that begins between two runs is answered by the next one. */
        bool begun = every > 1 && l.member.period_count == 2 && on.n - l.periods[0].start.n < (int)every &&
                     !day_before(on, l.periods[0].start);
        if (begun) continue;
        if (!provable(&l, on)) print_error("ordinal %llu day %d\n", (unsigned long long)p->ordinal, on.n - first.n);
        assert_true(provable(&l, on));
        t->days++, t->by_paper += !day_is(ways_until(&l.facts.ways, on));
    }
    t->lives++, t->papers += l.papers;
}

static struct tally live_all(unsigned every, bool surprises) {
    struct tally t = {0};
    for (uint64_t done = 0; t.lives < PEOPLE;) {
        uint64_t block = done / BLOCK_PEOPLE, block_end = (block + 1) * BLOCK_PEOPLE;
        for (unsigned k = 0; done < block_end && t.lives < PEOPLE; k++) {
            household_make(&nation, block, k, done, (size_t)(block_end - done), household);
            for (size_t i = 0; i < household->people_count && t.lives < PEOPLE; i++)
                live(&t, &household->people[i], every, surprises);
            done += household->people_count;
        }
    }
    return t;
}

static void with_a_run_every_night_no_covered_day_is_without_a_way_or_a_certificate(void **state) {
    (void)state;
    struct tally t = live_all(1, true);
    assert_true(t.days > (size_t)PEOPLE * 365 * YEARS * 9 / 10);
    assert_true(t.by_paper > t.days / 10 && t.by_paper < t.days * 9 / 10); /* both were lived through */
    assert_true(t.papers > PEOPLE && t.papers < 8u * PEOPLE);
}

static void what_can_be_foreseen_bears_a_run_a_month(void **state) {
    (void)state;
    struct tally t = live_all(31, false);
    assert_true(t.by_paper > t.days / 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_run_every_night_no_covered_day_is_without_a_way_or_a_certificate),
        cmocka_unit_test(what_can_be_foreseen_bears_a_run_a_month),
    };
    return cmocka_run_group_tests_name("never a day", tests, begin, end);
}
