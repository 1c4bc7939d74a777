#include "edge/reception/form.h"

#include "base/buf.h"
#include "base/utf8.h"

enum err form_read(struct arena *a, struct str body, size_t max, const char *const *names, size_t count,
                   struct json *out, struct diag *d) {
    if (body.n > max) return diag_set(d, ERR_LIMIT, "", NULL);
    enum err e = json_read(a, body, out, d);
    if (e != ERR_OK) return diag_set(d, e, "", NULL);
    if (json_kind(*out) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "", NULL);
    for (struct json v = json_first(*out); !json_none(v); v = json_next(v)) {
        size_t i = 0;
        while (i < count && !str_eq(json_name(v), str_c(names[i]))) i++;
        if (i == count) return diag_set(d, ERR_UNKNOWN, "", NULL);
    }
    return ERR_OK;
}

static bool is_blank(uint32_t c) { return c == ' ' || c == '\t' || c == 0x3000; }

/* Without blanks at both ends, also full-width ones. */
static struct str trimmed(struct str s) {
    for (struct str rest = s; is_blank(utf8_next(&rest));) s = rest;
    for (;;) {
        if (str_ends(s, S(" ")) || str_ends(s, S("\t"))) s.n--;
        else if (str_ends(s, S("　"))) s.n -= sizeof "　" - 1;
        else return s;
    }
}

/* ！…～ are ASCII's, 0xfee0 higher. */
struct str form_narrow(struct arena *a, struct str s) {
    char *room = arena_new(a, s.n + 1);
    struct buf b = buf_over(room, s.n + 1);
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;) utf8_put(&b, c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c);
    return room ? buf_str(&b) : (struct str){0};
}

static bool has_control(struct str s) {
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
    return false;
}

enum err form_text(struct json form, const char *name, struct str *out, struct diag *d) {
    struct json v = json_get(form, name);
    *out = S("");
    if (json_none(v)) return ERR_OK;
    if (!json_str(v, out)) return diag_set(d, ERR_VALUE, name, NULL);
    *out = trimmed(*out);
    return ERR_OK;
}

enum err form_keep(struct json form, const char *name, size_t characters, char *out, size_t size, struct diag *d) {
    struct str s;
    TRY(form_text(form, name, &s, d));
    if (utf8_length(s) > characters) return diag_set(d, ERR_LIMIT, name, NULL);
    if (has_control(s) || !str_to_c(s, out, size)) return diag_set(d, ERR_VALUE, name, NULL);
    return ERR_OK;
}

enum err form_must(struct json form, const char *name, struct str *out, struct diag *d) {
    TRY(form_text(form, name, out, d));
    return str_empty(*out) ? diag_set(d, ERR_MISSING, name, NULL) : ERR_OK;
}

enum err form_flag(struct json form, const char *name, bool *out, struct diag *d) {
    struct json v = json_get(form, name);
    return json_none(v) || json_bool(v, out) ? ERR_OK : diag_set(d, ERR_VALUE, name, NULL);
}
