/* When a window may answer from memory, as rows. */
#include "lib/unit.h"
#include "rules/recall/recall.h"

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static void only_a_fresh_confirmation_is_recalled(void **state) {
    (void)state;
    static const struct {
        const char *what;
        enum validity validity;
        bool aid, late;
        const char *told, *asked_then, *start, *lost,
            *birth;             /* told NULL: 2026-06-10, asked_then NULL: the same; start 2020-04-01 */
        const char *on, *today; /* NULL: 2026-06-10 */
        enum recall_outcome want;
    } rows[] = {
        {"the same day", VALID, 0, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_ANSWER},
        {"not covered", VALIDITY_NOT, 0, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_DENIED},
        {"newer coverage", VALIDITY_NEWER, 0, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_DENIED},
        {"nobody", VALIDITY_NONE, 0, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_DENIED},
        {"several", VALIDITY_SEVERAL, 0, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_DENIED},
        {"no ticket yet", VALIDITY_NO_TICKET, 1, 0, NULL, NULL, NULL, NULL, "1980-01-01", NULL, NULL, RECALL_ANSWER},
        {"told 31 days ago", VALID, 0, 0, "2026-05-10", "2026-06-10", NULL, NULL, "1980-01-01", NULL, NULL,
         RECALL_ANSWER},
        {"told 32 days ago", VALID, 0, 0, "2026-05-09", "2026-06-10", NULL, NULL, "1980-01-01", NULL, NULL,
         RECALL_TOO_OLD},
        {"told 32 days ahead: the clock was wrong", VALID, 0, 0, "2026-07-12", "2026-06-10", NULL, NULL, "1980-01-01",
         NULL, NULL, RECALL_TOO_OLD},
        {"about a day 31 days before", VALID, 0, 0, NULL, "2026-06-10", NULL, NULL, "1980-01-01", "2026-05-10", NULL,
         RECALL_ANSWER},
        {"about a day 32 days before", VALID, 0, 0, NULL, "2026-06-10", NULL, NULL, "1980-01-01", "2026-05-09", NULL,
         RECALL_TOO_OLD},
        {"the last day covered", VALID, 0, 0, NULL, NULL, NULL, "2026-06-16", "1980-01-01", "2026-06-15", "2026-06-15",
         RECALL_ANSWER},
        {"the day of the loss", VALID, 0, 0, NULL, NULL, NULL, "2026-06-16", "1980-01-01", "2026-06-16", "2026-06-16",
         RECALL_OUTSIDE},
        {"the first day covered", VALID, 0, 0, NULL, NULL, "2026-06-01", NULL, "1980-01-01", "2026-06-01", NULL,
         RECALL_ANSWER},
        {"the day before it", VALID, 0, 0, NULL, NULL, "2026-06-01", NULL, "1980-01-01", "2026-05-31", NULL,
         RECALL_OUTSIDE},
        {"75 tomorrow", VALID, 0, 0, NULL, NULL, NULL, NULL, "1951-06-12", "2026-06-11", "2026-06-11", RECALL_ANSWER},
        {"75 meanwhile", VALID, 0, 0, NULL, NULL, NULL, NULL, "1951-06-12", "2026-06-12", "2026-06-12", RECALL_OUTSIDE},
        {"75 meanwhile, in 後期 already", VALID, 0, 1, NULL, NULL, NULL, NULL, "1951-06-12", "2026-06-12", "2026-06-12",
         RECALL_ANSWER},
        {"75 meanwhile, on medical aid", VALID, 1, 0, NULL, NULL, NULL, NULL, "1951-06-12", "2026-06-12", "2026-06-12",
         RECALL_ANSWER},
        {"school tomorrow", VALID, 0, 0, "2026-03-30", NULL, NULL, NULL, "2020-04-01", "2026-03-31", "2026-03-31",
         RECALL_ANSWER},
        {"at school by then: 20 % no more", VALID, 0, 0, "2026-03-31", NULL, NULL, NULL, "2020-04-01", "2026-04-01",
         "2026-04-01", RECALL_SHARE},
        {"before school then", VALID, 0, 0, "2026-04-01", NULL, NULL, NULL, "2020-04-01", "2026-03-31", "2026-04-01",
         RECALL_SHARE},
        {"70 this month, from the next on", VALID, 0, 0, "2026-06-20", NULL, NULL, NULL, "1956-06-15", "2026-06-30",
         "2026-06-30", RECALL_ANSWER},
        {"70 by then: perhaps less", VALID, 0, 0, "2026-06-20", NULL, NULL, NULL, "1956-06-15", "2026-07-01",
         "2026-07-01", RECALL_SHARE},
        {"70 by then, on medical aid", VALID, 1, 0, "2026-06-20", NULL, NULL, NULL, "1956-06-15", "2026-06-30",
         "2026-06-30", RECALL_ANSWER},
        {"medical aid, the month's last day", VALID, 1, 0, NULL, NULL, NULL, NULL, "1980-01-01", "2026-06-30",
         "2026-06-30", RECALL_ANSWER},
        {"medical aid, the next month", VALID, 1, 0, NULL, NULL, NULL, NULL, "1980-01-01", "2026-07-01", "2026-07-01",
         RECALL_TOO_OLD},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        const char *usual = "2026-06-10", *told = rows[r].told ? rows[r].told : usual;
        struct recall_facts f = {.validity = rows[r].validity,
                                 .medical_aid = rows[r].aid,
                                 .late_stage = rows[r].late,
                                 .on = day(rows[r].asked_then ? rows[r].asked_then : told),
                                 .told = day(told),
                                 .start = day(rows[r].start ? rows[r].start : "2020-04-01"),
                                 .lost = day(rows[r].lost),
                                 .elderly_from = DAY_NONE,
                                 .elderly_until = DAY_NONE,
                                 .birth = day(rows[r].birth)};
        struct day on = day(rows[r].on ? rows[r].on : usual), today = day(rows[r].today ? rows[r].today : usual);
        row_check(recall_decide(&f, on, today) == rows[r].want, rows[r].what);
    }
}

/* 高齢受給者証: the share that it said is that of its days. */
static void a_share_is_recalled_for_the_days_of_its_certificate(void **state) {
    (void)state;
    static const struct {
        const char *from, *until, *on;
        enum recall_outcome want;
    } rows[] = {
        {"2025-08-01", "2026-07-31", "2026-07-31", RECALL_ANSWER},
        {"2025-08-01", "2026-07-31", "2026-08-01", RECALL_SHARE},
        {"2026-07-15", "2027-07-31", "2026-07-14", RECALL_SHARE},
        {"2025-08-01", NULL, "2026-08-01", RECALL_ANSWER},
        {NULL, NULL, "2026-08-01", RECALL_ANSWER},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct recall_facts f = {.validity = VALID,
                                       .on = day("2026-07-20"),
                                       .told = day("2026-07-20"),
                                       .elderly_from = day(rows[i].from),
                                       .elderly_until = day(rows[i].until),
                                       .start = day("2020-04-01"),
                                       .lost = DAY_NONE,
                                       .birth = day("1954-01-01")};
        row_check(recall_decide(&f, day(rows[i].on), day("2026-07-20")) == rows[i].want, rows[i].on);
    }
}

/* Whatever is known: from memory nobody is told that they are not covered. */
static void no_denial_ever_comes_from_memory(void **state) {
    (void)state;
    for (int v = 0; v <= 9; v++) {
        struct recall_facts f = {.validity = (enum validity)v,
                                 .on = day("2026-06-10"),
                                 .told = day("2026-06-10"),
                                 .start = day("2020-04-01"),
                                 .lost = DAY_NONE,
                                 .elderly_from = DAY_NONE,
                                 .elderly_until = DAY_NONE,
                                 .birth = day("1980-01-01")};
        bool confirmed = v == VALID || v == VALIDITY_NO_TICKET;
        assert_int_equal(recall_decide(&f, f.on, f.on) == RECALL_ANSWER, confirmed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_fresh_confirmation_is_recalled),
        cmocka_unit_test(a_share_is_recalled_for_the_days_of_its_certificate),
        cmocka_unit_test(no_denial_ever_comes_from_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
