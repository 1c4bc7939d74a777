#include "state/trust/card_sources.h"

static bool plain(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return false;
    return true;
}

static bool is_address(struct str s, bool file_too) {
    size_t n = str_starts(s, S("http://"))                ? 7
               : str_starts(s, S("https://"))             ? 8
               : file_too && str_starts(s, S("file:///")) ? 8
                                                          : 0;
    return n > 0 && s.n > n && s.n <= CARD_ADDRESS_MAX && plain(s) && memchr(s.p, ' ', s.n) == NULL;
}

static enum err read_ocsp(struct card_sources *out, struct str address, struct diag *d) {
    if (out->ocsp) return diag_set(d, ERR_DUPLICATE, "ocsp", NULL);
    out->ocsp = true;
    if (str_eq(address, S("certificate"))) return ERR_OK;
    out->ocsp_address = address;
    return is_address(address, false) ? ERR_OK : diag_set(d, ERR_VALUE, "ocsp", "certificate, or http:// or https://");
}

static enum err read_crl(struct card_sources *out, struct str rest, struct diag *d) {
    struct str point = str_cut(&rest, '\t');
    if (point.n == 0 || point.n > CARD_POINT_MAX || !plain(point))
        return diag_set(d, ERR_VALUE, "crl", "a directory name, or *");
    if (!is_address(rest, true)) return diag_set(d, ERR_VALUE, "crl", "http://, https:// or file:///");
    for (size_t i = 0; i < out->crl_count; i++)
        if (str_eq(out->crls[i].address, rest)) return diag_set(d, ERR_DUPLICATE, "crl", NULL);
    if (out->crl_count == CARD_SOURCES_MAX) return diag_set(d, ERR_LIMIT, "crl", NULL);
    out->crls[out->crl_count++] = (struct card_source){point, rest};
    return ERR_OK;
}

static enum err read_line(struct card_sources *out, struct str line, struct diag *d) {
    struct str what = str_cut(&line, '\t');
    if (str_eq(what, S("ocsp"))) return read_ocsp(out, line, d);
    if (str_eq(what, S("crl"))) return read_crl(out, line, d);
    return diag_set(d, ERR_SYNTAX, "sources", "ocsp or crl, then a tab");
}

enum err card_sources_read(struct arena *arena, struct str text, struct card_sources *out, struct diag *d) {
    unsigned number = 0;
    size_t lines = 0;
    *out = (struct card_sources){0};
    if (text.n > CARD_SOURCES_TEXT_MAX) return diag_set(d, ERR_LIMIT, "sources", NULL);
    text = arena_copy(arena, text);
    for (size_t i = 0; i < text.n; i++) lines += text.p[i] == '\n';
    out->crls = arena_new(arena, (lines + 1 < CARD_SOURCES_MAX ? lines + 1 : CARD_SOURCES_MAX) * sizeof *out->crls);
    if (text.p == NULL || out->crls == NULL) return diag_set(d, ERR_MEMORY, "sources", NULL);
    while (text.n) {
        struct str line = str_trim(str_cut(&text, '\n'));
        number++;
        if (line.n == 0 || line.p[0] == '#') continue;
        enum err e = read_line(out, line, d);
        if (e != ERR_OK && d) d->line = number;
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}
