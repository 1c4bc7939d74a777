/* Accounts of made-up people, looked at person by person: what each kind is, written here a second time. */
#include "base/json.h"
#include "lib/unit.h"
#include "rules/identity/account_number.h"
#include "rules/identity/zengin.h"
#include "service/people/accounts.h"
#include "service/people/people.h"

enum { PEOPLE = 60000, OUT_MAX = 64 << 20 };

static void make(uint64_t seed, uint32_t percent, struct buf *lines, struct buf *truth, struct accounts *a) {
    static struct household h;
    struct nation n;
    struct diag d = {0};
    struct people_options o = {.count = PEOPLE, .seed = seed, .as_of = people_default_day()};
    assert_int_equal(nation_init(&n, world_real(), &o, &d), ERR_OK);
    assert_int_equal(accounts_init(a, &n, percent, &d), ERR_OK);
    for (uint64_t done = 0, block = 0; done < PEOPLE; block++) {
        uint64_t end = (block + 1) * BLOCK_PEOPLE;
        for (unsigned k = 0; done < end; k++, done += h.people_count) {
            household_make(&n, block, k, done, (size_t)(end - done), &h);
            for (size_t i = 0; i < h.people_count; i++) accounts_person(a, &h, &h.people[i], lines, truth);
        }
    }
    assert_true(buf_ok(lines) && buf_ok(truth));
    accounts_fini(&(struct accounts){.terminals = a->terminals});
    a->terminals = NULL;
    nation_fini(&n);
}

static struct str text_of(struct json o, const char *name) {
    struct str s = {0};
    (void)!json_str(json_get(o, name), &s);
    return s;
}

static bool has_kind(struct json o, const char *kind) {
    struct str s;
    for (struct json k = json_first(json_get(o, "kinds")); !json_none(k); k = json_next(k))
        if (json_str(k, &s) && str_eq(s, str_c(kind))) return true;
    return false;
}

static void every_line_can_be_read_and_is_as_a_bank_keeps_it(void **state) {
    (void)state;
    struct buf lines, truth;
    struct accounts a;
    struct arena arena;
    struct diag d = {0};
    buf_init(&lines, OUT_MAX), buf_init(&truth, OUT_MAX), arena_init(&arena, 1 << 20);
    make(7, 10000, &lines, &truth, &a);
    uint64_t n = 0, session = 0, left_open = 0;
    struct str rest = buf_str(&lines), truths = buf_str(&truth);
    while (rest.n) {
        struct json line, t;
        struct text name, written;
        struct account_number number;
        bool yes;
        arena_reset(&arena);
        assert_int_equal(json_read(&arena, str_cut(&rest, '\n'), &line, &d), ERR_OK);
        assert_int_equal(json_read(&arena, str_cut(&truths, '\n'), &t, &d), ERR_OK);
        assert_str(text_of(line, "resident"), text_of(t, "resident"));
        assert_int_equal(account_number_parse(text_of(line, "account"), &number, &d), ERR_OK);
        /* A session left open takes over how the other wrote theirs. */
        if (!has_kind(t, "session")) assert_int_equal(has_kind(t, "yucho"), number.bank[0] == '9');
        assert_int_equal(text_read(text_of(line, "name"), &name, "", &d), ERR_OK);
        assert_true(zengin_write(&name, &written) && text_eq(&name, &written) && name.n <= ZENGIN_PAYEE && name.n > 0);
        session += has_kind(t, "session");
        left_open +=
            has_kind(t, "session") && text_of(line, "terminal").p[0] == 'D' && text_of(t, "account_of").n == 10;
        assert_true(json_bool(json_get(t, "wrong"), &yes));
        bool wrong = has_kind(t, "session") || has_kind(t, "family") || has_kind(t, "relative") ||
                     has_kind(t, "stranger") || has_kind(t, "organisation");
        assert_int_equal(yes, wrong);
        n++;
    }
    assert_int_equal(truths.n, 0);
    assert_int_equal(n, a.lines);
    assert_in_range(n, PEOPLE * 38 / 100, PEOPLE * 43 / 100); /* 43 of a hundred, of those who live */
    assert_true(session > 0 && left_open == session && session == a.of_kind[ACCOUNT_KIND_session]);
    for (unsigned k = 0; k < ACCOUNT_KINDS; k++)
        if (a.of_kind[k] == 0) fail_msg("no %s among %d people", account_kind_name((enum account_kind)k), PEOPLE);
    buf_fini(&lines), buf_fini(&truth), arena_fini(&arena);
}

static void at_no_percent_nothing_is_wrong_and_the_same_seed_gives_the_same(void **state) {
    (void)state;
    struct buf lines, truth, again, more;
    struct accounts a, b;
    buf_init(&lines, OUT_MAX), buf_init(&truth, OUT_MAX), buf_init(&again, OUT_MAX), buf_init(&more, OUT_MAX);
    make(8, 0, &lines, &truth, &a);
    make(8, 0, &again, &more, &b);
    assert_true(str_eq(buf_str(&lines), buf_str(&again)) && str_eq(buf_str(&truth), buf_str(&more)));
    assert_int_equal(a.wrong, 0);
    assert_true(str_find(buf_str(&truth), S("\"wrong\":true")) == truth.n);
    buf_reset(&again), buf_reset(&more);
    make(9, 0, &again, &more, &b);
    assert_false(str_eq(buf_str(&lines), buf_str(&again)));
    buf_fini(&lines), buf_fini(&truth), buf_fini(&again), buf_fini(&more);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_can_be_read_and_is_as_a_bank_keeps_it),
        cmocka_unit_test(at_no_percent_nothing_is_wrong_and_the_same_seed_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
