#include "edge/card/card_centre.h"

#include "base/json.h"

#include <sodium.h>

enum { MESSAGE_MAX = 16 << 10, REPLY_ARENA = 4 << 20 };

static enum card_verdict of_error(enum err e) {
    return e == ERR_UNAVAILABLE || e == ERR_TIMEOUT ? CARD_VERDICT_SILENT : CARD_VERDICT_REFUSED;
}
/* 5xx: it cannot now. */
static enum card_verdict of_status(int status) { return status >= 500 ? CARD_VERDICT_SILENT : CARD_VERDICT_REFUSED; }

static void base64(struct buf *b, const char *name, struct str bytes) {
    size_t n = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
    buf_puts(b, ",\""), buf_puts(b, name), buf_puts(b, "\":\"");
    char *to = buf_room(b, n); /* with the zero at its end */
    if (to == NULL) return;
    sodium_bin2base64(to, n, (const unsigned char *)bytes.p, bytes.n, sodium_base64_VARIANT_ORIGINAL);
    b->n += n - 1;
    buf_putc(b, '"');
}

static bool take_challenge(struct str reply, struct buf *out) {
    struct arena a;
    struct json root;
    struct str text;
    size_t n = 0;
    unsigned char bytes[CARD_CHALLENGE_BYTES];
    arena_init(&a, REPLY_ARENA);
    bool ok =
        json_read(&a, reply, &root, NULL) == ERR_OK && json_str(json_get(root, "challenge"), &text) &&
        sodium_base642bin(bytes, sizeof bytes, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
        n == sizeof bytes;
    if (ok) buf_put(out, str_of(bytes, n));
    arena_fini(&a);
    return ok && buf_ok(out);
}

static enum card_verdict challenge(void *context, struct str visit, struct str certificate, struct buf *out) {
    const struct card_post *p = context;
    struct buf b;
    struct str reply;
    struct diag d;
    int status = 0;
    buf_init(&b, MESSAGE_MAX);
    buf_puts(&b, "{\"visit\":"), buf_json(&b, visit);
    if (certificate.n) base64(&b, "certificate", certificate);
    buf_putc(&b, '}');
    enum err e = buf_ok(&b) ? p->post(p->context, "/card/challenge", buf_str(&b), &status, &reply, &d) : ERR_MEMORY;
    enum card_verdict v = e != ERR_OK ? of_error(e) : status != 200 ? of_status(status) : CARD_VERDICT_NONE;
    if (v == CARD_VERDICT_NONE && !take_challenge(reply, out)) v = CARD_VERDICT_REFUSED;
    buf_fini(&b);
    return v;
}

enum card_verdict card_centre_outcome(int status, struct str reply) {
    struct arena a;
    struct json root;
    struct str code;
    if (status != 200) return of_status(status);
    arena_init(&a, REPLY_ARENA);
    bool read = json_read(&a, reply, &root, NULL) == ERR_OK && json_str(json_get(root, "outcome"), &code);
    const struct card_verdict_info *info = card_verdict_info(read ? card_verdict_of(code) : CARD_VERDICT_NONE);
    /* An answer without its message is none. */
    bool whole = info && (!info->answered || json_kind(json_get(root, "message")) == JSON_OBJECT);
    arena_fini(&a);
    return whole ? info->verdict : CARD_VERDICT_REFUSED;
}

static void put_question(struct buf *b, const struct card_question *q, bool limit_consent) {
    buf_puts(b, "{\"visit\":"), buf_json(b, q->visit);
    base64(b, "challenge", q->challenge), base64(b, "certificate", q->certificate),
        base64(b, "signature", q->signature);
    if (day_is(q->on)) buf_puts(b, ",\"on\":\""), day_put_iso(b, q->on), buf_putc(b, '"');
    if (limit_consent) buf_puts(b, ",\"limit_consent\":true");
    buf_putc(b, '}');
}

static enum card_verdict question(void *context, const struct card_question *q, struct buf *answer) {
    const struct card_post *p = context;
    struct buf b;
    struct str reply;
    struct diag d;
    int status = 0;
    buf_init(&b, MESSAGE_MAX);
    (void)buf_room(&b, MESSAGE_MAX / 2); /* at once: growing would leave a copy of the certificate behind */
    put_question(&b, q, p->limit_consent);
    enum err e = buf_ok(&b) ? p->post(p->context, "/card/question", buf_str(&b), &status, &reply, &d) : ERR_MEMORY;
    enum card_verdict v = e != ERR_OK ? of_error(e) : card_centre_outcome(status, reply);
    if (e == ERR_OK) buf_put(answer, reply);
    if (!buf_ok(answer)) v = CARD_VERDICT_REFUSED;
    if (b.p) sodium_memzero(b.p, b.cap);
    buf_fini(&b);
    return v;
}

struct card_centre card_centre_of(struct card_post *p) {
    return (struct card_centre){.challenge = challenge, .question = question, .context = p};
}
