/* Marks for the eye: which characters differ and by what rule, and no character lost. */
#include "base/json.h"
#include "edge/review/marks.h"
#include "lib/unit.h"

/* "[髙:REGISTER]橋" */
static void put_side(struct buf *out, struct json side, struct buf *whole) {
    for (struct json p = json_first(side); !json_none(p); p = json_next(p)) {
        struct str t, mark;
        assert_true(json_str(json_get(p, "t"), &t) && t.n);
        buf_put(whole, t);
        if (!json_str(json_get(p, "mark"), &mark)) buf_put(out, t);
        else buf_printf(out, "[%.*s:%.*s]", (int)t.n, t.p, (int)mark.n, mark.p);
    }
}

static void check_row(enum fact fact, const char *a, const char *b, const char *want, struct arena *arena) {
    struct buf json, got, whole;
    struct json root;
    buf_init(&json, 1 << 16), buf_init(&got, 1 << 16), buf_init(&whole, 1 << 16);
    marks_put(&json, fact, str_c(a), str_c(b));
    arena_reset(arena);
    assert_int_equal(json_read(arena, buf_str(&json), &root, NULL), ERR_OK);
    put_side(&got, json_get(root, "a"), &whole);
    assert_str(buf_str(&whole), str_c(a));
    buf_reset(&whole);
    buf_puts(&got, " | ");
    put_side(&got, json_get(root, "b"), &whole);
    assert_str(buf_str(&whole), str_c(b));
    if (!str_eq(buf_str(&got), str_c(want))) print_error("got %.*s\n", (int)got.n, got.p);
    row_check(str_eq(buf_str(&got), str_c(want)), want);
    buf_fini(&json), buf_fini(&got), buf_fini(&whole);
}

static void what_differs_is_marked_and_nothing_else(void **state) {
    (void)state;
    static const struct {
        enum fact fact;
        const char *a, *b, *want;
    } rows[] = {
        {FACT_NAME, "髙橋　花子", "高橋　花子", "[髙:REGISTER]橋　花子 | [高:REGISTER]橋　花子"},
        {FACT_NAME, "髙橋髙子", "高橋　高子", "[髙:REGISTER]橋[髙:REGISTER]子 | [高:REGISTER]橋　[高:REGISTER]子"},
        {FACT_NAME, "斎藤　一", "斉藤　二", "[斎:DICTIONARY]藤　[一:CHARACTER] | [斉:DICTIONARY]藤　[二:CHARACTER]"},
        {FACT_NAME, "●橋", "髙橋", "[●:LOST]橋 | [髙:LOST]橋"},
        {FACT_NAME, "見本　花", "見本　花子", "見本　花 | 見本　花[子:LEFT_OUT]"},
        {FACT_NAME, "高橋　静子", "高橋　隆", "高橋　[静:CHARACTER][子:CHARACTER] | 高橋　[隆:CHARACTER]"},
        {FACT_KANA, "シズコ", "ﾀｶｼ",
         "[シ:OTHER_KANA][ズ:OTHER_KANA][コ:OTHER_KANA] | [ﾀ:OTHER_KANA][ｶ:OTHER_KANA][ｼ:OTHER_KANA]"},
        {FACT_KANA, "ミカ", "ミカコ", "ミカ | ミカ[コ:LEFT_OUT]"},
        {FACT_NAME, "見本　花子", "見本花子", "見本　花子 | 見本花子"},
        {FACT_NAME, "見本", "", "見本 | "},
        {FACT_KANA, "ｼﾖｳｺ", "ショウコ", "ｼ[ﾖ:SMALL]ｳｺ | シ[ョ:SMALL]ウコ"},
        {FACT_KANA, "ﾔﾏｻｷ", "ﾔﾏｻﾞｷ", "ﾔﾏ[ｻ:VOICED]ｷ | ﾔﾏ[ｻ:VOICED][ﾞ:VOICED]ｷ"},
        {FACT_KANA, "ミホン　タロウ", "ミホン　ジロウ", "ミホン　[タ:OTHER_KANA]ロウ | ミホン　[ジ:OTHER_KANA]ロウ"},
        {FACT_KANA, "ソノ", "ンノ", "[ソ:SHAPE]ノ | [ン:SHAPE]ノ"},
        {FACT_BIRTH, "1985-04-01", "1985-04-02", "1985-04-0[1:CHARACTER] | 1985-04-0[2:CHARACTER]"},
        {FACT_ADDRESS, "東京都青梅市河辺町1丁目2番3号", "青梅市河辺町一丁目2-3",
         "[東京都:LEFT_OUT]青梅市河辺町1丁目2番3号 | 青梅市河辺町一丁目2-3"},
        {FACT_ADDRESS, "東京都青梅市河辺町1丁目2番3号", "東京都青梅市河辺町1-2-4",
         "東京都青梅市河辺町[1丁目2番3号:BLOCK] | 東京都青梅市河辺町[1-2-4:BLOCK]"},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) check_row(rows[r].fact, rows[r].a, rows[r].b, rows[r].want, &arena);
    arena_fini(&arena);
}

static void what_cannot_be_compared_is_shown_as_it_is(void **state) {
    (void)state;
    char text[3 * 201 + 1];
    struct buf json;
    for (int i = 0; i < 201; i++) memcpy(text + 3 * i, "あ", 3);
    text[sizeof text - 1] = 0;
    buf_init(&json, 1 << 16);
    marks_put(&json, FACT_NAME, str_c(text), S("あ"));
    assert_true(str_find(buf_str(&json), S("\"level\":\"unknown\"")) < json.n);
    assert_true(str_find(buf_str(&json), S("\"mark\"")) == json.n);
    assert_true(str_find(buf_str(&json), str_c(text)) < json.n);
    buf_fini(&json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_marked_and_nothing_else),
        cmocka_unit_test(what_cannot_be_compared_is_shown_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
