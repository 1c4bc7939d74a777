/* Coverage and ways together: who gets which paper, from when until when. */
#include "lib/unit.h"
#include "service/paper_due.h"

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    if (s) assert_true(day_parse(str_c(s), &d));
    return d;
}

enum {
    KYOKAI = 1130012
};

static void a_paper_says_what_is_true_on_its_first_day(void **state) {
    static const struct {
        const char *birth, *lost, *card_until, *paper_until, *on, *from, *until;
        uint8_t ratio;
        const char *why;
    } rows[] = {
        {"1985-04-01", NULL, NULL, NULL, "2026-06-01", "2026-06-01", "2031-05-31", 30, "no way"},
        {"1985-04-01", "2026-06-01", NULL, NULL, "2026-06-01", NULL, NULL, 0, "not covered any more"},
        {"1985-04-01", "2026-07-01", NULL, NULL, "2026-06-01", "2026-06-01", "2026-06-30", 30, "as long as covered"},
        {"1985-04-01", "2026-07-01", NULL, "2026-06-30", "2026-06-01", NULL, NULL, 0, "nothing to renew"},
        {"1985-04-01", NULL, NULL, "2026-06-30", "2026-06-01", "2026-07-01", "2031-06-30", 30, "renewed"},
        {"1985-04-01", NULL, "2031-04-01", NULL, "2026-06-01", NULL, NULL, 0, "a card that lasts"},
        /* 70 on 20 June: 20 % from 1 July. The share on the paper is that of its first day. */
        {"1956-06-20", NULL, NULL, NULL, "2026-06-01", "2026-06-01", "2026-06-30", 30, "until the share changes"},
        {"1956-06-20", NULL, NULL, "2026-06-30", "2026-06-01", "2026-07-01", "2031-06-19", 20,
         "with the new share, before"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct coverage period = coverage_empty();
        struct member m = {.insurer = {KYOKAI},
                           .id = {S(""), S("1"), BRANCH_NONE},
                           .birth = D(rows[i].birth),
                           .periods = &period,
                           .period_count = 1};
        struct ways_facts f = {.ways = ways_none()};
        struct paper_due due;
        period.start = D("2000-04-01"), period.lost = D(rows[i].lost), period.sex = 1, period.class = CLASS_GENERAL;
        if (rows[i].card_until)
            f.ways.of[WAY_CARD] = (struct way){.state = WAY_REGISTERED,
                                               .since = D("2021-01-01"),
                                               .stated = D("2021-01-01"),
                                               .card_until = D(rows[i].card_until),
                                               .certificate_until = D(rows[i].card_until)};
        if (rows[i].paper_until)
            papers_add(&f.certificates, &(struct paper_made){.from = D("2025-01-01"), .until = D(rows[i].paper_until)});
        bool is = paper_due(&m, &f, PAPER_CERTIFICATE, D(rows[i].on), &due);
        row_check(is == (rows[i].from != NULL), rows[i].why);
        if (!is) continue;
        row_check(day_eq(due.span.from, D(rows[i].from)) && day_eq(due.span.until, D(rows[i].until)), rows[i].why);
        row_check(due.verdict.ratio == rows[i].ratio, rows[i].why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_paper_says_what_is_true_on_its_first_day)};
    return cmocka_run_group_tests_name("paper due", tests, NULL, NULL);
}
