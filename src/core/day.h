/* day: a day of the calendar (proleptic Gregorian), as days since 1970-01-01. Japan's calendar; years 1800–2999.
 * Era boundaries are those of the laws: 明治 1868-01-25 (new calendar kept since 1873), 大正 1912-07-30, 昭和 1926-12-25,
 * 平成 1989-01-08, 令和 2019-05-01 (JIS X 0301). */
#ifndef CORE_DAY_H
#define CORE_DAY_H

#include "base/buf.h"

struct day {
    int32_t n;
};
#define DAY_NONE ((struct day){INT32_MIN})
#define DAY_END  ((struct day){INT32_MAX}) /* after every day: the end of an open period */

struct civil {
    int year, month, day;
};

static inline bool day_is(struct day d) { return d.n != INT32_MIN; }
static inline bool day_eq(struct day a, struct day b) { return a.n == b.n; }
static inline bool day_before(struct day a, struct day b) { return a.n < b.n; }
static inline bool day_until(struct day a, struct day b) { return a.n <= b.n; } /* a is b or earlier */
bool day_same_month(struct day a, struct day b);
static inline struct day day_add(struct day d, int days) { return (struct day){d.n + days}; }

/* False when there is no such day. */
MUST_USE bool day_from_civil(int year, int month, int day, struct day *out);
struct civil day_civil(struct day d);
/* The same day of the month that many months on, or the month's last day. */
struct day day_add_months(struct day d, int months);
/* The birthday on which `age` years are reached; of those born on 29 February it is 1 March in common years. */
struct day day_birthday(struct day birth, int age);
/* The calendar day in Japan (UTC+9) at that moment (microseconds since 1970 UTC). */
struct day day_in_japan(int64_t utc_us);

/* "2026-11-22", "20261122", "R8.11.22", "R8-11-22", "R8/11/22", "令和8年11月22日", "令和元年5月1日". False on anything else, on a day that
 * is not in the calendar, and on an era day outside the era. */
MUST_USE bool day_parse(struct str s, struct day *out);
/* Only "20261122", as the field's messages write it. */
MUST_USE bool day_parse_basic(struct str s, struct day *out);
void day_put_iso(struct buf *b, struct day d);    /* 2026-11-22 */
void day_put_basic(struct buf *b, struct day d);  /* 20261122 */
void day_put_wareki(struct buf *b, struct day d); /* 令和8年11月22日 */

/* "20230221174835" in Japan's time, as the field writes moments; "2026-11-22T01:02:03Z" and "…+09:00" for everyone else. */
void time_put_field(struct buf *b, int64_t utc_us);
void time_put_utc(struct buf *b, int64_t utc_us);
void time_put_japan_iso(struct buf *b, int64_t utc_us);

#endif
