#include "base/err.h"

#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define ERR(name, code, http, fhir, ja, en) {#name, code, http, fhir, ja, en},
static const struct err_info table[ERR_COUNT] = {
    {"OK", "", 200, "informational", "正常", "ok"},
#include "base/err.def"
};
#undef ERR

const struct err_info *err_info(enum err e) {
    invariant((unsigned)e < ERR_COUNT);
    return &table[e];
}

/* Takes off the beginning of a character whose end did not fit. */
static void drop_half_character(char *text) {
    size_t n = strlen(text), tail = 0;
    while (tail < 3 && tail < n && ((unsigned char)text[n - 1 - tail] & 0xc0) == 0x80) tail++;
    unsigned char lead = tail < n ? (unsigned char)text[n - 1 - tail] : 0;
    size_t wants = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (tail < wants) text[n - 1 - tail] = 0;
}

uint16_t err_number(enum err e) {
    const char *code = err_info(e)->code;
    uint64_t digits = 0;
    if (e == ERR_OK) return 0;
    invariant(code[0] >= 'A' && code[0] <= 'Z' && str_uint(str_c(code + 1), 999, &digits));
    return (uint16_t)((code[0] - 'A') * 1000 + (int)digits);
}

enum err err_of_number(uint16_t number) {
    for (enum err e = ERR_OK; e < ERR_COUNT; e++)
        if (err_number(e) == number) return e;
    return ERR_COUNT;
}

enum err diag_set(struct diag *d, enum err e, const char *where, const char *detail_format, ...) {
    if (d == NULL) return e;
    d->err = e;
    d->line = d->column = 0;
    snprintf(d->where, sizeof d->where, "%s", where ? where : "");
    drop_half_character(d->where);
    d->detail[0] = 0;
    if (detail_format == NULL) return e;
    va_list args;
    va_start(args, detail_format);
    vsnprintf(d->detail, sizeof d->detail, detail_format, args);
    va_end(args);
    drop_half_character(d->detail);
    return e;
}

enum err diag_errno(struct diag *d, const char *where) {
    int saved = errno;
    enum err e = saved == ENOSPC || saved == EDQUOT ? ERR_DISK_FULL : ERR_IO;
    return diag_set(d, e, where, "%s", strerrorname_np(saved) ? strerrorname_np(saved) : "unknown errno");
}

void diag_put(const struct diag *d, struct buf *out) {
    const struct err_info *info = err_info(d->err);
    if (d->line) buf_printf(out, d->column ? "行 %u 桁 %u" : "行 %u", d->line, d->column);
    if (d->line && d->where[0]) buf_putc(out, ' ');
    buf_puts(out, d->where);
    if (d->where[0] || d->line) buf_puts(out, ": ");
    buf_puts(out, info->ja);
    buf_puts(out, " / ");
    buf_puts(out, info->en);
    if (d->detail[0] == 0) return;
    buf_puts(out, " (");
    buf_puts(out, d->detail);
    buf_putc(out, ')');
}
