#include "core/day.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static struct buf out;

static int begin(void **state) {
    (void)state;
    buf_init(&out, 256);
    return 0;
}

static int end(void **state) {
    (void)state;
    buf_fini(&out);
    return 0;
}

static struct day day(const char *iso) {
    struct day d;
    if (!day_parse(str_c(iso), &d)) fail_msg("%s is no day", iso);
    return d;
}

static struct str iso(struct day d) {
    buf_reset(&out);
    day_put_iso(&out, d);
    return buf_str(&out);
}

static void every_day_of_twelve_centuries_follows_the_one_before(void **state) {
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct day d, expected = {-62091}; /* 1800-01-01 */
    for (int y = 1800; y <= 2999; y++) {
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        for (int m = 1; m <= 12; m++) {
            int n = lengths[m - 1] + (m == 2 && leap);
            for (int i = 1; i <= n; i++, expected.n++) {
                assert_true(day_from_civil(y, m, i, &d));
                assert_int_equal(d.n, expected.n);
                struct civil c = day_civil(d);
                assert_true(c.year == y && c.month == m && c.day == i);
            }
            assert_false(day_from_civil(y, m, n + 1, &d));
        }
    }
    assert_false(day_from_civil(1799, 12, 31, &d));
    assert_false(day_from_civil(3000, 1, 1, &d));
    assert_false(day_from_civil(2026, 0, 1, &d));
    assert_false(day_from_civil(2026, 13, 1, &d));
    assert_false(day_from_civil(2026, 1, 0, &d));
}

static void days_are_read_in_every_form_and_no_other(void **state) {
    (void)state;
    static const struct {
        const char *text, *iso; /* NULL: refused */
    } rows[] = {
        {"2026-11-22", "2026-11-22"},
        {"20261122", "2026-11-22"},
        {"2024-02-29", "2024-02-29"},
        {"2023-02-29", NULL},
        {"1900-02-29", NULL},
        {"2000-02-29", "2000-02-29"},
        {"2026-11-31", NULL},
        {"2026-13-01", NULL},
        {"2026-00-10", NULL},
        {"1799-12-31", NULL},
        {"2026-1-02", NULL},
        {"2026/11/22", NULL},
        {"26-11-22", NULL},
        {"2026-11-22 ", NULL},
        {" 2026-11-22", NULL},
        {"2026112", NULL},
        {"202611223", NULL},
        {"", NULL},
        {"+2026-1-1", NULL},
        {"２０２６１１２２", NULL},
        {"2026-11-22T00:00:00", NULL},
        /* Japanese dates */
        {"R8.11.22", "2026-11-22"},
        {"r8.11.22", "2026-11-22"},
        {"R8-11-22", "2026-11-22"},
        {"R8/11/22", "2026-11-22"},
        {"R08.01.02", "2026-01-02"},
        {"S60.4.1", "1985-04-01"},
        {"令和8年11月22日", "2026-11-22"},
        {"令和元年5月1日", "2019-05-01"},
        {"昭和60年4月1日", "1985-04-01"},
        {"明治45年7月30日", "1912-07-30"},
        {"R8.11-22", NULL},
        {"R8.11", NULL},
        {"R8.11.22.1", NULL},
        {"R.11.22", NULL},
        {"R0.5.1", NULL},
        {"R8.2.29", NULL},
        {"R10.2.29", "2028-02-29"},
        {"X8.11.22", NULL},
        {"令和8年11月22", NULL},
        {"令和8年11月22日です", NULL},
        {"令和年11月22日", NULL},
        {"令和0年5月1日", NULL},
        {"R100.1.1", NULL},
        {"R", NULL},
        {"令和", NULL},
        {"元年5月1日", NULL},
        /* The edges of the eras; the first days of 大正 and 昭和 were the last of the era before them too */
        {"M1.1.24", NULL},
        {"M1.1.25", "1868-01-25"},
        {"M45.7.30", "1912-07-30"},
        {"M45.7.31", NULL},
        {"T1.7.29", NULL},
        {"T1.7.30", "1912-07-30"},
        {"T15.12.25", "1926-12-25"},
        {"T15.12.26", NULL},
        {"S1.12.24", NULL},
        {"S1.12.25", "1926-12-25"},
        {"S64.1.7", "1989-01-07"},
        {"S64.1.8", NULL},
        {"H1.1.7", NULL},
        {"H1.1.8", "1989-01-08"},
        {"H31.4.30", "2019-04-30"},
        {"H31.5.1", NULL},
        {"R1.4.30", NULL},
        {"R1.5.1", "2019-05-01"},
        {"平成31年4月30日", "2019-04-30"},
        {"平成32年1月1日", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct day d;
        bool good = day_parse(str_c(rows[i].text), &d);
        row_check(good == (rows[i].iso != NULL), rows[i].text);
        if (good) row_check(str_eq(iso(d), str_c(rows[i].iso)), rows[i].text);
    }
}

static void only_eight_digits_are_the_fields_form(void **state) {
    (void)state;
    struct day d;
    assert_true(day_parse_basic(S("20240229"), &d));
    assert_str(iso(d), S("2024-02-29"));
    assert_false(day_parse_basic(S("2024-02-29"), &d));
    assert_false(day_parse_basic(S("20230229"), &d));
    assert_false(day_parse_basic(S("R8.1.1"), &d));
}

static void days_are_written_in_every_form(void **state) {
    (void)state;
    static const struct {
        const char *iso, *basic, *wareki;
    } rows[] = {
        {"2026-01-02", "20260102", "令和8年1月2日"},   {"2019-05-01", "20190501", "令和元年5月1日"},
        {"2019-04-30", "20190430", "平成31年4月30日"}, {"1989-01-08", "19890108", "平成元年1月8日"},
        {"1989-01-07", "19890107", "昭和64年1月7日"},  {"1926-12-25", "19261225", "昭和元年12月25日"},
        {"1912-07-29", "19120729", "明治45年7月29日"}, {"1868-01-24", "18680124", "1868-01-24"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct day d = day(rows[i].iso);
        buf_reset(&out), day_put_basic(&out, d);
        row_check(str_eq(buf_str(&out), str_c(rows[i].basic)), rows[i].iso);
        buf_reset(&out), day_put_wareki(&out, d);
        row_check(str_eq(buf_str(&out), str_c(rows[i].wareki)), rows[i].iso);
    }
}

static void what_is_written_is_read_back(void **state) {
    (void)state;
    void (*const forms[])(struct buf *, struct day) = {day_put_iso, day_put_basic, day_put_wareki};
    for (struct day d = day("1868-01-25"); day_before(d, day("2130-01-01")); d = day_add(d, 17)) {
        for (size_t f = 0; f < ARRAY_LEN(forms); f++) {
            struct day again;
            buf_reset(&out);
            forms[f](&out, d);
            if (f == 2 && day_civil(d).year > 2117) continue; /* 令和100年 and later have three digits */
            assert_true(day_parse(buf_str(&out), &again));
            assert_int_equal(again.n, d.n);
        }
    }
}

static void months_on_is_the_same_day_or_the_months_last(void **state) {
    (void)state;
    static const struct {
        const char *from;
        int months;
        const char *to;
    } rows[] = {{"2026-01-31", 1, "2026-02-28"},  {"2024-01-31", 1, "2024-02-29"}, {"2026-11-30", 3, "2027-02-28"},
                {"2026-12-15", 1, "2027-01-15"},  {"2026-08-31", 3, "2026-11-30"}, {"2026-01-15", 0, "2026-01-15"},
                {"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -1, "2025-12-15"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(str_eq(iso(day_add_months(day(rows[i].from), rows[i].months)), str_c(rows[i].to)), rows[i].from);
}

static void birthdays_of_29_february_are_1_march_in_common_years(void **state) {
    (void)state;
    static const struct {
        const char *birth;
        int age;
        const char *day;
    } rows[] = {{"1985-04-01", 70, "2055-04-01"}, {"1956-02-29", 70, "2026-03-01"}, {"1956-02-29", 72, "2028-02-29"},
                {"1952-02-29", 75, "2027-03-01"}, {"1896-02-29", 4, "1900-03-01"},  {"2020-02-28", 6, "2026-02-28"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(str_eq(iso(day_birthday(day(rows[i].birth), rows[i].age)), str_c(rows[i].day)), rows[i].birth);
}

static void the_day_changes_at_japans_midnight(void **state) {
    (void)state;
    static const struct {
        int64_t us; /* UTC */
        const char *iso, *field, *utc, *japan;
    } rows[] = {
        {1676969315000000, "2023-02-21", "20230221174835", "2023-02-21T08:48:35Z", "2023-02-21T17:48:35+09:00"},
        {1771167599999999, "2026-02-15", "20260215235959", "2026-02-15T14:59:59Z", "2026-02-15T23:59:59+09:00"},
        {1771167600000000, "2026-02-16", "20260216000000", "2026-02-15T15:00:00Z", "2026-02-16T00:00:00+09:00"},
        {0, "1970-01-01", "19700101090000", "1970-01-01T00:00:00Z", "1970-01-01T09:00:00+09:00"},
        {-1, "1970-01-01", "19700101085959", "1969-12-31T23:59:59Z", "1970-01-01T08:59:59+09:00"},
        {-32400000001, "1969-12-31", "19691231235959", "1969-12-31T14:59:59Z", "1969-12-31T23:59:59+09:00"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        row_check(str_eq(iso(day_in_japan(rows[i].us)), str_c(rows[i].iso)), rows[i].utc);
        buf_reset(&out), time_put_field(&out, rows[i].us);
        row_check(str_eq(buf_str(&out), str_c(rows[i].field)), rows[i].utc);
        buf_reset(&out), time_put_utc(&out, rows[i].us);
        row_check(str_eq(buf_str(&out), str_c(rows[i].utc)), rows[i].utc);
        buf_reset(&out), time_put_japan_iso(&out, rows[i].us);
        row_check(str_eq(buf_str(&out), str_c(rows[i].japan)), rows[i].utc);
    }
}

static void feed(void *context, struct str s) {
    struct day d;
    (void)context;
    if (day_parse(s, &d)) assert_true(iso(d).n == 10);
}

static void broken_dates_come_back(void **state) {
    (void)state;
    static const char *const samples[] = {"2026-11-22", "20261122", "R8.11.22", "令和8年11月22日", "令和元年5月1日"};
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) assert_true(hostile_all(str_c(samples[i]), feed, NULL) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_twelve_centuries_follows_the_one_before),
        cmocka_unit_test(days_are_read_in_every_form_and_no_other),
        cmocka_unit_test(only_eight_digits_are_the_fields_form),
        cmocka_unit_test(days_are_written_in_every_form),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(months_on_is_the_same_day_or_the_months_last),
        cmocka_unit_test(birthdays_of_29_february_are_1_march_in_common_years),
        cmocka_unit_test(the_day_changes_at_japans_midnight),
        cmocka_unit_test(broken_dates_come_back),
    };
    return cmocka_run_group_tests_name("day", tests, begin, end);
}
