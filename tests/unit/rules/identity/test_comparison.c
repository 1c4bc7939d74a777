/* Each kind of difference as a row: two ways of writing, the level, and a reason that must be among the findings. */
#include "lib/hostile.h"
#include "lib/unit.h"
#include "rules/identity/comparison.h"

typedef enum err compare(struct str a, struct str b, struct comparison *out, struct diag *d);

struct row {
    const char *a, *b;
    enum level level;
    enum reason reason;
};

static struct comparison compared(compare *run, const char *a, const char *b) {
    struct comparison c;
    struct diag d = {0};
    if (run(str_c(a), str_c(b), &c, &d) != ERR_OK) fail_msg("%s | %s is refused", a, b);
    return c;
}

/* Both ways round, and each side is the same as itself unless it cannot be compared at all. */
static void check_rows(compare *run, const struct row *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        struct comparison c = compared(run, rows[i].a, rows[i].b), back = compared(run, rows[i].b, rows[i].a);
        if (c.level != rows[i].level) print_error("level %s\n", level_info(c.level)->code);
        row_check(c.level == rows[i].level, rows[i].a);
        row_check(comparison_has(&c, rows[i].reason), rows[i].a);
        row_check(back.level == c.level && comparison_has(&back, rows[i].reason), rows[i].b);
        enum level itself = compared(run, rows[i].a, rows[i].a).level;
        row_check(itself == LEVEL_SAME || itself == LEVEL_UNKNOWN, rows[i].a);
    }
}

static void kanji_names_are_graded_and_variants_never_become_the_same(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"田中 太郎", "田中 太郎", LEVEL_SAME, REASON_ALL},
        {"田中 太郎", "田中　太郎", LEVEL_VARIANT, REASON_SPACING},
        {"田中太郎", "田中 太郎", LEVEL_VARIANT, REASON_SPACING},
        {"髙橋", "高橋", LEVEL_VARIANT, REASON_REGISTER},
        {"山﨑", "山崎", LEVEL_VARIANT, REASON_REGISTER},
        {"渡邊", "渡邉", LEVEL_VARIANT, REASON_REGISTER},
        {"渡邊", "渡辺", LEVEL_VARIANT, REASON_REGISTER},
        {"\xef\xa8\x99"
         "田",
         "神田", LEVEL_VARIANT, REASON_COMPATIBILITY},
        {"齋藤", "斎藤", LEVEL_VARIANT, REASON_REGISTER},
        {"斎藤", "斉藤", LEVEL_NEAR, REASON_DICTIONARY},
        {"渡辺", "渡部", LEVEL_NEAR, REASON_DICTIONARY},
        {"辻󠄀", "辻", LEVEL_VARIANT, REASON_SELECTOR},
        {"佐々木", "佐佐木", LEVEL_VARIANT, REASON_REPETITION},
        {"アンナ", "あんな", LEVEL_VARIANT, REASON_KANA_WORD},
        {"SMITH JOHN", "ｓｍｉｔｈ　ｊｏｈｎ", LEVEL_VARIANT, REASON_LETTER_CASE},
        {"●橋 一", "髙橋 一", LEVEL_NEAR, REASON_LOST},
        {"?橋 一", "髙橋 一", LEVEL_NEAR, REASON_LOST},
        {"〓〓一", "髙橋一", LEVEL_UNKNOWN, REASON_LOST},
        {"太郎 田中", "田中 太郎", LEVEL_NEAR, REASON_ORDER},
        {"田中 花子", "鈴木 花子", LEVEL_PART, REASON_FAMILY_DIFFERS},
        {"田中 花子", "佐々木 花子", LEVEL_PART, REASON_GIVEN_SAME},
        {"田中 美希", "田中 真希", LEVEL_PART, REASON_GIVEN_DIFFERS},
        {"小鳥遊 花", "タカナシ ハナ", LEVEL_NEAR, REASON_READING},
        {"田中 花", "スズキ イチロウ", LEVEL_DIFFERENT, REASON_NO_READING},
        {"田中", "鈴木", LEVEL_DIFFERENT, REASON_CHARACTER},
        {"田中", "佐々木", LEVEL_DIFFERENT, REASON_LENGTH},
        {"", "田中", LEVEL_UNKNOWN, REASON_EMPTY},
        {"　", "田中", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(name_compare, rows, ARRAY_LEN(rows));
}

static void kana_names_tell_spelling_from_slips(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"ﾔﾏｻﾞｷ", "ヤマザキ", LEVEL_VARIANT, REASON_WIDTH},
        {"ﾊﾟﾍﾞｳﾞ", "パベヴ", LEVEL_VARIANT, REASON_WIDTH},
        {"やまざき", "ヤマザキ", LEVEL_VARIANT, REASON_HIRAGANA},
        {"ショウコ", "シヨウコ", LEVEL_VARIANT, REASON_SMALL},
        {"ハットリ", "ハツトリ", LEVEL_VARIANT, REASON_SMALL},
        {"ミヅキ", "ミズキ", LEVEL_VARIANT, REASON_SAME_SOUND},
        {"フヂタ", "フジタ", LEVEL_VARIANT, REASON_SAME_SOUND},
        {"カヲル", "カオル", LEVEL_VARIANT, REASON_SAME_SOUND},
        {"オオノ", "オウノ", LEVEL_NEAR, REASON_LONG_VOWEL},
        {"オオノ", "オーノ", LEVEL_NEAR, REASON_LONG_VOWEL},
        {"サトウ", "サトオ", LEVEL_NEAR, REASON_LONG_VOWEL},
        {"ソウタ", "ソータ", LEVEL_NEAR, REASON_LONG_VOWEL}, /* ソ looks like ン, which no vowel makes long */
        {"ヤマザキ", "ヤマサキ", LEVEL_NEAR, REASON_VOICED},
        {"カンダ", "カソダ", LEVEL_NEAR, REASON_SHAPE},
        {"イシイ", "イツイ", LEVEL_NEAR, REASON_SHAPE},
        {"サチコ", "サキコ", LEVEL_NEAR, REASON_ONE_KANA},
        {"タカハシ", "タカシ", LEVEL_NEAR, REASON_ONE_KANA},
        {"タカハシ", "タハカシ", LEVEL_NEAR, REASON_ONE_KANA},
        {"サトウ ミキ", "サトウ マキ", LEVEL_PART, REASON_GIVEN_DIFFERS},
        {"サトウ ミキ", "タナカ ミキ", LEVEL_PART, REASON_FAMILY_DIFFERS},
        {"ミキ サトウ", "サトウ ミキ", LEVEL_NEAR, REASON_ORDER},
        {"TANAKA TARO", "タナカ タロウ", LEVEL_NEAR, REASON_ROMANISED},
        {"Ohno Jiroh", "オオノ ジロウ", LEVEL_NEAR, REASON_ROMANISED},
        {"Ōta Kyōko", "オオタ キョウコ", LEVEL_NEAR, REASON_ROMANISED},
        {"ＨＡＴＴＯＲＩ", "ハットリ", LEVEL_NEAR, REASON_ROMANISED},
        {"SHIMBO JUN'ICHI", "シンボ ジュンイチ", LEVEL_NEAR, REASON_ROMANISED},
        {"TANAKA TARO", "サトウ タロウ", LEVEL_DIFFERENT, REASON_OTHER_KANA},
        {"SMITH", "スミス", LEVEL_DIFFERENT, REASON_OTHER_KANA},
        {"サトウ", "タナカ", LEVEL_DIFFERENT, REASON_OTHER_KANA},
        {"", "タナカ", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(kana_compare, rows, ARRAY_LEN(rows));
}

static void birth_dates_name_the_slip(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"1985-04-01", "S60.4.1", LEVEL_SAME, REASON_DATE_FORM},
        {"19850401", "昭和６０年４月１日", LEVEL_SAME, REASON_DATE_FORM},
        {"1985-04-01", "昭60.4.1", LEVEL_SAME, REASON_DATE_FORM},
        {"1985-04-01", "3600401", LEVEL_SAME, REASON_DATE_FORM},
        {"1985-04-01", "S600401", LEVEL_SAME, REASON_DATE_FORM},
        {"2019-05-01", "令和元年5月1日", LEVEL_SAME, REASON_DATE_FORM},
        {"1926-12-25", "大正15年12月25日", LEVEL_SAME, REASON_SAME_DAY},
        {"昭和64年2月1日", "1989-02-01", LEVEL_SAME, REASON_BEYOND_ERA},
        {"S10.4.1", "H10.4.1", LEVEL_NEAR, REASON_ERA},
        {"T10.4.1", "S10.4.1", LEVEL_NEAR, REASON_ERA},
        {"1960-04-01", "S60.4.1", LEVEL_NEAR, REASON_ERA_DROPPED},
        {"1985-03-31", "1985-04-01", LEVEL_NEAR, REASON_ONE_DAY},
        {"1985-04-01", "1985-01-04", LEVEL_NEAR, REASON_SWAPPED},
        {"1985-04-01", "1985-04-11", LEVEL_PART, REASON_DAY_ONLY},
        {"1985-04-01", "1985-06-01", LEVEL_PART, REASON_MONTH_ONLY},
        {"1985-04-01", "1986-04-01", LEVEL_PART, REASON_YEAR_ONLY},
        {"1945-00-00", "1945-08-15", LEVEL_UNKNOWN, REASON_PART_UNKNOWN},
        {"1945-00-00", "1946-08-15", LEVEL_DIFFERENT, REASON_OTHER_DAY},
        {"1870-03-01", "1870-04-02", LEVEL_NEAR, REASON_LUNAR},
        {"1985-04-01", "1990-12-31", LEVEL_DIFFERENT, REASON_OTHER_DAY},
        {"", "1990-12-31", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(birth_compare, rows, ARRAY_LEN(rows));
}

static void what_is_no_date_is_refused_with_the_side(void **state) {
    (void)state;
    static const char *const rows[] = {"1985-02-30", "1985-13-01",  "S0.1.1",  "昭和", "8600401",   "85-4-1",
                                       "1985-4",     "1985-04-01x", "1985040", "０",   "S60.4.1.1", "元"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct comparison c;
        struct diag d = {0};
        row_check(birth_compare(S("1985-04-01"), str_c(rows[i]), &c, &d) == ERR_DATE, rows[i]);
        row_check(strcmp(d.where, "B") == 0, rows[i]);
    }
}

static void addresses_are_compared_part_by_part(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"東京都千代田区紀尾井町1丁目3番地", "東京都千代田区紀尾井町1-3", LEVEL_SAME, REASON_ADDRESS_FORM},
        {"東京都青梅市河辺町一丁目二番三号", "東京都青梅市河辺町１－２－３", LEVEL_SAME, REASON_ADDRESS_FORM},
        {"青梅市河辺町1-2-3", "東京都青梅市河辺町1-2-3", LEVEL_VARIANT, REASON_PREFECTURE_LEFT_OUT},
        {"東京都瑞穂町殿ケ谷1", "東京都西多摩郡瑞穂町殿ケ谷1", LEVEL_VARIANT, REASON_DISTRICT_LEFT_OUT},
        {"東京都青梅市霞ヶ丘1-2", "東京都青梅市霞が丘1-2", LEVEL_VARIANT, REASON_TOWN_FORM},
        {"福島県郡山市一の﨑1", "福島県郡山市一之崎1", LEVEL_VARIANT, REASON_TOWN_FORM},
        {"東京都西多摩郡檜原村1", "東京都西多摩郡桧原村1", LEVEL_VARIANT, REASON_TOWN_FORM},
        {"東京都青梅市大字河辺1-2", "東京都青梅市河辺1-2", LEVEL_VARIANT, REASON_TOWN_FORM},
        {"東京都青梅市河辺町1-2 コーポ窓101", "東京都青梅市河辺町1-2", LEVEL_VARIANT, REASON_BUILDING_LEFT_OUT},
        {"東京都青梅市河辺町1-2 コーポ窓101", "東京都青梅市河辺町1-2 コーポ窓102", LEVEL_NEAR, REASON_BUILDING},
        {"東京都青梅市河辺町1-2-3", "東京都青梅市河辺町1-2", LEVEL_NEAR, REASON_BLOCK_SHORTER},
        {"東京都青梅市河辺町1-2", "東京都青梅市河辺町1-23", LEVEL_PART, REASON_BLOCK},
        {"東京都青梅市河辺町1-2", "東京都青梅市東青梅1-2", LEVEL_PART, REASON_TOWN},
        {"東京都青梅市河辺町1-2", "東京都福生市河辺町1-2", LEVEL_DIFFERENT, REASON_CITY},
        {"福島県伊達市本町1", "北海道伊達市本町1", LEVEL_DIFFERENT, REASON_PREFECTURE},
        {"どこか", "東京都青梅市河辺町1-2", LEVEL_UNKNOWN, REASON_UNREAD},
        {"東京都", "東京都青梅市河辺町1-2", LEVEL_UNKNOWN, REASON_UNREAD},
        {"小郡市", "3006401", LEVEL_UNKNOWN, REASON_UNREAD}, /* a post code alone */
        {"", "東京都青梅市河辺町1-2", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(address_compare, rows, ARRAY_LEN(rows));
}

static void sex_contradicts_only_where_both_sides_say_male_or_female(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"1", "1", LEVEL_SAME, REASON_ALL},
        {"1", "男", LEVEL_SAME, REASON_SEX_FORM},
        {"女性", "Ｆ", LEVEL_SAME, REASON_SEX_FORM},
        {"female", "２", LEVEL_SAME, REASON_SEX_FORM},
        {"その他", "X", LEVEL_SAME, REASON_SEX_FORM},
        {"1", "2", LEVEL_DIFFERENT, REASON_SEX},
        {"男", "F", LEVEL_DIFFERENT, REASON_SEX},
        {"その他", "2", LEVEL_UNKNOWN, REASON_SEX_OTHER},
        {"3", "2", LEVEL_UNKNOWN, REASON_SEX_NOT_SET},
        {"3", "3", LEVEL_UNKNOWN, REASON_SEX_NOT_SET},
        {"3", "その他", LEVEL_UNKNOWN, REASON_SEX_NOT_SET},
        {"　", "2", LEVEL_UNKNOWN, REASON_SEX_NOT_SET},
        {"", "2", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(sex_compare, rows, ARRAY_LEN(rows));
}

static void post_codes_old_and_new_agree_as_far_as_they_go(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"198-0036", "198-0036", LEVEL_SAME, REASON_ALL},
        {"198-0036", "1980036", LEVEL_SAME, REASON_POSTCODE_FORM},
        {"〒198-0036", "１９８－００３６", LEVEL_SAME, REASON_POSTCODE_FORM},
        {"198ー0036", "198 0036", LEVEL_SAME, REASON_POSTCODE_FORM},
        {"198", "198-0036", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"190-01", "190-0164", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"190", "19001", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"1980000", "198-0036", LEVEL_NEAR, REASON_POSTCODE_OLD}, /* an old one filled up with zeros */
        {"1900100", "190-0164", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"198", "1980000", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"190-01", "1900100", LEVEL_NEAR, REASON_POSTCODE_OLD},
        {"198-0036", "198-0063", LEVEL_NEAR, REASON_POSTCODE_SWAPPED},
        {"198-0036", "189-0036", LEVEL_NEAR, REASON_POSTCODE_SWAPPED},
        {"198-0036", "198-0037", LEVEL_PART, REASON_POSTCODE_AREA}, /* the next town, not a slip */
        {"190-01", "190-0203", LEVEL_PART, REASON_POSTCODE_AREA},
        {"198-0036", "199-0036", LEVEL_DIFFERENT, REASON_POSTCODE},
        {"198", "199", LEVEL_DIFFERENT, REASON_POSTCODE},
        {"", "198-0036", LEVEL_UNKNOWN, REASON_EMPTY},
    };
    check_rows(postcode_compare, rows, ARRAY_LEN(rows));
}

static void what_is_no_sex_or_post_code_is_refused_with_the_side(void **state) {
    (void)state;
    static const char *const codes[] = {"19", "1980", "198003", "19800361", "198-00-36", "1-980036", "〒", "東京", "-"};
    struct comparison c;
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        struct diag d = {0};
        row_check(postcode_compare(S("1980036"), str_c(codes[i]), &c, &d) == ERR_VALUE, codes[i]);
        row_check(strcmp(d.where, "B") == 0, codes[i]);
    }
    static const char *const sexes[] = {"4", "11", "男女", "MAN",
                                        "a word that is longer than any of the table's words"};
    for (size_t i = 0; i < ARRAY_LEN(sexes); i++) {
        struct diag d = {0};
        row_check(sex_compare(str_c(sexes[i]), S("1"), &c, &d) == ERR_CODE, sexes[i]);
        row_check(strcmp(d.where, "A") == 0, sexes[i]);
    }
}

static void a_worse_level_never_weighs_more_for_the_same_fact(void **state) {
    (void)state;
    for (enum fact f = 0; f < FACT_COUNT; f++) {
        struct comparison same = {.fact = f, .level = LEVEL_SAME}, other = same;
        int before = comparison_weight(&same);
        for (enum level l = LEVEL_VARIANT; l <= LEVEL_PART; l++) {
            other.level = l;
            assert_true(comparison_weight(&other) <= before);
            before = comparison_weight(&other);
        }
        other.level = LEVEL_UNKNOWN;
        assert_int_equal(comparison_weight(&other), 0);
        other.level = LEVEL_DIFFERENT;
        assert_true(comparison_weight(&other) < 0 && comparison_weight(&other) <= before);
    }
}

static void findings_are_written_in_two_languages_and_as_json(void **state) {
    (void)state;
    struct buf b;
    struct comparison c = compared(name_compare, "髙橋", "高橋");
    buf_init(&b, 4096);
    comparison_put_json(&b, &c);
    assert_str(buf_str(&b),
               S("{\"level\":\"variant\",\"weight\":1500,\"why\":[{\"agrees\":true,\"reason\":\"REGISTER\","
                 "\"a\":\"髙\",\"b\":\"高\",\"ja\":\"戸籍の扱いで同じ字の異体です\",\"en\":\"variants by "
                 "family-register practice\"}]}\n"));
    buf_reset(&b);
    comparison_put_text(&b, &c);
    assert_true(str_find(buf_str(&b), S("髙 | 高: 戸籍の扱いで同じ字の異体です / variants by")) < b.n);
    buf_fini(&b);
}

struct hostile_pair {
    compare *run;
    struct str other;
};

static void feed(void *context, struct str input) {
    const struct hostile_pair *p = context;
    struct comparison c, back;
    struct diag d = {0};
    enum err e = p->run(input, p->other, &c, &d);
    assert_int_equal(p->run(p->other, input, &back, &d), e);
    if (e != ERR_OK) return;
    assert_int_equal(c.level, back.level);
    if (c.level == LEVEL_SAME && (p->run == name_compare || p->run == kana_compare)) assert_str(input, p->other);
}

static void damaged_texts_are_compared_or_refused_the_same_both_ways_round(void **state) {
    (void)state;
    static const struct {
        compare *run;
        const char *good;
    } rows[] = {{name_compare, "髙橋　花子"},      {kana_compare, "ﾀｶﾊｼﾞ ハナコ"},
                {birth_compare, "昭和60年4月1日"}, {address_compare, "東京都青梅市霞ヶ丘一丁目2-3 窓101"},
                {sex_compare, "未設定"},           {postcode_compare, "〒１９８－０036"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct hostile_pair p = {rows[i].run, str_c(rows[i].good)};
        assert_int_equal(hostile_all(p.other, feed, &p), p.other.n * 9);
    }
}

static void a_text_of_too_many_characters_is_refused(void **state) {
    (void)state;
    char longest[4096];
    struct comparison c;
    struct diag d = {0};
    memset(longest, 'a', sizeof longest);
    assert_int_equal(name_compare(str_of(longest, 200), S("a"), &c, &d), ERR_OK);
    assert_int_equal(name_compare(str_of(longest, 201), S("a"), &c, &d), ERR_LIMIT);
    assert_int_equal(kana_compare(S("a"), str_of(longest, sizeof longest), &c, &d), ERR_LIMIT);
    assert_int_equal(address_compare(S("a"), str_of(longest, sizeof longest), &c, &d), ERR_LIMIT);
    assert_int_equal(name_compare(S("\xff"), S("a"), &c, &d), ERR_UTF8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kanji_names_are_graded_and_variants_never_become_the_same),
        cmocka_unit_test(kana_names_tell_spelling_from_slips),
        cmocka_unit_test(birth_dates_name_the_slip),
        cmocka_unit_test(what_is_no_date_is_refused_with_the_side),
        cmocka_unit_test(addresses_are_compared_part_by_part),
        cmocka_unit_test(sex_contradicts_only_where_both_sides_say_male_or_female),
        cmocka_unit_test(post_codes_old_and_new_agree_as_far_as_they_go),
        cmocka_unit_test(what_is_no_sex_or_post_code_is_refused_with_the_side),
        cmocka_unit_test(a_worse_level_never_weighs_more_for_the_same_fact),
        cmocka_unit_test(findings_are_written_in_two_languages_and_as_json),
        cmocka_unit_test(damaged_texts_are_compared_or_refused_the_same_both_ways_round),
        cmocka_unit_test(a_text_of_too_many_characters_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
