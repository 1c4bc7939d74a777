#include "lib/unit.h"
#include "rules/chart/differences.h"

static struct chart_entry entry(const char *symbol, const char *number, int branch, const char *name) {
    return (struct chart_entry){.id = {str_c(symbol), str_c(number), branch}, .name = str_c(name)};
}

static void each_field_is_compared_by_its_own_rule(void **state) {
    (void)state;
    static const struct {
        const char *why, *chart, *registered;
        enum difference_field field;
        enum difference_grade grade;
    } rows[] = {
        {"the same", "12-34", "12-34", CHART_SYMBOL, DIFFERENCE_NONE},
        {"full width", "１２－３４", "12-34", CHART_SYMBOL, DIFFERENCE_FORM},
        {"another symbol", "12-35", "12-34", CHART_SYMBOL, DIFFERENCE_OTHER},
        {"leading zeros", "004260", "4260", CHART_NUMBER, DIFFERENCE_FORM},
        {"another number", "4261", "4260", CHART_NUMBER, DIFFERENCE_OTHER},
        {"a name that is not asked for", "", "診療　太郎", CHART_NAME, DIFFERENCE_NONE},
        {"spaces alone", "診療 太郎", "診療　太郎", CHART_NAME, DIFFERENCE_NONE},
        {"a variant is not the same", "高橋 一", "髙橋　一", CHART_NAME, DIFFERENCE_OTHER},
        {"another ending", "診療 太郎一", "診療　太郎", CHART_NAME, DIFFERENCE_OTHER},
        {"a compatibility character is not the same (U+FA19)", "\xef\xa8\x99\u7530", "\u795e\u7530", CHART_NAME,
         DIFFERENCE_OTHER},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct chart_entry chart = entry("", "", BRANCH_NONE, ""), registered = chart;
        struct differences d;
        if (rows[i].field == CHART_SYMBOL)
            chart.id.symbol = str_c(rows[i].chart), registered.id.symbol = str_c(rows[i].registered);
        if (rows[i].field == CHART_NUMBER)
            chart.id.number = str_c(rows[i].chart), registered.id.number = str_c(rows[i].registered);
        if (rows[i].field == CHART_NAME) chart.name = str_c(rows[i].chart), registered.name = str_c(rows[i].registered);
        assert_int_equal(chart_compare(&chart, &registered, &d), ERR_OK);
        for (enum difference_field f = 0; f < CHART_FIELDS; f++)
            row_check(d.of[f] == (f == rows[i].field ? rows[i].grade : DIFFERENCE_NONE), rows[i].why);
    }
}

static void a_branch_that_the_chart_lacks_is_worth_writing_down(void **state) {
    (void)state;
    static const struct {
        int chart, registered;
        enum difference_grade grade;
    } rows[] = {{1, 1, DIFFERENCE_NONE},
                {BRANCH_NONE, BRANCH_NONE, DIFFERENCE_NONE},
                {BRANCH_NONE, 2, DIFFERENCE_UNKNOWN},
                {1, 2, DIFFERENCE_OTHER},
                {1, BRANCH_NONE, DIFFERENCE_NONE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct chart_entry chart = entry("1", "2", rows[i].chart, ""),
                           registered = entry("1", "2", rows[i].registered, "");
        struct differences d;
        assert_int_equal(chart_compare(&chart, &registered, &d), ERR_OK);
        assert_int_equal(d.of[CHART_BRANCH], rows[i].grade);
    }
}

static void a_name_in_use_is_no_other_name(void **state) {
    (void)state;
    struct chart_entry chart = entry("1", "2", 1, "木村　愛"), registered = entry("1", "2", 1, "ＫＩＭ　ＡＥ");
    struct differences d;
    registered.other_name = S("木村 愛");
    assert_int_equal(chart_compare(&chart, &registered, &d), ERR_OK);
    assert_int_equal(d.of[CHART_NAME], DIFFERENCE_FORM);
}

static void own_numbers_differ_only_when_both_are_known(void **state) {
    (void)state;
    static const struct {
        const char *chart, *registered;
        enum difference_grade grade;
    } rows[] = {{"", "7", DIFFERENCE_NONE},
                {"7", "", DIFFERENCE_NONE},
                {"7", "7", DIFFERENCE_NONE},
                {"7", "07", DIFFERENCE_OTHER}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct chart_entry chart = entry("1", "2", 1, ""), registered = chart;
        struct differences d;
        chart.own_number = str_c(rows[i].chart), registered.own_number = str_c(rows[i].registered);
        assert_int_equal(chart_compare(&chart, &registered, &d), ERR_OK);
        assert_int_equal(d.of[CHART_OWN_NUMBER], rows[i].grade);
    }
}

static void what_is_no_character_is_never_the_same_as_nothing(void **state) {
    (void)state;
    struct chart_entry chart = entry("1", "2", 1, "診\xff"), registered = entry("1", "2", 1, "診");
    struct differences d;
    assert_int_equal(chart_compare(&chart, &registered, &d), ERR_OK);
    assert_int_equal(d.of[CHART_NAME], DIFFERENCE_OTHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_is_compared_by_its_own_rule),
        cmocka_unit_test(a_branch_that_the_chart_lacks_is_worth_writing_down),
        cmocka_unit_test(a_name_in_use_is_no_other_name),
        cmocka_unit_test(own_numbers_differ_only_when_both_are_known),
        cmocka_unit_test(what_is_no_character_is_never_the_same_as_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
