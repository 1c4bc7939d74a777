#include "rules/eligibility/paper_standing.h"

#include "lib/unit.h"

struct row {
    const char *why, *on;
    bool voided;
    enum paper_standing want;
};
static const struct row rows[] = {
    {"the eve", "2026-11-24", false, PAPER_NOT_YET},
    {"the first day", "2026-11-25", false, PAPER_VALID},
    {"the last day", "2031-11-24", false, PAPER_VALID},
    {"the day after", "2031-11-25", false, PAPER_EXPIRED},
    {"void while valid", "2027-01-01", true, PAPER_VOIDED},
    {"void and expired", "2031-11-25", true, PAPER_VOIDED},
    {"void before it begins", "2026-11-24", true, PAPER_VOIDED},
};

static struct day on_day(const char *text) {
    struct day d;
    assert_true(day_parse(str_c(text), &d));
    return d;
}

static void both_days_count_and_void_holds_on_all(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(paper_standing_decide(on_day("2026-11-25"), on_day("2031-11-24"), rows[i].voided,
                                        on_day(rows[i].on)) == rows[i].want,
                  rows[i].why);
}

static void each_has_words_in_both_languages(void **state) {
    (void)state;
    for (enum paper_standing s = 0; s < PAPER_STANDING_COUNT; s++) {
        const struct paper_standing_info *i = paper_standing_info(s);
        assert_true(i->word[0] && i->ja[0] && i->en[0]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_days_count_and_void_holds_on_all),
        cmocka_unit_test(each_has_words_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
