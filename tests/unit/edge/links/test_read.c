/* Lines of links and of the registry: what is taken, what is refused and where, and that any bytes are one of the two. */
#include "edge/links/read.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#define MEMBER "\"member\":{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"1\",\"branch\":\"02\"}"

static const char good[] =
    "{" MEMBER
    ",\"resident\":\"R000000001\",\"outcome\":\"linked\",\"probability\":0.999,\"reasons\":[{\"fact\":\"name\"}],"
    "\"record\":{\"name\":\"見本　太郎\",\"birth\":\"1985-04-01\"}}";

static void a_link_is_read(void **state) {
    (void)state;
    struct arena a;
    struct person_link l;
    bool linked = false;
    arena_init(&a, LINKS_ARENA);
    assert_int_equal(link_line_read(&a, str_c(good), &l, &linked, NULL), ERR_OK);
    assert_true(linked && l.insurer.n == 6139448 && l.id.branch == 2);
    assert_str(l.id.symbol, S("12-34"));
    assert_str(l.id.number, S("1"));
    assert_str(l.resident, S("R000000001"));
    struct day birth;
    assert_true(day_parse(S("1985-04-01"), &birth) && day_eq(l.birth, birth));
    arena_fini(&a);
}

static void what_a_link_may_be(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum err err;
        const char *where;
        bool linked;
    } rows[] = {
        {"{" MEMBER ",\"outcome\":\"linked\",\"resident\":\"R1\"}", ERR_OK, "", true},
        {"{\"outcome\":\"needs-person\"}", ERR_OK, "", false},
        {"{\"outcome\":\"not-linked\",\"member\":7}", ERR_OK, "", false},
        {"{\"outcome\":\"contradicted\"}", ERR_OK, "", false},
        {"{\"outcome\":\"joined\"}", ERR_CODE, "outcome", false},
        {"{}", ERR_MISSING, "outcome", false},
        {"{\"outcome\":7}", ERR_VALUE, "outcome", false},
        {"[]", ERR_VALUE, "line", false},
        {"", ERR_SYNTAX, NULL, false},
        {"{\"outcome\":\"linked\",\"resident\":\"R1\"}", ERR_MISSING, "member", true},
        {"{" MEMBER ",\"outcome\":\"linked\"}", ERR_MISSING, "resident", true},
        {"{" MEMBER ",\"outcome\":\"linked\",\"resident\":\"\"}", ERR_MISSING, "resident", true},
        {"{\"member\":{\"insurer\":\"06139449\",\"number\":\"1\"},\"outcome\":\"linked\",\"resident\":\"R1\"}",
         ERR_CHECK_DIGIT, "insurer", true},
        {"{\"member\":{\"insurer\":\"06139448\"},\"outcome\":\"linked\",\"resident\":\"R1\"}", ERR_MISSING, "number",
         true},
        {"{\"member\":{\"insurer\":\"06139448\",\"number\":\"123456789012345678901\"},\"outcome\":\"linked\",\"resident\":\"R1\"}",
         ERR_LIMIT, "number", true},
        {"{\"member\":{\"insurer\":\"06139448\",\"number\":\"1\",\"branch\":\"x\"},\"outcome\":\"linked\",\"resident\":\"R1\"}",
         ERR_VALUE, "branch", true},
        {"{" MEMBER ",\"outcome\":\"linked\",\"resident\":\"R1\",\"record\":{\"birth\":\"1985-02-30\"}}", ERR_OK, "",
         true},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct arena a;
        struct person_link l;
        struct diag d = {0};
        bool linked = false;
        arena_init(&a, LINKS_ARENA);
        enum err e = link_line_read(&a, str_c(rows[r].line), &l, &linked, &d);
        row_check(e == rows[r].err && linked == rows[r].linked, rows[r].line);
        if (e != ERR_OK && rows[r].where) row_check(str_eq(str_c(d.where), str_c(rows[r].where)), rows[r].line);
        if (str_find(str_c(rows[r].line), S("02-30")) < strlen(rows[r].line))
            row_check(l.birth.n == DAY_END.n, "a birth date that is none matches nobody");
        arena_fini(&a);
    }
}

static void a_resident_is_read(void **state) {
    (void)state;
    static const struct {
        const char *line, *id;
        enum err err;
        bool died;
    } rows[] = {
        {"{\"id\":\"R1\",\"name\":\"見本\",\"died\":\"2026-01-02\"}", "R1", ERR_OK, true},
        {"{\"id\":\"R1\"}", "R1", ERR_OK, false},
        {"{\"id\":\"R1\",\"died\":\"\"}", "R1", ERR_OK, false},
        {"{\"id\":\"R1\",\"died\":\"2026-13-02\"}", "R1", ERR_DATE, false},
        {"{\"id\":\"R1\",\"died\":20260102}", "R1", ERR_VALUE, false},
        {"{\"died\":\"2026-01-02\"}", "", ERR_MISSING, false},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct arena a;
        struct str id = S("");
        struct day died = DAY_NONE;
        arena_init(&a, LINKS_ARENA);
        row_check(resident_line_read(&a, str_c(rows[r].line), &id, &died, NULL) == rows[r].err, rows[r].line);
        row_check(str_eq(id, str_c(rows[r].id)) && day_is(died) == rows[r].died, rows[r].line);
        arena_fini(&a);
    }
}

static void feed(void *context, struct str line) {
    struct arena *a = context;
    struct person_link l;
    struct diag d = {0};
    struct str id;
    struct day died;
    bool linked = false;
    arena_reset(a);
    enum err e = link_line_read(a, line, &l, &linked, &d);
    assert_int_equal(e, d.err);
    if (e == ERR_OK && linked) assert_true(l.resident.n && l.id.number.n && l.id.branch >= BRANCH_NONE);
    d = (struct diag){0};
    e = resident_line_read(a, line, &id, &died, &d);
    assert_int_equal(e, d.err);
}

static void every_truncation_and_every_flipped_bit(void **state) {
    (void)state;
    struct arena a;
    arena_init(&a, LINKS_ARENA);
    assert_true(hostile_all(str_c(good), feed, &a) > 1000);
    assert_true(hostile_all(S("{\"id\":\"R000000001\",\"mynumber\":\"675775076043\",\"died\":\"2026-01-02\"}"), feed,
                            &a) > 500);
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_is_read),
        cmocka_unit_test(what_a_link_may_be),
        cmocka_unit_test(a_resident_is_read),
        cmocka_unit_test(every_truncation_and_every_flipped_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
