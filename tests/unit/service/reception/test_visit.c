#include "lib/hostile.h"
#include "lib/reception_play.h"
#include "lib/unit.h"

#include <sodium.h>

static struct visit *whole(void) {
    struct visit *v = visit_sample();
    memset(v->id, 'a', VISIT_ID);
    v->number = 12, v->day = (struct day){20782};
    v->asked_us = 1000001, v->settled_us = 2000002;
    v->state = VISIT_REFUSED, v->why = ERR_TIMEOUT;
    v->limit_consent = true;
    snprintf(v->chart, sizeof v->chart, "1001");
    snprintf(v->name, sizeof v->name, "高橋 みどり");
    snprintf(v->said, sizeof v->said, "だめです");
    snprintf(v->address, sizeof v->address, "架空県窓町");
    snprintf(v->stated, sizeof v->stated, "3割でした");
    v->told_us = 3000003, v->removed_us = 4000004, v->changed = true, v->way = VISIT_BY_NOTHING, v->sex = 2;
    v->proof = PROOF_STAFF;
    buf_puts(&v->answer, "{\"validity\":1}");
    return v;
}

static void a_visit_comes_back_as_it_was_kept(void **state) {
    (void)state;
    struct visit *v = whole(), *back = visit_new();
    struct buf b;
    buf_init(&b, VISIT_STORED_MAX);
    visit_put(&b, v);
    assert_true(buf_ok(&b));
    assert_int_equal(visit_read(buf_str(&b), back, NULL), ERR_OK);
    assert_string_equal(back->id, v->id);
    assert_string_equal(back->symbol, "12-34");
    assert_string_equal(back->insured_number, "1");
    assert_string_equal(back->chart, "1001");
    assert_string_equal(back->name, "高橋 みどり");
    assert_string_equal(back->said, "だめです");
    assert_str(buf_str(&back->answer), S("{\"validity\":1}"));
    assert_true(back->number == 12 && back->day.n == 20782 && back->asked_us == 1000001 && back->settled_us == 2000002);
    assert_true(back->state == VISIT_REFUSED && back->why == ERR_TIMEOUT && back->limit_consent && back->branch == 1);
    assert_true(back->insurer.n == 6139448 && day_eq(back->birth, v->birth));
    assert_true(back->told_us == 3000003 && back->removed_us == 4000004 && back->changed &&
                back->way == VISIT_BY_NOTHING);
    assert_true(back->sex == 2 && back->proof == PROOF_STAFF);
    assert_string_equal(back->address, "架空県窓町");
    assert_string_equal(back->stated, "3割でした");
    buf_fini(&b), visit_free(v), visit_free(back);
}

static void no_branch_and_no_fault_come_back_too(void **state) {
    (void)state;
    struct visit *v = whole(), *back = visit_new();
    struct buf b;
    v->branch = BRANCH_NONE, v->why = ERR_OK, v->state = VISIT_WAITING;
    buf_init(&b, VISIT_STORED_MAX);
    visit_put(&b, v);
    assert_int_equal(visit_read(buf_str(&b), back, NULL), ERR_OK);
    assert_true(back->branch == BRANCH_NONE && back->why == ERR_OK && back->state == VISIT_WAITING);
    buf_fini(&b), visit_free(v), visit_free(back);
}

/* The first form ends with the answer. */
static void what_an_earlier_window_kept_is_read(void **state) {
    (void)state;
    enum { SUM = 16, FORM_AT = 8, LATER = 8 + 8 + 4 + 1 + 1 }; /* two moments, four bytes, two empty texts */
    struct visit *v = whole(), *back = visit_new();
    unsigned char sum[SUM];
    struct buf b;
    v->address[0] = v->stated[0] = 0;
    buf_init(&b, VISIT_STORED_MAX);
    visit_put(&b, v);
    buf_cut(&b, b.n - SUM - LATER);
    b.p[FORM_AT] = 1;
    crypto_generichash(sum, SUM, (const unsigned char *)b.p, b.n, NULL, 0);
    buf_put(&b, str_of(sum, SUM));
    assert_int_equal(visit_read(buf_str(&b), back, NULL), ERR_OK);
    assert_string_equal(back->said, "だめです");
    assert_str(buf_str(&back->answer), S("{\"validity\":1}"));
    assert_true(back->told_us == 0 && back->removed_us == 0 && back->way == VISIT_TYPED && back->proof == PROOF_NUMBER);
    buf_fini(&b), visit_free(v), visit_free(back);
}

static void refused_one(void *context, struct str input) {
    struct visit *v = visit_new();
    struct diag d = {0};
    (void)context;
    assert_int_equal(visit_read(input, v, &d), ERR_CORRUPT);
    visit_free(v);
}

static void every_damage_is_seen(void **state) {
    (void)state;
    struct visit *v = whole();
    struct buf b;
    buf_init(&b, VISIT_STORED_MAX);
    visit_put(&b, v);
    assert_true(hostile_all(buf_str(&b), refused_one, NULL) > b.n * 8);
    buf_fini(&b), visit_free(v);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_comes_back_as_it_was_kept),
        cmocka_unit_test(no_branch_and_no_fault_come_back_too),
        cmocka_unit_test(what_an_earlier_window_kept_is_read),
        cmocka_unit_test(every_damage_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
