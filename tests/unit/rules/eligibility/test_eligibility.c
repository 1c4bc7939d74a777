/* Each rule of docs/format/answer.md as rows. */
#include "lib/unit.h"
#include "rules/eligibility/eligibility.h"

enum { SOCIETY = 6139448, ELDERLY = 39131156, AID = 12131116 };

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static struct coverage period(const char *start, const char *lost) {
    struct coverage c = coverage_empty();
    c.class = CLASS_GENERAL, c.sex = 1, c.name = S("見本　太郎"), c.start = day(start), c.lost = day(lost);
    return c;
}

/* A member of one insurer with up to three periods, newest first, and a question about it. */
struct one {
    struct coverage periods[3];
    struct coverage_span spans[3];
    struct member member;
    struct eligibility_facts facts;
    struct question question;
};

static void one(struct one *o, uint32_t insurer, const char *birth, const char *on) {
    *o = (struct one){.periods = {period("2000-01-01", NULL)}};
    o->member = (struct member){.insurer = {insurer}, .id = {S(""), S("1"), BRANCH_NONE}, .birth = day(birth)};
    o->member.periods = o->periods, o->member.period_count = 1;
    o->facts = (struct eligibility_facts){.members = &o->member, .member_count = 1, .linked = o->spans};
    o->question = (struct question){.insurer = {insurer}, .id = o->member.id, .birth = o->member.birth, .on = day(on)};
}

static struct verdict decide(struct one *o) { return eligibility_decide(&o->question, &o->facts); }

static const char *warnings(const struct verdict *v) {
    static char room[256];
    struct buf b = buf_over(room, sizeof room - 1);
    for (enum warning w = 0; w < WARNING_COUNT; w++) {
        if (!verdict_warns(v, w)) continue;
        if (b.n) buf_putc(&b, ' ');
        buf_puts(&b, warning_info(w)->code);
    }
    room[b.n] = 0;
    return room;
}

/* ---- 1. who is meant ---- */

static void a_branch_narrows_when_both_have_one(void **state) {
    (void)state;
    static const struct {
        const char *what;
        int asked, members[3]; /* branches; -2: no more members */
        int meant;             /* index, or -1 */
        enum validity validity;
    } rows[] = {
        {"no member", BRANCH_NONE, {-2, -2, -2}, -1, VALIDITY_NONE},
        {"one without, asked without", BRANCH_NONE, {-1, -2, -2}, 0, VALID},
        {"one without, asked with", 1, {-1, -2, -2}, 0, VALID},
        {"one with, asked without", BRANCH_NONE, {1, -2, -2}, 0, VALID},
        {"one with, asked the same", 1, {1, -2, -2}, 0, VALID},
        {"one with, asked another", 2, {1, -2, -2}, -1, VALIDITY_NONE},
        {"branch 00 is a branch", 0, {1, -2, -2}, -1, VALIDITY_NONE},
        {"two with, asked without", BRANCH_NONE, {1, 2, -2}, -1, VALIDITY_SEVERAL},
        {"two with, asked one of them", 2, {1, 2, -2}, 1, VALID},
        {"two with, asked a third", 3, {1, 2, -2}, -1, VALIDITY_NONE},
        {"exact wins over one without", 2, {-1, 2, -2}, 1, VALID},
        {"one without is left when the exact is another's", 3, {-1, 2, -2}, 0, VALID},
        {"with and without, asked without", BRANCH_NONE, {-1, 2, -2}, -1, VALIDITY_SEVERAL},
        {"three, asked the last", 99, {1, 2, 99}, 2, VALID},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct coverage c = period("2000-01-01", NULL);
        struct member members[3];
        struct eligibility_facts facts = {.members = members};
        for (size_t i = 0; i < 3 && rows[r].members[i] != -2; i++)
            members[facts.member_count++] = (struct member){.insurer = {SOCIETY},
                                                            .id = {S(""), S("1"), rows[r].members[i]},
                                                            .birth = day("1985-04-01"),
                                                            .periods = &c,
                                                            .period_count = 1};
        struct question q = {.insurer = {SOCIETY},
                             .id = {S(""), S("1"), rows[r].asked},
                             .birth = day("1985-04-01"),
                             .on = day("2026-06-01")};
        struct verdict v = eligibility_decide(&q, &facts);
        row_check(v.validity == rows[r].validity, rows[r].what);
        row_check(v.member == (rows[r].meant < 0 ? NULL : &members[rows[r].meant]), rows[r].what);
        bool nobody = v.member == NULL;
        row_check(!nobody || (v.coverage == NULL && v.ratio == RATIO_NONE && !v.newer && v.warnings == 0),
                  rows[r].what);
    }
}

/* ---- 2, 3. which period, covered or not ---- */

static void the_period_shown_and_what_it_is_worth(void **state) {
    (void)state;
    static const struct {
        const char *what, *periods[3][2], *on;
        enum validity validity;
        int shown;
        const char *warnings;
    } rows[] = {
        {"the day before the first", {{"2020-04-01", NULL}}, "2020-03-31", VALIDITY_NOT, 0, ""},
        {"the first day", {{"2020-04-01", NULL}}, "2020-04-01", VALID, 0, ""},
        {"the last day", {{"2020-04-01", "2026-06-02"}}, "2026-06-01", VALID, 0, "lapses-soon"},
        {"the day of loss", {{"2020-04-01", "2026-06-01"}}, "2026-06-01", VALIDITY_NOT, 0, ""},
        {"long lost", {{"2020-04-01", "2021-04-01"}}, "2026-06-01", VALIDITY_NOT, 0, ""},
        {"lost, and a new one runs", {{"2025-04-01", NULL}, {"2020-04-01", "2025-04-01"}}, "2026-06-01", VALID, 0, ""},
        {"in the old one", {{"2025-04-01", NULL}, {"2020-04-01", "2024-04-01"}}, "2022-06-01", VALID, 1, ""},
        {"in the gap",
         {{"2025-04-01", NULL}, {"2020-04-01", "2024-04-01"}},
         "2024-04-01",
         VALIDITY_NEWER,
         1,
         "newer-coverage"},
        {"before both: nothing has ended",
         {{"2025-04-01", NULL}, {"2020-04-01", "2024-04-01"}},
         "2019-04-01",
         VALIDITY_NOT,
         1,
         ""},
        {"after both", {{"2025-04-01", "2026-01-01"}, {"2020-04-01", "2024-04-01"}}, "2026-06-01", VALIDITY_NOT, 0, ""},
        {"the later of two gaps",
         {{"2026-01-01", NULL}, {"2023-01-01", "2025-01-01"}, {"2020-01-01", "2022-01-01"}},
         "2025-06-01",
         VALIDITY_NEWER,
         1,
         "newer-coverage"},
        {"seamless, on the seam", {{"2024-04-01", NULL}, {"2020-04-01", "2024-04-01"}}, "2024-04-01", VALID, 0, ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        one(&o, SOCIETY, "1985-04-02", rows[r].on);
        o.member.period_count = 0;
        for (size_t i = 0; i < 3 && rows[r].periods[i][0]; i++)
            o.periods[o.member.period_count++] = period(rows[r].periods[i][0], rows[r].periods[i][1]);
        struct verdict v = decide(&o);
        row_check(v.validity == rows[r].validity, rows[r].what);
        row_check(v.coverage == &o.periods[rows[r].shown], rows[r].what);
        row_check(v.newer == (v.validity == VALIDITY_NEWER), rows[r].what);
        row_check((v.ratio != RATIO_NONE) == (v.validity == VALID), rows[r].what);
        row_check(strcmp(warnings(&v), rows[r].warnings) == 0, rows[r].what);
    }
}

static void a_confirmed_link_shows_newer_coverage_and_overlap(void **state) {
    (void)state;
    static const struct {
        const char *what, *lost, *link_start, *link_lost;
        uint32_t link_insurer;
        enum validity validity;
        const char *warnings;
    } rows[] = {
        {"lost here, begun there", "2026-04-01", "2026-04-01", NULL, ELDERLY, VALIDITY_NEWER, "newer-coverage"},
        {"lost here, will begin there", "2026-04-01", "2026-07-01", NULL, ELDERLY, VALIDITY_NEWER, "newer-coverage"},
        {"lost here, ended there too", "2026-04-01", "2026-04-01", "2026-05-01", ELDERLY, VALIDITY_NEWER,
         "newer-coverage"},
        {"lost here, there it began earlier", "2026-04-01", "1999-04-01", NULL, ELDERLY, VALIDITY_NOT, ""},
        {"there it began the same day", "2026-04-01", "2000-01-01", NULL, ELDERLY, VALIDITY_NOT, ""},
        {"again with this insurer, under a new number", "2026-04-01", "2026-05-01", NULL, SOCIETY, VALIDITY_NEWER,
         "newer-coverage"},
        {"both run", NULL, "2026-05-01", NULL, ELDERLY, VALID, "overlap"},
        {"both run, under two numbers of one insurer", NULL, "2026-05-01", NULL, SOCIETY, VALID, ""},
        {"there it ended that day", NULL, "2020-05-01", "2026-06-01", ELDERLY, VALID, ""},
        {"there its last day", NULL, "2020-05-01", "2026-06-02", ELDERLY, VALID, "overlap"},
        {"there it begins the next day", NULL, "2026-06-02", NULL, ELDERLY, VALID, ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        one(&o, SOCIETY, "1985-04-02", "2026-06-01");
        o.periods[0].lost = day(rows[r].lost);
        o.spans[0] = (struct coverage_span){{rows[r].link_insurer}, day(rows[r].link_start), day(rows[r].link_lost)};
        o.facts.linked_count = 1;
        struct verdict v = decide(&o);
        row_check(v.validity == rows[r].validity, rows[r].what);
        row_check(strcmp(warnings(&v), rows[r].warnings) == 0, rows[r].what);
    }
}

static void medical_aid_needs_a_ticket_of_the_month(void **state) {
    (void)state;
    static const struct {
        const char *what;
        uint32_t month;
        const char *from, *until;
        enum validity validity;
    } rows[] = {
        {"none", 0, NULL, NULL, VALIDITY_NO_TICKET},
        {"of the month", 202606, NULL, NULL, VALID},
        {"of the month before", 202605, NULL, NULL, VALIDITY_NO_TICKET},
        {"of the same month a year before", 202506, NULL, NULL, VALIDITY_NO_TICKET},
        {"with days around", 202606, "2026-06-01", "2026-06-30", VALID},
        {"from the day", 202606, "2026-06-15", NULL, VALID},
        {"to the day", 202606, "2026-06-01", "2026-06-15", VALID},
        {"begins later", 202606, "2026-06-16", "2026-06-30", VALIDITY_NO_TICKET},
        {"has ended", 202606, "2026-06-01", "2026-06-14", VALIDITY_NO_TICKET},
        {"has ended, without a first day", 202606, NULL, "2026-06-14", VALIDITY_NO_TICKET},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        struct medical_ticket t = {.type = 1,
                                   .month = rows[r].month,
                                   .from = day(rows[r].from),
                                   .until = day(rows[r].until),
                                   .institution = {1311234567}};
        struct elderly_certificate e = {DAY_NONE, day("2026-01-01"), day("2026-12-31"), 20};
        one(&o, AID, "1985-04-02", "2026-06-15");
        o.periods[0].class = CLASS_MEDICAL_AID;
        o.periods[0].tickets = &t, o.periods[0].ticket_count = rows[r].month != 0;
        o.periods[0].elderly = &e, o.periods[0].elderly_count = 1;
        o.question.institution.n = 2714206386; /* who asks does not matter */
        struct verdict v = decide(&o);
        row_check(v.validity == rows[r].validity, rows[r].what);
        row_check(v.ratio == 0, rows[r].what);
        row_check(v.ticket_count == (v.validity == VALID), rows[r].what);
        row_check((v.elderly != NULL) == (v.validity == VALID), rows[r].what);
        row_check(strcmp(warnings(&v), v.validity == VALID ? "" : "ticket-missing") == 0, rows[r].what);
    }
}

/* ---- 4. the share ---- */

static void the_first_case_that_applies_gives_the_share(void **state) {
    (void)state;
    static const struct {
        const char *what;
        uint32_t insurer;
        const char *birth;
        uint8_t class, registered, elderly; /* elderly: percent of a certificate in force; 0: none */
        uint8_t share;
        const char *warnings;
    } rows[] = {
        {"b special expense", SOCIETY, "1985-04-02", CLASS_SPECIAL_EXPENSE, RATIO_NONE, 0, 100, "special-expense"},
        {"b before d", SOCIETY, "1953-04-02", CLASS_SPECIAL_EXPENSE, RATIO_NONE, 20, 100, "special-expense"},
        {"b before f", SOCIETY, "2022-04-02", CLASS_SPECIAL_EXPENSE, 30, 0, 100, "special-expense"},
        {"c 10", ELDERLY, "1945-04-02", CLASS_GENERAL, 10, 0, 10, ""},
        {"c 20", ELDERLY, "1945-04-02", CLASS_GENERAL, 20, 0, 20, ""},
        {"c 30", ELDERLY, "1945-04-02", CLASS_GENERAL, 30, 0, 30, ""},
        {"c disabled from 65", ELDERLY, "1959-04-02", CLASS_GENERAL, 10, 0, 10, ""},
        {"c before d", ELDERLY, "1953-04-02", CLASS_GENERAL, 10, 30, 10, ""},
        {"d 20", SOCIETY, "1953-04-02", CLASS_GENERAL, RATIO_NONE, 20, 20, ""},
        {"d 30", SOCIETY, "1953-04-02", CLASS_GENERAL, 10, 30, 30, ""},
        {"d whatever the age", SOCIETY, "1985-04-02", CLASS_GENERAL, RATIO_NONE, 20, 20, ""},
        {"e without anything", SOCIETY, "1953-04-02", CLASS_GENERAL, RATIO_NONE, 0, 20, "elderly-missing"},
        {"e as registered", SOCIETY, "1953-04-02", CLASS_GENERAL, 30, 0, 30, "elderly-missing"},
        {"f", SOCIETY, "2022-04-02", CLASS_GENERAL, RATIO_NONE, 0, 20, ""},
        {"f before g", SOCIETY, "2022-04-02", CLASS_GENERAL, 30, 0, 20, ""},
        {"g", SOCIETY, "1985-04-02", CLASS_GENERAL, RATIO_NONE, 0, 30, ""},
        {"g as registered", SOCIETY, "1985-04-02", CLASS_GENERAL, 10, 0, 10, ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        struct elderly_certificate e = {DAY_NONE, day("2026-01-01"), day("2026-12-31"), rows[r].elderly};
        one(&o, rows[r].insurer, rows[r].birth, "2026-06-01");
        o.periods[0].start = o.member.birth, o.periods[0].class = rows[r].class,
        o.periods[0].ratio = rows[r].registered;
        o.periods[0].elderly = &e, o.periods[0].elderly_count = rows[r].elderly != 0;
        struct verdict v = decide(&o);
        row_check(v.validity == VALID && v.ratio == rows[r].share, rows[r].what);
        row_check(strcmp(warnings(&v), rows[r].warnings) == 0, rows[r].what);
    }
}

/* ---- 5. warnings ---- */

static void warnings_come_on_their_days(void **state) {
    (void)state;
    static const struct {
        const char *what, *birth, *lost, *card_until, *on, *warnings;
    } rows[] = {
        {"31 days before the loss", "1985-04-02", "2026-07-02", NULL, "2026-06-01", "lapses-soon"},
        {"32 days before the loss", "1985-04-02", "2026-07-03", NULL, "2026-06-01", ""},
        {"the day before the loss", "1985-04-02", "2026-06-02", NULL, "2026-06-01", "lapses-soon"},
        {"the card ended the day before", "1985-04-02", NULL, "2026-05-31", "2026-06-01", "card-ended"},
        {"the card's last day", "1985-04-02", NULL, "2026-06-01", "2026-06-01", "card-ends-soon"},
        {"a day short of three months", "1985-04-02", NULL, "2026-08-31", "2026-06-01", "card-ends-soon"},
        {"three months", "1985-04-02", NULL, "2026-09-01", "2026-06-01", ""},
        {"three months from a 30th: February's last", "1985-04-02", NULL, "2027-02-27", "2026-11-30", "card-ends-soon"},
        {"three months from a 30th, reached", "1985-04-02", NULL, "2027-02-28", "2026-11-30", ""},
        {"75 tomorrow", "1951-06-02", NULL, NULL, "2026-06-01", "turns-75-soon elderly-missing"},
        {"75 in 31 days", "1951-07-02", NULL, NULL, "2026-06-01", "turns-75-soon elderly-missing"},
        {"75 in 32 days", "1951-07-03", NULL, NULL, "2026-06-01", "elderly-missing"},
        {"75 today", "1951-06-01", NULL, NULL, "2026-06-01", ""},
        {"all in order", "1951-06-15", "2026-06-10", "2026-05-31", "2026-06-01",
         "lapses-soon card-ended turns-75-soon elderly-missing"},
        {"not covered: none of them", "1951-06-15", "2026-06-01", "2026-05-31", "2026-06-01", ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        one(&o, SOCIETY, rows[r].birth, rows[r].on);
        o.periods[0].lost = day(rows[r].lost), o.periods[0].card_until = day(rows[r].card_until);
        struct verdict v = decide(&o);
        row_check(strcmp(warnings(&v), rows[r].warnings) == 0, rows[r].what);
    }
}

static void nobody_in_the_elderly_scheme_or_on_aid_is_told_of_75(void **state) {
    (void)state;
    struct one o;
    one(&o, ELDERLY, "1951-06-15", "2026-06-01");
    o.periods[0].ratio = 10;
    struct verdict v = decide(&o);
    assert_string_equal(warnings(&v), "");
    one(&o, AID, "1951-06-15", "2026-06-01");
    o.periods[0].class = CLASS_MEDICAL_AID;
    v = decide(&o);
    assert_string_equal(warnings(&v), "ticket-missing");
}

/* ---- 6. certificates ---- */

static void certificates_are_shown_on_their_days(void **state) {
    (void)state;
    static const struct {
        const char *on;
        bool elderly, disease;
    } rows[] = {{"2026-05-31", false, false},
                {"2026-06-01", true, true},
                {"2026-06-30", true, true},
                {"2026-07-01", false, false}};
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct one o;
        struct elderly_certificate e = {DAY_NONE, day("2026-06-01"), day("2026-06-30"), 20};
        struct disease_certificate x[2] = {{1, DAY_NONE, day("2026-06-01"), day("2026-06-30"), 10000},
                                           {2, DAY_NONE, day("2027-06-01"), DAY_NONE, 10000}};
        one(&o, SOCIETY, "1953-04-02", rows[r].on);
        o.periods[0].elderly = &e, o.periods[0].elderly_count = 1, o.periods[0].diseases = x,
        o.periods[0].disease_count = 2;
        struct verdict v = decide(&o);
        row_check((v.elderly == &e) == rows[r].elderly, rows[r].on);
        row_check(v.disease_count == rows[r].disease && (!v.disease_count || v.diseases[0] == &x[0]), rows[r].on);
    }
}

static void the_limit_certificate_needs_consent_and_the_latest_counts(void **state) {
    (void)state;
    struct one o;
    struct limit_certificate l[3] = {{1, "A01", DAY_NONE, day("2026-01-01"), DAY_NONE, DAY_NONE},
                                     {1, "A03", DAY_NONE, day("2026-05-01"), day("2026-06-30"), DAY_NONE},
                                     {1, "A04", DAY_NONE, day("2026-07-01"), DAY_NONE, DAY_NONE}};
    one(&o, SOCIETY, "1985-04-02", "2026-06-30");
    o.periods[0].limits = l, o.periods[0].limit_count = 3;
    struct verdict v = decide(&o);
    assert_null(v.limit);
    o.question.limit_consent = true;
    v = decide(&o);
    assert_ptr_equal(v.limit, &l[1]);
    o.question.on = day("2026-07-01");
    v = decide(&o);
    assert_ptr_equal(v.limit, &l[2]);
    o.question.on = day("2026-04-30");
    v = decide(&o);
    assert_ptr_equal(v.limit, &l[0]);
}

static void what_is_not_valid_shows_the_person_without_certificates(void **state) {
    (void)state;
    struct one o;
    struct elderly_certificate e = {DAY_NONE, day("2026-01-01"), day("2026-12-31"), 20};
    struct limit_certificate l = {1, "A01", DAY_NONE, day("2026-01-01"), DAY_NONE, DAY_NONE};
    struct disease_certificate x = {1, DAY_NONE, day("2026-01-01"), DAY_NONE, 10000};
    one(&o, SOCIETY, "1953-04-02", "2026-06-01");
    o.periods[0].lost = day("2026-05-01");
    o.periods[0].elderly = &e, o.periods[0].elderly_count = 1, o.periods[0].limits = &l, o.periods[0].limit_count = 1;
    o.periods[0].diseases = &x, o.periods[0].disease_count = 1;
    o.question.limit_consent = true;
    struct verdict v = decide(&o);
    assert_int_equal(v.validity, VALIDITY_NOT);
    assert_ptr_equal(v.member, &o.member);
    assert_ptr_equal(v.coverage, &o.periods[0]);
    assert_true(v.elderly == NULL && v.limit == NULL && v.disease_count == 0 && v.ratio == RATIO_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_branch_narrows_when_both_have_one),
        cmocka_unit_test(the_period_shown_and_what_it_is_worth),
        cmocka_unit_test(a_confirmed_link_shows_newer_coverage_and_overlap),
        cmocka_unit_test(medical_aid_needs_a_ticket_of_the_month),
        cmocka_unit_test(the_first_case_that_applies_gives_the_share),
        cmocka_unit_test(warnings_come_on_their_days),
        cmocka_unit_test(nobody_in_the_elderly_scheme_or_on_aid_is_told_of_75),
        cmocka_unit_test(certificates_are_shown_on_their_days),
        cmocka_unit_test(the_limit_certificate_needs_consent_and_the_latest_counts),
        cmocka_unit_test(what_is_not_valid_shows_the_person_without_certificates),
    };
    return cmocka_run_group_tests_name("eligibility", tests, NULL, NULL);
}
