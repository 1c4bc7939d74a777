#include "base/json.h"
#include "base/utf8.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static enum err read_in(struct arena *a, struct str text, struct json *out, struct diag *d) {
    arena_init(a, 1 << 20);
    return json_read(a, text, out, d);
}

static void what_is_not_json_is_refused_at_its_place(void **state) {
    static const struct {
        struct str text;
        enum err err;
        unsigned line, column;
    } rows[] = {
        {S(""), ERR_SYNTAX, 1, 1},
        {S("  "), ERR_SYNTAX, 1, 3},
        {S("{"), ERR_SYNTAX, 1, 2},
        {S("{\"a\":1"), ERR_SYNTAX, 1, 7},
        {S("[1,]"), ERR_SYNTAX, 1, 4},
        {S("{\"a\":1,}"), ERR_SYNTAX, 1, 8},
        {S("{a:1}"), ERR_SYNTAX, 1, 2},
        {S("[1 2]"), ERR_SYNTAX, 1, 4},
        {S("[1]\n]"), ERR_SYNTAX, 2, 1},
        {S("{\n  \"a\": tru\n}"), ERR_SYNTAX, 2, 8},
        {S("01"), ERR_SYNTAX, 1, 2},
        {S("-"), ERR_SYNTAX, 1, 2},
        {S("1."), ERR_SYNTAX, 1, 3},
        {S("1e"), ERR_SYNTAX, 1, 3},
        {S("+1"), ERR_SYNTAX, 1, 1},
        {S("NaN"), ERR_SYNTAX, 1, 1},
        {S("'a'"), ERR_SYNTAX, 1, 1},
        {S("\"a"), ERR_SYNTAX, 1, 3},
        {S("\"a\nb\""), ERR_SYNTAX, 1, 3},
        {S("\"\\x\""), ERR_SYNTAX, 1, 3},
        {S("\"\\u12g4\""), ERR_SYNTAX, 1, 4},
        {S("\"\\u0000\""), ERR_SYNTAX, 1, 8},
        {S("\"a\0b\""), ERR_SYNTAX, 1, 3},
        {S("/* */ 1"), ERR_SYNTAX, 1, 1},
        {S("\xef\xbb\xbf{}"), ERR_SYNTAX, 1, 1},
        {S("[\"髙\", \"\xff\"]"), ERR_UTF8, 1, 8},
        {S("\"\\ud842\""), ERR_UTF8, 1, 8},
        {S("\"\\udc00\""), ERR_UTF8, 1, 8},
        {S("\"\\ud842\\u0041\""), ERR_UTF8, 1, 14},
        {S("12345678901234567890123456789012345678901"), ERR_LIMIT, 1, 42},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a;
        struct json v;
        struct diag d = {0};
        row_check(read_in(&a, rows[i].text, &v, &d) == rows[i].err && d.err == rows[i].err, rows[i].text.p);
        if (d.line != rows[i].line || d.column != rows[i].column) print_error("said %u:%u\n", d.line, d.column);
        row_check(d.line == rows[i].line && d.column == rows[i].column, rows[i].text.p);
        arena_fini(&a);
    }
}

static void a_document_is_read_as_written(void **state) {
    struct arena a;
    struct json v;
    struct str s;
    uint64_t n = 0;
    bool b = false;
    (void)state;
    assert_int_equal(
        read_in(
            &a,
            S(" {\"name\":\"診療\\u3000太郎\",\"pair\":\"\\ud842\\udfb7\",\"n\":20,\"list\":[true,null,{}],\"no\":false} "),
            &v, NULL),
        ERR_OK);
    assert_true(json_kind(v) == JSON_OBJECT && json_count(v) == 5);
    assert_true(json_str(json_get(v, "name"), &s));
    assert_str(s, S("診療　太郎"));
    assert_true(json_str(json_get(v, "pair"), &s));
    assert_str(s, S("𠮷"));
    assert_true(json_uint(json_get(v, "n"), 20, &n) && n == 20);
    assert_true(json_bool(json_get(v, "no"), &b) && !b);
    struct json e = json_first(json_get(v, "list"));
    assert_true(json_bool(e, &b) && b);
    assert_true(json_kind(e = json_next(e)) == JSON_NULL);
    assert_true(json_kind(e = json_next(e)) == JSON_OBJECT && json_none(json_first(e)));
    assert_true(json_none(json_next(e)) && json_none(json_get(v, "Name")) && json_none(json_get(v, "absent")));
    assert_str(json_name(json_first(v)), S("name"));
    arena_fini(&a);
}

static void a_value_of_another_kind_is_not_converted(void **state) {
    static const char *const fields[] = {"s", "f", "neg", "big", "null", "list", "absent", "true"};
    struct arena a;
    struct json v;
    struct str s;
    uint64_t n = 0;
    (void)state;
    assert_int_equal(
        read_in(
            &a,
            S("{\"s\":\"1\",\"f\":1.5,\"neg\":-1,\"big\":9007199254740993,\"null\":null,\"list\":[1],\"true\":true}"),
            &v, NULL),
        ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        row_check(!json_uint(json_get(v, fields[i]), UINT64_MAX, &n), fields[i]);
    assert_false(json_str(json_get(v, "f"), &s) || json_str(json_get(v, "null"), &s) ||
                 json_str(json_get(v, "absent"), &s));
    arena_fini(&a);
}

static void a_number_above_the_limit_is_refused(void **state) {
    struct arena a;
    struct json v;
    uint64_t n = 0;
    (void)state;
    assert_int_equal(read_in(&a, S("[101, 1e999, -0, 100]"), &v, NULL), ERR_OK);
    struct json e = json_first(v);
    assert_false(json_uint(e, 100, &n));
    assert_false(json_uint(e = json_next(e), UINT64_MAX, &n));
    assert_true(json_uint(e = json_next(e), 100, &n) && n == 0);
    assert_true(json_uint(json_next(e), 100, &n) && n == 100);
    arena_fini(&a);
}

static void depth_is_limited(void **state) {
    (void)state;
    for (unsigned depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        char text[2 * (JSON_DEPTH_MAX + 1) + 1];
        struct arena a;
        struct json v;
        memset(text, '[', depth), memset(text + depth, ']', depth);
        enum err e = read_in(&a, str_of(text, 2 * depth), &v, NULL);
        assert_int_equal(e, depth <= JSON_DEPTH_MAX ? ERR_OK : ERR_DEPTH);
        arena_fini(&a);
    }
}

static void a_name_twice_is_refused_wherever_it_stands(void **state) {
    static const struct {
        struct str text;
        enum err err;
    } rows[] = {
        {S("{\"a\":1,\"a\":1}"), ERR_DUPLICATE},
        {S("{\"a\":1,\"\\u0061\":1}"), ERR_DUPLICATE},
        {S("[{},[{\"x\":{\"b\":1,\"c\":2,\"b\":3}}]]"), ERR_DUPLICATE},
        {S("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"), ERR_OK},
        {S("{\"a\":1,\"A\":1}"), ERR_OK},
        {S("{\"\":1,\"\":1}"), ERR_DUPLICATE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a;
        struct json v;
        row_check(read_in(&a, rows[i].text, &v, NULL) == rows[i].err, rows[i].text.p);
        arena_fini(&a);
    }
}

static void an_object_with_too_many_members_is_refused(void **state) {
    (void)state;
    for (unsigned members = 256; members <= 257; members++) {
        struct buf b;
        struct arena a;
        struct json v;
        buf_init(&b, 1 << 16);
        for (unsigned i = 0; i < members; i++) buf_printf(&b, "%c\"m%u\":%u", i ? ',' : '{', i, i);
        buf_putc(&b, '}');
        assert_int_equal(read_in(&a, buf_str(&b), &v, NULL), members == 256 ? ERR_OK : ERR_LIMIT);
        arena_fini(&a), buf_fini(&b);
    }
}

static const struct str sample =
    S("{\"insurer\":\"06139448\",\"number\":\"4260\",\"list\":[1,true,{\"name\":\"髙\\u3000\"}]}");

static void with_too_little_memory_it_is_refused_at_every_step(void **state) {
    enum err e = ERR_LIMIT;
    (void)state;
    for (size_t limit = 0; e != ERR_OK; limit += 16) {
        struct arena a;
        struct json v;
        arena_init(&a, limit);
        e = json_read(&a, sample, &v, NULL);
        assert_true(e == ERR_OK || e == ERR_LIMIT);
        assert_true(limit < 1 << 16);
        arena_fini(&a);
    }
}

static void feed(void *context, struct str text) {
    struct arena a;
    struct json v;
    struct diag d = {0};
    if (read_in(&a, text, &v, &d) == ERR_OK) ++*(size_t *)context;
    else assert_true(d.err != ERR_OK && d.line >= 1 - (d.err == ERR_DUPLICATE) && d.column <= text.n + 1);
    arena_fini(&a);
}

static void damaged_text_is_refused_with_a_place_or_is_json(void **state) {
    size_t good = 0;
    (void)state;
    hostile_truncations(sample, feed, &good);
    assert_int_equal(good, 0);
    hostile_bit_flips(sample, feed, &good);
    assert_true(good > 0 && good < sample.n * 8);
}

static void decimals_are_read_without_floating_point(void **state) {
    (void)state;
    static const struct {
        const char *text;
        unsigned places;
        uint64_t max, want; /* want UINT64_MAX: refused */
    } rows[] = {
        {"0.98765", 3, 1000, 987},
        {"1", 3, 1000, 1000},
        {"1.0", 3, 1000, 1000},
        {"1.001", 3, 1000, UINT64_MAX},
        {"0", 6, 1000000, 0},
        {"-0", 6, 1000000, 0},
        {"-0.5", 3, 1000, UINT64_MAX},
        {"0.5", 0, 1, 0},
        {"-1", 3, 1000, UINT64_MAX},
        {"1e-1", 3, 1000, UINT64_MAX},
        {"0.5e0", 3, 1000, UINT64_MAX},
        {"\"0.5\"", 3, 1000, UINT64_MAX},
        {"9007199254740991", 3, UINT64_MAX, UINT64_MAX},
        {"12.34", 1, 200, 123},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct arena a;
        struct json v;
        uint64_t got = UINT64_MAX;
        arena_init(&a, 1 << 16);
        assert_int_equal(json_read(&a, str_c(rows[r].text), &v, NULL), ERR_OK);
        bool read = json_decimal(v, rows[r].places, rows[r].max, &got);
        row_check(read == (rows[r].want != UINT64_MAX) && got == rows[r].want, rows[r].text);
        arena_fini(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_without_floating_point),
        cmocka_unit_test(what_is_not_json_is_refused_at_its_place),
        cmocka_unit_test(a_document_is_read_as_written),
        cmocka_unit_test(a_value_of_another_kind_is_not_converted),
        cmocka_unit_test(a_number_above_the_limit_is_refused),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_name_twice_is_refused_wherever_it_stands),
        cmocka_unit_test(an_object_with_too_many_members_is_refused),
        cmocka_unit_test(with_too_little_memory_it_is_refused_at_every_step),
        cmocka_unit_test(damaged_text_is_refused_with_a_place_or_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
