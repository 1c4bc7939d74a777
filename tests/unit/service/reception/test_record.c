#include "lib/failing_world.h"
#include "lib/reception_play.h"
#include "lib/unit.h"

#include <errno.h>

static struct scratch scratch;
static char folder[SCRATCH_PATH_MAX];
static const char id[] = "000102030405060708090a0b0c0d0e0f";

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)scratch_path(&scratch, "log", folder);
    return 0;
}

static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static struct record opened(struct world *w) {
    struct record r;
    assert_int_equal(record_open(&r, w, folder, (struct institution_code){110113719}, NULL), ERR_OK);
    return r;
}

static bool see(void *context, const struct ledger_entry *entry) { return audit_event_read(entry->body, context); }

static void a_record_names_the_visit_and_the_institution_and_nobody(void **state) {
    (void)state;
    struct record r = opened(world_real());
    struct audit_event e = {0};
    assert_int_equal(record_put(&r, AUDIT_RECEIVED, PROOF_FACE, id, NULL), ERR_OK);
    assert_int_equal(ledger_read(world_real(), folder, see, &e, NULL), ERR_OK); /* already, not when it closes */
    record_close(&r);
    assert_true(e.kind == AUDIT_RECEIVED && e.proof == PROOF_FACE && e.door == DOOR_PAGES &&
                e.institution.n == 110113719 && e.at_us > 0);
    assert_true(e.subject_kind == SUBJECT_NONE && !day_is(e.on));
    for (uint8_t i = 0; i < AUDIT_ID_BYTES; i++) assert_int_equal(e.id[i], i);
}

static void what_is_no_id_is_not_recorded(void **state) {
    (void)state;
    static const char *const ids[] = {"", "00", "x00102030405060708090a0b0c0d0e0f",
                                      "000102030405060708090a0b0c0d0e0f00"};
    struct record r = opened(world_real());
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        row_check(record_put(&r, AUDIT_VISIT_REMOVED, PROOF_NONE, ids[i], NULL) == ERR_VALUE, ids[i]);
    record_close(&r);
    assert_int_equal(logged(folder, AUDIT_VISIT_REMOVED, PROOF_NONE), 0);
}

static void a_disk_that_fails_is_said(void **state) {
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct failing_world f;
        struct record r;
        struct diag d = {0};
        char name[24];
        snprintf(name, sizeof name, "log-%zu", nth);
        (void)scratch_path(&scratch, name, folder);
        struct world *w = failing_world(&f, nth, ENOSPC);
        enum err e = record_open(&r, w, folder, (struct institution_code){110113719}, &d);
        if (e == ERR_OK) {
            e = record_put(&r, AUDIT_VISIT_REMOVED, PROOF_NONE, id, &d);
            record_close(&r);
        }
        if (e == ERR_OK) assert_int_equal(logged(folder, AUDIT_VISIT_REMOVED, PROOF_NONE), 1);
        if (!f.hit) break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_names_the_visit_and_the_institution_and_nobody, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_id_is_not_recorded, begin, end),
        cmocka_unit_test_setup_teardown(a_disk_that_fails_is_said, begin, end),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
