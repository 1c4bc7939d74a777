#include "lib/unit.h"
#include "rules/card/card.h"

static struct day day(const char *text) {
    struct day d;
    invariant(day_parse(str_c(text), &d));
    return d;
}

static const struct card_facts good = {.trusted = true, .is_signed = true, .registered = true, .in_use = true};

static void the_grace_lasts_to_the_end_of_the_third_month_after(void **state) {
    (void)state;
    static const struct {
        const char *until, *usable;
    } rows[] = {{"2026-03-15", "2026-06-30"}, {"2026-03-31", "2026-06-30"}, {"2026-03-01", "2026-06-30"},
                {"2026-11-30", "2027-02-28"}, {"2027-11-01", "2028-02-29"}, {"2026-12-31", "2027-03-31"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        row_check(day_eq(card_usable_until(day(rows[i].until), false), day(rows[i].usable)), rows[i].until);
        row_check(day_eq(card_usable_until(day(rows[i].until), true), day(rows[i].until)), rows[i].until);
    }
}

static void every_end_has_its_own_verdict(void **state) {
    (void)state;
    static const struct {
        const char *today;
        bool phone;
        enum card_verdict want;
        enum proof proof;
    } rows[] = {
        {"2025-12-14", false, CARD_VERDICT_ANSWERED, PROOF_CARD_PIN},
        {"2025-12-15", false, CARD_VERDICT_ENDS_SOON, PROOF_CARD_PIN},
        {"2026-03-15", false, CARD_VERDICT_ENDS_SOON, PROOF_CARD_PIN}, /* its last day is one of use */
        {"2026-03-15", true, CARD_VERDICT_ENDS_SOON, PROOF_CARD_PIN},
        {"2026-03-16", false, CARD_VERDICT_GRACE, PROOF_CARD_PIN_ENDED},
        {"2026-03-16", true, CARD_VERDICT_ENDED, PROOF_NONE},
        {"2026-06-30", false, CARD_VERDICT_GRACE, PROOF_CARD_PIN_ENDED},
        {"2026-07-01", false, CARD_VERDICT_ENDED, PROOF_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_facts f = good;
        f.until = day("2026-03-15"), f.on_phone = rows[i].phone;
        struct card_decision got = card_decide(&f, day(rows[i].today));
        row_check(got.verdict == rows[i].want && got.proof == rows[i].proof, rows[i].today);
        row_check(day_is(got.usable_until) == (rows[i].proof != PROOF_NONE), rows[i].today);
    }
}

static void each_trouble_has_its_own_verdict(void **state) {
    (void)state;
    static const struct {
        const char *why;
        struct card_facts facts;
        enum card_verdict want;
    } rows[] = {
        {"in order", {true, true, true, true, false, CARD_NOT_REVOKED, {0}}, CARD_VERDICT_ANSWERED},
        {"another authority", {false, false, false, false, false, CARD_NOT_LEARNT, {0}}, CARD_VERDICT_UNTRUSTED},
        {"a copied certificate", {true, false, true, true, false, CARD_NOT_REVOKED, {0}}, CARD_VERDICT_SIGNATURE},
        {"revoked", {true, true, true, true, false, CARD_IS_REVOKED, {0}}, CARD_VERDICT_REVOKED},
        {"revoked and not ours", {true, true, false, false, false, CARD_IS_REVOKED, {0}}, CARD_VERDICT_REVOKED},
        {"nobody knows it", {true, true, true, true, false, CARD_NOBODY_KNOWS_IT, {0}}, CARD_VERDICT_UNKNOWN},
        {"not learnt", {true, true, true, true, false, CARD_NOT_LEARNT, {0}}, CARD_VERDICT_UNCHECKED},
        {"not registered", {true, true, false, false, false, CARD_NOT_REVOKED, {0}}, CARD_VERDICT_NOT_REGISTERED},
        {"ended", {true, true, true, false, false, CARD_NOT_REVOKED, {0}}, CARD_VERDICT_DEREGISTERED},
        {"not learnt and not registered",
         {true, true, false, false, false, CARD_NOT_LEARNT, {0}},
         CARD_VERDICT_NOT_REGISTERED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_facts f = rows[i].facts;
        f.until = day("2030-01-01");
        struct card_decision got = card_decide(&f, day("2026-06-01"));
        row_check(got.verdict == rows[i].want, rows[i].why);
        row_check(card_verdict_info(got.verdict)->answered == (got.proof != PROOF_NONE), rows[i].why);
    }
    struct card_facts late = {true, true, true, true, false, CARD_NOT_LEARNT, day("2026-05-01")};
    assert_int_equal(card_decide(&late, day("2026-06-01")).verdict, CARD_VERDICT_GRACE);
    late.until = day("2030-01-01");
    assert_int_equal(card_decide(&late, day("2026-06-01")).proof, PROOF_CARD_PIN_UNCHECKED);
}

static void what_was_said_at_a_counter_ends_what_was_registered_before(void **state) {
    (void)state;
    static const struct {
        enum way_state state;
        const char *stated, *registered;
        enum card_said want;
    } rows[] = {
        {WAY_NONE, NULL, "2026-05-01", CARD_SAID_NOTHING},
        {WAY_REGISTERED, NULL, "2026-05-01", CARD_SAID_NOTHING},
        {WAY_DEREGISTERED, "2026-05-02", "2026-05-01", CARD_SAID_ENDED},
        {WAY_DEREGISTERED, "2026-05-01", "2026-05-01", CARD_SAID_ENDED},
        {WAY_DEREGISTERED, "2026-04-30", "2026-05-01", CARD_SAID_NOTHING}, /* registered anew since */
        {WAY_DEREGISTERED, NULL, "2026-05-01", CARD_SAID_ENDED},
        {WAY_RETURNED, "2026-05-02", "2026-05-01", CARD_SAID_ENDED},
        {WAY_REVOKED, "2026-05-02", "2026-05-01", CARD_SAID_REVOKED},
        {WAY_EXPIRED, "2026-05-02", "2026-05-01", CARD_SAID_NOTHING},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct way w = {.state = rows[i].state, .stated = rows[i].stated ? day(rows[i].stated) : DAY_NONE};
        char row[16];
        snprintf(row, sizeof row, "%zu", i);
        row_check(card_said(&w, day(rows[i].registered)) == rows[i].want, row);
    }
}

static struct member covered(struct coverage *c, const char *start, const char *lost) {
    *c = coverage_empty();
    if (start) c->start = day(start);
    if (lost) c->lost = day(lost);
    return (struct member){.periods = c, .period_count = start ? 1 : 0};
}

static void the_member_is_the_one_covered_that_day(void **state) {
    (void)state;
    struct coverage c[4];
    struct member m[4] = {covered(&c[0], "2020-04-01", "2025-04-01"), covered(&c[1], "2025-04-01", NULL),
                          covered(&c[2], NULL, NULL), covered(&c[3], "2010-04-01", "2012-04-01")};
    static const struct {
        const char *on;
        size_t want;
    } rows[] = {{"2024-01-01", 0}, {"2025-03-31", 0}, {"2025-04-01", 1}, {"2026-01-01", 1}, {"2011-01-01", 3}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(card_member_on(m, 4, day(rows[i].on)) == &m[rows[i].want], rows[i].on);
    struct member turned[2] = {m[1], m[0]};
    assert_ptr_equal(card_member_on(turned, 2, day("2026-01-01")), &turned[0]);
    assert_ptr_equal(card_member_on(turned, 2, day("2024-01-01")), &turned[1]);
    /* covered by neither: who was covered last; without periods at all, still somebody to answer about */
    struct member past[3] = {m[2], m[3], m[0]};
    assert_ptr_equal(card_member_on(past, 3, day("2026-01-01")), &past[2]);
    assert_ptr_equal(card_member_on(past, 1, day("2026-01-01")), &past[0]);
    assert_null(card_member_on(past, 0, day("2026-01-01")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grace_lasts_to_the_end_of_the_third_month_after),
        cmocka_unit_test(every_end_has_its_own_verdict),
        cmocka_unit_test(each_trouble_has_its_own_verdict),
        cmocka_unit_test(what_was_said_at_a_counter_ends_what_was_registered_before),
        cmocka_unit_test(the_member_is_the_one_covered_that_day),
    };
    return cmocka_run_group_tests_name("card rules", tests, NULL, NULL);
}
