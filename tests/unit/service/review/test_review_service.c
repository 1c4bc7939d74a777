/* Alarms and decisions over time: what was decided stays, whatever ends the program; two people undo a link; records close at once; everyone who looked is listed. */
#include "base/buf.h"
#include "lib/failing_world.h"
#include "lib/review_play.h"
#include "lib/unit.h"
#include "service/review/unlink.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

static struct review *open_review(struct review_play *p) {
    struct review *r = NULL;
    struct diag d = {0};
    const struct review_settings s = review_play_settings(p, world_real());
    if (review_open(&r, &s, &d) != ERR_OK) fail_msg("%s: %s", d.where, d.detail);
    return r;
}

static const char *state_of(struct review *r, unsigned n) {
    return review_state_word(review_play_alarm(r, n)->state.state).code;
}

static struct review *again(struct review *r, struct review_play *p) {
    review_close(r);
    return open_review(p);
}

/* How many records of that kind the log of accesses has about the member of that pseudonym. */
struct look {
    int kind;
    uint8_t mark;
    size_t n;
};
static bool each(void *context, const struct ledger_entry *entry) {
    struct look *l = context;
    struct audit_event e;
    assert_true(audit_event_read(entry->body, &e));
    l->n += (int)e.kind == l->kind && e.subject_kind == SUBJECT_MEMBER && e.subject[0] == l->mark;
    return true;
}
static size_t accesses(struct review_play *p, int kind, uint8_t mark) {
    struct look l = {kind, mark, 0};
    char path[SCRATCH_PATH_MAX];
    assert_int_equal(ledger_read(world_real(), scratch_path(&p->scratch, "store/ledger", path), each, &l, NULL),
                     ERR_OK);
    return l.n;
}

static void a_contradiction_closes_records_at_once_and_once(void **state) {
    (void)state;
    struct review_play p;
    review_play_begin(&p);
    struct review *r = open_review(&p);
    assert_true(review_count(r) == 3 && review_at(r, 0)->rank == 1);
    assert_true(review_play_alarm(r, 1)->state.closed && !review_play_alarm(r, 2)->state.closed);
    assert_int_equal(accesses(&p, AUDIT_RECORDS_CLOSED, 1), 1);
    r = again(r, &p);
    assert_int_equal(accesses(&p, AUDIT_RECORDS_CLOSED, 1), 1);
    /* Found right, they open; and stay open although the alarm still says what it said. */
    assert_int_equal(review_play_decide(r, 1, DECISION_RIGHT, "sato"), ERR_OK);
    assert_false(review_play_alarm(r, 1)->state.closed);
    r = again(r, &p);
    assert_false(review_play_alarm(r, 1)->state.closed);
    assert_int_equal(accesses(&p, AUDIT_RECORDS_OPENED, 1), 1);
    assert_int_equal(accesses(&p, AUDIT_RECORDS_CLOSED, 1), 1);
    review_close(r);
    review_play_end(&p);
}

static void two_people_undo_a_link_and_it_stays_undone(void **state) {
    (void)state;
    struct review_play p;
    review_play_begin(&p);
    struct review *r = open_review(&p);
    assert_int_equal(review_play_decide(r, 2, DECISION_UNLINK, "sato"), ERR_OK);
    assert_string_equal(state_of(r, 2), "proposed");
    assert_true(review_play_alarm(r, 2)->state.closed);
    assert_int_equal(review_play_decide(r, 2, DECISION_UNLINK, "sato"), ERR_FORBIDDEN);
    r = again(r, &p);
    assert_string_equal(state_of(r, 2), "proposed");
    assert_int_equal(review_play_decide(r, 2, DECISION_UNLINK, "sato"), ERR_FORBIDDEN);
    assert_int_equal(review_play_decide(r, 2, DECISION_UNLINK, "tanaka"), ERR_OK);
    r = again(r, &p);
    assert_string_equal(state_of(r, 2), "unlinked");
    assert_int_equal(review_play_decide(r, 2, DECISION_RIGHT, "suzuki"), ERR_CONFLICT);
    assert_int_equal(accesses(&p, AUDIT_UNLINKED, 2), 1);
    review_close(r);
    review_play_end(&p);
}

static void what_was_decided_stays_under_its_id_whatever_file_comes(void **state) {
    (void)state;
    struct review_play p;
    review_play_begin(&p);
    struct review *r = open_review(&p);
    assert_int_equal(review_play_decide(r, 1, DECISION_ASK_PERSON, "sato"), ERR_OK);
    review_play_alarms(&p, 2);
    r = again(r, &p);
    assert_true(review_count(r) == 2 && review_play_alarm(r, 1)->bytes == 0);
    assert_int_equal(review_play_decide(r, 1, DECISION_RIGHT, "sato"), ERR_NOT_FOUND);
    review_play_alarms(&p, 1);
    r = again(r, &p);
    assert_string_equal(state_of(r, 1), "asked-person");
    /* A file that is replaced while it is open changes nothing that is shown. */
    review_play_alarms(&p, 3);
    struct arena a;
    struct alarm *m = calloc(1, sizeof *m);
    arena_init(&a, 4 << 20);
    enum err e = review_read(r, review_play_alarm(r, 2), &a, m, NULL);
    assert_true(e == ERR_OK || e == ERR_CORRUPT ||
                e == ERR_SYNTAX); /* written over in place: told, never another alarm */
    arena_fini(&a), free(m);
    review_close(r);
    review_play_end(&p);
}

static struct str list_of(struct review_play *p, const char *name, struct buf *out) {
    char path[SCRATCH_PATH_MAX];
    buf_reset(out);
    assert_int_equal(world_read_file(world_real(), scratch_path(&p->scratch, name, path), out, NULL), ERR_OK);
    return buf_str(out);
}

static size_t lines_of(struct str s) {
    size_t n = 0;
    while (s.n) (void)str_cut(&s, '\n'), n++;
    return n;
}

static void everyone_who_looked_is_listed_and_told(void **state) {
    (void)state;
    struct review_play p;
    struct buf text;
    buf_init(&text, 1 << 20);
    review_play_begin(&p);
    review_play_ask(&p, "0110113719");
    review_play_ask(&p, "0110113719");
    review_play_ask(&p, "1310113713");
    struct review *r = open_review(&p);
    assert_int_equal(review_play_decide(r, 1, DECISION_UNLINK, "sato"), ERR_OK);
    assert_int_equal(review_play_decide(r, 1, DECISION_UNLINK, "tanaka"), ERR_OK);
    assert_true(review_play_alarm(r, 1)->listed && review_play_alarm(r, 1)->accesses == 3);
    struct str list = list_of(&p, "decisions/unlinked/00000000000000a1.ndjson", &text);
    assert_true(
        str_find(
            list,
            S("\"member\":\"06139448/12-34/1/02\",\"resident\":\"R1\",\"in_store\":true,\"accesses\":3,\"institutions\":2}")) <
        list.n);
    assert_int_equal(lines_of(list), 4);
    assert_true(str_find(list, S("\"institution\":\"1310113713\",\"door\":\"json\"")) < list.n);
    assert_false(str_find(list, S("高橋")) < list.n);
    struct str notices = list_of(&p, "decisions/notices/00000000000000a1.ndjson", &text);
    static const char *const told[] = {"{\"resident\":\"R1\"}", "{\"member\":\"06139448/12-34/1/02\"}",
                                       "{\"insurer\":\"06139448\"}", "{\"institution\":\"0110113719\"}",
                                       "{\"institution\":\"1310113713\"}"};
    for (size_t i = 0; i < ARRAY_LEN(told); i++) row_check(str_find(notices, str_c(told[i])) < notices.n, told[i]);
    assert_int_equal(lines_of(notices), 5);
    assert_false(str_find(notices, S("高橋")) < notices.n);
    review_close(r);
    buf_fini(&text);
    review_play_end(&p);
}

static void somebody_who_is_in_no_store_is_undone_all_the_same(void **state) {
    (void)state;
    struct review_play p;
    struct buf text;
    buf_init(&text, 1 << 20);
    review_play_begin(&p);
    scratch_write(
        &p.scratch, "alarms.ndjson",
        S("{\"alarm\":\"00000000000000a1\",\"rank\":1,\"probability\":1,\"cause\":\"name\",\"next\":\"close-records\",\"member\":{\"insurer\":\"06139448\",\"number\":\"99\"},"
          "\"resident\":\"R1\",\"record\":{},\"registry\":{}}\n"));
    struct review *r = open_review(&p);
    assert_true(review_play_alarm(r, 1)->state.closed);
    assert_int_equal(review_play_decide(r, 1, DECISION_UNLINK, "sato"), ERR_OK);
    assert_int_equal(review_play_decide(r, 1, DECISION_UNLINK, "tanaka"), ERR_OK);
    struct str list = list_of(&p, "decisions/unlinked/00000000000000a1.ndjson", &text);
    assert_true(str_find(list, S("\"in_store\":false,\"accesses\":0")) < list.n);
    review_close(r);
    buf_fini(&text);
    review_play_end(&p);
}

/* ---- ends that nobody planned ---- */

static void ends_at_once(struct review_order *o) { _exit(o->err == ERR_OK ? 0 : 1); }

/* In a process of its own, which is gone the moment the decision is durable. */
static void decide_and_die(struct review_play *p, enum review_decision d, const char *reviewer) {
    pid_t child = fork();
    if (child == 0) {
        struct review *r = NULL;
        const struct review_settings s = review_play_settings(p, world_real());
        struct arena a;
        struct alarm *m = calloc(1, sizeof *m);
        arena_init(&a, 4 << 20);
        if (review_open(&r, &s, NULL) != ERR_OK || review_read(r, review_play_alarm(r, 1), &a, m, NULL) != ERR_OK)
            _exit(2);
        struct review_order o = {.kind = REVIEW_DECIDED,
                                 .alarm = review_play_alarm(r, 1),
                                 .detail = m,
                                 .decision = d,
                                 .reviewer = str_c(reviewer),
                                 .reason = S("別の人です"),
                                 .done = ends_at_once};
        review_record(r, &o);
        review_settle(r);
        _exit(3);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_kill_right_after_the_decision_loses_nothing_of_what_follows(void **state) {
    (void)state;
    struct review_play p;
    review_play_begin(&p);
    review_play_ask(&p, "0110113719");
    decide_and_die(&p, DECISION_UNLINK, "sato");
    decide_and_die(&p, DECISION_UNLINK, "tanaka");
    char path[SCRATCH_PATH_MAX];
    struct review *r = open_review(&p);
    assert_string_equal(state_of(r, 1), "unlinked");
    assert_true(review_play_alarm(r, 1)->listed && review_play_alarm(r, 1)->accesses == 1);
    assert_int_equal(access(scratch_path(&p.scratch, "decisions/notices/00000000000000a1.ndjson", path), F_OK), 0);
    review_close(r);
    review_play_end(&p);
}

static void a_disk_that_fails_is_said_and_what_was_said_to_be_decided_is(void **state) {
    (void)state;
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct review_play p;
        struct failing_world failing;
        struct review *r = NULL;
        bool decided = false;
        review_play_begin(&p);
        const struct review_settings s = review_play_settings(&p, failing_world(&failing, nth, EIO));
        if (review_open(&r, &s, NULL) == ERR_OK)
            decided = review_play_decide(r, 2, DECISION_ASK_INSURER, "sato") == ERR_OK, review_close(r);
        hit = failing.hit;
        r = open_review(&p);
        if (decided) assert_string_equal(state_of(r, 2), "asked-insurer");
        if (!hit) assert_true(decided && nth > 10);
        assert_true(review_play_alarm(r, 1)->state.closed);
        review_close(r);
        review_play_end(&p);
    }
}

static void one_decision_at_a_time(void **state) {
    (void)state;
    struct review_play p;
    review_play_begin(&p);
    struct review *r = open_review(&p);
    struct review_alarm *a = review_play_alarm(r, 2);
    a->pending = true; /* as while another one is on its way */
    assert_int_equal(review_play_decide(r, 2, DECISION_RIGHT, "sato"), ERR_BUSY);
    a->pending = false;
    assert_int_equal(review_play_decide(r, 2, DECISION_RIGHT, "sato"), ERR_OK);
    review_close(r);
    review_play_end(&p);
}

/* ---- what it does not start with ---- */

static enum err open_error(struct review_play *p, struct diag *d) {
    struct review *r = NULL;
    const struct review_settings s = review_play_settings(p, world_real());
    enum err e = review_open(&r, &s, d);
    if (e == ERR_OK) review_close(r);
    return e;
}

static void a_log_that_was_changed_is_not_believed(void **state) {
    (void)state;
    struct review_play p;
    struct diag d = {0};
    char path[SCRATCH_PATH_MAX];
    review_play_begin(&p);
    struct review *r = open_review(&p);
    assert_int_equal(review_play_decide(r, 1, DECISION_RIGHT, "sato"), ERR_OK);
    assert_int_equal(review_play_decide(r, 2, DECISION_RIGHT, "sato"), ERR_OK);
    review_close(r);
    int fd = open(scratch_path(&p.scratch, "decisions/ledger/review/00000001.seg", path), O_RDWR);
    char byte = 0;
    assert_true(fd >= 0 && pread(fd, &byte, 1, 256 + 32 + 20) == 1); /* in the first record */
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 256 + 32 + 20), 1);
    close(fd);
    assert_int_equal(open_error(&p, &d), ERR_CORRUPT);
    review_play_end(&p);
}

static void nothing(struct ledger_ticket *t) { (void)t; }

static void append(struct review_play *p, const struct review_event *e) {
    char path[SCRATCH_PATH_MAX], room[REVIEW_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct ledger *l = NULL;
    struct ledger_ticket t = {.done = nothing};
    assert_int_equal(world_make_folder(p->decisions, NULL), ERR_OK);
    const struct ledger_settings s = {.folder = scratch_path(&p->scratch, "decisions/ledger", path),
                                      .writer = "review",
                                      .segment_bytes = LEDGER_SEGMENT_MIN};
    assert_int_equal(ledger_open(&l, world_real(), &s, NULL), ERR_OK);
    review_event_put(&b, e);
    assert_int_equal(ledger_append(l, &t, buf_str(&b)), ERR_OK);
    ledger_close(l);
}

static void a_log_that_says_what_cannot_be_is_not_believed(void **state) {
    (void)state;
    struct review_play p;
    struct diag d = {0};
    struct review_event e = {.kind = REVIEW_DECIDED,
                             .decision = DECISION_UNLINK,
                             .alarm = {1},
                             .reviewer = {"sato", 4},
                             .reason = {"x", 1},
                             .member = {"06139448/12/1/", 14}};
    review_play_begin(&p);
    append(&p, &e);
    assert_int_equal(open_error(&p, &d), ERR_OK);
    append(&p, &e); /* the same person twice */
    assert_int_equal(open_error(&p, &d), ERR_CORRUPT);
    assert_string_equal(d.where, "decisions");
    review_play_end(&p);
}

static void a_file_of_alarms_is_whole_or_refused(void **state) {
    (void)state;
    struct review_play p;
    struct diag d = {0};
    struct buf text, once;
    buf_init(&text, 1 << 20), buf_init(&once, 1 << 20);
    review_play_begin(&p);
    for (int i = 0; i < 2; i++) buf_put(&text, list_of(&p, "alarms.ndjson", &once));
    scratch_write(&p.scratch, "alarms.ndjson", buf_str(&text)); /* every alarm twice */
    assert_int_equal(open_error(&p, &d), ERR_DUPLICATE);
    assert_int_equal(d.line, 4);
    scratch_write(&p.scratch, "alarms.ndjson", S("{}\n"));
    assert_int_equal(open_error(&p, &d), ERR_MISSING);
    assert_true(d.line == 1 && str_ends(str_c(d.where), S("alarms.ndjson alarm")));
    scratch_write(&p.scratch, "alarms.ndjson", S(""));
    assert_int_equal(open_error(&p, &d), ERR_OK);
    buf_fini(&text), buf_fini(&once);
    review_play_end(&p);
}

static void two_programs_do_not_share_decisions(void **state) {
    (void)state;
    struct review_play p;
    struct diag d = {0};
    review_play_begin(&p);
    struct review *r = open_review(&p);
    assert_int_equal(open_error(&p, &d), ERR_LOCKED);
    review_close(r);
    review_play_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_contradiction_closes_records_at_once_and_once),
        cmocka_unit_test(two_people_undo_a_link_and_it_stays_undone),
        cmocka_unit_test(what_was_decided_stays_under_its_id_whatever_file_comes),
        cmocka_unit_test(everyone_who_looked_is_listed_and_told),
        cmocka_unit_test(somebody_who_is_in_no_store_is_undone_all_the_same),
        cmocka_unit_test(a_kill_right_after_the_decision_loses_nothing_of_what_follows),
        cmocka_unit_test(a_disk_that_fails_is_said_and_what_was_said_to_be_decided_is),
        cmocka_unit_test(one_decision_at_a_time),
        cmocka_unit_test(a_log_that_was_changed_is_not_believed),
        cmocka_unit_test(a_log_that_says_what_cannot_be_is_not_believed),
        cmocka_unit_test(a_file_of_alarms_is_whole_or_refused),
        cmocka_unit_test(two_programs_do_not_share_decisions),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
