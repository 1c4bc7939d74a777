#include "lib/hostile.h"
#include "lib/unit.h"
#include "state/store/ways_row.h"

static struct ways sample(void) {
    struct ways w = ways_none();
    w.of[WAY_CARD] = (struct way){WAY_RETURNED, REASON_OF_WAY_LOST, COUNTER_LETTER, true, {1}, {-2}, {30000}, {40000}};
    w.of[WAY_PHONE] = (struct way){WAY_REGISTERED, 0, 0, false, {5}, {5}, DAY_NONE, {20000}};
    w.channel = CHANNEL_PORTAL, w.paper_wanted = true, w.listed.n = 20500;
    return w;
}
static struct papers papers(size_t count) {
    struct papers p = {0};
    for (size_t i = 0; i < count; i++) {
        struct paper_made *x = &p.list[p.count++];
        memset(x->id, (int)i + 1, sizeof x->id);
        x->made.n = (int)i, x->from.n = (int)i + 100, x->until.n = (int)i + 1000;
    }
    return p;
}

static void ways_come_back_as_they_were(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    struct ways out, in[] = {sample(), ways_none()};
    for (size_t i = 0; i < ARRAY_LEN(in); i++) {
        struct buf b = buf_over(room, sizeof room);
        ways_row_put(&b, &in[i]);
        assert_true(buf_ok(&b) && ways_row_read(buf_str(&b), &out));
        assert_true(ways_same(&in[i], &out) && day_eq(in[i].listed, out.listed));
    }
}

static void papers_come_back_as_they_were(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    for (size_t n = 0; n <= PAPERS_KEPT; n++) {
        struct buf b = buf_over(room, sizeof room);
        struct papers in = papers(n), out;
        papers_row_put(&b, &in);
        assert_true(buf_ok(&b) && papers_row_read(buf_str(&b), &out));
        assert_int_equal(out.count, n);
        for (size_t i = 0; i < n; i++) {
            assert_memory_equal(out.list[i].id, in.list[i].id, PAPER_ID_BYTES);
            assert_true(day_eq(out.list[i].made, in.list[i].made) && day_eq(out.list[i].from, in.list[i].from) &&
                        day_eq(out.list[i].until, in.list[i].until));
        }
    }
}

static void a_reminder_comes_back_as_it_was(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    int64_t at = 0;
    uint8_t channel = 9;
    reminder_row_put(&b, -123456789, CHANNEL_APP);
    assert_true(reminder_row_read(buf_str(&b), &at, &channel));
    assert_int_equal(at, -123456789);
    assert_int_equal(channel, CHANNEL_APP);
}

static void keys_of_a_member_stand_behind_its_own(void **state) {
    (void)state;
    char room[WAYS_KEY_MAX];
    static const struct {
        const char *want;
        size_t n;
    } rows[] = {{"member\0\0\0\0\0\0\1\2", 14}, {"member\1", 7}, {"member\3\0\0\1\2", 11}};
    struct buf b = buf_over(room, sizeof room);
    ways_history_key(&b, S("member"), 258);
    assert_str(buf_str(&b), str_of(rows[0].want, rows[0].n));
    b = buf_over(room, sizeof room), paper_key(&b, S("member"), PAPER_NOTICE);
    assert_str(buf_str(&b), str_of(rows[1].want, rows[1].n));
    b = buf_over(room, sizeof room), reminder_key(&b, S("member"), 3, (struct day){258});
    assert_str(buf_str(&b), str_of(rows[2].want, rows[2].n));
}

/* A row that is read is one that could have been written: it is written again as it was. */
static void feed_ways(void *context, struct str s) {
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct ways w;
    (void)context;
    if (!ways_row_read(s, &w)) return;
    ways_row_put(&b, &w);
    assert_str(buf_str(&b), s);
}
static void feed_papers(void *context, struct str s) {
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct papers p;
    (void)context;
    if (!papers_row_read(s, &p)) return;
    papers_row_put(&b, &p);
    assert_str(buf_str(&b), s);
}
static void feed_reminder(void *context, struct str s) {
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    int64_t at;
    uint8_t channel;
    (void)context;
    if (!reminder_row_read(s, &at, &channel)) return;
    reminder_row_put(&b, at, channel);
    assert_str(buf_str(&b), s);
}

static void broken_rows_are_refused_or_kept_as_they_are(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct ways w = sample();
    struct papers p = papers(PAPERS_KEPT);
    ways_row_put(&b, &w);
    assert_true(hostile_all(buf_str(&b), feed_ways, NULL) > 300);
    b = buf_over(room, sizeof room), papers_row_put(&b, &p);
    assert_true(hostile_all(buf_str(&b), feed_papers, NULL) > 900);
    b = buf_over(room, sizeof room), reminder_row_put(&b, 7, CHANNEL_PAPER);
    assert_true(hostile_all(buf_str(&b), feed_reminder, NULL) > 80);
}

static void a_row_cut_short_or_of_another_version_is_none(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct ways w = sample();
    ways_row_put(&b, &w);
    for (size_t n = 0; n < b.n; n++) assert_false(ways_row_read(str_of(b.p, n), &w));
    b.p[0]++;
    assert_false(ways_row_read(buf_str(&b), &w));
    b.p[0]--, buf_putc(&b, 0);
    assert_false(ways_row_read(buf_str(&b), &w));
}

static void a_code_of_no_table_is_refused(void **state) {
    (void)state;
    char room[WAYS_ROW_MAX];
    for (int which = 0; which < 4; which++) {
        struct buf b = buf_over(room, sizeof room);
        struct ways w = sample(), out;
        if (which == 0) w.of[WAY_CARD].state = WAY_STATES;
        if (which == 1) w.of[WAY_CARD].reason = WAY_REASONS;
        if (which == 2) w.of[WAY_CARD].by = COUNTERS;
        if (which == 3) w.channel = CHANNELS;
        ways_row_put(&b, &w);
        assert_false(ways_row_read(buf_str(&b), &out));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_come_back_as_they_were),
        cmocka_unit_test(papers_come_back_as_they_were),
        cmocka_unit_test(a_reminder_comes_back_as_it_was),
        cmocka_unit_test(keys_of_a_member_stand_behind_its_own),
        cmocka_unit_test(broken_rows_are_refused_or_kept_as_they_are),
        cmocka_unit_test(a_code_of_no_table_is_refused),
        cmocka_unit_test(a_row_cut_short_or_of_another_version_is_none),
    };
    return cmocka_run_group_tests_name("ways row", tests, NULL, NULL);
}
