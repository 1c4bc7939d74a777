#include "base/buf.h"
#include "lib/unit.h"
#include "rules/ways/ways.h"

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    if (s) assert_true(day_parse(str_c(s), &d));
    return d;
}

static struct way
card(const char *card_until, const char *certificate_until) {
    return (struct way){.state = WAY_REGISTERED,
                        .since = D("2021-05-01"),
                        .stated = D("2021-05-01"),
                        .card_until = D(card_until),
                        .certificate_until = D(certificate_until)};
}
static struct ways with_card(const char *card_until, const char *certificate_until) {
    struct ways w = ways_none();
    w.of[WAY_CARD] = card(card_until, certificate_until);
    return w;
}
static struct papers with_paper(const char *from, const char *until) {
    struct papers p = {0};
    if (from) papers_add(&p, &(struct paper_made){.made = D("2021-01-01"), .from = D(from), .until = D(until)});
    return p;
}
static void same_day(struct day got, const char *want, const char *row) {
    struct day w = D(want);
    if (day_eq(got, w)) return;
    char room[32];
    struct buf b = buf_over(room, sizeof room);
    if (day_is(got)) day_put_iso(&b, got);
    print_error("%s: got %.*s, want %s\n", row, (int)b.n, b.p, want ? want : "none");
    fail();
}

static void a_card_is_good_until_it_ends_or_its_certificate_s_grace_does(void **state) {
    static const struct {
        const char *on, *card_until, *certificate_until, *want, *why;
    } rows[] = {
        {"2026-04-01", "2031-04-01", "2026-04-01", "2026-07-31", "the last day of the certificate itself"},
        {"2026-04-02", "2031-04-01", "2026-04-01", "2026-07-31", "the first day of the grace"},
        {"2026-07-31", "2031-04-01", "2026-04-01", "2026-07-31", "the last day of the grace"},
        {"2026-08-01", "2031-04-01", "2026-04-01", NULL, "the day after the grace"},
        {"2026-04-01", "2031-04-01", "2025-11-30", NULL, "three months from the end of November: February"},
        {"2026-02-28", "2031-04-01", "2025-11-01", "2026-02-28", "from the end of the month, not from the day"},
        {"2026-04-01", "2026-04-10", "2026-04-10", "2026-04-10", "a card that ends has no grace"},
        {"2026-04-11", "2026-04-10", "2026-04-10", NULL, "the day after the card's last"},
        {"2021-04-30", "2031-04-01", "2026-04-01", NULL, "the day before it was registered"},
        {"2026-04-01", NULL, "2026-04-01", NULL, "an end that nobody told is no promise"},
        {"2026-04-01", "2031-04-01", NULL, NULL, "likewise of the certificate"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways w = with_card(rows[i].card_until, rows[i].certificate_until);
        same_day(ways_until(&w, D(rows[i].on)), rows[i].want, rows[i].why);
    }
}

static void a_phone_has_no_grace_and_the_longest_way_counts(void **state) {
    (void)state;
    struct ways w = with_card("2031-04-01", "2026-04-01");
    w.of[WAY_PHONE] = card(NULL, "2026-09-30");
    same_day(ways_until(&w, D("2026-04-02")), "2026-09-30", "the phone outlasts the card's grace");
    assert_false(ways_in_grace(&w, D("2026-04-02")));
    w.of[WAY_PHONE].certificate_until = D("2026-05-31");
    same_day(ways_until(&w, D("2026-06-01")), "2026-07-31", "the phone's ended with its day");
    assert_true(ways_in_grace(&w, D("2026-06-01")));
    assert_false(ways_in_grace(&w, D("2026-08-01")));
}

static void what_is_not_registered_is_no_way(void **state) {
    (void)state;
    for (unsigned s = WAY_NONE; s < WAY_STATES; s++) {
        struct ways w = with_card("2031-04-01", "2028-04-01");
        w.of[WAY_CARD].state = (uint8_t)s;
        assert_int_equal(day_is(ways_until(&w, D("2026-04-01"))), s == WAY_REGISTERED);
    }
}

static void papers_reach_as_far_as_they_follow_without_a_gap(void **state) {
    static const struct {
        const char *spans[8], *on, *want;
    } rows[] = {
        {{NULL}, "2026-04-01", NULL},
        {{"2026-04-01", "2031-03-31"}, "2026-04-01", "2031-03-31"},
        {{"2026-04-01", "2031-03-31"}, "2026-03-31", NULL},
        {{"2026-04-01", "2031-03-31"}, "2031-04-01", NULL},
        {{"2026-04-01", "2026-06-30", "2026-07-01", "2027-01-01"}, "2026-05-01", "2027-01-01"},
        {{"2026-07-01", "2027-01-01", "2026-04-01", "2026-06-30"}, "2026-05-01", "2027-01-01"},
        {{"2026-04-01", "2026-06-29", "2026-07-01", "2027-01-01"}, "2026-05-01", "2026-06-29"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct papers p = {0};
        for (size_t k = 0; k < 8 && rows[i].spans[k]; k += 2)
            papers_add(&p, &(struct paper_made){.from = D(rows[i].spans[k]), .until = D(rows[i].spans[k + 1])});
        same_day(papers_until(&p, D(rows[i].on)), rows[i].want, rows[i].spans[0] ? rows[i].spans[0] : "none");
    }
}

static void a_certificate_follows_where_no_way_reaches_far_enough(void **state) {
    static const struct {
        const char *card_until, *certificate_until, *paper_from, *paper_until, *want, *why;
    } rows[] = {
        {NULL, NULL, NULL, NULL, "2026-06-01", "nothing at all: today"},
        {"2031-04-01", "2028-04-01", NULL, NULL, NULL, "a card that lasts"},
        {"2026-07-16", "2028-04-01", NULL, NULL, NULL, "the card reaches just far enough"},
        {"2026-07-15", "2028-04-01", NULL, NULL, "2026-06-01", "a day short"},
        {"2031-04-01", "2026-05-01", NULL, NULL, NULL, "its certificate ended, but the grace reaches August"},
        {"2031-04-01", "2026-03-15", NULL, NULL, "2026-06-01", "the grace ends on 30 June"},
        {"2026-05-31", "2028-04-01", NULL, NULL, "2026-06-01", "a card that ended yesterday"},
        {NULL, NULL, "2022-01-01", "2026-12-31", NULL, "a certificate that lasts: nobody gets two"},
        {NULL, NULL, "2022-01-01", "2026-07-16", NULL, "just far enough"},
        {NULL, NULL, "2022-01-01", "2026-07-15", "2026-07-16", "renewed before its end, from the day after"},
        {NULL, NULL, "2022-01-01", "2026-05-31", "2026-06-01", "ended: at once"},
        {"2026-06-20", "2028-04-01", "2026-06-01", "2031-05-31", NULL, "made for the card's end already"},
        {"2026-06-20", "2028-04-01", "2026-06-21", "2031-05-31", NULL, "also when it begins behind the card's end"},
        {"2026-06-20", "2028-04-01", "2026-06-22", "2031-05-31", "2026-06-01", "a day without anything"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways w = rows[i].card_until ? with_card(rows[i].card_until, rows[i].certificate_until) : ways_none();
        struct papers p = with_paper(rows[i].paper_from, rows[i].paper_until);
        same_day(certificate_due(&w, &p, D("2026-06-01")), rows[i].want, rows[i].why);
    }
}

static void a_clock_set_back_makes_nothing_twice(void **state) {
    (void)state;
    struct ways nobody = ways_none(), w = with_card("2031-04-01", "2028-04-01");
    struct papers made = with_paper("2026-06-10", "2031-06-09");
    made.list[0].made = made.list[0].from;
    same_day(certificate_due(&nobody, &made, D("2026-06-09")), NULL, "a day back");
    same_day(notice_due(&w, &made, D("2026-06-09")), NULL, "a day back");
    same_day(certificate_due(&nobody, &made, D("2026-04-26")), NULL, "45 days back");
    same_day(certificate_due(&nobody, &made, D("2026-04-25")), "2026-04-25",
             "the paper was made for a day far ahead: it is none yet");
}

static void a_certificate_says_why_it_is_due(void **state) {
    static const struct {
        enum way_state card, phone;
        bool wanted, paper;
        enum certificate_why want;
    } rows[] = {
        {WAY_NONE, WAY_NONE, false, false, DUE_NO_WAY},
        {WAY_DEREGISTERED, WAY_NONE, false, false, DUE_DEREGISTERED},
        {WAY_RETURNED, WAY_DEREGISTERED, false, false, DUE_RETURNED},
        {WAY_NONE, WAY_REVOKED, false, false, DUE_REVOKED},
        {WAY_EXPIRED, WAY_NONE, false, false, DUE_ENDED},
        {WAY_REGISTERED, WAY_NONE, false, false, DUE_ENDS},
        {WAY_REGISTERED, WAY_NONE, true, false, DUE_WANTED},
        {WAY_RETURNED, WAY_NONE, true, true, DUE_RENEWAL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways w = with_card("2026-06-20", "2026-06-20");
        struct papers p = with_paper(rows[i].paper ? "2022-01-01" : NULL, "2026-06-10");
        w.of[WAY_CARD].state = (uint8_t)rows[i].card, w.of[WAY_PHONE].state = (uint8_t)rows[i].phone;
        w.paper_wanted = rows[i].wanted;
        assert_int_equal(certificate_why(&w, &p, D("2026-06-01")), rows[i].want);
    }
    struct ways w = with_card("2026-05-20", "2026-05-20");
    struct papers none = {0};
    assert_int_equal(certificate_why(&w, &none, D("2026-06-01")), DUE_ENDED);
    assert_string_equal(certificate_why_word(DUE_RENEWAL)->word, "renewal");
}

static void who_asked_for_a_certificate_gets_it_beside_a_card(void **state) {
    (void)state;
    struct ways w = with_card("2031-04-01", "2028-04-01");
    struct papers none = {0};
    w.paper_wanted = true;
    same_day(certificate_due(&w, &none, D("2026-06-01")), "2026-06-01", "asked for");
    same_day(notice_due(&w, &none, D("2026-06-01")), NULL, "the certificate says all that a notice does");
}

static void a_notice_is_for_who_has_a_way_and_none_that_is_true(void **state) {
    (void)state;
    struct ways w = with_card("2026-06-20", "2028-04-01"), nobody = ways_none();
    struct papers none = {0}, held = with_paper("2026-05-01", "2031-04-30"),
                  old = with_paper("2021-05-01", "2026-05-31");
    same_day(notice_due(&w, &none, D("2026-06-01")), "2026-06-01", "none yet");
    same_day(notice_due(&w, &held, D("2026-06-01")), NULL, "held");
    same_day(notice_due(&w, &old, D("2026-06-01")), "2026-06-01", "no longer true");
    same_day(notice_due(&nobody, &none, D("2026-06-01")), NULL, "a certificate instead");
    same_day(notice_due(&w, &none, D("2026-06-21")), NULL, "the card ended");
}

static const char *reminders(const struct ways *w, const struct papers *p, const char *on) {
    static char room[128];
    struct reminder r[ENDINGS_MAX];
    struct buf b = buf_over(room, sizeof room - 1);
    size_t n = ways_reminders(w, p, D(on), r);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s%d ", i ? ", " : "", r[i].ending);
        day_put_iso(&b, r[i].ends);
    }
    room[b.n] = 0;
    return room;
}

static void an_end_is_told_from_three_months_before_to_its_day(void **state) {
    static const struct {
        const char *card_until, *certificate_until, *on, *want;
    } rows[] = {
        {"2031-04-01", "2026-08-31", "2026-05-31", ""},
        {"2031-04-01", "2026-08-31", "2026-06-01", "2 2026-08-31"},
        {"2031-04-01", "2026-08-31", "2026-08-31", "2 2026-08-31"},
        {"2031-04-01", "2026-08-31", "2026-09-01", ""},
        {"2026-08-31", "2026-08-31", "2026-06-01", "1 2026-08-31"},
        {"2026-08-31", "2026-06-30", "2026-06-01", "1 2026-08-31, 2 2026-06-30"},
        {"2026-08-31", "2027-06-30", "2026-06-01", "1 2026-08-31"},
    };
    (void)state;
    struct papers none = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways w = with_card(rows[i].card_until, rows[i].certificate_until);
        assert_string_equal(reminders(&w, &none, rows[i].on), rows[i].want);
        w.of[WAY_CARD].state = WAY_DEREGISTERED;
        assert_string_equal(reminders(&w, &none, rows[i].on), "");
    }
}

static void a_phone_and_a_certificate_have_their_own_ends(void **state) {
    (void)state;
    struct ways w = ways_none(), with = with_card("2031-04-01", "2028-04-01");
    struct papers p = with_paper("2021-07-01", "2026-06-30"), none = {0};
    assert_string_equal(reminders(&w, &p, "2026-05-29"), "");
    assert_string_equal(reminders(&w, &p, "2026-05-30"), "4 2026-06-30");
    assert_string_equal(reminders(&with, &p, "2026-05-30"), ""); /* the card serves: nothing is lost */
    w.of[WAY_PHONE] = card(NULL, "2026-06-30");
    assert_string_equal(reminders(&w, &none, "2026-05-30"), "3 2026-06-30");
}

static void taking_back_and_returning_end_every_way_losing_only_the_one(void **state) {
    (void)state;
    for (unsigned s = WAY_DEREGISTERED; s < WAY_STATES; s++) {
        struct ways w = with_card("2031-04-01", "2028-04-01");
        w.of[WAY_PHONE] = card(NULL, "2028-04-01");
        bool every = s == WAY_DEREGISTERED || s == WAY_RETURNED;
        struct way_change c = {s, REASON_OF_WAY_WISH, COUNTER_PHONE, WAY_CARD};
        assert_int_equal(ways_change(&w, &c, D("2026-06-01")), every ? 2 : 1);
        assert_int_equal(w.of[WAY_CARD].state, s);
        assert_int_equal(w.of[WAY_CARD].reason, REASON_OF_WAY_WISH);
        assert_int_equal(w.of[WAY_CARD].by, COUNTER_PHONE);
        same_day(w.of[WAY_CARD].stated, "2026-06-01", "the day it was said");
        assert_int_equal(w.of[WAY_PHONE].state, every ? s : WAY_REGISTERED);
        assert_int_equal(ways_change(&w, &c, D("2026-06-02")), 0);
        same_day(w.of[WAY_CARD].stated, "2026-06-01", "said once");
    }
}

static void a_list_does_not_bring_back_what_was_ended_after_its_day(void **state) {
    static const struct {
        const char *ended, *listed_on, *since;
        bool back;
    } rows[] = {
        {"2026-06-01", "2026-05-31", "2021-05-01", false}, {"2026-06-01", "2026-06-01", "2021-05-01", false},
        {"2026-06-01", "2026-06-02", "2021-05-01", true},  {"2026-06-01", "2026-06-01", "2026-06-02", true},
        {"2026-06-01", "2026-06-01", "2026-06-01", false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways known = with_card("2031-04-01", "2028-04-01"), listed = known;
        struct way_change c = {WAY_RETURNED, REASON_OF_WAY_WISH, COUNTER_DESK, WAY_CARD};
        assert_int_equal(ways_change(&known, &c, D(rows[i].ended)), 1);
        listed.of[WAY_CARD].since = D(rows[i].since);
        struct ways w = ways_merge(&known, &listed, D(rows[i].listed_on));
        row_check((w.of[WAY_CARD].state == WAY_REGISTERED) == rows[i].back, rows[i].listed_on);
        same_day(w.listed, rows[i].listed_on, "the list's day is kept");
    }
}

static void an_older_list_says_nothing(void **state) {
    (void)state;
    struct ways known = with_card("2031-04-01", "2028-04-01"), listed = ways_none();
    known.listed = D("2026-06-05");
    struct ways w = ways_merge(&known, &listed, D("2026-06-04"));
    assert_true(ways_same(&w, &known));
    same_day(w.listed, "2026-06-05", "the newer stays");
    w = ways_merge(&known, &listed, D("2026-06-05"));
    assert_true(ways_same(&w, &listed));
}

static const char *warnings(uint32_t w) {
    static char room[256];
    struct buf b = buf_over(room, sizeof room - 1);
    for (unsigned i = 0; i < WARNING_COUNT; i++)
        if (w >> i & 1) buf_printf(&b, "%s%s", b.n ? " " : "", warning_info((enum warning)i)->code);
    room[b.n] = 0;
    return room;
}

static void the_window_is_warned_of_what_ends_and_told_that_a_certificate_follows(void **state) {
    static const struct {
        const char *card_until, *certificate_until, *paper_until;
        bool other;
        const char *decided, *want, *why;
    } rows[] = {
        {"2031-04-01", "2028-04-01", NULL, false, "", "", "a card that lasts"},
        {"2031-04-01", "2026-08-31", NULL, false, "", "way-ends-soon", "its certificate ends soon"},
        {"2031-04-01", "2026-09-01", NULL, false, "", "", "a day later than three months"},
        {"2026-08-31", "2028-04-01", NULL, false, "", "way-ends-soon", "the card ends soon"},
        {"2031-04-01", "2026-06-01", NULL, false, "", "way-ends-soon", "its last day"},
        {"2031-04-01", "2026-05-31", NULL, false, "", "way-in-grace", "the day after"},
        {"2031-04-01", "2026-02-28", NULL, false, "", "certificate-follows", "the grace is over"},
        {"2031-04-01", "2026-02-28", "2031-05-31", false, "", "", "the certificate is there"},
        {"2031-04-01", "2026-02-28", NULL, true, "", "", "the insurer has made one itself"},
        {"2031-04-01", "2026-02-28", "2026-08-31", false, "", "card-ends-soon", "the certificate ends soon"},
        {"2031-04-01", "2028-04-01", "2031-05-31", false, "card", "", "what the insurer registered before is no news"},
        {"2031-04-01", "2028-04-01", NULL, false, "card", "card-ended", "without a newer one it is"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ways w = with_card(rows[i].card_until, rows[i].certificate_until);
        struct papers p = with_paper(rows[i].paper_until ? "2026-05-01" : NULL, rows[i].paper_until);
        uint32_t decided = rows[i].decided[0] ? 1u << WARNING_CARD_ENDED : 0;
        const char *got = warnings(ways_warnings(decided, &w, &p, rows[i].other, D("2026-06-01")));
        if (strcmp(got, rows[i].want) != 0) print_error("got %s\n", got);
        row_check(strcmp(got, rows[i].want) == 0, rows[i].why);
    }
}

static void of_who_is_on_no_list_nothing_is_said(void **state) {
    (void)state;
    struct papers none = {0};
    assert_string_equal(warnings(ways_warnings(1u << WARNING_OVERLAP, NULL, &none, false, D("2026-06-01"))), "overlap");
}

static void a_phone_that_lasts_needs_no_warning_of_the_card(void **state) {
    (void)state;
    struct papers none = {0};
    struct ways w = with_card("2026-07-01", "2026-07-01");
    w.of[WAY_PHONE] = card(NULL, "2028-04-01");
    assert_string_equal(warnings(ways_warnings(0, &w, &none, false, D("2026-06-01"))), "");
}

/* Why a way cannot be used is nobody's business at a window: taken back, returned, revoked and ended look the same. */
static void a_window_does_not_learn_why(void **state) {
    (void)state;
    struct papers none = {0};
    struct ways never = ways_none();
    uint32_t want = ways_warnings(0, &never, &none, false, D("2026-06-01"));
    assert_string_equal(warnings(want), "certificate-follows");
    for (unsigned s = WAY_DEREGISTERED; s < WAY_STATES; s++) {
        struct ways w = with_card("2026-07-01", "2026-07-01");
        w.of[WAY_CARD].state = (uint8_t)s;
        assert_int_equal(ways_warnings(0, &w, &none, false, D("2026-06-01")), want);
    }
}

static void of_five_papers_the_first_goes(void **state) {
    (void)state;
    struct papers p = {0};
    for (int i = 0; i < PAPERS_KEPT + 1; i++) papers_add(&p, &(struct paper_made){.from = {i}, .until = {i}});
    assert_int_equal(p.count, PAPERS_KEPT);
    assert_int_equal(p.list[0].from.n, 1);
    assert_int_equal(p.list[PAPERS_KEPT - 1].from.n, PAPERS_KEPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_good_until_it_ends_or_its_certificate_s_grace_does),
        cmocka_unit_test(a_phone_has_no_grace_and_the_longest_way_counts),
        cmocka_unit_test(what_is_not_registered_is_no_way),
        cmocka_unit_test(papers_reach_as_far_as_they_follow_without_a_gap),
        cmocka_unit_test(a_certificate_follows_where_no_way_reaches_far_enough),
        cmocka_unit_test(a_clock_set_back_makes_nothing_twice),
        cmocka_unit_test(a_certificate_says_why_it_is_due),
        cmocka_unit_test(who_asked_for_a_certificate_gets_it_beside_a_card),
        cmocka_unit_test(a_notice_is_for_who_has_a_way_and_none_that_is_true),
        cmocka_unit_test(an_end_is_told_from_three_months_before_to_its_day),
        cmocka_unit_test(a_phone_and_a_certificate_have_their_own_ends),
        cmocka_unit_test(taking_back_and_returning_end_every_way_losing_only_the_one),
        cmocka_unit_test(a_list_does_not_bring_back_what_was_ended_after_its_day),
        cmocka_unit_test(an_older_list_says_nothing),
        cmocka_unit_test(the_window_is_warned_of_what_ends_and_told_that_a_certificate_follows),
        cmocka_unit_test(of_who_is_on_no_list_nothing_is_said),
        cmocka_unit_test(a_phone_that_lasts_needs_no_warning_of_the_card),
        cmocka_unit_test(a_window_does_not_learn_why),
        cmocka_unit_test(of_five_papers_the_first_goes),
    };
    return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
