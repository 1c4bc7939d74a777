#include "edge/registry_file/registry_file.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct arena arena;

static enum err take(const char *line, struct resident *out, struct diag *d) {
    *d = (struct diag){0};
    arena_reset(&arena);
    return registry_file_ndjson().read(&arena, str_c(line), out, d);
}

#define GOOD                                                                                                                              \
    "{\"id\":\"R000000001\",\"mynumber\":\"123456789018\",\"name\":\"見本　幸子\",\"kana\":\"ﾐﾎﾝ ﾕｷｺ\",\"former_name\":" \
    "\"例　幸子\",\"birth\":\"1954-08-31\",\"sex\":\"2\",\"post\":\"310-2507\",\"address\":\"茨城県水戸市元町4-5-20\","       \
    "\"household\":\"H1\",\"since\":\"2024-10-08\"}"

static void a_resident_is_read_whole(void **state) {
    (void)state;
    struct resident r;
    struct diag d;
    assert_int_equal(take(GOOD, &r, &d), ERR_OK);
    assert_str(r.id, S("R000000001"));
    assert_str(r.household, S("H1"));
    assert_str(r.person.name, S("見本　幸子"));
    assert_str(r.person.former_name, S("例　幸子"));
    assert_str(r.person.post, S("310-2507"));
    assert_int_equal(r.person.sex, '2');
    assert_true(r.has_mynumber && day_is(r.person.birth));
    assert_int_equal(take("{\"id\":\"R2\",\"kana\":\"ﾐﾎﾝ\"}", &r, &d), ERR_OK);
    assert_false(r.has_mynumber || day_is(r.person.birth) || r.person.sex);
}

static void what_is_wrong_is_named(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum err e;
        const char *where;
    } rows[] = {
        {"[]", ERR_SYNTAX, ""},
        {"{\"name\":\"見本\"}", ERR_MISSING, "id"},
        {"{\"id\":\"R1\"}", ERR_MISSING, "name"},
        {"{\"id\":\"R1234567890123456789012345678901234567890\",\"name\":\"見本\"}", ERR_VALUE, "id"},
        {"{\"id\":\"R1\",\"name\":1}", ERR_VALUE, "name"},
        {"{\"id\":\"R1\",\"name\":\"見本\",\"address\":{}}", ERR_VALUE, "address"},
        {"{\"id\":\"R1\",\"name\":\"見本\",\"birth\":\"2026-02-30\"}", ERR_DATE, "birth"},
        {"{\"id\":\"R1\",\"name\":\"見本\",\"sex\":\"9\"}", ERR_CODE, "sex"},
        {"{\"id\":\"R1\",\"name\":\"見本\",\"mynumber\":\"123456789012\"}", ERR_CHECK_DIGIT, "mynumber"},
        {"{\"id\":\"R1\",\"name\":\"見本\",\"mynumber\":\"12\"}", ERR_VALUE, "mynumber"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct resident r;
        struct diag d;
        row_check(take(rows[i].line, &r, &d) == rows[i].e, rows[i].line);
        row_check(strcmp(d.where, rows[i].where) == 0, rows[i].line);
    }
}

static void feed(void *context, struct str input) {
    struct resident r;
    struct diag d = {0};
    (void)context;
    arena_reset(&arena);
    if (registry_file_ndjson().read(&arena, input, &r, &d) != ERR_OK) return;
    assert_true(r.id.n > 0 && r.id.n <= RESIDENT_ID_MAX && (r.person.name.n || r.person.kana.n));
    assert_true(r.person.address.n <= RESIDENT_TEXT_MAX);
}

static void damaged_lines_are_read_or_refused(void **state) {
    (void)state;
    assert_true(hostile_all(S(GOOD), feed, NULL) > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resident_is_read_whole),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(damaged_lines_are_read_or_refused),
    };
    arena_init(&arena, 1 << 22);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_fini(&arena);
    return failed;
}
