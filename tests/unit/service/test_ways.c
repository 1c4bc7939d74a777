/* What changes a member's ways: one at a counter, or a list. All in memory; the log stands on a simulated disk. */
#include "edge/ways_file/ways_file.h"
#include "lib/desk_play.h"
#include "lib/unit.h"
#include "service/ways_list.h"
#include "service/ways_load.h"

#include <errno.h>
#include <fcntl.h>

static struct desk_play play;
static const struct asker clerk = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = 7};
static struct diag diag;

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

/* A family on one number, a twin pair without branches on another, one alone. */
static int
begin(void **state) {
    static const struct {
        const char *number, *birth;
        int branch;
    } people[] = {{"1", "1985-04-01", 1},          {"1", "2015-04-01", 2},           {"2", "1990-01-01", BRANCH_NONE},
                  {"3", "1990-01-01", 1},          {"3", "1990-01-01", BRANCH_NONE}, {"4", "1950-01-01", BRANCH_NONE},
                  {"3", "1995-01-01", BRANCH_NONE}};
    struct coverage period;
    (void)state;
    desk_play_begin(&play);
    diag = (struct diag){0};
    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        struct member m =
            desk_play_member(&period, people[i].number, people[i].branch, people[i].birth, (uint8_t)(i + 1));
        desk_play_store(&play, &m);
    }
    return 0;
}
static int end(void **state) { return (void)state, desk_play_end(&play), 0; }

static struct ways_who who(const char *number, int branch, const char *birth) {
    return (struct ways_who){{6139448}, {S("12-34"), str_c(number), branch}, birth ? D(birth) : DAY_NONE};
}
static struct str key_of(const char *number, int branch) {
    static char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct ways_who w = who(number, branch, NULL);
    assert_int_equal(ways_find(play.desk.coverage, &w, &key, &diag), ERR_OK);
    return buf_str(&key);
}
static struct ways_facts facts(const char *number, int branch) {
    struct ways_facts f;
    assert_int_equal(ways_of(play.desk.ways, key_of(number, branch), &f, &diag), ERR_OK);
    return f;
}

static void the_member_meant_is_found_or_said_not_to_be_one(void **state) {
    static const struct {
        const char *number, *birth;
        int branch;
        enum err want;
    } rows[] = {
        {"1", NULL, 1, ERR_OK},
        {"1", NULL, 2, ERR_OK},
        {"1", NULL, 3, ERR_NOT_FOUND},
        {"1", NULL, BRANCH_NONE, ERR_SEVERAL},
        {"1", "1985-04-01", BRANCH_NONE, ERR_OK},
        {"1", "1985-04-02", BRANCH_NONE, ERR_NOT_FOUND},
        {"1", "2015-04-01", 1, ERR_NOT_FOUND},
        {"001", NULL, 1, ERR_OK},
        {"2", NULL, BRANCH_NONE, ERR_OK},
        {"2", NULL, 5, ERR_OK}, /* the card has a branch, the file has none */
        {"3", NULL, 1, ERR_OK},
        {"3", NULL, BRANCH_NONE, ERR_SEVERAL},
        {"9", NULL, BRANCH_NONE, ERR_NOT_FOUND},
        {"", NULL, BRANCH_NONE, ERR_VALUE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char room[STORE_MEMBER_KEY_MAX];
        struct buf key = buf_over(room, sizeof room);
        struct ways_who w = who(rows[i].number, rows[i].branch, rows[i].birth);
        enum err e = ways_find(play.desk.coverage, &w, &key, &diag);
        if (e != rows[i].want) print_error("number %s branch %d: %d\n", rows[i].number, rows[i].branch, e);
        assert_int_equal(e, rows[i].want);
    }
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    assert_true(store_key_member_read(key_of("3", 1), &insurer, &id, &birth));
    assert_int_equal(id.branch, 1); /* the exact branch wins over a member without one */
}

static void more_members_than_a_look_up_gives_are_all_looked_through(void **state) {
    struct coverage period;
    (void)state;
    for (int i = 0; i < 40; i++) {
        struct member m = desk_play_member(&period, "7", i, "1985-04-01", 9);
        desk_play_store(&play, &m);
    }
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    assert_true(store_key_member_read(key_of("7", 39), &insurer, &id, &birth));
    assert_int_equal(id.branch, 39);
}

/* ---- lists ---- */

static void write_file(const char *name, const char *text) {
    struct world *w = play.desk.world;
    int fd = w->open(w, name, O_RDWR | O_CREAT, 0600);
    assert_true(fd >= 0 && w->ftruncate(w, fd, 0) == 0);
    assert_int_equal(world_write_all(w, fd, str_c(text), 0, NULL), ERR_OK);
    w->close(w, fd);
}

static void write_list(const char *text) { write_file("list", text); }

static struct ways_load load_now(enum err want) {
    struct ways_load l = {0};
    diag = (struct diag){0};
    assert_int_equal(ways_load_file(&play.desk, &clerk, "list", "list.result", ways_file_read, &l, &diag), want);
    return l;
}

#define WHO(number, branch, on)                                                                                        \
    "{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"" number "\",\"branch\":\"" branch "\",\"on\":\"" on  \
    "\""
#define CARD(since)                                                                                                    \
    ",\"card\":{\"state\":\"registered\",\"since\":\"" since                                                           \
    "\",\"card_until\":\"2031-04-01\",\"certificate_until\":\"2028-04-01\"}"

static void each_line_of_a_list_has_its_result(void **state) {
    (void)state;
    write_file(
        "list.result.part",
        "left behind by a load that was stopped, and longer than what this one writes: it is no result .....\n.....................................................................................................\n......................................................................................................\n...............................................................................................\n..........................................................................................................\n");
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") ",\"channel\":\"app\",\"paper\":true}\n" WHO(
        "9", "", "2026-05-31") "}\n"
                               "rubbish\n" WHO("1", "", "2026-05-31") "}\n" WHO("2", "", "2026-05-31") "}");
    struct ways_load l = load_now(ERR_OK);
    assert_true(l.lines == 5 && l.accepted == 2 && l.refused == 3 && l.unchanged == 0);
    size_t n = 0;
    char *result = sim_disk_file(play.disk, "list.result", &n);
    assert_non_null(result);
    assert_true(
        str_starts(str_of(result, n), S("{\"line\":1,\"status\":\"accepted\"}\n"
                                        "{\"line\":2,\"status\":\"refused\",\"code\":\"B0002\",\"field\":\"number\"")));
    assert_true(str_find(str_of(result, n), S("{\"line\":3,\"status\":\"refused\",\"code\":\"F0001\"")) < n);
    assert_true(str_find(str_of(result, n), S("{\"line\":4,\"status\":\"refused\",\"code\":\"B0006\"")) < n);
    assert_true(str_ends(str_of(result, n), S("{\"line\":5,\"status\":\"accepted\"}\n")));
    struct ways_facts f = facts("1", 1);
    assert_true(f.known && f.ways.of[WAY_CARD].state == WAY_REGISTERED && f.ways.channel == CHANNEL_APP);
    assert_true(facts("2", BRANCH_NONE).known && !facts("4", BRANCH_NONE).known);
    struct audit_event e;
    assert_true(desk_play_event(&play, 0, &e));
    assert_true(e.kind == AUDIT_WAYS_LISTED && e.count == 2 && day_eq(e.on, D("2026-05-31")) && e.user == 7);
}

static void what_a_list_does_not_speak_of_stays(void **state) {
    (void)state;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") ",\"channel\":\"app\",\"paper\":true}\n");
    (void)load_now(ERR_OK);
    write_list(WHO("1", "01", "2026-06-30") CARD("2021-05-02") "}\n");
    assert_int_equal(load_now(ERR_OK).accepted, 1);
    struct ways_facts f = facts("1", 1);
    assert_true(f.ways.channel == CHANNEL_APP && f.ways.paper_wanted);
    assert_true(day_eq(f.ways.of[WAY_CARD].since, D("2021-05-02")) && day_eq(f.ways.listed, D("2026-06-30")));
}

static void the_same_again_is_unchanged_and_leaves_no_history(void **state) {
    (void)state;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n");
    (void)load_now(ERR_OK);
    write_list(WHO("1", "01", "2026-06-30") CARD("2021-05-01") "}\n");
    struct ways_load l = load_now(ERR_OK);
    assert_true(l.unchanged == 1 && l.accepted == 0);
    assert_true(day_eq(facts("1", 1).ways.listed, D("2026-06-30"))); /* but an older list is now known to be one */
    assert_int_equal(store_count(play.desk.ways, STORE_WAYS_HISTORY), 0);
    write_list(WHO("1", "01", "2026-06-15") "}\n");
    assert_int_equal(load_now(ERR_OK).unchanged, 1);
    assert_true(facts("1", 1).ways.of[WAY_CARD].state == WAY_REGISTERED);
}

static void what_a_list_replaces_is_kept_also_twice_in_one_file(void **state) {
    (void)state;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n" WHO("1", "01", "2026-05-31")
                   CARD("2021-05-02") "}\n" WHO("1", "01", "2026-05-31") CARD("2021-05-03") "}\n");
    assert_int_equal(load_now(ERR_OK).accepted, 3);
    assert_int_equal(store_count(play.desk.ways, STORE_WAYS_HISTORY), 2);
}

/* Whichever operation fails is said, and the same file again completes it (a log whose sync failed is for the next process). */
static void a_load_that_fails_anywhere_is_completed_by_giving_it_again(void **state) {
    static const enum sim_kind kinds[] = {SIM_OPEN,     SIM_READ,   SIM_WRITE,      SIM_SYNC,
                                          SIM_TRUNCATE, SIM_RENAME, SIM_SYNC_FOLDER};
    size_t again = 0;
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
        for (unsigned nth = 1; nth < 4; nth++) {
            struct ways_load l = {0};
            size_t n = 0;
            write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\nrubbish\n");
            sim_disk_fail(play.disk, kinds[k], nth, EIO);
            diag = (struct diag){0};
            enum err e = ways_load_file(&play.desk, &clerk, "list", "list.result", ways_file_read, &l, &diag);
            if (e != ERR_OK && strcmp(diag.where, "ledger") != 0) {
                assert_int_equal(load_now(ERR_OK).lines, 2);
                assert_true(facts("1", 1).known);
                char *result = sim_disk_file(play.disk, "list.result", &n);
                assert_true(str_starts(str_of(result, n), S("{\"line\":1,")) &&
                            str_find(str_of(result, n), S("{\"line\":2,")) < n);
                again++;
            }
            end(state), begin(state);
        }
    assert_true(again >= 7);
}

static void without_the_log_a_list_changes_nothing(void **state) {
    (void)state;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n");
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    (void)load_now(ERR_IO);
    assert_string_equal(diag.where, "ledger");
    assert_false(facts("1", 1).known);
}

static void a_file_with_no_end_of_line_is_refused_and_said_where(void **state) {
    (void)state;
    struct world *w = play.desk.world;
    static char spaces[WAYS_CHUNK_BYTES];
    memset(spaces, ' ', sizeof spaces);
    write_list(WHO("2", "", "2026-05-31") "}\n");
    int fd = w->open(w, "list", O_RDWR, 0600);
    assert_int_equal(
        world_write_all(w, fd, str_of(spaces, sizeof spaces), (off_t)strlen(WHO("2", "", "2026-05-31") "}\n"), NULL),
        ERR_OK);
    w->close(w, fd);
    (void)load_now(ERR_LIMIT);
    assert_true(strstr(diag.detail, "line 2") != NULL);
}

static void a_list_longer_than_a_chunk_is_taken_whole(void **state) {
    enum { LINES = 5000 };
    struct world *w = play.desk.world;
    struct buf b;
    (void)state;
    buf_init(&b, 4 << 20);
    for (int i = 0; i < LINES; i++)
        buf_printf(&b, "%s}\n", i % 2 ? WHO("2", "", "2026-05-31") : WHO("8", "", "2026-05-31"));
    int fd = w->open(w, "list", O_RDWR | O_CREAT, 0600);
    assert_int_equal(world_write_all(w, fd, buf_str(&b), 0, NULL), ERR_OK);
    w->close(w, fd);
    buf_fini(&b);
    struct ways_load l = load_now(ERR_OK);
    assert_true(l.lines == LINES && l.refused == LINES / 2 && l.accepted == 1 && l.unchanged == LINES / 2 - 1);
}

/* ---- who is due a certificate ---- */

static size_t shown;
static void put_mark(struct buf *batch, const struct member *m, const struct paper_due *due) {
    (void)m, (void)due;
    buf_putc(batch, '.');
}
static void show_marks(void *context, struct str batch) { (void)context, shown += batch.n; }

static enum err list_now(struct ways_list *l) {
    *l = (struct ways_list){.on = D("2026-06-01"), .put = put_mark, .show = show_marks};
    shown = 0;
    return ways_list_due(&play.desk, &clerk, l, &diag);
}

static void who_is_due_is_listed_and_in_the_log_first(void **state) {
    (void)state;
    struct ways_list l;
    struct audit_event e;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n");
    (void)load_now(ERR_OK);
    assert_int_equal(list_now(&l), ERR_OK);
    assert_true(l.count == 6 && shown == 6); /* seven people, one with a card */
    assert_true(desk_play_event(&play, 1, &e) && e.kind == AUDIT_WAYS_SHOWN && e.count == 6);
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    assert_int_equal(list_now(&l), ERR_IO);
    assert_int_equal(shown, 0);
}

static void a_long_list_comes_in_batches(void **state) {
    enum { MORE = 2500 };
    struct coverage period;
    struct ways_list l;
    (void)state;
    for (int i = 0; i < MORE; i++) {
        char number[16];
        snprintf(number, sizeof number, "9%06d", i);
        struct member m = desk_play_member(&period, number, BRANCH_NONE, "1985-04-01", 9);
        desk_play_store(&play, &m);
    }
    assert_int_equal(list_now(&l), ERR_OK);
    assert_true(l.count == MORE + 7 && shown == MORE + 7);
    assert_int_equal(desk_play_events(&play), 3);
}

/* ---- at a counter ---- */

static size_t say(enum way_state state, enum err want) {
    const struct way_change c = {state, REASON_OF_WAY_WISH, COUNTER_PHONE, WAY_CARD};
    size_t changed = 99;
    struct str key = key_of("1", 1);
    assert_int_equal(ways_say(&play.desk, &clerk, key, &c, D("2026-06-01"), &changed, &diag), want);
    return changed;
}

static void what_is_said_is_in_the_log_about_that_member_and_in_the_store(void **state) {
    (void)state;
    struct audit_event e;
    uint8_t mark[16];
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n");
    (void)load_now(ERR_OK);
    assert_int_equal(say(WAY_DEREGISTERED, ERR_OK), 1);
    assert_true(facts("1", 1).ways.of[WAY_CARD].state == WAY_DEREGISTERED);
    assert_int_equal(store_count(play.desk.ways, STORE_WAYS_HISTORY), 1);
    assert_true(desk_play_event(&play, 1, &e));
    memset(mark, 1, sizeof mark);
    assert_true(e.kind == AUDIT_WAY_ENDED && e.subject_kind == SUBJECT_MEMBER && e.user == 7);
    assert_memory_equal(e.subject, mark, sizeof mark);
    assert_int_equal(say(WAY_RETURNED, ERR_OK), 0); /* there is nothing left to end */
    assert_int_equal(desk_play_events(&play), 2);
}

static void without_the_log_nothing_is_taken_back(void **state) {
    (void)state;
    write_list(WHO("1", "01", "2026-05-31") CARD("2021-05-01") "}\n");
    (void)load_now(ERR_OK);
    sim_disk_fail(play.disk, SIM_SYNC, 1, EIO);
    (void)say(WAY_DEREGISTERED, ERR_IO);
    assert_string_equal(diag.where, "ledger");
    assert_true(facts("1", 1).ways.of[WAY_CARD].state == WAY_REGISTERED);
    assert_int_equal(store_count(play.desk.ways, STORE_WAYS_HISTORY), 0);
}

static void a_damaged_row_is_an_error_and_no_empty_one(void **state) {
    (void)state;
    struct ways_facts f;
    size_t changed;
    const struct way_change c = {WAY_RETURNED, REASON_OF_WAY_WISH, COUNTER_PHONE, WAY_CARD};
    desk_play_put(&play, STORE_WAYS, key_of("1", 1), S("rubbish"));
    assert_int_equal(ways_of(play.desk.ways, key_of("1", 1), &f, &diag), ERR_CORRUPT);
    assert_int_equal(ways_say(&play.desk, &clerk, key_of("1", 1), &c, D("2026-06-01"), &changed, &diag), ERR_CORRUPT);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_member_meant_is_found_or_said_not_to_be_one),
        TEST(more_members_than_a_look_up_gives_are_all_looked_through),
        TEST(each_line_of_a_list_has_its_result),
        TEST(what_a_list_does_not_speak_of_stays),
        TEST(the_same_again_is_unchanged_and_leaves_no_history),
        TEST(what_a_list_replaces_is_kept_also_twice_in_one_file),
        TEST(a_load_that_fails_anywhere_is_completed_by_giving_it_again),
        TEST(without_the_log_a_list_changes_nothing),
        TEST(a_file_with_no_end_of_line_is_refused_and_said_where),
        TEST(a_list_longer_than_a_chunk_is_taken_whole),
        TEST(who_is_due_is_listed_and_in_the_log_first),
        TEST(a_long_list_comes_in_batches),
        TEST(what_is_said_is_in_the_log_about_that_member_and_in_the_store),
        TEST(without_the_log_nothing_is_taken_back),
        TEST(a_damaged_row_is_an_error_and_no_empty_one),
    };
    return cmocka_run_group_tests_name("ways", tests, NULL, NULL);
}
