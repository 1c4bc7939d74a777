#include "lib/hostile.h"
#include "lib/unit.h"
#include "rules/identity/reading.h"

static unsigned score(const char *kanji, const char *kana) {
    struct reading r;
    struct diag d = {0};
    if (reading_judge(str_c(kanji), str_c(kana), &r, &d) != ERR_OK) fail_msg("%s is refused", kanji);
    return r.score;
}

static void readings_pass_and_what_is_none_does_not(void **state) {
    (void)state;
    static const struct {
        const char *kanji, *kana;
        unsigned least, most;
    } rows[] = {
        {"小鳥遊", "タカナシ", 100, 100},
        {"五十嵐", "イガラシ", 100, 100},
        {"東海林", "ショウジ", 100, 100},
        {"東海林", "トウカイリン", 100, 100},
        {"田中", "ﾀﾅｶ", 100, 100},
        {"田中", "たなか", 100, 100},
        {"田中 花子", "タナカ ハナコ", 90, 100},
        {"佐々木", "ササキ", 100, 100},
        {"奈々", "ナナ", 80, 99},
        {"服部", "ハツトリ", 100, 100}, /* the small kana lost */
        {"井之頭", "イノカシラ", 50, 99},
        {"大西﨑", "オオニシザキ", 50, 99}, /* voiced where characters meet */
        {"緑川", "ミドリカワ", 80, 100},
        {"心愛", "ココア", 100, 100},
        {"辻󠄀", "ツジ", 90, 100}, /* a variation selector is no character */
        {"まなみ", "マナミ", 100, 100},
        {"●中", "タナカ", 50, 99},
        {"田中", "サトウ", 0, 49},
        {"高橋", "タカシ", 0, 49},
        {"鈴木", "スズ", 0, 49},
        {"山本", "ヤマモトヤマモト", 0, 49},
        {"田中 花子", "ハナコ タナカ", 0, 49}, /* family and given name are read apart */
        {"", "タナカ", 0, 0},
        {"田中", "", 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        unsigned s = score(rows[i].kanji, rows[i].kana);
        if (s < rows[i].least || s > rows[i].most) print_error("score %u\n", s);
        row_check(s >= rows[i].least && s <= rows[i].most, rows[i].kana);
    }
}

static void feed_kanji(void *context, struct str input) {
    struct reading r;
    struct diag d = {0};
    (void)context;
    if (reading_judge(input, S("タカナシ ハナコ"), &r, &d) == ERR_OK) assert_true(r.score <= 100);
    if (reading_judge(S("小鳥遊 花子"), input, &r, &d) == ERR_OK) assert_true(r.score <= 100);
}

static void damaged_names_are_judged_or_refused(void **state) {
    (void)state;
    assert_true(hostile_all(S("小鳥遊 花子"), feed_kanji, NULL) > 100);
    assert_true(hostile_all(S("タカナシ ﾊﾅｺﾞ"), feed_kanji, NULL) > 100);
}

static void the_side_that_is_not_text_is_named(void **state) {
    (void)state;
    struct reading r;
    struct diag d = {0};
    assert_int_equal(reading_judge(S("\xff"), S("タ"), &r, &d), ERR_UTF8);
    assert_string_equal(d.where, "A");
    assert_int_equal(reading_judge(S("田"), S("\xe3\x82"), &r, &d), ERR_UTF8);
    assert_string_equal(d.where, "B");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readings_pass_and_what_is_none_does_not),
        cmocka_unit_test(damaged_names_are_judged_or_refused),
        cmocka_unit_test(the_side_that_is_not_text_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
