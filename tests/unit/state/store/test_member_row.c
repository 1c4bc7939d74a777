#include "base/utf8.h"
#include "lib/hostile.h"
#include "lib/sample_member.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "state/store/member_row.h"
#include "state/store/rows.h"
#include "state/store/store_key.h"

enum { ROOM = 4 << 20 };
static struct arena made, read;
static struct buf key, row;

static int begin(void **state) {
    (void)state;
    arena_init(&made, ROOM), arena_init(&read, ROOM);
    buf_init(&key, STORE_MEMBER_KEY_MAX), buf_init(&row, ROOM);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&made), arena_fini(&read);
    buf_fini(&key), buf_fini(&row);
    return 0;
}

static enum err pack(const struct member *m) {
    struct insured_id folded;
    struct insurer_number insurer;
    struct day birth;
    buf_reset(&key), buf_reset(&row);
    assert_int_equal(store_key_member(&key, m->insurer, &m->id, m->birth), ERR_OK);
    assert_true(store_key_member_read(buf_str(&key), &insurer, &folded, &birth));
    assert_true(insurer.n == m->insurer.n && day_eq(birth, m->birth) && folded.branch == m->id.branch);
    return member_row_put(&row, m, &folded);
}

static void assert_same(const struct member *m, const struct member *again) {
    assert_int_equal(again->insurer.n, m->insurer.n);
    assert_true(day_eq(again->birth, m->birth));
    assert_int_equal(again->id.branch, m->id.branch);
    assert_str(again->id.symbol, m->id.symbol);
    assert_str(again->id.number, m->id.number);
    assert_memory_equal(again->pseudonym, m->pseudonym, sizeof m->pseudonym);
    assert_memory_equal(again->link, m->link, sizeof m->link);
    assert_int_equal(again->period_count, m->period_count);
    for (size_t i = 0; i < m->period_count; i++) {
        assert_true(sample_coverage_same(&m->periods[i], &again->periods[i]));
        assert_int_equal(m->periods[i].recorded_s, again->periods[i].recorded_s);
    }
}

static void any_member_comes_back(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 3000; seed++) {
        struct member m = sample_member(&made, seed, 1 + seed % 5, false), again;
        assert_int_equal(pack(&m), ERR_OK);
        assert_true(row.n <= member_row_bound(&m));
        assert_int_equal(member_row_read(&read, buf_str(&key), buf_str(&row), &again), ERR_OK);
        assert_same(&m, &again);
        arena_reset(&made), arena_reset(&read);
    }
}

static void a_member_with_everything_at_its_limit_comes_back(void **state) {
    (void)state;
    size_t fits = 0;
    for (size_t periods = 1; periods <= PERIODS_MAX; periods++) {
        struct member m = sample_member(&made, periods, periods, true), again;
        if (member_row_bound(&m) <= MEMBER_ROW_MAX) {
            fits = periods;
            assert_int_equal(pack(&m), ERR_OK);
            assert_int_equal(member_row_read(&read, buf_str(&key), buf_str(&row), &again), ERR_OK);
            assert_same(&m, &again);
        }
        arena_reset(&made), arena_reset(&read);
    }
    assert_true(fits >= 8 && fits < PERIODS_MAX);
    struct member m = sample_member(&made, 1, PERIODS_MAX, true);
    assert_int_equal(pack(&m), ERR_LIMIT);
    arena_reset(&made);
}

static void many_plain_periods_fit(void **state) {
    (void)state;
    struct coverage periods[PERIODS_MAX];
    struct member m = {.insurer = {6139448}, .id = {S(""), S("1"), BRANCH_NONE}, .periods = periods}, again;
    for (m.period_count = 0; m.period_count < PERIODS_MAX; m.period_count++) {
        periods[m.period_count] = coverage_empty();
        periods[m.period_count].start = (struct day){20000 - (int32_t)m.period_count};
        periods[m.period_count].name = S("見本　太郎");
    }
    assert_true(member_row_bound(&m) <= MEMBER_ROW_MAX);
    assert_int_equal(pack(&m), ERR_OK);
    assert_int_equal(member_row_read(&read, buf_str(&key), buf_str(&row), &again), ERR_OK);
    assert_same(&m, &again);
    arena_reset(&read);
}

static void a_usual_row_is_short(void **state) {
    (void)state;
    struct coverage c = coverage_empty();
    struct member m = {
        .insurer = {6139448}, .id = {S("12-34"), S("4260"), 1}, .birth = {5569}, .periods = &c, .period_count = 1};
    c.start = (struct day){18000}, c.sex = 1, c.relation = 1, c.recorded_s = 1790000000;
    c.name = c.head = S("診療　太郎"), c.kana = S("ｼﾝﾘｮｳ ﾀﾛｳ"), c.post = S("123-4567");
    c.address = S("東京都千代田区霞が関１－２－３");
    assert_int_equal(pack(&m), ERR_OK);
    assert_in_range(row.n + key.n, 1, 200);
}

static void every_half_width_kana_is_packed_and_comes_back(void **state) {
    (void)state;
    struct coverage c = coverage_empty();
    struct member m = {.insurer = {6139448}, .id = {S(""), S("1"), BRANCH_NONE}, .periods = &c, .period_count = 1},
                  again;
    for (uint32_t ch = 0x20; ch < 0x10000; ch++) {
        char room[8];
        struct buf b = buf_over(room, sizeof room);
        if (ch == 0x7f || (ch >= 0xd800 && ch < 0xe000)) continue;
        utf8_put(&b, ch);
        c.start = (struct day){1}, c.kana = buf_str(&b);
        assert_int_equal(pack(&m), ERR_OK);
        assert_int_equal(member_row_read(&read, buf_str(&key), buf_str(&row), &again), ERR_OK);
        assert_str(again.periods[0].kana, c.kana);
        arena_reset(&read);
    }
}

static void same_coverage_is_told_from_any_other(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct coverage a = sample_coverage(&made, seed, seed % 16 == 0),
                        b = sample_coverage(&made, seed, seed % 16 == 0);
        struct coverage other = sample_coverage(&made, seed + 1, false);
        b.recorded_s = a.recorded_s + 1;
        assert_true(coverage_same(&a, &b));
        assert_true(coverage_same(&a, &other) == sample_coverage_same(&a, &other));
        arena_reset(&made);
    }
}

/* Each bit of a value: flipped, the coverage is another one. */
static void the_least_difference_is_seen(void **state) {
    (void)state;
    struct coverage a = sample_coverage(&made, 7, true), b = a;
#define DIFFERS(change)                                                                                                \
    do {                                                                                                               \
        b = a;                                                                                                         \
        change;                                                                                                        \
        row_check(!coverage_same(&a, &b), #change);                                                                    \
    } while (0)
    DIFFERS(b.start.n++);
    DIFFERS(b.lost.n++);
    DIFFERS(b.lost = DAY_NONE);
    DIFFERS(b.loss_reason = 1);
    DIFFERS(b.issued = DAY_NONE);
    DIFFERS(b.card_from.n++);
    DIFFERS(b.card_until.n++);
    DIFFERS(b.class ^= 1);
    DIFFERS(b.sex ^= 1);
    DIFFERS(b.other_sex ^= 1);
    DIFFERS(b.relation ^= 1);
    DIFFERS(b.ratio ^= 1);
    DIFFERS(b.ratio = RATIO_NONE);
    DIFFERS(b.name = S(""));
    DIFFERS(b.kana.n -= 4);
    DIFFERS(b.other_name.n -= 4);
    DIFFERS(b.other_kana.n -= 4);
    DIFFERS(b.head = S("x"));
    DIFFERS(b.post = S(""));
    DIFFERS(b.address.n -= 4);
    DIFFERS(b.welfare_office.n -= 4);
    DIFFERS(b.elderly_count--);
    DIFFERS(b.limit_count--);
    DIFFERS(b.disease_count--);
    DIFFERS(b.ticket_count--);
#undef DIFFERS
    arena_reset(&made);
}

static void feed(void *context, struct str value) {
    struct member m;
    (void)context;
    if (member_row_read(&read, buf_str(&key), value, &m) == ERR_OK) assert_true(m.period_count <= PERIODS_MAX);
    arena_reset(&read);
}

static void a_cut_row_is_refused_and_a_flipped_bit_does_no_harm(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct member m = sample_member(&made, seed, 2, false), again;
        assert_int_equal(pack(&m), ERR_OK);
        for (size_t n = 0; n < row.n; n++) {
            assert_int_equal(member_row_read(&read, buf_str(&key), str_of(row.p, n), &again), ERR_CORRUPT);
            arena_reset(&read);
        }
        if (row.n < 4096) assert_true(hostile_bit_flips(buf_str(&row), feed, NULL) > 0);
        buf_putc(&row, 0);
        assert_int_equal(member_row_read(&read, buf_str(&key), buf_str(&row), &again), ERR_CORRUPT);
        arena_reset(&made), arena_reset(&read);
    }
}

static void a_broken_key_is_refused(void **state) {
    (void)state;
    struct member m = sample_member(&made, 3, 1, false), again;
    assert_int_equal(pack(&m), ERR_OK);
    for (size_t n = 0; n < key.n; n++)
        assert_int_equal(member_row_read(&read, str_of(key.p, n), buf_str(&row), &again), ERR_CORRUPT);
    arena_reset(&made), arena_reset(&read);
}

static void no_memory_is_an_error(void **state) {
    (void)state;
    struct member m = sample_member(&made, 5, 3, true), again;
    assert_int_equal(pack(&m), ERR_OK);
    enum err e = ERR_OK;
    size_t nth = 0;
    do {
        arena_fini(&read), arena_init(&read, ROOM);
        short_memory_from(++nth);
        e = member_row_read(&read, buf_str(&key), buf_str(&row), &again);
    } while (short_memory_hit() && e != ERR_OK);
    assert_int_equal(e, ERR_OK);
    assert_same(&m, &again);
    assert_true(nth > 1);
    arena_reset(&made);
}

static void keys_sort_as_members_do(void **state) {
    (void)state;
    static const struct {
        uint32_t insurer;
        const char *number, *symbol;
        int32_t birth;
        int branch;
    } rows[] = {{1130012, "1", "", 0, -1},  {6139448, "1", "", -5000, -1}, {6139448, "1", "", -1, -1},
                {6139448, "1", "", 0, -1},  {6139448, "1", "", 0, 0},      {6139448, "1", "", 0, 99},
                {6139448, "1", "", 1, -1},  {6139448, "1", "1", 0, -1},    {6139448, "1", "12", -9000, -1},
                {6139448, "10", "", 0, -1}, {6139448, "2", "", 0, -1},     {39131156, "1", "", 0, -1}};
    struct buf before;
    buf_init(&before, STORE_MEMBER_KEY_MAX);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct insured_id id = {str_c(rows[i].symbol), str_c(rows[i].number), rows[i].branch};
        buf_reset(&key);
        assert_int_equal(
            store_key_member(&key, (struct insurer_number){rows[i].insurer}, &id, (struct day){rows[i].birth}), ERR_OK);
        row_check(i == 0 || str_cmp(buf_str(&before), buf_str(&key)) < 0, rows[i].number);
        buf_reset(&before);
        buf_put(&before, buf_str(&key));
    }
    buf_fini(&before);
}

static void a_number_of_spaces_names_nobody(void **state) {
    (void)state;
    struct insured_id id = {S("12"), S("　 "), BRANCH_NONE};
    buf_reset(&key);
    assert_int_equal(store_key_member(&key, (struct insurer_number){6139448}, &id, (struct day){0}), ERR_VALUE);
}

static void the_smaller_rows_come_back(void **state) {
    (void)state;
    struct str name, member_key;
    struct day start, lost;
    int64_t at = 0;
    buf_reset(&row), insurer_row_put(&row, S("青葉電機健康保険組合"));
    assert_true(insurer_row_read(buf_str(&row), &name));
    assert_str(name, S("青葉電機健康保険組合"));
    for (size_t n = 0; n < row.n; n++) assert_false(insurer_row_read(str_of(row.p, n), &name));
    buf_reset(&row), link_span_put(&row, (struct day){-5}, DAY_NONE);
    struct scan s = scan_of(buf_str(&row));
    assert_true(link_span_read(&s, &start, &lost) && scan_end(&s) && start.n == -5 && !day_is(lost));
    for (size_t n = 0; n < row.n; n++) {
        s = scan_of(str_of(row.p, n));
        assert_false(link_span_read(&s, &start, &lost));
    }
    buf_reset(&row), reference_row_put(&row, 1790000000000000, S("key"));
    assert_true(reference_row_read(buf_str(&row), &at, &member_key) && at == 1790000000000000);
    assert_str(member_key, S("key"));
    for (size_t n = 0; n < 9; n++) assert_false(reference_row_read(str_of(row.p, n), &at, &member_key));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_member_comes_back),
        cmocka_unit_test(a_member_with_everything_at_its_limit_comes_back),
        cmocka_unit_test(many_plain_periods_fit),
        cmocka_unit_test(a_usual_row_is_short),
        cmocka_unit_test(every_half_width_kana_is_packed_and_comes_back),
        cmocka_unit_test(same_coverage_is_told_from_any_other),
        cmocka_unit_test(the_least_difference_is_seen),
        cmocka_unit_test(a_cut_row_is_refused_and_a_flipped_bit_does_no_harm),
        cmocka_unit_test(a_broken_key_is_refused),
        cmocka_unit_test(no_memory_is_an_error),
        cmocka_unit_test(keys_sort_as_members_do),
        cmocka_unit_test(a_number_of_spaces_names_nobody),
        cmocka_unit_test(the_smaller_rows_come_back),
    };
    return cmocka_run_group_tests_name("member row", tests, begin, end);
}
