/* Each row of finding.def: data that has it, and data as close as can be that has not. */
#include "base/buf.h"
#include "lib/unit.h"
#include "rules/plausibility/plausibility.h"

enum { SOCIETY = 6139448, KOKUHO = 130112, LATE = 39131156, AID = 12131116 };

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

struct heard {
    char text[1024];
    struct buf b;
};

static void hear(void *context, const struct finding *f) {
    struct heard *h = context;
    buf_printf(&h->b, "%s%s", h->b.n ? " " : "", finding_info(f->kind)->code);
    assert_non_null(f->member);
}

/* The codes found, with spaces between, in the order found. */
static const char *found_in(struct heard *h, const struct member *members, size_t count) {
    const struct finding_sink sink = {hear, h};
    h->b = buf_over(h->text, sizeof h->text - 1);
    plausibility_card(members, count, day("2026-06-01"), &sink);
    h->text[h->b.n] = 0;
    return h->text;
}

static struct coverage period(const char *start, const char *lost) {
    struct coverage c = coverage_empty();
    c.class = CLASS_GENERAL, c.sex = 1, c.relation = 1, c.name = S("見本　太郎"), c.kana = S("ミホン　タロウ");
    c.start = day(start), c.lost = day(lost);
    return c;
}

static struct member member(uint32_t insurer, const char *birth, const struct coverage *periods, size_t count) {
    return (struct member){.insurer = {insurer},
                           .id = {S("1"), S("2"), BRANCH_NONE},
                           .birth = day(birth),
                           .periods = periods,
                           .period_count = count};
}

static void shares_against_age_scheme_and_income(void **state) {
    (void)state;
    static const struct {
        const char *what, *birth;
        uint32_t insurer;
        int class, ratio;     /* of the period; ratio -1: none */
        int elderly;          /* percent of a certificate in force; 0: none */
        const char *category; /* of a limit in force; NULL: none */
        const char *found;
    } rows[] = {
        {"someone of forty", "1986-01-01", SOCIETY, 1, -1, 0, NULL, ""},
        {"17 years old and billed in full", "2008-08-14", KOKUHO, 5, -1, 0, NULL, "child-full-share"},
        {"18 on the last day of a school year", "2008-04-01", KOKUHO, 5, -1, 0, NULL, ""},
        {"18, the school year not over", "2008-04-02", KOKUHO, 5, -1, 0, NULL, "child-full-share"},
        {"a grown-up of 国保", "1986-01-01", KOKUHO, 5, -1, 0, NULL, ""},
        {"a grown-up of 後期", "1940-01-01", LATE, 5, 10, 0, NULL, ""},
        {"a grown-up of a society", "1986-01-01", SOCIETY, 5, -1, 0, NULL, "scheme-full-share"},
        {"the day before 75", "1951-06-02", SOCIETY, 1, -1, 20, NULL, ""},
        {"75 today", "1951-06-01", SOCIETY, 1, -1, 0, NULL, "past-75"},
        {"75 and nothing else is said", "1951-06-01", SOCIETY, 1, -1, 20, "A03", "past-75"},
        {"75 and medical aid", "1951-06-01", AID, CLASS_MEDICAL_AID, 0, 0, NULL, ""},
        {"70 without a certificate", "1955-01-01", SOCIETY, 1, -1, 0, NULL, "elderly-missing"},
        {"70 with one", "1955-01-01", SOCIETY, 1, -1, 20, NULL, ""},
        {"70 this month, not yet", "1956-06-02", SOCIETY, 1, -1, 0, NULL, ""},
        {"69 with one", "1957-01-01", SOCIETY, 1, -1, 20, NULL, "elderly-against-age"},
        {"70 and 10 %", "1955-01-01", SOCIETY, 1, -1, 10, NULL, "elderly-ten-percent"},
        {"70, 30 % and general", "1955-01-01", SOCIETY, 1, -1, 30, "B04", "share-against-category"},
        {"70, 30 % and active", "1955-01-01", SOCIETY, 1, -1, 30, "B02", ""},
        {"70, 20 % and active", "1955-01-01", SOCIETY, 1, -1, 20, "B01", "share-against-category"},
        {"70, 20 % and low income", "1955-01-01", SOCIETY, 1, -1, 20, "B06", ""},
        {"70 with a category of those under", "1955-01-01", SOCIETY, 1, -1, 20, "A03", "category-against-age"},
        {"70 with a category of 後期", "1955-01-01", SOCIETY, 1, -1, 20, "B10", "category-against-age"},
        {"69 with a category of those above", "1957-01-01", SOCIETY, 1, -1, 0, "B04", "category-against-age"},
        {"69 with one of those under", "1957-01-01", SOCIETY, 1, -1, 0, "A06", ""},
        {"後期, 10 % and general I", "1940-01-01", LATE, 1, 10, 0, "B10", ""},
        {"後期, 10 % and general II", "1940-01-01", LATE, 1, 10, 0, "B09", "share-against-category"},
        {"後期, 20 % and general II", "1940-01-01", LATE, 1, 20, 0, "B09", ""},
        {"後期, 20 % and low income", "1940-01-01", LATE, 1, 20, 0, "B05", "share-against-category"},
        {"後期, 20 % and general, when there was one", "1940-01-01", LATE, 1, 20, 0, "B04", ""},
        {"後期, 30 % and active", "1940-01-01", LATE, 1, 30, 0, "B03", ""},
        {"後期, 30 % and general I", "1940-01-01", LATE, 1, 30, 0, "B10", "share-against-category"},
        {"後期 with a category of those under 70", "1940-01-01", LATE, 1, 10, 0, "A01", "category-against-age"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct heard h;
        struct coverage c = period("2016-06-01", NULL);
        struct elderly_certificate e = {.issued = DAY_NONE,
                                        .from = day("2025-08-01"),
                                        .until = day("2026-07-31"),
                                        .ratio = (uint8_t)rows[r].elderly};
        struct limit_certificate l = {
            .class = 1, .issued = DAY_NONE, .from = day("2026-01-01"), .until = DAY_NONE, .long_term = DAY_NONE};
        c.class = (uint8_t)rows[r].class;
        if (rows[r].ratio >= 0) c.ratio = (uint8_t)rows[r].ratio;
        if (rows[r].elderly) c.elderly = &e, c.elderly_count = 1;
        if (rows[r].category) memcpy(l.category, rows[r].category, sizeof l.category), c.limits = &l, c.limit_count = 1;
        struct member m = member(rows[r].insurer, rows[r].birth, &c, 1);
        const char *got = found_in(&h, &m, 1);
        if (strcmp(got, rows[r].found)) print_error("found: %s\n", got);
        row_check(strcmp(got, rows[r].found) == 0, rows[r].what);
    }
}

static void certificates_count_on_their_days_alone(void **state) {
    (void)state;
    struct heard h;
    struct coverage c = period("2016-06-01", NULL);
    struct elderly_certificate ended = {
        .issued = DAY_NONE, .from = day("2024-08-01"), .until = day("2026-05-31"), .ratio = 20};
    struct limit_certificate later = {
        .category = "A03", .issued = DAY_NONE, .from = day("2026-06-02"), .until = DAY_NONE, .long_term = DAY_NONE};
    struct member m = member(SOCIETY, "1955-01-01", &c, 1);
    c.elderly = &ended, c.elderly_count = 1, c.limits = &later, c.limit_count = 1;
    assert_string_equal(found_in(&h, &m, 1), "elderly-missing");
}

static void a_man_born_for_ten_percent_is_past_75_by_now(void **state) {
    (void)state;
    struct heard h;
    struct coverage c = period("2000-06-01", NULL);
    struct elderly_certificate e = {
        .issued = DAY_NONE, .from = day("2014-05-01"), .until = day("2018-07-31"), .ratio = 10};
    struct member m = member(SOCIETY, "1944-04-01", &c, 1);
    const struct finding_sink sink = {hear, &h};
    c.elderly = &e, c.elderly_count = 1;
    h.b = buf_over(h.text, sizeof h.text - 1);
    plausibility_card(&m, 1, day("2018-06-01"), &sink);
    assert_int_equal(h.b.n, 0);
    m.birth = day("1944-04-02");
    plausibility_card(&m, 1, day("2018-06-01"), &sink);
    assert_str(buf_str(&h.b), S("elderly-ten-percent"));
}

static void days_that_cannot_be(void **state) {
    (void)state;
    static const struct {
        const char *what, *birth;
        uint32_t insurer;
        const char *start, *lost;         /* of the newer period */
        const char *before, *before_lost; /* of the older one; NULL: none */
        int loss_reason;                  /* of the older one */
        const char *card_from, *card_until;
        const char *found;
    } rows[] = {
        {"後期 at 64", "1960-01-01", LATE, "2024-12-31", NULL, NULL, NULL, 0, NULL, NULL, "late-stage-too-young"},
        {"後期 at 65", "1960-01-01", LATE, "2025-01-01", NULL, NULL, NULL, 0, NULL, NULL, ""},
        {"114 years", "1911-06-02", LATE, "2008-04-01", NULL, NULL, NULL, 0, NULL, NULL, ""},
        {"115 years", "1911-06-01", LATE, "2008-04-01", NULL, NULL, NULL, 0, NULL, NULL, "very-old"},
        {"after a death", "1986-01-01", KOKUHO, "2025-04-01", NULL, "2015-01-01", "2025-04-01", 1, NULL, NULL,
         "after-death"},
        {"after another loss, at once", "1986-01-01", KOKUHO, "2025-04-01", NULL, "2015-01-01", "2025-04-01", 3, NULL,
         NULL, ""},
        {"a gap of a day", "1986-01-01", KOKUHO, "2025-04-02", NULL, "2015-01-01", "2025-04-01", 3, NULL, NULL,
         "short-gap"},
        {"a gap of 31 days", "1986-01-01", KOKUHO, "2025-05-02", NULL, "2015-01-01", "2025-04-01", 3, NULL, NULL,
         "short-gap"},
        {"a gap of 32 days", "1986-01-01", KOKUHO, "2025-05-03", NULL, "2015-01-01", "2025-04-01", 3, NULL, NULL, ""},
        {"begins in a year and a day", "1986-01-01", KOKUHO, "2027-06-03", NULL, NULL, NULL, 0, NULL, NULL,
         "begins-far-ahead"},
        {"begins in a year", "1986-01-01", KOKUHO, "2027-06-02", NULL, NULL, NULL, 0, NULL, NULL, ""},
        {"ends in five years and a day", "1986-01-01", KOKUHO, "2020-01-01", "2031-06-02", NULL, NULL, 0, NULL, NULL,
         "ends-far-ahead"},
        {"ends in five years", "1986-01-01", KOKUHO, "2020-01-01", "2031-06-01", NULL, NULL, 0, NULL, NULL, ""},
        {"a certificate of five years", "1986-01-01", KOKUHO, "2020-01-01", NULL, NULL, NULL, 0, "2025-08-01",
         "2030-07-31", ""},
        {"a certificate of five years and a day", "1986-01-01", KOKUHO, "2020-01-01", NULL, NULL, NULL, 0, "2025-08-01",
         "2030-08-01", "card-too-long"},
        {"an old card of ten years", "1986-01-01", KOKUHO, "2020-01-01", NULL, NULL, NULL, 0, "2024-12-01",
         "2034-11-30", ""},
        {"what is over is left alone", "1960-01-01", LATE, "2020-01-01", "2026-06-01", NULL, NULL, 0, NULL, NULL, ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct heard h;
        struct coverage p[2] = {period(rows[r].start, rows[r].lost), period(rows[r].before, rows[r].before_lost)};
        if (rows[r].insurer == LATE) p[0].ratio = 10;
        p[0].card_from = day(rows[r].card_from), p[0].card_until = day(rows[r].card_until);
        p[1].loss_reason = (uint8_t)rows[r].loss_reason;
        struct member m = member(rows[r].insurer, rows[r].birth, p, rows[r].before ? 2 : 1);
        const char *got = found_in(&h, &m, 1);
        if (strcmp(got, rows[r].found)) print_error("found: %s\n", got);
        row_check(strcmp(got, rows[r].found) == 0, rows[r].what);
    }
}

static void names_that_lost_something(void **state) {
    (void)state;
    static const struct {
        const char *name, *kana, *other, *found;
    } rows[] = {
        {"髙﨑　𠮷郎", "タカサキ　ヨシロウ", "", ""},
        {"●崎　太郎", "タカサキ　タロウ", "", "name-lost-character"},
        {"山〓　太郎", "ヤマ　タロウ", "", "name-lost-character"},
        {"山?　太郎", "ヤマ　タロウ", "", "name-lost-character"},
        {"山田　太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "通称□", "name-lost-character"},
        {"山田　太郎", "山田　太郎", "", "kana-not-kana"},
        {"山田　太郎", "ヤマダ　１", "", "kana-not-kana"},
        {"GARCIA MARIA", "GARCIA MARIA", "", ""},
        {"山田　太郎", "", "", ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct heard h;
        struct coverage c = period("2020-01-01", NULL);
        c.name = str_c(rows[r].name), c.kana = str_c(rows[r].kana), c.other_name = str_c(rows[r].other);
        struct member m = member(KOKUHO, "1986-01-01", &c, 1);
        row_check(strcmp(found_in(&h, &m, 1), rows[r].found) == 0, rows[r].name);
    }
}

/* A family as letters: I insured, F family, i and f the same but no longer covered; all with names of their own. */
static const char *family(struct heard *h, const char *letters, uint32_t insurer, const char *first_birth) {
    static const char *const names[] = {"一", "二", "三", "四", "五", "六", "七",
                                        "八", "九", "十", "百", "千", "万", "億"};
    struct coverage c[ARRAY_LEN(names)];
    struct member m[ARRAY_LEN(names)];
    size_t n = strlen(letters);
    for (size_t i = 0; i < n; i++) {
        bool covered = letters[i] == 'I' || letters[i] == 'F';
        c[i] = period("2020-01-01", covered ? NULL : "2026-06-01");
        c[i].relation = letters[i] == 'I' || letters[i] == 'i' ? 1 : 2, c[i].name = str_c(names[i]);
        m[i] = member(insurer, i ? "1986-01-01" : first_birth, &c[i], 1);
    }
    return found_in(h, m, n);
}

static void families_without_an_insured_person(void **state) {
    (void)state;
    static const struct {
        const char *letters;
        uint32_t insurer;
        const char *first_birth, *found;
    } rows[] = {
        {"I", SOCIETY, "1986-01-01", ""},
        {"IFFF", SOCIETY, "1986-01-01", ""},
        {"iFF", SOCIETY, "1986-01-01", "dependants-alone"},
        {"F", SOCIETY, "1986-01-01", "dependants-alone"},
        {"iff", SOCIETY, "1986-01-01", ""},
        {"IIF", SOCIETY, "1986-01-01", "two-insured"},
        {"IiF", SOCIETY, "1986-01-01", ""},
        {"iFF", KOKUHO, "1986-01-01", ""},
        {"II", KOKUHO, "1986-01-01", ""},
        {"I", SOCIETY, "2011-06-02", "insured-child"},
        {"I", SOCIETY, "2011-06-01", ""},
        {"IFFFFFFFFFFFF", SOCIETY, "1986-01-01", ""},
        {"IFFFFFFFFFFFFF", SOCIETY, "1986-01-01", "many-dependants"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct heard h;
        row_check(strcmp(family(&h, rows[r].letters, rows[r].insurer, rows[r].first_birth), rows[r].found) == 0,
                  rows[r].letters);
    }
}

static void one_person_registered_twice(void **state) {
    (void)state;
    static const struct {
        const char *name, *birth, *lost, *found;
    } rows[] = {
        {"見本　太郎", "1986-01-01", NULL, "same-person-twice"},
        {"見本　次郎", "1986-01-01", NULL, ""}, /* twins have names of their own */
        {"見本　太郎", "1986-01-02", NULL, ""},
        {"見本　太郎", "1986-01-01", "2026-06-01", ""},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct heard h;
        struct coverage a = period("2020-01-01", NULL), b = period("2020-01-01", rows[r].lost);
        struct member m[] = {member(KOKUHO, "1986-01-01", &a, 1), member(KOKUHO, rows[r].birth, &b, 1)};
        b.name = str_c(rows[r].name);
        row_check(strcmp(found_in(&h, m, 2), rows[r].found) == 0, rows[r].name);
    }
}

static void every_row_says_what_to_do_in_both_languages(void **state) {
    (void)state;
    for (unsigned k = 0; k < FINDING_COUNT; k++) {
        const struct finding_info *i = finding_info(k);
        row_check(i->ja[0] && i->en[0] && i->todo_ja[0] && i->todo_en[0], i->code);
        row_check(k == 0 || finding_info(k - 1)->level <= i->level, i->code); /* what is certain stands first */
        for (unsigned o = 0; o < k; o++) row_check(strcmp(finding_info(o)->code, i->code) != 0, i->code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_against_age_scheme_and_income),
        cmocka_unit_test(certificates_count_on_their_days_alone),
        cmocka_unit_test(a_man_born_for_ten_percent_is_past_75_by_now),
        cmocka_unit_test(days_that_cannot_be),
        cmocka_unit_test(names_that_lost_something),
        cmocka_unit_test(families_without_an_insured_person),
        cmocka_unit_test(one_person_registered_twice),
        cmocka_unit_test(every_row_says_what_to_do_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
