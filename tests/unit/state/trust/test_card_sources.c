#include "lib/hostile.h"
#include "lib/unit.h"
#include "state/trust/card_sources.h"

static struct arena arena;
static int begin(void **state) { return (void)state, arena_init(&arena, 16 << 20), 0; }
static int end(void **state) { return (void)state, arena_fini(&arena), 0; }

#define GOOD                                                                                                           \
    "# where to ask\nocsp\tcertificate\n\ncrl\tCN=13221 CRLDP,OU=Tokyo,O=JPKI,C=JP\thttp://crl.example/13221\r\n"      \
    "crl\t*\tfile:///srv/all.crl\n"

static void the_table_is_read(void **state) {
    (void)state;
    struct card_sources s;
    assert_int_equal(card_sources_read(&arena, S(GOOD), &s, NULL), ERR_OK);
    assert_true(s.ocsp && s.ocsp_address.n == 0 && s.crl_count == 2);
    assert_str(s.crls[0].point, S("CN=13221 CRLDP,OU=Tokyo,O=JPKI,C=JP"));
    assert_str(s.crls[0].address, S("http://crl.example/13221"));
    assert_str(s.crls[1].point, S("*"));
    assert_int_equal(card_sources_read(&arena, S("ocsp\thttp://127.0.0.1:2560/"), &s, NULL), ERR_OK);
    assert_str(s.ocsp_address, S("http://127.0.0.1:2560/"));
    assert_int_equal(card_sources_read(&arena, S(""), &s, NULL), ERR_OK);
    assert_false(s.ocsp); /* nobody is asked unless it says so */
}

static void a_fault_is_named_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum err want;
        unsigned line;
    } rows[] = {
        {"ocsp\tcertificate\nocsp\tcertificate", ERR_DUPLICATE, 2},
        {"ocsp\tldap://x/", ERR_VALUE, 1},
        {"ocsp\tfile:///etc/passwd", ERR_VALUE, 1},
        {"ocsp", ERR_VALUE, 1},
        {"# a\ncrl\t*\tgopher://x/", ERR_VALUE, 2},
        {"crl\t\thttp://x/", ERR_VALUE, 1},
        {"crl\t*", ERR_VALUE, 1},
        {"crl\t*\thttp://", ERR_VALUE, 1},
        {"crl\t*\thttp://a b/", ERR_VALUE, 1},
        {"crl\t*\thttp://x/\ncrl\t*\thttp://x/", ERR_DUPLICATE, 2},
        {"what\tever", ERR_SYNTAX, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_sources s;
        struct diag d = {0};
        row_check(card_sources_read(&arena, str_c(rows[i].text), &s, &d) == rows[i].want, rows[i].text);
        row_check(d.line == rows[i].line, rows[i].text);
    }
}

static void feed(void *context, struct str s) {
    struct card_sources out;
    (void)context;
    if (card_sources_read(&arena, s, &out, NULL) == ERR_OK) assert_true(out.crl_count <= 2);
    arena_reset(&arena);
}

static void hostile_tables_are_refused_or_read(void **state) {
    (void)state;
    assert_true(hostile_all(S(GOOD), feed, NULL) > 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_table_is_read),
        TEST(a_fault_is_named_with_its_line),
        TEST(hostile_tables_are_refused_or_read),
    };
    return cmocka_run_group_tests_name("card sources", tests, NULL, NULL);
}
