#include "base/json.h"
#include "base/log.h"
#include "lib/unit.h"

#include <unistd.h>

/* What `write_line` puts on standard error. */
static struct str said(void (*write_line)(void), char *out, size_t size) {
    int ends[2], saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    write_line();
    dup2(saved, STDERR_FILENO);
    close(saved), close(ends[1]);
    ssize_t n = read(ends[0], out, size);
    close(ends[0]);
    return str_of(out, n > 0 ? (size_t)n : 0);
}

static void plain(void) { log_line(LOG_INFO, "store opened", "people", "100000", "path", "a \"b\"\n", NULL); }
static void long_value(void) {
    static char text[100000];
    memset(text, 'x', sizeof text - 1);
    log_line(LOG_INFO, "long", "path", text, "after", "it", NULL);
}
static void fault(void) {
    struct diag d;
    (void)!diag_set(&d, ERR_DATE, "birth", "%s", "\xff");
    log_diag(LOG_ERROR, "refused", &d);
}

static void a_line_is_one_json_object_with_its_time_and_pairs(void **state) {
    char bytes[8192];
    struct arena a;
    struct json v;
    struct str s;
    (void)state;
    struct str line = said(plain, bytes, sizeof bytes);
    assert_int_equal(str_find(line, S("\n")), line.n - 1);
    arena_init(&a, 1 << 16);
    assert_int_equal(json_read(&a, line, &v, NULL), ERR_OK);
    assert_true(json_str(json_get(v, "time"), &s) && s.n == 24 && str_ends(s, S("Z")));
    assert_true(json_str(json_get(v, "level"), &s));
    assert_str(s, S("info"));
    assert_true(json_str(json_get(v, "path"), &s));
    assert_str(s, S("a \"b\"\n"));
    arena_fini(&a);
}

static void an_error_is_named_by_its_code_and_place(void **state) {
    char bytes[8192];
    (void)state;
    struct str line = said(fault, bytes, sizeof bytes);
    assert_true(str_find(line, S("\"code\":\"F0011\"")) < line.n);
    assert_true(str_find(line, S("\"where\":\"birth\"")) < line.n);
}

static void bytes_that_are_not_utf8_do_not_spoil_the_line(void **state) {
    char bytes[8192];
    struct arena a;
    struct json v;
    (void)state;
    arena_init(&a, 1 << 16);
    assert_int_equal(json_read(&a, said(fault, bytes, sizeof bytes), &v, NULL), ERR_OK);
    arena_fini(&a);
}

static void a_long_value_is_cut_and_the_line_still_comes(void **state) {
    char bytes[8192];
    (void)state;
    struct str line = said(long_value, bytes, sizeof bytes);
    assert_true(str_ends(line, S("\"after\":\"it\"}\n")) && line.n <= 4096);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_json_object_with_its_time_and_pairs),
        cmocka_unit_test(an_error_is_named_by_its_code_and_place),
        cmocka_unit_test(bytes_that_are_not_utf8_do_not_spoil_the_line),
        cmocka_unit_test(a_long_value_is_cut_and_the_line_still_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
