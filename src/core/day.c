#include "core/day.h"

#include "base/scan.h"

enum { YEAR_MIN = 1800, YEAR_MAX = 2999 };
enum { US_PER_DAY_S = 86400, JAPAN_S = 9 * 3600 };

static const struct era {
    const char *letter, *kanji;
    struct civil from; /* the last era is open */
    bool shares; /* its first day was the last of the era before too: 大正 and 昭和 began in the course of a day */
} eras[] = {
    {"M", "明治", {1868, 1, 25}, false}, {"T", "大正", {1912, 7, 30}, true}, {"S", "昭和", {1926, 12, 25}, true},
    {"H", "平成", {1989, 1, 8}, false},  {"R", "令和", {2019, 5, 1}, false},
};

static bool leap(int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); }

static int month_length(int y, int m) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : days[m - 1];
}

/* Days before 1 March of a year counted from March: a month's length then never depends on the leap day. */
static struct day from_valid_civil(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, of_era = y % 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (struct day){era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468};
}

bool day_from_civil(int year, int month, int day, struct day *out) {
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > month_length(year, month))
        return false;
    *out = from_valid_civil(year, month, day);
    return true;
}

struct civil day_civil(struct day d) {
    invariant(day_is(d));
    int z = d.n + 719468;
    int era = z / 146097, of_era = z % 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;
    struct civil c = {.year = y + era * 400, .month = m < 10 ? m + 3 : m - 9, .day = of_year - (153 * m + 2) / 5 + 1};
    if (c.month <= 2) c.year++;
    return c;
}

bool day_same_month(struct day a, struct day b) {
    struct civil x = day_civil(a), y = day_civil(b);
    return x.year == y.year && x.month == y.month;
}

struct day day_add_months(struct day d, int months) {
    struct civil c = day_civil(d);
    int m = c.year * 12 + c.month - 1 + months;
    int year = m / 12, month = m % 12 + 1;
    int last = month_length(year, month);
    return from_valid_civil(year, month, c.day < last ? c.day : last);
}

struct day day_birthday(struct day birth, int age) {
    struct civil c = day_civil(birth);
    int year = c.year + age;
    if (c.month == 2 && c.day == 29 && !leap(year)) return from_valid_civil(year, 3, 1);
    return from_valid_civil(year, c.month, c.day);
}

static int64_t seconds_of(int64_t us) { return us / 1000000 - (us % 1000000 < 0); } /* down, also before 1970 */

struct day day_in_japan(int64_t utc_us) {
    int64_t s = seconds_of(utc_us) + JAPAN_S;
    return (struct day){(int32_t)(s >= 0 ? s / US_PER_DAY_S : -((-s + US_PER_DAY_S - 1) / US_PER_DAY_S))};
}

bool day_parse_basic(struct str s, struct day *out) {
    struct scan in = scan_of(s);
    uint32_t y = 0, m = 0, d = 0;
    if (s.n != 8 || !scan_digits(&in, 4, &y) || !scan_digits(&in, 2, &m) || !scan_digits(&in, 2, &d)) return false;
    return day_from_civil((int)y, (int)m, (int)d, out);
}

static bool parse_iso(struct str s, struct day *out) {
    struct scan in = scan_of(s);
    uint32_t y = 0, m = 0, d = 0;
    bool good = s.n == 10 && scan_digits(&in, 4, &y) && scan_byte(&in, '-') && scan_digits(&in, 2, &m) &&
                scan_byte(&in, '-') && scan_digits(&in, 2, &d);
    return good && day_from_civil((int)y, (int)m, (int)d, out);
}

/* One or two digits before a separator (a string), which is taken too. */
static bool number_before(struct str *s, struct str separator, int *out) {
    size_t n = separator.n ? str_find(*s, separator) : s->n;
    uint64_t v = 0;
    if (n > 2 || (separator.n && n == s->n) || !str_uint(str_head(*s, n), 99, &v)) return false;
    *s = str_skip(*s, n + separator.n);
    *out = (int)v;
    return true;
}

static bool era_day(size_t e, int year, int month, int day, struct day *out) {
    struct day from = from_valid_civil(eras[e].from.year, eras[e].from.month, eras[e].from.day), d;
    if (year < 1 || !day_from_civil(eras[e].from.year + year - 1, month, day, &d) || day_before(d, from)) return false;
    if (e + 1 < ARRAY_LEN(eras)) {
        const struct civil *next = &eras[e + 1].from;
        struct day end = day_add(from_valid_civil(next->year, next->month, next->day), eras[e + 1].shares);
        if (!day_before(d, end)) return false;
    }
    *out = d;
    return true;
}

static bool parse_wareki(struct str s, struct day *out) {
    for (size_t e = 0; e < ARRAY_LEN(eras); e++) {
        int y = 1, m = 0, d = 0;
        struct str rest = str_skip(s, 1);
        if (s.n > 1 && (s.p[0] | 32) == (eras[e].letter[0] | 32)) {
            struct str sep = str_find(rest, S(".")) < rest.n   ? S(".")
                             : str_find(rest, S("-")) < rest.n ? S("-")
                                                               : S("/");
            return number_before(&rest, sep, &y) && number_before(&rest, sep, &m) && number_before(&rest, S(""), &d) &&
                   era_day(e, y, m, d, out);
        }
        if (!str_starts(s, str_c(eras[e].kanji))) continue;
        rest = str_skip(s, strlen(eras[e].kanji));
        if (str_starts(rest, S("元年"))) rest = str_skip(rest, strlen("元年"));
        else if (!number_before(&rest, S("年"), &y)) return false;
        return number_before(&rest, S("月"), &m) && number_before(&rest, S("日"), &d) && rest.n == 0 &&
               era_day(e, y, m, d, out);
    }
    return false;
}

bool day_parse(struct str s, struct day *out) {
    return parse_iso(s, out) || day_parse_basic(s, out) || parse_wareki(s, out);
}

void day_put_iso(struct buf *b, struct day d) {
    struct civil c = day_civil(d);
    buf_uint_pad(b, (uint64_t)c.year, 4);
    buf_putc(b, '-');
    buf_uint_pad(b, (uint64_t)c.month, 2);
    buf_putc(b, '-');
    buf_uint_pad(b, (uint64_t)c.day, 2);
}

void day_put_basic(struct buf *b, struct day d) {
    struct civil c = day_civil(d);
    buf_uint_pad(b, (uint64_t)(c.year * 10000 + c.month * 100 + c.day), 8);
}

void day_put_wareki(struct buf *b, struct day d) {
    struct civil c = day_civil(d);
    size_t e = ARRAY_LEN(eras);
    while (e > 0) {
        const struct civil *from = &eras[--e].from;
        if (day_until(from_valid_civil(from->year, from->month, from->day), d)) break;
        if (e == 0) return day_put_iso(b, d);
    }
    int year = c.year - eras[e].from.year + 1;
    buf_puts(b, eras[e].kanji);
    if (year == 1) buf_puts(b, "元");
    else buf_uint(b, (uint64_t)year);
    buf_puts(b, "年");
    buf_uint(b, (uint64_t)c.month);
    buf_puts(b, "月");
    buf_uint(b, (uint64_t)c.day);
    buf_puts(b, "日");
}

static void put_clock(struct buf *b, int64_t local_s, const char *separator) {
    int64_t s = ((local_s % US_PER_DAY_S) + US_PER_DAY_S) % US_PER_DAY_S;
    buf_uint_pad(b, (uint64_t)(s / 3600), 2);
    buf_puts(b, separator);
    buf_uint_pad(b, (uint64_t)(s / 60 % 60), 2);
    buf_puts(b, separator);
    buf_uint_pad(b, (uint64_t)(s % 60), 2);
}

void time_put_field(struct buf *b, int64_t utc_us) {
    day_put_basic(b, day_in_japan(utc_us));
    put_clock(b, seconds_of(utc_us) + JAPAN_S, "");
}

void time_put_utc(struct buf *b, int64_t utc_us) {
    day_put_iso(b, day_in_japan(utc_us - (int64_t)JAPAN_S * 1000000));
    buf_putc(b, 'T');
    put_clock(b, seconds_of(utc_us), ":");
    buf_putc(b, 'Z');
}

void time_put_japan_iso(struct buf *b, int64_t utc_us) {
    day_put_iso(b, day_in_japan(utc_us));
    buf_putc(b, 'T');
    put_clock(b, seconds_of(utc_us) + JAPAN_S, ":");
    buf_puts(b, "+09:00");
}
