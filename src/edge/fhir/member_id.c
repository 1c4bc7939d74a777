#include "edge/fhir/member_id.h"

#include "base/utf8.h"

enum err fhir_insurer_parse(struct str s, struct insurer_number *out) {
    char padded[8];
    if (s.n != 5 && s.n != 7) return insurer_number_parse(s, out);
    padded[0] = '0';
    memcpy(padded + 1, s.p, s.n);
    return insurer_number_parse(str_of(padded, s.n + 1), out);
}

static size_t count(struct str s, char c) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += s.p[i] == c;
    return n;
}

static enum err fail(const char **why, enum err e, const char *text) {
    *why = text;
    return e;
}

static enum err take_parts(struct str symbol, struct str number, struct str branch, struct member_id *out,
                           const char **why) {
    out->id = (struct insured_id){.symbol = symbol, .number = number};
    if (str_empty(number)) return fail(why, ERR_VALUE, "the number is empty");
    if (insured_part_check(symbol) != ERR_OK)
        return fail(why, ERR_VALUE, "the symbol is longer than 20 characters or not text");
    if (insured_part_check(number) != ERR_OK)
        return fail(why, ERR_VALUE, "the number is longer than 20 characters or not text");
    if (branch_parse(branch, &out->id.branch) != ERR_OK)
        return fail(why, ERR_VALUE, "the branch is two digits or empty");
    return ERR_OK;
}

/* "記号","番号","枝番": three quoted parts. */
static enum err parse_quoted(struct str s, struct member_id *out, const char **why) {
    struct str part[3];
    for (size_t i = 0; i < ARRAY_LEN(part); i++) {
        part[i] = i < 2 ? str_cut(&s, ',') : s;
        if (part[i].n < 2 || part[i].p[0] != '"' || part[i].p[part[i].n - 1] != '"')
            return fail(why, ERR_VALUE, "expected \"symbol\",\"number\",\"branch\" in quotes");
        part[i] = str_of(part[i].p + 1, part[i].n - 2);
        if (count(part[i], '"') > 0) return fail(why, ERR_VALUE, "expected \"symbol\",\"number\",\"branch\" in quotes");
    }
    return take_parts(part[0], part[1], part[2], out, why);
}

enum err member_id_parse(struct str s, struct member_id *out, const char **why) {
    *out = (struct member_id){.id.branch = BRANCH_NONE};
    *why = "";
    if (s.n && s.p[0] == '"') return parse_quoted(s, out, why);
    char separator = count(s, ':') == 0 && count(s, 'Z') == 3 ? 'Z' : ':';
    if (count(s, separator) != 3)
        return fail(why, ERR_VALUE, "expected insurer:symbol:number:branch with three colons");
    struct str insurer = str_cut(&s, separator), symbol = str_cut(&s, separator), number = str_cut(&s, separator);
    enum err e = fhir_insurer_parse(insurer, &out->insurer);
    if (e != ERR_OK) return fail(why, e, "the insurer's number is not one");
    out->has_insurer = true;
    return take_parts(symbol, number, s, out, why);
}

static bool plain(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return false;
    }
    return true;
}

static void put_part(struct buf *out, struct str s) {
    if (plain(s)) {
        buf_put(out, s);
        return;
    }
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;) {
        if (c == ' ' || c == 0x3000) continue;
        utf8_put(out,
                 c > ' ' && c < 0x7f ? c - ' ' + 0xff00 : c); /* the full-width forms stand in the order of ASCII */
    }
}

void member_id_put(struct buf *out, struct insurer_number insurer, const struct insured_id *id) {
    buf_uint_pad(out, insurer.n, 8);
    buf_putc(out, ':');
    put_part(out, id->symbol);
    buf_putc(out, ':');
    put_part(out, id->number);
    buf_putc(out, ':');
    branch_put(out, id->branch);
}
