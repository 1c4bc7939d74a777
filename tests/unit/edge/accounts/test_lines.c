/* Lines of accounts.ndjson and residents.ndjson: what they say, what is refused and where, and what damage does. */
#include "edge/accounts/lines.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct arena arena;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, 4 << 20);
    return 0;
}
static int end(void **state) {
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void a_registration_says_who_which_account_and_when(void **state) {
    (void)state;
    struct account_registration r;
    struct diag d = {0};
    assert_int_equal(account_line_read(&arena,
                                       S("{\"resident\":\"R1\",\"account\":\"10530-12345671\",\"name\":\"ｱ\","
                                         "\"terminal\":\"T\",\"at\":\"1970-01-02T09:00:01\",\"more\":[1]}"),
                                       &r, &d),
                     ERR_OK);
    assert_str(r.resident, S("R1"));
    assert_str(r.name, S("ｱ"));
    assert_str(r.terminal, S("T"));
    assert_int_equal(r.at_s, 86401);
    assert_int_equal(memcmp(r.account.branch, "058", 3), 0);
    assert_int_equal(account_line_read(&arena, S("{\"resident\":\"R1\",\"account\":\"0001-234-5\"}"), &r, &d), ERR_OK);
    assert_true(r.at_s == NO_TIME && r.name.n == 0 && r.terminal.n == 0);
}

static void times_are_of_japan_unless_they_name_a_zone(void **state) {
    (void)state;
    static const struct {
        const char *at;
        long long seconds;
        enum err err;
    } rows[] = {
        {"1970-01-01T09:00:00", 0, ERR_OK},
        {"1970-01-01T09:00:00+09:00", 0, ERR_OK},
        {"1970-01-01T00:00:00Z", 0, ERR_OK},
        {"1969-12-31T23:30:00-00:30", 0, ERR_OK},
        {"2000-02-29T23:59:60Z", 951868800, ERR_OK},
        {"2001-02-29T00:00:00", 0, ERR_DATE},
        {"1970-01-01", 0, ERR_DATE},
        {"1970-01-01 09:00:00", 0, ERR_DATE},
        {"19700101T09:00:00xx", 0, ERR_DATE},
        {"1970-01-01T24:00:00", 0, ERR_DATE},
        {"1970-01-01T09:60:00", 0, ERR_DATE},
        {"1970-01-01T09:00:61", 0, ERR_DATE},
        {"1970-01-01T09:00:00+15:00", 0, ERR_DATE},
        {"1970-01-01T09:00:00+09", 0, ERR_DATE},
        {"1970-01-01T09:00:00Zz", 0, ERR_DATE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char line[256];
        struct account_registration r;
        struct diag d = {0};
        snprintf(line, sizeof line, "{\"resident\":\"R\",\"account\":\"0001-234-5\",\"at\":\"%s\"}", rows[i].at);
        row_check(account_line_read(&arena, str_c(line), &r, &d) == rows[i].err, rows[i].at);
        if (rows[i].err == ERR_OK) row_check(r.at_s == rows[i].seconds, rows[i].at);
        else row_check(strcmp(d.where, "at") == 0, rows[i].at);
    }
}

static void a_wrong_line_is_refused_with_the_field(void **state) {
    (void)state;
    static const struct {
        const char *line, *where;
        enum err err;
    } rows[] = {
        {"{\"account\":\"0001-234-5\"}", "resident", ERR_MISSING},
        {"{\"resident\":\"\",\"account\":\"0001-234-5\"}", "resident", ERR_MISSING},
        {"{\"resident\":\"R\"}", "account", ERR_MISSING},
        {"{\"resident\":1,\"account\":\"0001-234-5\"}", "resident", ERR_VALUE},
        {"{\"resident\":\"R\",\"account\":\"1\"}", "account", ERR_SYNTAX},
        {"{\"resident\":\"R\",\"account\":\"10530-12345672\"}", "account", ERR_VALUE},
        {"{\"resident\":\"R\",\"account\":\"0001-234-5\",\"name\":null}", "name", ERR_VALUE},
        {"[]", "line", ERR_SYNTAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct account_registration r;
        struct diag d = {0};
        row_check(account_line_read(&arena, str_c(rows[i].line), &r, &d) == rows[i].err, rows[i].line);
        row_check(strcmp(d.where, rows[i].where) == 0, rows[i].line);
    }
    static char longest[ACCOUNT_LINE_MAX + 2];
    struct account_person p;
    struct diag d = {0};
    memset(longest, ' ', sizeof longest);
    assert_int_equal(person_line_read(&arena, str_of(longest, sizeof longest), &p, &d), ERR_LIMIT);
    assert_int_equal(person_line_read(&arena, S("{\"name\":\"a\"}"), &p, &d), ERR_MISSING);
    assert_string_equal(d.where, "id");
}

static void feed(void *context, struct str input) {
    struct account_registration r;
    struct account_person p;
    struct diag d = {0};
    (void)context;
    if (account_line_read(&arena, input, &r, &d) == ERR_OK) assert_true(r.resident.n > 0 && r.account.kind != 0);
    if (person_line_read(&arena, input, &p, &d) == ERR_OK) assert_true(p.id.n > 0);
}

static void damaged_lines_are_read_or_refused(void **state) {
    (void)state;
    assert_true(
        hostile_all(S("{\"resident\":\"R1\",\"account\":\"10530-1-12345671\",\"name\":\"ﾀﾅｶ\",\"at\":\"2023-05-20T"
                      "10:00:05+09:00\"}"),
                    feed, NULL) > 800);
    assert_true(hostile_all(S("{\"id\":\"R1\",\"household\":\"H1\",\"name\":\"田中　花子\",\"kana\":\"ﾀﾅｶ\"}"), feed,
                            NULL) > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_registration_says_who_which_account_and_when, begin, end),
        cmocka_unit_test_setup_teardown(times_are_of_japan_unless_they_name_a_zone, begin, end),
        cmocka_unit_test_setup_teardown(a_wrong_line_is_refused_with_the_field, begin, end),
        cmocka_unit_test_setup_teardown(damaged_lines_are_read_or_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
