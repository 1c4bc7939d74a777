/* One question from gathering to the durable record, with stores in memory and a log on a simulated disk. */
#include "lib/desk_play.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "service/reference.h"
#include "service/ways.h"
#include "state/store/rows.h"
#include "state/store/store_key.h"

#include <errno.h>

static struct desk_play play;
static struct coverage periods[32];

static int begin(void **state) {
    (void)state;
    desk_play_begin(&play);
    return 0;
}

static int end(void **state) {
    (void)state;
    desk_play_end(&play);
    return 0;
}

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

enum { HOSPITAL = 1311234567, OTHER = 2714206386 };
static const struct asker hospital = {.door = DOOR_JSON, .purpose = PURPOSE_TREATMENT, .institution = {HOSPITAL}};
static const struct asker another = {.door = DOOR_JSON, .purpose = PURPOSE_TREATMENT, .institution = {OTHER}};

static struct verify_call question(const char *number, int branch, const char *birth) {
    struct verify_call c = {.asker = hospital};
    c.question = (struct question){
        .insurer = {6139448}, .id = {S("12-34"), str_c(number), branch}, .birth = day(birth), .on = DAY_NONE};
    return c;
}
static struct verify_call *ask(const char *number, int branch, const char *birth) {
    struct verify_call c = question(number, branch, birth);
    return desk_play_ask(&play, &c);
}

static void an_answer_and_its_record_agree(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "4260", 1, "1985-04-01", 7);
    char room[64];
    struct buf name = buf_over(room, sizeof room), key;
    buf_init(&key, 8);
    insurer_row_put(&name, S("青葉電機健康保険組合")), store_key_insurer(&key, m.insurer);
    desk_play_put(&play, STORE_INSURER, buf_str(&key), buf_str(&name));
    desk_play_store(&play, &m);
    struct verify_call *c = ask("４２６０", BRANCH_NONE, "1985-04-01");
    assert_int_equal(c->err, ERR_OK);
    assert_int_equal(c->answer.verdict.validity, VALID);
    assert_int_equal(c->answer.verdict.ratio, 30);
    assert_str(c->answer.verdict.coverage->name, S("見本　太郎"));
    assert_str(c->answer.insurer_name, S("青葉電機健康保険組合"));
    assert_true(day_eq(c->answer.question.on, day("2026-06-01"))); /* today, in Japan */
    struct audit_event e;
    assert_true(desk_play_event(&play, 0, &e));
    assert_int_equal(desk_play_events(&play), 1);
    assert_true(e.kind == AUDIT_QUESTION && e.at_us == desk_play_now_us && e.door == DOOR_JSON &&
                e.purpose == PURPOSE_TREATMENT);
    assert_true(e.institution.n == HOSPITAL && e.subject_kind == SUBJECT_MEMBER && e.count == 1);
    assert_memory_equal(e.subject, m.pseudonym, sizeof e.subject);
    assert_true(day_eq(e.on, day("2026-06-01")) && e.validity == VALID && e.ratio == 30 && e.warnings == 0);
    assert_memory_equal(e.id, c->answer.event_id, sizeof e.id);
    buf_fini(&key);
}

static void an_insurer_without_a_name_is_named_by_its_number(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    desk_play_store(&play, &m);
    assert_str(ask("1", BRANCH_NONE, "1985-04-01")->answer.insurer_name, S("06139448"));
}

static void who_matched_nobody_is_logged_as_a_keyed_hash_of_what_was_asked(void **state) {
    (void)state;
    struct audit_event first, same, other, keyed;
    static const uint8_t none[16];
    assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->answer.verdict.validity, VALIDITY_NONE);
    (void)ask("０1", 5, "1985-04-01"), (void)ask("1", BRANCH_NONE, "1985-04-02");
    play.desk.unmatched_key[0]++;
    (void)ask("1", BRANCH_NONE, "1985-04-01");
    assert_true(desk_play_event(&play, 0, &first) && desk_play_event(&play, 1, &same) &&
                desk_play_event(&play, 2, &other) && desk_play_event(&play, 3, &keyed));
    assert_true(first.subject_kind == SUBJECT_UNMATCHED && first.validity == VALIDITY_NONE &&
                first.ratio == RATIO_NONE);
    assert_memory_not_equal(first.subject, none, 16);
    assert_memory_equal(first.subject, same.subject, 16); /* the same key, however written */
    assert_memory_not_equal(first.subject, other.subject, 16);
    assert_memory_not_equal(first.subject, keyed.subject, 16);
    assert_memory_not_equal(first.id, same.id, 16);
}

static void several_members_are_told_apart_by_branch_however_many(void **state) {
    (void)state;
    enum { MEMBERS = 30 };
    for (int i = 0; i < MEMBERS; i++) {
        struct member m = desk_play_member(&periods[i], "1", i + 1, "1985-04-01", (uint8_t)(i + 1));
        desk_play_store(&play, &m);
    }
    assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->answer.verdict.validity, VALIDITY_SEVERAL);
    for (int i = 0; i < MEMBERS; i++) {
        const struct verdict *v = &ask("1", i + 1, "1985-04-01")->answer.verdict;
        assert_int_equal(v->validity, VALID);
        assert_int_equal(v->member->id.branch, i + 1);
    }
    assert_int_equal(ask("1", 99, "1985-04-01")->answer.verdict.validity, VALIDITY_NONE);
    struct member m = desk_play_member(&periods[30], "1", BRANCH_NONE, "1985-04-01", 99);
    desk_play_store(&play, &m);
    assert_int_equal(ask("1", 99, "1985-04-01")->answer.verdict.member->id.branch, BRANCH_NONE);
    assert_int_equal(ask("1", 7, "1985-04-01")->answer.verdict.member->id.branch, 7);
}

/* A confirmed link is two rows: the id in the member's own, and the spans of everyone joined under that id. */
static void link_span(const uint8_t id[16], uint32_t insurer, const char *number, const char *birth, const char *start,
                      const char *lost) {
    char key_room[16 + STORE_MEMBER_KEY_MAX], row_room[16];
    struct buf key = buf_over(key_room, sizeof key_room), row = buf_over(row_room, sizeof row_room);
    struct insured_id who = {S("12-34"), str_c(number), BRANCH_NONE};
    buf_put(&key, str_of(id, 16));
    assert_int_equal(store_key_member(&key, (struct insurer_number){insurer}, &who, day(birth)), ERR_OK);
    link_span_put(&row, day(start), day(lost));
    desk_play_put(&play, STORE_LINK, buf_str(&key), buf_str(&row));
}

static void a_confirmed_link_is_gathered(void **state) {
    (void)state;
    static const struct {
        const char *what, *lost;
        uint32_t insurer;
        const char *number, *start;
        enum validity validity;
        bool overlap;
    } rows[] = {
        {"newer elsewhere", "2026-04-01", 1130012, "9", "2026-04-01", VALIDITY_NEWER, false},
        {"newer with this insurer, another number", "2026-04-01", 6139448, "9", "2026-04-01", VALIDITY_NEWER, false},
        {"the member's own span counts for nothing", "2026-04-01", 6139448, "1", "2026-05-01", VALIDITY_NOT, false},
        {"overlap elsewhere", NULL, 1130012, "9", "2026-04-01", VALID, true},
        {"no overlap with oneself", NULL, 6139448, "1", "2020-04-01", VALID, false},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        end(NULL), begin(NULL);
        struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
        periods[0].lost = day(rows[r].lost);
        memset(m.link, 0x5a, sizeof m.link);
        desk_play_store(&play, &m);
        link_span(m.link, rows[r].insurer, rows[r].number, "1985-04-01", rows[r].start, NULL);
        const struct verdict *v = &ask("1", BRANCH_NONE, "1985-04-01")->answer.verdict;
        row_check(v->validity == rows[r].validity, rows[r].what);
        row_check(verdict_warns(v, WARNING_OVERLAP) == rows[r].overlap, rows[r].what);
    }
}

/* ---- nothing is answered that the log has not taken ---- */

static void done_comes_after_the_record_is_durable(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    desk_play_store(&play, &m);
    for (unsigned i = 0; i < 50; i++) {
        assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->err, ERR_OK);
        /* whatever a power cut right now leaves, the record is in it */
        struct sim_disk *cut = sim_disk_cut(play.disk, sim_disk_operations(play.disk), i);
        struct ledger *l = NULL;
        struct ledger_settings s = {.folder = "ledger", .writer = "desk", .segment_bytes = LEDGER_SEGMENT_MIN};
        assert_int_equal(ledger_open(&l, sim_disk_world(cut), &s, NULL), ERR_OK);
        ledger_close(l);
        struct desk_play after = {.disk = cut};
        assert_true(desk_play_events(&after) >= i + 1);
        sim_disk_free(cut);
    }
}

static void what_the_log_does_not_take_is_not_answered(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    desk_play_store(&play, &m);
    assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->err, ERR_OK);
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    struct verify_call *c = ask("1", BRANCH_NONE, "1985-04-01");
    assert_int_equal(c->err, ERR_IO);
    assert_string_equal(c->diag.where, "ledger");
    c = ask("1", BRANCH_NONE, "1985-04-01"); /* and from then on none */
    assert_int_not_equal(c->err, ERR_OK);
}

static void every_question_leaves_one_record(void **state) {
    (void)state;
    enum { CALLS = 200 };
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    desk_play_store(&play, &m);
    for (unsigned i = 0; i < CALLS; i++)
        assert_int_equal(ask(i % 2 ? "1" : "2", BRANCH_NONE, "1985-04-01")->err, ERR_OK);
    assert_int_equal(desk_play_events(&play), CALLS);
}

static void a_damaged_row_is_an_error_and_no_answer(void **state) {
    (void)state;
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct insured_id id = {S("12-34"), S("1"), BRANCH_NONE};
    assert_int_equal(store_key_member(&key, (struct insurer_number){6139448}, &id, day("1985-04-01")), ERR_OK);
    desk_play_put(&play, STORE_MEMBER, buf_str(&key), S("not a row"));
    assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->err, ERR_CORRUPT);
}

static struct str member_key(const struct member *m) {
    static char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    assert_int_equal(store_key_member(&key, m->insurer, &m->id, m->birth), ERR_OK);
    return buf_str(&key);
}

static void put_card(const struct member *m, enum way_state state, const char *until) {
    char room[WAYS_ROW_MAX];
    struct buf row = buf_over(room, sizeof room);
    struct ways w = ways_none();
    w.of[WAY_CARD] = (struct way){.state = (uint8_t)state,
                                  .since = day("2021-05-01"),
                                  .stated = day("2021-05-01"),
                                  .card_until = day(until),
                                  .certificate_until = day(until)};
    ways_row_put(&row, &w);
    desk_play_put(&play, STORE_WAYS, member_key(m), buf_str(&row));
}

static void how_a_member_can_prove_is_warned_of_and_logged_at_the_next_question(void **state) {
    (void)state;
    struct audit_event e;
    struct member m = desk_play_member(&periods[0], "4260", 1, "1985-04-01", 7);
    desk_play_store(&play, &m);
    assert_int_equal(ask("4260", BRANCH_NONE, "1985-04-01")->answer.verdict.warnings, 0);
    put_card(&m, WAY_REGISTERED, "2026-07-01");
    assert_int_equal(ask("4260", BRANCH_NONE, "1985-04-01")->answer.verdict.warnings, 1u << WARNING_WAY_ENDS_SOON);
    put_card(&m, WAY_DEREGISTERED, "2026-07-01");
    assert_int_equal(ask("4260", 1, "1985-04-01")->answer.verdict.warnings, 1u << WARNING_CERTIFICATE_FOLLOWS);
    assert_true(desk_play_event(&play, 2, &e) && e.warnings == 1u << WARNING_CERTIFICATE_FOLLOWS);
}

static void who_is_not_covered_is_warned_of_no_way(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "4260", 1, "1985-04-01", 7);
    periods[0].lost = day("2026-01-01");
    desk_play_store(&play, &m);
    put_card(&m, WAY_RETURNED, "2026-07-01");
    assert_int_equal(ask("4260", 1, "1985-04-01")->answer.verdict.warnings, 0);
}

static void a_damaged_way_costs_its_warning_and_no_answer(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "4260", 1, "1985-04-01", 7);
    desk_play_store(&play, &m);
    desk_play_put(&play, STORE_WAYS, member_key(&m), S("rubbish"));
    struct verify_call *c = ask("4260", 1, "1985-04-01");
    assert_int_equal(c->err, ERR_OK);
    assert_true(c->answer.verdict.validity == VALID && c->answer.verdict.warnings == 0);
}

static void a_number_of_spaces_is_refused(void **state) {
    (void)state;
    assert_int_equal(ask("　", BRANCH_NONE, "1985-04-01")->err, ERR_VALUE);
}

static void any_lack_of_memory_is_an_error(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    struct verify_call c = question("1", BRANCH_NONE, "1985-04-01");
    desk_play_store(&play, &m);
    for (size_t limit = 0;; limit += 64) {
        struct desk_play small = play;
        arena_init(&small.arena, sizeof c + 64 + limit);
        struct verify_call *answered = desk_play_ask(&small, &c);
        enum err e = answered->err;
        arena_fini(&small.arena);
        play.desk = small.desk;
        if (e == ERR_OK) return;
        assert_true(e == ERR_MEMORY || e == ERR_CORRUPT);
        assert_true(limit < 1 << 20);
    }
}

/* ---- refused attempts ---- */

static void recorded(struct ledger_ticket *t) { (*(int *)t->context)++; }

static void a_refused_attempt_is_recorded_by_its_code(void **state) {
    (void)state;
    int times = 0;
    struct ledger_ticket t = {.done = recorded, .context = &times}, silent = {0};
    struct audit_event e;
    verify_refused(&play.desk, &hospital, ERR_CHECK_DIGIT, &t);
    verify_refused(&play.desk, &hospital, ERR_INSTITUTION, &silent);
    ledger_drain(play.desk.ledger);
    assert_int_equal(times, 1);
    assert_true(desk_play_event(&play, 0, &e));
    assert_true(e.kind == AUDIT_REFUSED && e.refusal == err_number(ERR_CHECK_DIGIT) && e.institution.n == HOSPITAL);
    assert_true(e.subject_kind == SUBJECT_NONE && e.validity == 0 && !day_is(e.on));
    assert_int_equal(desk_play_events(&play), 2);
}

/* ---- the institution's own number ---- */

static enum err register_number(const struct asker *who, const char *number, int branch, const char *own,
                                struct diag *d) {
    struct insured_id id = {S("12-34"), str_c(number), branch};
    return reference_register(&play.desk, who, (struct insurer_number){6139448}, &id, str_c(own), d);
}

static struct verify_call *ask_by(const struct asker *who, const char *own) {
    struct verify_call c = {.asker = *who, .reference_number = str_c(own)};
    c.question.on = DAY_NONE, c.question.id.branch = BRANCH_NONE;
    return desk_play_ask(&play, &c);
}

static void a_registered_number_stands_for_the_card_this_month_and_here(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "4260", 1, "1985-04-01", 7);
    struct audit_event e;
    desk_play_store(&play, &m);
    assert_int_equal(register_number(&hospital, "4260", BRANCH_NONE, "P-001", NULL), ERR_OK);
    assert_true(desk_play_event(&play, 0, &e) && e.kind == AUDIT_REFERENCE && e.subject_kind == SUBJECT_MEMBER);
    assert_memory_equal(e.subject, m.pseudonym, 16);

    struct verify_call *c = ask_by(&hospital, "P-001");
    assert_int_equal(c->answer.verdict.validity, VALID);
    assert_str(c->answer.reference_number, S("P-001"));
    assert_int_equal(c->answer.question.insurer.n, 6139448);
    assert_int_equal(ask_by(&another, "P-001")->answer.verdict.validity, VALIDITY_NONE);
    assert_int_equal(ask_by(&hospital, "P-002")->answer.verdict.validity, VALIDITY_NONE);
    /* asked by its card: the institution's number comes along, and only to it */
    assert_str(ask("4260", BRANCH_NONE, "1985-04-01")->answer.reference_number, S("P-001"));
    struct verify_call by_card = question("4260", BRANCH_NONE, "1985-04-01");
    by_card.asker = another;
    assert_int_equal(desk_play_ask(&play, &by_card)->answer.reference_number.n, 0);
    /* the last moment of June in Japan, and the first of July; the clock may also have been set back */
    desk_play_now_us = 1782831599999999;
    assert_int_equal(ask_by(&hospital, "P-001")->answer.verdict.validity, VALID);
    desk_play_now_us++;
    assert_int_equal(ask_by(&hospital, "P-001")->answer.verdict.validity, VALIDITY_NONE);
    desk_play_now_us = 1780300800000000 - 86400ll * 1000000;
    assert_int_equal(ask_by(&hospital, "P-001")->answer.verdict.validity, VALIDITY_NONE);
    /* seen again in July */
    desk_play_now_us = 1782831600000000;
    assert_int_equal(register_number(&hospital, "4260", 1, "P-001", NULL), ERR_OK);
    assert_int_equal(ask_by(&hospital, "P-001")->answer.verdict.validity, VALID);
}

static void a_number_moves_and_a_member_has_one(void **state) {
    (void)state;
    struct member a = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 1),
                  b = desk_play_member(&periods[1], "2", BRANCH_NONE, "1985-04-01", 2);
    desk_play_store(&play, &a), desk_play_store(&play, &b);
    assert_int_equal(register_number(&hospital, "1", BRANCH_NONE, "P", NULL), ERR_OK);
    assert_int_equal(register_number(&hospital, "2", BRANCH_NONE, "P", NULL), ERR_OK); /* moved to the other */
    assert_str(ask_by(&hospital, "P")->answer.verdict.member->id.number, S("2"));
    assert_int_equal(ask("1", BRANCH_NONE, "1985-04-01")->answer.reference_number.n, 0);
    assert_int_equal(register_number(&hospital, "2", BRANCH_NONE, "Q", NULL), ERR_OK); /* and has a new number */
    assert_int_equal(ask_by(&hospital, "P")->answer.verdict.validity, VALIDITY_NONE);
    assert_str(ask_by(&hospital, "Q")->answer.reference_number, S("Q"));
    assert_int_equal(register_number(&another, "1", BRANCH_NONE, "Q", NULL), ERR_OK); /* elsewhere it is another's */
    assert_str(ask_by(&hospital, "Q")->answer.verdict.member->id.number, S("2"));
    assert_str(ask_by(&another, "Q")->answer.verdict.member->id.number, S("1"));
}

static void who_is_registered_is_found_as_in_a_question(void **state) {
    (void)state;
    static const struct {
        const char *what;
        int members[2], asked; /* branches; -2: no more */
        enum err err;
    } rows[] = {
        {"nobody", {-2, -2}, BRANCH_NONE, ERR_NOT_FOUND},
        {"one", {1, -2}, BRANCH_NONE, ERR_OK},
        {"the branch", {1, 2}, 2, ERR_OK},
        {"another branch", {1, -2}, 2, ERR_NOT_FOUND},
        {"without a branch of two", {1, 2}, BRANCH_NONE, ERR_SEVERAL},
        {"the member has none", {-1, -2}, 2, ERR_OK},
        {"exact before none", {-1, 2}, 2, ERR_OK},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        end(NULL), begin(NULL);
        for (size_t i = 0; i < 2 && rows[r].members[i] != -2; i++) {
            struct member m = desk_play_member(&periods[i], "1", rows[r].members[i], i ? "2010-04-01" : "1985-04-01",
                                               (uint8_t)(i + 1));
            desk_play_store(&play, &m);
        }
        struct diag d = {0};
        row_check(register_number(&hospital, "1", rows[r].asked, "P", &d) == rows[r].err, rows[r].what);
        row_check(desk_play_events(&play) == (rows[r].err == ERR_OK), rows[r].what);
    }
}

static void a_pair_the_log_did_not_take_is_not_stored(void **state) {
    (void)state;
    struct member m = desk_play_member(&periods[0], "1", BRANCH_NONE, "1985-04-01", 7);
    struct diag d = {0};
    desk_play_store(&play, &m);
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    assert_int_equal(register_number(&hospital, "1", BRANCH_NONE, "P", &d), ERR_IO);
    assert_int_equal(store_count(play.desk.desk, STORE_REFERENCE), 0);
    assert_int_equal(store_count(play.desk.desk, STORE_REFERENCE_OF), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_answer_and_its_record_agree),
        TEST(an_insurer_without_a_name_is_named_by_its_number),
        TEST(who_matched_nobody_is_logged_as_a_keyed_hash_of_what_was_asked),
        TEST(several_members_are_told_apart_by_branch_however_many),
        TEST(a_confirmed_link_is_gathered),
        TEST(done_comes_after_the_record_is_durable),
        TEST(what_the_log_does_not_take_is_not_answered),
        TEST(every_question_leaves_one_record),
        TEST(a_damaged_row_is_an_error_and_no_answer),
        TEST(how_a_member_can_prove_is_warned_of_and_logged_at_the_next_question),
        TEST(who_is_not_covered_is_warned_of_no_way),
        TEST(a_damaged_way_costs_its_warning_and_no_answer),
        TEST(a_number_of_spaces_is_refused),
        TEST(any_lack_of_memory_is_an_error),
        TEST(a_refused_attempt_is_recorded_by_its_code),
        TEST(a_registered_number_stands_for_the_card_this_month_and_here),
        TEST(a_number_moves_and_a_member_has_one),
        TEST(who_is_registered_is_found_as_in_a_question),
        TEST(a_pair_the_log_did_not_take_is_not_stored),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
