/* Birth dates as forms and files have them, and the slips of the 2007 pension search and the 2023 inspection: era swapped or dropped, a
 * day off, month and day exchanged. Eras as in core/day.h; a date of the lunisolar calendar (until 1872-12-31) may be a month off. */
#include "core/day.h"
#include "rules/identity/comparison.h"
#include "rules/identity/keys.h"
#include "rules/identity/text.h"

static const struct era {
    uint32_t letter, kanji, second; /* 昭 alone or 昭和 */
    int before;                     /* the western year before its first */
    int32_t from;                   /* yyyymmdd */
} eras[] = {
    {'M', 0x660e, 0x6cbb, 1867, 18680125}, {'T', 0x5927, 0x6b63, 1911, 19120730}, {'S', 0x662d, 0x548c, 1925, 19261225},
    {'H', 0x5e73, 0x6210, 1988, 19890108}, {'R', 0x4ee4, 0x548c, 2018, 20190501},
};
enum { ERAS = ARRAY_LEN(eras), GREGORIAN_FROM = 1873, LUNAR_DAYS = 60, NO_ERA = -1 };

struct date {
    int era;              /* as written; NO_ERA for a western year */
    int year, month, day; /* western; month and day 0: 不詳 */
};

static uint32_t plain(uint32_t c) { return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c; }

/* One run of digits; its length, 0 when there is none. */
static unsigned number(const struct text *t, size_t *i, int *out) {
    unsigned n = 0;
    *out = 0;
    for (; *i < t->n && n < 9; (*i)++, n++) {
        uint32_t c = plain(t->c[*i]);
        if (c < '0' || c > '9') break;
        *out = *out * 10 + (int)(c - '0');
    }
    if (n == 0 && *i < t->n && t->c[*i] == 0x5143) return (*i)++, *out = 1, 1; /* 元年 */
    return n;
}

static void separator(const struct text *t, size_t *i) {
    while (*i < t->n) {
        uint32_t c = plain(t->c[*i]);
        if (c != '.' && c != '/' && c != '-' && c != 0x5e74 && c != 0x6708 && c != 0x65e5 && !is_space(c)) return;
        (*i)++;
    }
}

static int era_at(const struct text *t, size_t *i) {
    uint32_t c = *i < t->n ? plain(t->c[*i]) : 0;
    for (int e = 0; e < (int)ERAS; e++) {
        if ((c & ~0x20u) != eras[e].letter && c != eras[e].kanji) continue;
        (*i)++;
        if (c == eras[e].kanji && *i < t->n && t->c[*i] == eras[e].second) (*i)++;
        separator(t, i);
        return e;
    }
    return NO_ERA;
}

/* Without separators: 19850401, S600401, and 3600401 with the field's digit for the era (1 明治 to 5 令和). */
static bool read_run(unsigned digits, int v, struct date *out) {
    if (out->era == NO_ERA && digits == 7) {
        out->era = v / 1000000 - 1, v %= 1000000, digits = 6;
        if (out->era < 0 || out->era >= (int)ERAS) return false;
    }
    if (digits != (out->era == NO_ERA ? 8u : 6u)) return false;
    *out = (struct date){out->era, v / 10000, v / 100 % 100, v % 100};
    return true;
}

static bool read_date(const struct text *t, struct date *out) {
    size_t i = 0;
    int v = 0;
    separator(t, &i);
    *out = (struct date){.era = era_at(t, &i)};
    unsigned digits = number(t, &i, &v);
    if (digits == 0) return false;
    if (digits <= 4) {
        if ((out->era == NO_ERA) != (digits == 4)) return false;
        out->year = v, separator(t, &i);
        unsigned m = number(t, &i, &out->month);
        separator(t, &i);
        unsigned d = number(t, &i, &out->day);
        if (m == 0 || m > 2 || d == 0 || d > 2) return false;
    } else if (!read_run(digits, v, out)) return false;
    separator(t, &i);
    if (i != t->n || out->year < 1) return false;
    if (out->era != NO_ERA) out->year += eras[out->era].before;
    struct day there;
    bool partly = out->month == 0 || out->day == 0;
    return day_from_civil(out->year, out->month ? out->month : 1, out->day ? out->day : 1, &there) &&
           (out->era == NO_ERA || !partly || out->month <= 12);
}

static int32_t as_number(const struct date *d) { return d->year * 10000 + d->month * 100 + d->day; }

static int era_of(const struct date *d) {
    int e = (int)ERAS - 1;
    while (e > 0 && as_number(d) < eras[e].from) e--;
    return e;
}

static bool beyond(const struct date *d) {
    return d->era != NO_ERA && d->era + 1 < (int)ERAS && as_number(d) > eras[d->era + 1].from;
}

static struct birth_key key_of(const struct date *d) {
    struct day day = DAY_NONE;
    if (!day_from_civil(d->year, d->month, d->day, &day)) day = DAY_NONE;
    int era = d->era == NO_ERA ? era_of(d) : d->era;
    return (struct birth_key){
        as_number(d),    day.n, (int16_t)d->year, (int16_t)(d->year - eras[era].before), (uint8_t)d->month,
        (uint8_t)d->day, true,  beyond(d)};
}

enum err birth_prepare(struct str s, struct birth_key *out, const char *where, struct diag *d) {
    struct text t;
    struct date date;
    *out = (struct birth_key){.known = false};
    if (s.n == 0) return ERR_OK;
    TRY(text_read(s, &t, where, d));
    if (!read_date(&t, &date)) return diag_set(d, ERR_DATE, where, NULL);
    *out = key_of(&date);
    return ERR_OK;
}

static bool era_was_dropped(const struct birth_key *a, const struct birth_key *b) {
    return a->month == b->month && a->day == b->day && a->year % 100 == b->era_year && a->year != b->year;
}

/* The first slip that explains the difference. */
static enum level slip(const struct birth_key *a, const struct birth_key *b, enum reason *r) {
    int apart = a->serial - b->serial;
    bool same_year = a->year == b->year, same_month = a->month == b->month, same_day = a->day == b->day;
    if ((a->year < GREGORIAN_FROM || b->year < GREGORIAN_FROM) && apart >= -LUNAR_DAYS && apart <= LUNAR_DAYS)
        return *r = REASON_LUNAR, LEVEL_NEAR;
    if (same_month && same_day && a->era_year == b->era_year) return *r = REASON_ERA, LEVEL_NEAR;
    if (era_was_dropped(a, b) || era_was_dropped(b, a)) return *r = REASON_ERA_DROPPED, LEVEL_NEAR;
    if (apart == 1 || apart == -1) return *r = REASON_ONE_DAY, LEVEL_NEAR;
    if (same_year && a->month == b->day && a->day == b->month) return *r = REASON_SWAPPED, LEVEL_NEAR;
    if (same_year && same_month) return *r = REASON_DAY_ONLY, LEVEL_PART;
    if (same_year && same_day) return *r = REASON_MONTH_ONLY, LEVEL_PART;
    if (same_month && same_day) return *r = REASON_YEAR_ONLY, LEVEL_PART;
    return *r = REASON_OTHER_DAY, LEVEL_DIFFERENT;
}

static bool agree_where_known(const struct birth_key *a, const struct birth_key *b) {
    return a->year == b->year && (a->month == b->month || !a->month || !b->month) &&
           (a->day == b->day || !a->day || !b->day);
}

static enum level judge(const struct birth_key *a, const struct birth_key *b, enum reason *r) {
    if (!a->known || !b->known) return *r = REASON_EMPTY, LEVEL_UNKNOWN;
    if (!a->month || !a->day || !b->month || !b->day) {
        bool agree = agree_where_known(a, b);
        return *r = agree ? REASON_PART_UNKNOWN : REASON_OTHER_DAY, agree ? LEVEL_UNKNOWN : LEVEL_DIFFERENT;
    }
    return a->number == b->number ? (*r = REASON_SAME_DAY, LEVEL_SAME) : slip(a, b, r);
}

enum level birth_level(const struct birth_key *a, const struct birth_key *b) {
    enum reason unused;
    return judge(a, b, &unused);
}

enum err birth_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct birth_key ka = {.known = false}, kb = ka;
    struct str none = {0};
    enum reason r;
    *out = comparison_of(FACT_BIRTH);
    if (a.n && b.n) {
        TRY(birth_prepare(a, &ka, "A", d));
        TRY(birth_prepare(b, &kb, "B", d));
    }
    out->level = judge(&ka, &kb, &r);
    comparison_find(out, r, a, b);
    if (out->level == LEVEL_SAME && !str_eq(a, b)) comparison_find(out, REASON_DATE_FORM, none, none);
    if (ka.beyond_its_era || kb.beyond_its_era) comparison_find(out, REASON_BEYOND_ERA, none, none);
    return ERR_OK;
}
