/* Accounts looked over: which registrations raise which alarm. People: a household of two, a stranger, a namesake of the stranger. */
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "service/accounts.h"

#include <stdio.h>

enum { FOUND_MAX = 2100 };

struct found {
    struct {
        enum account_alarm alarm;
        uint32_t line;
        char of[8];
    } list[FOUND_MAX];
    size_t n;
};

static enum err take(void *context, const struct account_finding *f, struct diag *d) {
    struct found *x = context;
    (void)d;
    assert_true(x->n < FOUND_MAX);
    x->list[x->n].alarm = f->alarm, x->list[x->n].line = f->registration->line;
    snprintf(x->list[x->n].of, sizeof x->list[0].of, "%.*s", f->of ? (int)f->of->id.n : 1, f->of ? f->of->id.p : "-");
    x->n++;
    return ERR_OK;
}

static enum err add_people(struct account_book *b, struct diag *d) {
    static const char *const people[][3] = {{"R1", "H1", "ﾀﾅｶ ﾊﾅｺ"},
                                            {"R2", "H1", "ﾀﾅｶ ﾀﾛｳ"},
                                            {"R3", "H3", "ｽｽﾞｷ ｼﾞﾛｳ"},
                                            {"R4", "", "ｽｽﾞｷ ｼﾞﾛｳ"},
                                            {"R5", "", "ﾔﾏﾀﾞ ﾒｸﾞﾐ"}};
    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        struct account_person p = {
            .id = str_c(people[i][0]), .household = str_c(people[i][1]), .names = {[1] = str_c(people[i][2])}};
        TRY(account_book_person(b, &p, d));
    }
    return ERR_OK;
}

struct registered {
    const char *resident, *account, *name, *terminal;
    int64_t at_s;
};

static enum err add_all(struct account_book *b, const struct registered *r, size_t n, struct diag *d) {
    TRY(add_people(b, d));
    for (size_t i = 0; i < n; i++) {
        struct account_registration x = {.resident = str_c(r[i].resident),
                                         .name = str_c(r[i].name),
                                         .terminal = str_c(r[i].terminal),
                                         .at_s = r[i].at_s,
                                         .line = (uint32_t)i + 1};
        TRY(account_number_parse(str_c(r[i].account), &x.account, d));
        TRY(account_book_registration(b, &x, d));
    }
    return ERR_OK;
}

static void check(const struct registered *r, size_t n, const char *want) {
    static struct found found;
    struct account_book b;
    struct account_result result;
    struct diag d = {0};
    char got[512] = "";
    account_book_init(&b, 1 << 20);
    found.n = 0;
    assert_int_equal(add_all(&b, r, n, &d), ERR_OK);
    assert_int_equal(account_book_inspect(&b, take, &found, &result, &d), ERR_OK);
    for (size_t i = 0; i < found.n; i++) {
        size_t at = strlen(got);
        snprintf(got + at, sizeof got - at, "%s%s %u %s", i ? ", " : "", account_alarm_info(found.list[i].alarm)->code,
                 found.list[i].line, found.list[i].of);
    }
    assert_string_equal(got, want);
    account_book_fini(&b);
}
#define CHECK(want, ...)                                                                                               \
    do {                                                                                                               \
        static const struct registered rows[] = {__VA_ARGS__};                                                         \
        check(rows, ARRAY_LEN(rows), want);                                                                            \
    } while (0)

static void a_session_left_open_is_told_from_a_family_and_from_chance(void **state) {
    (void)state;
    CHECK("session 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 3600});
    CHECK("anothers 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 3601});
    CHECK("anothers 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "U", 5});
    CHECK("anothers 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", NO_TIME}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 5});
    CHECK("anothers 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", 0}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", 5});
    CHECK("family 2 R1", {"R1", "0001-001-1", "ﾀﾅｶ ﾊﾅｺ", "T", 0}, {"R2", "0001-001-1", "ﾀﾅｶ ﾊﾅｺ", "T", 5});
    CHECK("organisation 1 -, organisation 2 -", {"R1", "0001-001-1", "ﾏﾄﾞ(ｶ", "T", 0},
          {"R2", "0001-001-1", "ﾏﾄﾞ(ｶ", "T", 5});
    CHECK("session 2 R4", {"R4", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0}, {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 5});
    /* Somebody else registered between the two: no session, but the account is still another's. */
    CHECK("anothers 3 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0}, {"R1", "0001-001-2", "ﾀﾅｶ ﾊﾅｺ", "T", 5},
          {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 9});
}

static void one_account_of_two_namesakes_is_told_at_both(void **state) {
    (void)state;
    CHECK("namesake 1 R4, namesake 2 R3", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", NO_TIME},
          {"R4", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", NO_TIME});
    CHECK("", {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", NO_TIME}, {"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", NO_TIME});
}

static void a_single_registration_is_judged_by_its_name(void **state) {
    (void)state;
    CHECK("", {"R1", "0001-001-1", "ﾀﾅｶ ﾊﾅｺ", "", NO_TIME});
    CHECK("stranger 1 -", {"R1", "0001-001-1", "ｻﾄｳ ｹﾝｼﾞ", "", NO_TIME});
    CHECK("organisation 1 -", {"R1", "0001-001-1", "ﾏﾄﾞ(ｶ", "", NO_TIME});
    CHECK("family 1 R2", {"R1", "0001-001-1", "ﾀﾅｶ ﾀﾛｳ", "", NO_TIME}); /* who registered nothing */
    CHECK("family-name 1 -", {"R1", "0001-001-1", "ﾀﾅｶ ｼﾛｳ", "", NO_TIME});
    CHECK("former-name 1 -", {"R1", "0001-001-1", "ｵｵﾉ ﾊﾅｺ", "", NO_TIME});
    CHECK("no-name 1 -", {"R1", "0001-001-1", "", "", NO_TIME});
    CHECK("no-resident 1 -", {"R9", "0001-001-1", "ﾀﾅｶ ﾊﾅｺ", "", NO_TIME});
}

static void a_resident_twice_is_refused(void **state) {
    (void)state;
    struct account_book b;
    struct account_result result;
    struct diag d = {0};
    account_book_init(&b, 1 << 20);
    assert_int_equal(add_people(&b, &d), ERR_OK);
    assert_int_equal(add_people(&b, &d), ERR_OK);
    assert_int_equal(account_book_inspect(&b, take, NULL, &result, &d), ERR_DUPLICATE);
    account_book_fini(&b);
}

static void an_account_on_a_thousand_people_does_not_cost_every_pair(void **state) {
    (void)state;
    static struct registered many[2000];
    static struct found found;
    struct account_book b;
    struct account_result result;
    struct diag d = {0};
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        many[i] = (struct registered){"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "", NO_TIME};
    many[999].resident = "R3";
    account_book_init(&b, 1 << 20);
    assert_int_equal(add_all(&b, many, ARRAY_LEN(many), &d), ERR_OK);
    assert_int_equal(account_book_inspect(&b, take, &found, &result, &d), ERR_OK);
    assert_int_equal(result.of[ACCOUNT_ALARM_ANOTHERS], 1999); /* the owner is the last that is looked for */
    account_book_fini(&b);
}

static void without_memory_it_says_so(void **state) {
    (void)state;
    static const struct registered rows[] = {{"R3", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 0},
                                             {"R5", "0001-001-1", "ｽｽﾞｷ ｼﾞﾛｳ", "T", 5}};
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        struct found found = {.n = 0};
        struct account_book b;
        struct account_result result;
        struct diag d = {0};
        assert_true(nth < 100);
        account_book_init(&b, 1 << 20);
        short_memory_from(nth);
        enum err e = add_all(&b, rows, ARRAY_LEN(rows), &d);
        if (e == ERR_OK) e = account_book_inspect(&b, take, &found, &result, &d);
        failed = short_memory_hit();
        assert_int_equal(e, failed ? ERR_MEMORY : ERR_OK);
        account_book_fini(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_left_open_is_told_from_a_family_and_from_chance),
        cmocka_unit_test(one_account_of_two_namesakes_is_told_at_both),
        cmocka_unit_test(a_single_registration_is_judged_by_its_name),
        cmocka_unit_test(a_resident_twice_is_refused),
        cmocka_unit_test(an_account_on_a_thousand_people_does_not_cost_every_pair),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
