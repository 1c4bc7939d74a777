#include "edge/fhir/primitive.h"

#include "base/scan.h"

enum { STRING_BYTES_MAX = 64 << 10, ID_MAX = 64, INTEGER_MAX = 0x7fffffff };

static bool no_space(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f) return false;
    return s.n > 0;
}

/* Words with one space between, none around. */
static bool is_code(struct str s) {
    if (s.n == 0 || s.p[0] == ' ' || s.p[s.n - 1] == ' ') return false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f) return false;
        if (s.p[i] == ' ' && s.p[i + 1] == ' ') return false;
    }
    return true;
}

static bool is_text(struct str s) {
    if (str_empty(str_trim(s)) || s.n > STRING_BYTES_MAX) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\t' && s.p[i] != '\n' && s.p[i] != '\r') return false;
    return true;
}

static bool is_id(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!good) return false;
    }
    return s.n > 0 && s.n <= ID_MAX;
}

/* yyyy, yyyy-mm or yyyy-mm-dd that is in the calendar. *parts: how many of the three there were. */
static bool take_date(struct scan *s, unsigned *parts, struct day *out) {
    uint32_t y = 0, m = 1, d = 1;
    if (!scan_digits(s, 4, &y)) return false;
    *parts = 1;
    if (scan_byte(s, '-')) {
        if (!scan_digits(s, 2, &m)) return false;
        *parts = 2;
        if (scan_byte(s, '-')) {
            if (!scan_digits(s, 2, &d)) return false;
            *parts = 3;
        }
    }
    return day_from_civil((int)y, (int)m, (int)d, out);
}

static bool take_time(struct scan *s) {
    uint32_t h, m, sec, zone_h, zone_m, fraction;
    if (!scan_digits(s, 2, &h) || !scan_byte(s, ':') || !scan_digits(s, 2, &m) || !scan_byte(s, ':')) return false;
    if (!scan_digits(s, 2, &sec) || h > 23 || m > 59 || sec > 60) return false;
    if (scan_byte(s, '.')) {
        if (!scan_digits(s, 1, &fraction)) return false;
        while (scan_digits(s, 1, &fraction)) continue;
    }
    if (scan_byte(s, 'Z')) return true;
    if (!scan_byte(s, '+') && !scan_byte(s, '-')) return false;
    return scan_digits(s, 2, &zone_h) && scan_byte(s, ':') && scan_digits(s, 2, &zone_m) && zone_h <= 14 &&
           zone_m <= 59;
}

static bool is_date(struct str v) {
    struct scan s = scan_of(v);
    struct day day;
    unsigned parts;
    return take_date(&s, &parts, &day) && scan_end(&s);
}

static bool is_date_time(struct str v) {
    struct scan s = scan_of(v);
    struct day day;
    unsigned parts;
    if (!take_date(&s, &parts, &day)) return false;
    return scan_end(&s) || (parts == 3 && scan_byte(&s, 'T') && take_time(&s) && scan_end(&s));
}

static bool is_instant(struct str v) { return v.n > 10 && is_date_time(v); }

bool date_time_day(struct str v, struct day *out) {
    struct scan s = scan_of(v);
    unsigned parts;
    return take_date(&s, &parts, out) && parts == 3;
}

static bool is_div(struct str s) { return str_starts(s, S("<div")); }

static const struct {
    const char *type;
    bool (*good)(struct str s);
    enum err err;
    const char *form;
} strings[] = {
    {"string", is_text, ERR_VALUE, "text, not empty, without control characters"},
    {"code", is_code, ERR_VALUE, "a code"},
    {"uri", no_space, ERR_VALUE, "an address without spaces"},
    {"id", is_id, ERR_VALUE, "1 to 64 letters, digits, '-' and '.'"},
    {"date", is_date, ERR_DATE, "yyyy-mm-dd"},
    {"dateTime", is_date_time, ERR_DATE, "yyyy-mm-dd or yyyy-mm-ddThh:mm:ss with its zone"},
    {"instant", is_instant, ERR_DATE, "yyyy-mm-ddThh:mm:ss with its zone"},
    {"xhtml", is_div, ERR_VALUE, "a div"},
};

enum err primitive_check(const char *type, struct json v, const char *where, struct diag *d) {
    struct str s;
    uint64_t number = 0;
    bool b = false;
    for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
        if (strcmp(strings[i].type, type) != 0) continue;
        if (!json_str(v, &s)) return diag_set(d, ERR_VALUE, where, "has to be a string");
        if (!strings[i].good(s)) return diag_set(d, strings[i].err, where, "has to be %s", strings[i].form);
        return ERR_OK;
    }
    if (strcmp(type, "boolean") == 0)
        return json_bool(v, &b) ? ERR_OK : diag_set(d, ERR_VALUE, where, "has to be true or false");
    invariant(strcmp(type, "positiveInt") == 0);
    if (!json_uint(v, INTEGER_MAX, &number) || number == 0)
        return diag_set(d, ERR_VALUE, where, "has to be a number above 0");
    return ERR_OK;
}
