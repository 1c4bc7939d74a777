/* Statements at the centre: taken in once, known to the log first, erased when settled. */
#include "lib/desk_play.h"
#include "lib/unit.h"
#include "service/statement_book.h"
#include "state/store/store_key.h"

#include <errno.h>

#define NUMBER "0123456789abcdef0123456789abcdef"
static const struct asker clinic = {.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = {110113719}};
static const struct asker another = {.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = {2714206386}};

static void row_of(struct desk_play *p, struct institution_code i, struct buf *out) {
    char room[64];
    struct buf key = buf_over(room, sizeof room);
    buf_u64_big(&key, i.n), buf_puts(&key, NUMBER);
    buf_reset(out);
    (void)!store_get(p->desk.desk, STORE_STATEMENT, buf_str(&key), out, NULL);
}

static void it_is_taken_in_once_for_each_institution(void **state) {
    (void)state;
    struct desk_play p;
    struct audit_event e;
    bool known = true;
    desk_play_begin(&p);
    assert_int_equal(statement_book_take(&p.desk, &clinic, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    assert_false(known);
    assert_int_equal(statement_book_take(&p.desk, &clinic, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    assert_true(known);
    assert_int_equal(statement_book_take(&p.desk, &another, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    assert_false(known);
    assert_int_equal(desk_play_events(&p), 2);
    assert_true(desk_play_event(&p, 0, &e) && e.kind == AUDIT_STATEMENT && e.institution.n == 110113719);
    desk_play_end(&p);
}

static void the_words_go_when_it_is_settled_and_the_number_stays(void **state) {
    (void)state;
    struct desk_play p;
    struct buf row;
    bool known;
    desk_play_begin(&p);
    buf_init(&row, 1 << 16);
    assert_int_equal(statement_book_settle(&p.desk, clinic.institution, S(NUMBER), NULL), ERR_OK); /* none: nothing */
    row_of(&p, clinic.institution, &row);
    assert_int_equal(row.n, 0);
    assert_int_equal(statement_book_take(&p.desk, &clinic, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    row_of(&p, clinic.institution, &row);
    assert_true(str_ends(buf_str(&row), S("words")));
    assert_int_equal(statement_book_settle(&p.desk, clinic.institution, S(NUMBER), NULL), ERR_OK);
    row_of(&p, clinic.institution, &row);
    assert_true(row.n && str_find(buf_str(&row), S("words")) == row.n);
    assert_int_equal(statement_book_take(&p.desk, &clinic, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    assert_true(known);
    row_of(&p, clinic.institution, &row);
    assert_true(str_find(buf_str(&row), S("words")) == row.n);
    assert_int_equal(desk_play_events(&p), 1);
    buf_fini(&row);
    desk_play_end(&p);
}

/* A log that takes nothing: nothing is there either. */
static void without_the_log_it_is_not_taken_in(void **state) {
    (void)state;
    struct desk_play p;
    struct buf row;
    bool known;
    desk_play_begin(&p);
    buf_init(&row, 1 << 16);
    sim_disk_fail(p.disk, SIM_SYNC, 1, ENOSPC);
    assert_int_not_equal(statement_book_take(&p.desk, &clinic, S(NUMBER), S("words"), &known, NULL), ERR_OK);
    row_of(&p, clinic.institution, &row);
    assert_int_equal(row.n, 0);
    buf_fini(&row);
    desk_play_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_taken_in_once_for_each_institution),
        cmocka_unit_test(the_words_go_when_it_is_settled_and_the_number_stays),
        cmocka_unit_test(without_the_log_it_is_not_taken_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
