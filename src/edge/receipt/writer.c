#include "edge/receipt/writer.h"

/* The most one byte of text becomes: "&quot;" is not written, "&amp;" and a JSON control are. */
enum { ESCAPE_MAX = 6 };

/* Bytes that need a look: control characters and what the carrier escapes; in XML also BF, which ends the noncharacters U+FFFE and
 * U+FFFF. `carrier` is known where these are inlined, and half of them falls away: most of an answer is text that needs none. */
static inline bool look(enum carrier carrier, unsigned char c) {
    if (c < 0x20) return true;
    return carrier == CARRIER_JSON ? c == '"' || c == '\\' : c == '&' || c == '<' || c == '>' || c == 0xbf;
}

/* Eight bytes at once that need none; a false alarm only costs the slow path. */
static inline bool plain8(enum carrier carrier, const char *p) {
    uint64_t v, ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    memcpy(&v, p, 8);
#define HAS(x) (((v ^ (ones * (x))) - ones) & ~(v ^ (ones * (x))))
    uint64_t hits = (v - ones * 0x20) & ~v;
    hits |= carrier == CARRIER_JSON ? HAS('"') | HAS('\\') : HAS('&') | HAS('<') | HAS('>') | HAS(0xbfu);
#undef HAS
    return (hits & highs) == 0;
}

static size_t escape_byte(char *to, enum carrier carrier, unsigned char c) {
    const char *x = NULL;
    if (carrier == CARRIER_XML)
        x = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '\r' ? "&#13;" : NULL;
    else x = c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : NULL;
    if (x == NULL) {
        bool line = carrier == CARRIER_XML && (c == '\n' || c == '\t');
        *to = c >= 0x20 || line ? (char)c : ' ';
        return 1;
    }
    size_t n = strlen(x);
    memcpy(to, x, n);
    return n;
}

/* At the BF of EF BF BE or EF BF BF: characters that XML cannot hold. */
static bool ends_noncharacter(struct str s, size_t i) {
    return i > 0 && i + 1 < s.n && (unsigned char)s.p[i - 1] == 0xef && (unsigned char)s.p[i + 1] >= 0xbe;
}

static inline bool needs_none(enum carrier carrier, struct str s) {
    size_t i = 0;
    if (s.n >= 8) {
        for (; i + 8 <= s.n; i += 8)
            if (!plain8(carrier, s.p + i)) return false;
        return i == s.n || plain8(carrier, s.p + s.n - 8);
    }
    for (; i < s.n; i++)
        if (look(carrier, (unsigned char)s.p[i])) return false;
    return true;
}

static char *copy(char *to, struct str s) {
    memcpy(to, s.p, s.n);
    return to + s.n;
}

static inline char *escape(char *to, enum carrier carrier, struct str s) {
    if (needs_none(carrier, s)) return copy(to, s);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (!look(carrier, c)) *to++ = (char)c;
        else if (c != 0xbf) to += escape_byte(to, carrier, c);
        else if (ends_noncharacter(s, i)) to[-1] = ' ', i++;
        else *to++ = (char)c;
    }
    return to;
}

void writer_escape(struct buf *out, enum carrier carrier, struct str text) {
    char *at = buf_room(out, text.n * ESCAPE_MAX);
    if (at) out->n = (size_t)(escape(at, carrier, text) - out->p);
}

/* `,"name":` and then what opens the value. */
static void json_name_part(struct writer *w, struct str name, struct str opening) {
    char *at = buf_room(w->out, name.n + opening.n + 4);
    if (at == NULL) return;
    if (w->comma) *at++ = ',';
    if (name.n) {
        *at++ = '"';
        at = copy(at, name);
        *at++ = '"', *at++ = ':';
    }
    at = copy(at, opening);
    w->out->n = (size_t)(at - w->out->p);
    w->comma = false;
}

static void tag(struct writer *w, struct str name, bool end) {
    char *at = buf_room(w->out, name.n + 3);
    if (at == NULL) return;
    *at++ = '<';
    if (end) *at++ = '/';
    at = copy(at, name);
    *at++ = '>';
    w->out->n = (size_t)(at - w->out->p);
}

static void json_end(struct writer *w, struct str closing) {
    buf_put(w->out, closing);
    w->comma = true;
}

static bool json(const struct writer *w) { return w->carrier == CARRIER_JSON; }

void writer_open(struct writer *w, struct str name) {
    if (json(w)) json_name_part(w, name, S("{"));
    else tag(w, name, false);
}

void writer_close(struct writer *w, struct str name) {
    if (json(w)) json_end(w, S("}"));
    else tag(w, name, true);
}

void writer_text(struct writer *w, struct str name, struct str text) {
    if (text.n == 0) return;
    char *at = buf_room(w->out, 2 * name.n + text.n * ESCAPE_MAX + 8);
    if (at == NULL) return;
    if (json(w)) {
        if (w->comma) *at++ = ',';
        *at++ = '"';
        at = copy(at, name);
        memcpy(at, "\":\"", 3);
        at = escape(at + 3, CARRIER_JSON, text);
        *at++ = '"';
        w->comma = true;
    } else {
        *at++ = '<';
        at = copy(at, name);
        *at++ = '>';
        at = escape(at, CARRIER_XML, text);
        *at++ = '<', *at++ = '/';
        at = copy(at, name);
        *at++ = '>';
    }
    w->out->n = (size_t)(at - w->out->p);
}

void writer_number(struct writer *w, struct str name, uint64_t value, unsigned width) {
    char digits[24];
    size_t n = sizeof digits;
    do digits[--n] = (char)('0' + value % 10), value /= 10;
    while (value);
    while (sizeof digits - n < width && n > 0) digits[--n] = '0';
    writer_text(w, name, str_of(digits + n, sizeof digits - n));
}

void writer_list(struct writer *w, struct str name) {
    if (json(w)) json_name_part(w, name, S("["));
    else tag(w, name, false);
}

void writer_list_end(struct writer *w, struct str name) {
    if (json(w)) json_end(w, S("]"));
    else tag(w, name, true);
}

void writer_item(struct writer *w, struct str name) {
    if (!json(w)) return tag(w, name, false);
    json_name_part(w, S(""), S("{"));
    json_name_part(w, name, S("{"));
}

void writer_item_end(struct writer *w, struct str name) {
    if (json(w)) json_end(w, S("}}"));
    else tag(w, name, true);
}

void writer_repeat(struct writer *w, struct str name) {
    if (json(w)) json_name_part(w, name, S("["));
}

void writer_repeat_end(struct writer *w) {
    if (json(w)) json_end(w, S("]"));
}

void writer_one(struct writer *w, struct str name) {
    if (json(w)) json_name_part(w, S(""), S("{"));
    else tag(w, name, false);
}

void writer_one_end(struct writer *w, struct str name) { writer_close(w, name); }

void writer_raw(struct writer *w, struct str written) {
    if (written.n == 0) return;
    if (json(w) && w->comma) buf_putc(w->out, ',');
    buf_put(w->out, written);
    w->comma = true;
}

void writer_start(struct writer *w) {
    buf_put(w->out, json(w) ? S("{\"XmlMsg\":{") : S("<XmlMsg>"));
    w->comma = false;
}

void writer_finish(struct writer *w) { buf_put(w->out, json(w) ? S("}}") : S("</XmlMsg>")); }
