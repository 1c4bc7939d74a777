#include "lib/hostile.h"
#include "lib/unit.h"
#include "service/people/nation.h"

static void kana_becomes_half_width(void **state) {
    static const struct {
        const char *full, *half;
    } rows[] = {
        {"サトウ", "ｻﾄｳ"},   {"ワタナベ", "ﾜﾀﾅﾍﾞ"},   {"ヅドデヂ", "ﾂﾞﾄﾞﾃﾞﾁﾞ"},   {"ハバパ", "ﾊﾊﾞﾊﾟ"},
        {"ホボポ", "ﾎﾎﾞﾎﾟ"}, {"ヴァン", "ｳﾞｧﾝ"},      {"ッャュョー", "ｯｬｭｮｰ"},    {"ガギグゲゴ", "ｶﾞｷﾞｸﾞｹﾞｺﾞ"},
        {"ヲワヮ", "ｦﾜﾜ"},   {"ひらがな", "ﾋﾗｶﾞﾅ"},   {"セイ　メイ", "ｾｲ ﾒｲ"},    {"ﾊﾝｶｸ", "ﾊﾝｶｸ"},
        {"ABC", "ABC"},      {"ァィゥェォ", "ｧｨｩｪｫ"}, {"ラリルレロン", "ﾗﾘﾙﾚﾛﾝ"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        buf_init(&b, 256);
        kana_halfwidth(str_c(rows[i].full), &b);
        assert_str(buf_str(&b), str_c(rows[i].half));
        buf_fini(&b);
    }
}

static void built_in_tables_are_complete_and_hold_nothing_to_escape(void **state) {
    struct names n;
    struct chance c = chance_of(1, 2, 3);
    (void)state;
    assert_int_equal(names_init(&n, world_real(), NULL, NULL, NULL), ERR_OK);
    assert_true(n.surnames.n >= 400);
    for (unsigned s = 0; s < 2; s++) {
        for (unsigned g = 0; g < GENERATIONS; g++) assert_true(n.given[s][g].n >= 30);
        for (unsigned k = 0; k < COMMUNITIES; k++) assert_true(n.given_of[k][s].n >= 1 && n.families_of[k].n >= 1);
    }
    for (size_t i = 0; i < n.surnames.n; i++) assert_int_equal(table_text_check(n.surnames.rows[i]->kanji), ERR_OK);
    assert_non_null(name_pick(&n.surnames, &c));
    names_fini(&n);
}

static void names_are_picked_by_their_weight(void **state) {
    struct names n = {0};
    struct chance c = chance_of(7, 0, 0);
    unsigned first = 0;
    (void)state;
    arena_init(&n.arena, 1 << 20);
    assert_int_equal(names_add_surnames(&n, S("甲\tコウ\t3\n乙\tオツ\t1\n丙\tヘイ\t0\n"), "t", NULL), ERR_OK);
    assert_int_equal(n.surnames.n, 2);
    for (unsigned i = 0; i < 40000; i++) first += name_pick(&n.surnames, &c) == n.surnames.rows[0];
    assert_in_range(first, 29500, 30500);
    names_fini(&n);
}

static void a_bad_table_is_refused_with_its_line(void **state) {
    static const struct {
        const char *text;
        enum err want;
        unsigned line;
    } rows[] = {
        {"佐藤\tサトウ\n", ERR_MISSING, 1},
        {"# note\n\n佐藤\tサトウ\t-1\n", ERR_VALUE, 3},
        {"佐藤\tサトウ\t1000001\n", ERR_VALUE, 1},
        {"佐\"藤\tサトウ\t1\n", ERR_VALUE, 1},
        {"佐\\藤\tサトウ\t1\n", ERR_VALUE, 1},
        {"佐,藤\tサトウ\t1\n", ERR_VALUE, 1},
        {"佐\x01藤\tサトウ\t1\n", ERR_VALUE, 1},
        {"佐\xc2\x85藤\tサトウ\t1\n", ERR_VALUE, 1},
        {"\xef\xbb\xbf佐藤\tサトウ\t1\n", ERR_OK, 0},
        {"\xff\xfe\tサトウ\t1\n", ERR_UTF8, 1},
        {"\tサトウ\t1\n", ERR_MISSING, 1},
        {"a\tb\tc\td\te\tf\tg\th\ti\tj\tk\tl\tm\n", ERR_LIMIT, 1},
        {"あああああああああああああああああああああああああああああああああ\tア\t1\n", ERR_LIMIT, 1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct names n = {0};
        struct diag d = {0};
        arena_init(&n.arena, 1 << 20);
        row_check(names_add_surnames(&n, str_c(rows[i].text), "t", &d) == rows[i].want, rows[i].text);
        row_check(d.line == rows[i].line, rows[i].text);
        names_fini(&n);
    }
}

static void feed_tables(void *context, struct str input) {
    struct names n = {0};
    struct nation nation = {0};
    (void)context;
    arena_init(&n.arena, 1 << 20);
    arena_init(&nation.arena, 1 << 20);
    nation.municipalities = calloc(MUNICIPALITIES_MAX, sizeof *nation.municipalities);
    assert_non_null(nation.municipalities);
    (void)!names_add_surnames(&n, input, "t", NULL);
    (void)!names_add_given(&n, input, "t", NULL);
    (void)!nation_place_from(&nation, input, "t", NULL);
    free(nation.municipalities);
    arena_fini(&nation.arena);
    names_fini(&n);
}

static void any_bytes_as_a_table_are_taken_or_refused(void **state) {
    (void)state;
    assert_true(hostile_all(S("佐藤\tサトウ\t3\n"), feed_tables, NULL) > 100);
    assert_true(hostile_all(S("1\t翔太\tショウタ\t0\t0\t1\t2\t3\t4\n"), feed_tables, NULL) > 100);
    assert_true(hostile_all(S("13\t世田谷区\t太子堂\t1540004\t9\n"), feed_tables, NULL) > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kana_becomes_half_width),
        cmocka_unit_test(built_in_tables_are_complete_and_hold_nothing_to_escape),
        cmocka_unit_test(names_are_picked_by_their_weight),
        cmocka_unit_test(a_bad_table_is_refused_with_its_line),
        cmocka_unit_test(any_bytes_as_a_table_are_taken_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
