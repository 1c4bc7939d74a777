#include "lib/unit.h"
#include "rules/eligibility/eligibility.h"
#include "rules/eligibility/paper_span.h"

static struct day on_day(const char *text) {
    struct day d = DAY_NONE;
    if (text) assert_true(day_parse(str_c(text), &d));
    return d;
}

struct row {
    const char *why;
    uint32_t insurer;
    const char *birth, *lost, *elderly_until, *elderly_from;
    const char *want;
    enum paper_end end;
};

enum { KYOKAI = 1130012, LATE_ELDERLY = 39131008 };

static const struct row rows[] = {
    {"nothing ends it sooner", KYOKAI, "1985-04-01", NULL, NULL, NULL, "2031-11-24", PAPER_END_YEARS},
    {"the last day covered", KYOKAI, "1985-04-01", "2027-03-01", NULL, NULL, "2027-02-28", PAPER_END_COVERAGE},
    {"a loss beyond five years", KYOKAI, "1985-04-01", "2031-11-25", NULL, NULL, "2031-11-24", PAPER_END_YEARS},
    {"covered today alone", KYOKAI, "1985-04-01", "2026-11-26", NULL, NULL, "2026-11-25", PAPER_END_COVERAGE},
    {"school begins", KYOKAI, "2021-06-10", NULL, NULL, NULL, "2028-03-31", PAPER_END_SHARE},
    {"turns 70: the month after", KYOKAI, "1957-05-02", NULL, NULL, NULL, "2027-05-31", PAPER_END_SHARE},
    {"turns 75 in two years", KYOKAI, "1954-02-03", NULL, "2030-07-31", "2026-08-01", "2029-02-02", PAPER_END_AGE_75},
    {"the printed share's own end", KYOKAI, "1954-02-03", NULL, "2027-07-31", "2026-08-01", "2027-07-31",
     PAPER_END_SHARE},
    {"a share that begins later", KYOKAI, "1956-02-03", NULL, "2028-07-31", "2027-08-01", "2027-07-31",
     PAPER_END_SHARE},
    {"late-stage elderly: no age ends it", LATE_ELDERLY, "1940-01-01", NULL, NULL, NULL, "2031-11-24", PAPER_END_YEARS},
};

static void the_earliest_of_what_ends_a_paper_ends_it(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        struct elderly_certificate elderly = {
            .from = on_day(r->elderly_from), .until = on_day(r->elderly_until), .ratio = 20};
        struct coverage c = coverage_empty();
        c.start = on_day("2018-04-01"), c.lost = on_day(r->lost);
        if (r->elderly_until) c.elderly = &elderly, c.elderly_count = 1;
        struct member m = {.insurer = {r->insurer}, .birth = on_day(r->birth), .periods = &c, .period_count = 1};
        m.id = (struct insured_id){S("1"), S("2"), BRANCH_NONE};
        struct question q = {.insurer = m.insurer, .id = m.id, .birth = m.birth, .on = on_day("2026-11-25")};
        struct eligibility_facts facts = {.members = &m, .member_count = 1};
        struct verdict v = eligibility_decide(&q, &facts);
        row_check(verdict_covered(&v), r->why);
        struct paper_span s = paper_span_decide(&v, q.on);
        row_check(day_eq(s.from, q.on), r->why);
        row_check(day_eq(s.until, on_day(r->want)), r->why);
        row_check(s.why == r->end, r->why);
        /* What is printed holds to the end. */
        q.on = s.until;
        row_check(eligibility_decide(&q, &facts).ratio == v.ratio, r->why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_earliest_of_what_ends_a_paper_ends_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
