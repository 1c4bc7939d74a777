#include "state/trust/jws.h"

#include "base/json.h"

#include <sodium.h>
#include <zlib.h>

enum { RAW_DEFLATE = -15, DEFLATE_MEMORY = 8, HEADER_ARENA_MAX = 16 << 10, BASE64_TEXT_MAX = 32 << 20 };

void base64url_put(struct buf *out, struct str bytes) {
    size_t n = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *to = buf_room(out, n); /* with the zero at its end */
    if (to == NULL) return;
    sodium_bin2base64(to, n, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->n += n - 1;
}

enum err base64url_read(struct str text, struct buf *out, struct diag *d) {
    size_t n = text.n / 4 * 3 + 3, got = 0;
    if (text.n > BASE64_TEXT_MAX) return diag_set(d, ERR_LIMIT, "base64url", NULL);
    unsigned char *to = (unsigned char *)buf_room(out, n);
    if (to == NULL) return diag_set(d, ERR_LIMIT, "base64url", NULL);
    if (sodium_base642bin(to, n, text.p ? text.p : "", text.n, NULL, &got, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return diag_set(d, ERR_SYNTAX, "base64url", NULL);
    out->n += got;
    return ERR_OK;
}

/* ---- writing ---- */

static enum err deflate_raw(struct buf *out, struct str text, struct diag *d) {
    z_stream z = {0};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_DEFLATE, DEFLATE_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return diag_set(d, ERR_MEMORY, "deflate", NULL);
    uLong room = deflateBound(&z, text.n);
    z.next_out = (Bytef *)buf_room(out, room), z.avail_out = (uInt)room;
    z.next_in = (Bytef *)(uintptr_t)text.p, z.avail_in = (uInt)text.n;
    bool whole = z.next_out && deflate(&z, Z_FINISH) == Z_STREAM_END;
    if (whole) out->n += z.total_out;
    (void)deflateEnd(&z);
    return whole ? ERR_OK : diag_set(d, ERR_MEMORY, "deflate", NULL);
}

static enum err put_signed(struct buf *out, struct str packed, struct insurer_key *key, struct diag *d) {
    uint8_t signature[ES256_BYTES];
    char header[128];
    struct buf h = buf_over(header, sizeof header);
    size_t start = out->n;
    buf_puts(&h, "{\"zip\":\"DEF\",\"alg\":\"ES256\",\"kid\":\"");
    buf_put(&h, insurer_key_kid(key));
    buf_puts(&h, "\"}");
    base64url_put(out, buf_str(&h));
    buf_putc(out, '.');
    base64url_put(out, packed);
    if (!buf_ok(out)) return diag_set(d, ERR_LIMIT, "jws", NULL);
    TRY(insurer_key_sign(key, str_skip(buf_str(out), start), signature, d));
    buf_putc(out, '.');
    base64url_put(out, str_of(signature, sizeof signature));
    return buf_ok(out) ? ERR_OK : diag_set(d, ERR_LIMIT, "jws", NULL);
}

enum err jws_put(struct buf *out, struct str payload, struct insurer_key *key, struct diag *d) {
    struct buf packed;
    buf_init(&packed, payload.n + payload.n / 8 + 1024);
    enum err e = deflate_raw(&packed, payload, d);
    if (e == ERR_OK) e = put_signed(out, buf_str(&packed), key, d);
    buf_fini(&packed);
    return e;
}

/* ---- reading ---- */

static enum err check_word(struct json header, const char *name, struct str want, struct diag *d) {
    struct str s;
    struct json v = json_get(header, name);
    if (json_none(v)) return diag_set(d, ERR_MISSING, name, NULL);
    if (json_str(v, &s) && str_eq(s, want)) return ERR_OK;
    return diag_set(d, ERR_NOT_SUPPORTED, name, "%.*s alone", (int)want.n, want.p);
}

static enum err read_header(struct arena *a, struct str text, struct jws *out, struct diag *d) {
    struct json header;
    struct str kid;
    TRY(json_read(a, text, &header, d));
    if (json_kind(header) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "header", NULL);
    TRY(check_word(header, "alg", S("ES256"), d));
    TRY(check_word(header, "zip", S("DEF"), d));
    if (!json_none(json_get(header, "crit"))) return diag_set(d, ERR_NOT_SUPPORTED, "crit", NULL);
    if (!json_str(json_get(header, "kid"), &kid)) return diag_set(d, ERR_MISSING, "kid", NULL);
    return kid.n == KEY_KID_BYTES && str_to_c(kid, out->kid, sizeof out->kid) ? ERR_OK
                                                                              : diag_set(d, ERR_VALUE, "kid", NULL);
}

enum err jws_split(struct str text, struct jws *out, struct diag *d) {
    char header[JWS_HEADER_MAX], signature[ES256_BYTES + 4];
    struct buf h = buf_over(header, sizeof header), s = buf_over(signature, sizeof signature);
    struct str whole = text, head = str_cut(&text, '.'), payload = str_cut(&text, '.');
    struct arena a;
    *out = (struct jws){.payload = payload};
    if (head.n + payload.n + 2 > whole.n || str_empty(payload) || str_empty(text))
        return diag_set(d, ERR_SYNTAX, "jws", "three parts with dots between");
    out->signed_part = str_head(whole, head.n + 1 + payload.n);
    TRY(base64url_read(head, &h, d));
    TRY(base64url_read(text, &s, d));
    if (s.n != ES256_BYTES) return diag_set(d, ERR_SYNTAX, "signature", NULL);
    memcpy(out->signature, s.p, ES256_BYTES);
    arena_init(&a, HEADER_ARENA_MAX);
    enum err e = read_header(&a, buf_str(&h), out, d);
    arena_fini(&a);
    return e;
}

/* Grows by steps, so that a small card costs little and a bomb ends at the limit. */
static enum err inflate_raw(struct str packed, struct buf *out, struct diag *d) {
    enum { STEP = 16 << 10 };
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.p, .avail_in = (uInt)packed.n};
    int code = Z_OK;
    if (inflateInit2(&z, RAW_DEFLATE) != Z_OK) return diag_set(d, ERR_MEMORY, "inflate", NULL);
    while (code == Z_OK) {
        size_t room = out->limit - out->n < STEP ? out->limit - out->n : STEP;
        z.next_out = room ? (Bytef *)buf_room(out, room) : NULL, z.avail_out = (uInt)room;
        if (z.next_out == NULL) break;
        code = inflate(&z, Z_NO_FLUSH);
        out->n += room - z.avail_out;
    }
    bool full = code == Z_OK, whole = code == Z_STREAM_END && z.avail_in == 0;
    (void)inflateEnd(&z);
    if (full) return diag_set(d, ERR_LIMIT, "payload", "more than %zu bytes when unpacked", out->limit);
    return whole ? ERR_OK : diag_set(d, ERR_SYNTAX, "payload", "not DEFLATE (RFC 1951)");
}

enum err jws_unpack(const struct jws *j, struct buf *out, struct diag *d) {
    struct buf packed;
    buf_init(&packed, j->payload.n + 4);
    enum err e = base64url_read(j->payload, &packed, d);
    if (e == ERR_OK) e = inflate_raw(buf_str(&packed), out, d);
    buf_fini(&packed);
    return e;
}
