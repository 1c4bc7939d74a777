#include "lib/unit.h"
#include "service/people/slips.h"

typedef bool slip_fn(struct str s, struct buf *out);

static void each_slip_changes_what_it_says_and_nothing_else(void **state) {
    static const struct {
        slip_fn *slip;
        const char *text, *want; /* the same: nothing to change */
    } rows[] = {
        {slip_common, "髙橋　凜", "高橋　凛"},
        {slip_common, "渡邉󠄂　實", "渡辺　実"},
        {slip_common, "𠮷田　𣘺", "吉田　橋"},
        {slip_common, "葛󠄀城　優", "葛城　優"}, /* a selector alone */
        {slip_common, "高橋　凛", "高橋　凛"},
        {slip_common, "", ""},
        {slip_older, "高橋　真澄", "髙橋　真澄"}, /* the first only */
        {slip_older, "佐藤　真澄", "佐藤　眞澄"},
        {slip_older, "浜田　茂", "濵田　茂"}, /* the first row that has it */
        {slip_older, "佐藤　茂", "佐藤　茂"},
        {slip_lost, "髙田　𠮷男", "●田　●男"},
        {slip_lost, "渡邉󠄂　茂", "渡●　茂"},
        {slip_lost, "渡邉　茂", "渡邉　茂"}, /* stands in JIS X 0208 */
        {slip_no_space, "佐藤　茂", "佐藤茂"},
        {slip_no_space, "TRAN VAN", "TRAN VAN"},
        {slip_large, "ﾊｯﾄﾘ ｼｮｳ", "ﾊﾂﾄﾘ ｼﾖｳ"},
        {slip_large, "ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ"},
        {slip_large, "ｻﾄｳ ｼｹﾞﾙ", "ｻﾄｳ ｼｹﾞﾙ"},
        {slip_unvoiced, "ﾔﾏｻﾞｷ ﾊﾟﾊﾟ", "ﾔﾏｻｷ ﾊﾟﾊﾟ"},
        {slip_unvoiced, "ﾊﾟﾝ", "ﾊﾝ"},
        {slip_unvoiced, "ｻﾄｳ", "ｻﾄｳ"},
        {slip_zu, "ｼﾐｽﾞ ｶﾂﾞ", "ｼﾐﾂﾞ ｶﾂﾞ"},
        {slip_zu, "ﾃﾂﾞｶ", "ﾃｽﾞｶ"},
        {slip_zu, "ﾂｽ", "ﾂｽ"},
        {slip_alike, "ｿﾉﾀﾞ", "ﾝﾉﾀﾞ"},
        {slip_alike, "ｼﾞﾝ", "ｼﾞｿ"}, /* a voiced letter is not mistaken */
        {slip_alike, "ﾏﾂｼﾀ", "ﾏｼｼﾀ"},
        {slip_alike, "ｱｲ", "ｱｲ"},
        {slip_full_width, "ﾜﾀﾅﾍﾞ ｼｮｳ", "ワタナベ　ショウ"},
        {slip_full_width, "ｳﾞｧﾝ ﾊﾟｰ", "ヴァン　パー"},
        {slip_full_width, "ｦﾝｶﾞﾎﾟ", "ヲンガポ"},
        {slip_full_width, "A B", "A　B"}, /* not said to be changed: no letter was */
        {slip_ga, "桜ヶ丘", "桜ケ丘"},
        {slip_ga, "桜ケ丘", "桜が丘"},
        {slip_ga, "緑が丘", "緑ヶ丘"},
        {slip_ga, "つがる", "つがる"},
        {slip_ga, "桜ヶ", "桜ヶ"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char room[128];
        struct buf out = buf_over(room, sizeof room);
        bool changed = rows[i].slip(str_c(rows[i].text), &out);
        assert_str(buf_str(&out), str_c(rows[i].want));
        bool same = strcmp(rows[i].text, rows[i].want) == 0 || strcmp(rows[i].text, "A B") == 0;
        row_check(changed == !same, rows[i].text);
    }
}

static void a_swapped_era_keeps_its_year_and_must_exist(void **state) {
    static const struct {
        const char *birth;
        bool later;
        const char *want; /* NULL: there is no such day */
    } rows[] = {
        {"1930-04-01", true, "1993-04-01"},  /* 昭和5年 → 平成5年 */
        {"1993-04-01", false, "1930-04-01"}, /* 平成5年 → 昭和5年 */
        {"1988-04-01", true, NULL},          /* 平成63年 */
        {"2020-05-05", false, "1990-05-05"}, /* 令和2年 → 平成2年 */
        {"2019-04-30", true, "2049-04-30"},  /* 平成31年 → 令和31年; whoever asks knows what day it is */
        {"1939-03-03", false, "1925-03-03"}, /* 昭和14年 → 大正14年 */
        {"1940-03-03", false, "1926-03-03"}, /* 大正15年 */
        {"1940-12-26", false, NULL},         /* 大正15年 ended on 24 December */
        {"1989-01-07", false, NULL},         /* 大正64年 */
        {"1914-02-28", false, "1870-02-28"}, /* 大正3年 → 明治3年 */
        {"1912-07-29", true, NULL},          /* 大正45年 */
        {"1907-01-01", false, NULL},         /* before 明治 */
        {"2019-05-01", true, NULL},          /* after 令和 */
        {"1926-12-25", true, "1989-12-25"},  /* 昭和元年 → 平成元年 */
        {"1926-12-25", false, "1912-12-25"}, /* 昭和元年 → 大正元年 */
        {"1936-02-29", true, NULL},          /* 平成11年 had no 29 February */
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct day birth, want, got = DAY_NONE;
        assert_true(day_parse(str_c(rows[i].birth), &birth));
        row_check(slip_era(birth, rows[i].later, &got) == (rows[i].want != NULL), rows[i].birth);
        if (rows[i].want) row_check(day_parse(str_c(rows[i].want), &want) && day_eq(got, want), rows[i].birth);
        else row_check(!day_is(got), rows[i].birth);
    }
}

static void day_and_month_are_exchanged_where_the_calendar_has_the_day(void **state) {
    static const struct {
        const char *birth, *want;
    } rows[] = {
        {"1985-04-01", "1985-01-04"}, {"1985-01-04", "1985-04-01"}, {"1985-12-11", "1985-11-12"},
        {"1985-04-13", NULL},         {"1985-05-05", NULL},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct day birth, want, got = DAY_NONE;
        assert_true(day_parse(str_c(rows[i].birth), &birth));
        row_check(slip_month_day(birth, &got) == (rows[i].want != NULL), rows[i].birth);
        if (rows[i].want) row_check(day_parse(str_c(rows[i].want), &want) && day_eq(got, want), rows[i].birth);
        else row_check(!day_is(got), rows[i].birth);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_slip_changes_what_it_says_and_nothing_else),
        cmocka_unit_test(a_swapped_era_keeps_its_year_and_must_exist),
        cmocka_unit_test(day_and_month_are_exchanged_where_the_calendar_has_the_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
