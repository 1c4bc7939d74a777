#include "edge/accounts/lines.h"

#include "base/json.h"
#include "base/scan.h"
#include "core/day.h"

enum { DAY_S = 86400, ZONE_JAPAN_S = 9 * 3600 };

static enum err read_text(struct json of, const char *name, bool must, struct str *out, struct diag *d) {
    struct json v = json_get(of, name);
    *out = S("");
    if (!json_none(v) && !json_str(v, out)) return diag_set(d, ERR_VALUE, name, "文字列ではありません / not a string");
    return must && out->n == 0 ? diag_set(d, ERR_MISSING, name, NULL) : ERR_OK;
}

static enum err read_object(struct arena *a, struct str line, struct json *out, struct diag *d) {
    arena_reset(a);
    if (line.n > ACCOUNT_LINE_MAX) return diag_set(d, ERR_LIMIT, "line", "%d bytes at most", ACCOUNT_LINE_MAX);
    TRY(json_read(a, line, out, d));
    return json_kind(*out) == JSON_OBJECT ? ERR_OK
                                          : diag_set(d, ERR_SYNTAX, "line", "オブジェクトではありません / no object");
}

/* "2023-05-20T10:00:05", in Japan's time, or with Z or +hh:mm behind it. */
static bool read_time(struct str s, int64_t *out) {
    struct day day;
    struct scan in = scan_of(str_skip(s, 10));
    uint32_t h, m, sec, zone_h = 0, zone_m = 0;
    int64_t zone = ZONE_JAPAN_S;
    if (s.n < 19 || !day_parse(str_head(s, 10), &day)) return false;
    if (!scan_byte(&in, 'T') || !scan_digits(&in, 2, &h) || !scan_byte(&in, ':') || !scan_digits(&in, 2, &m) ||
        !scan_byte(&in, ':') || !scan_digits(&in, 2, &sec) || h > 23 || m > 59 || sec > 60)
        return false;
    if (scan_byte(&in, 'Z')) zone = 0;
    else if (!scan_end(&in)) {
        bool east = scan_byte(&in, '+');
        if ((!east && !scan_byte(&in, '-')) || !scan_digits(&in, 2, &zone_h) || !scan_byte(&in, ':') ||
            !scan_digits(&in, 2, &zone_m) || zone_h > 14 || zone_m > 59)
            return false;
        zone = (int64_t)(zone_h * 3600 + zone_m * 60) * (east ? 1 : -1);
    }
    *out = (int64_t)day.n * DAY_S + h * 3600 + m * 60 + sec - zone;
    return scan_end(&in);
}

enum err account_line_read(struct arena *a, struct str line, struct account_registration *out, struct diag *d) {
    struct json o;
    struct str account, at;
    *out = (struct account_registration){.at_s = NO_TIME};
    TRY(read_object(a, line, &o, d));
    TRY(read_text(o, "resident", true, &out->resident, d));
    TRY(read_text(o, "account", true, &account, d));
    TRY(read_text(o, "name", false, &out->name, d));
    TRY(read_text(o, "terminal", false, &out->terminal, d));
    TRY(read_text(o, "at", false, &at, d));
    enum err e = account_number_parse(account, &out->account, d);
    if (e != ERR_OK) return diag_set(d, e, "account", "銀行-支店-番号 か 記号-番号 / bank-branch-number, or 記号-番号");
    if (at.n && !read_time(at, &out->at_s)) return diag_set(d, ERR_DATE, "at", "2023-05-20T10:00:05+09:00");
    return ERR_OK;
}

enum err person_line_read(struct arena *a, struct str line, struct account_person *out, struct diag *d) {
    static const char *const fields[PERSON_NAMES] = {"name", "kana", "other_name", "other_kana", "former_name"};
    struct json o;
    *out = (struct account_person){0};
    TRY(read_object(a, line, &o, d));
    TRY(read_text(o, "id", true, &out->id, d));
    TRY(read_text(o, "household", false, &out->household, d));
    for (size_t i = 0; i < PERSON_NAMES; i++) TRY(read_text(o, fields[i], false, &out->names[i], d));
    return ERR_OK;
}
