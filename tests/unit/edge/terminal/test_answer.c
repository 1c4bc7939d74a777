#include "base/json.h"
#include "base/utf8.h"
#include "edge/terminal/answer.h"
#include "lib/fhir_sample.h"
#include "lib/unit.h"

static struct arena arena;
static struct buf out;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, 8 << 20);
    buf_init(&out, 64 << 10);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    buf_fini(&out);
    return 0;
}

static bool has(struct json v, const char *name) { return json_kind(json_get(v, name)) != JSON_NONE; }

static void check_warnings(struct json list, const struct verdict *v) {
    struct json item = json_first(list);
    assert_int_equal(json_kind(list), JSON_ARRAY);
    for (enum warning w = 0; w < WARNING_COUNT; w++) {
        struct str code;
        if (!verdict_warns(v, w)) continue;
        assert_true(json_str(item, &code));
        assert_str(code, str_c(warning_info(w)->code));
        item = json_next(item);
    }
    assert_true(json_none(item));
}

/* Every made answer of the sample: its JSON holds the keys a script relies on, and leaves out what is absent. */
static void json_holds_what_scripts_rely_on(void **state) {
    (void)state;
    for (unsigned n = 0; n < FHIR_ANSWERS; n++) {
        struct fhir_request r;
        struct answer a;
        struct json root;
        uint64_t number = 0;
        bool newer = false;
        struct str name;
        assert_true(fhir_sample_answer(&arena, n, &r, &a));
        buf_reset(&out);
        answer_put_json(&out, &a);
        assert_true(buf_ok(&out) && str_ends(buf_str(&out), S("}\n")));
        assert_int_equal(json_read(&arena, buf_str(&out), &root, NULL), ERR_OK);
        assert_true(json_uint(json_get(root, "validity"), 6, &number) && number == (uint64_t)a.verdict.validity);
        assert_true(has(root, "ratio") == (a.verdict.ratio != RATIO_NONE));
        if (has(root, "ratio"))
            assert_true(json_uint(json_get(root, "ratio"), 100, &number) && number == a.verdict.ratio);
        assert_true(json_bool(json_get(root, "newer"), &newer) && newer == a.verdict.newer);
        check_warnings(json_get(root, "warnings"), &a.verdict);
        assert_true(has(root, "insurer") == (a.verdict.member != NULL));
        bool named = a.verdict.coverage && a.verdict.coverage->name.n;
        assert_true(has(root, "name") == named);
        if (named) assert_true(json_str(json_get(root, "name"), &name) && str_eq(name, a.verdict.coverage->name));
        assert_true(has(root, "limit") == (a.verdict.limit != NULL));
        arena_reset(&arena);
    }
}

static void text_says_the_validity_and_every_warning_in_both_languages(void **state) {
    (void)state;
    for (unsigned n = 0; n < FHIR_ANSWERS; n++) {
        struct fhir_request r;
        struct answer a;
        assert_true(fhir_sample_answer(&arena, n, &r, &a));
        buf_reset(&out);
        answer_put_text(&out, &a, false);
        assert_true(buf_ok(&out) && utf8_valid(buf_str(&out)) && out.p[0] == '0' + (char)a.verdict.validity);
        assert_null(memchr(out.p, '\033', out.n)); /* no colour asked for */
        for (enum warning w = 0; w < WARNING_COUNT; w++) {
            bool said = str_find(buf_str(&out), str_c(warning_info(w)->ja)) < out.n &&
                        str_find(buf_str(&out), str_c(warning_info(w)->en)) < out.n;
            assert_true(said == verdict_warns(&a.verdict, w));
        }
        if (a.verdict.coverage) assert_true(str_find(buf_str(&out), a.verdict.coverage->name) < out.n);
        arena_reset(&arena);
    }
}

static void colour_is_for_a_terminal(void **state) {
    (void)state;
    struct fhir_request r;
    struct answer a;
    assert_true(fhir_sample_answer(&arena, 0, &r, &a));
    buf_reset(&out);
    answer_put_text(&out, &a, true);
    assert_non_null(memchr(out.p, '\033', out.n));
    arena_reset(&arena);
}

static void nobody_found_shows_nobody(void **state) {
    (void)state;
    static const enum validity nobody[] = {VALIDITY_NONE, VALIDITY_SEVERAL};
    for (size_t i = 0; i < ARRAY_LEN(nobody); i++) {
        struct answer a = {.verdict = {.validity = nobody[i], .ratio = RATIO_NONE}, .question.on = {20605}};
        struct json root;
        buf_reset(&out);
        answer_put_json(&out, &a);
        assert_int_equal(json_read(&arena, buf_str(&out), &root, NULL), ERR_OK);
        assert_false(has(root, "name") || has(root, "insurer") || has(root, "ratio"));
        buf_reset(&out);
        answer_put_text(&out, &a, false);
        assert_true(out.p[0] == '0' + (char)nobody[i]);
        arena_reset(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_holds_what_scripts_rely_on),
        cmocka_unit_test(text_says_the_validity_and_every_warning_in_both_languages),
        cmocka_unit_test(colour_is_for_a_terminal),
        cmocka_unit_test(nobody_found_shows_nobody),
    };
    return cmocka_run_group_tests_name("answer for a terminal", tests, begin, end);
}
