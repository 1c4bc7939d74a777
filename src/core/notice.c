#include "core/notice.h"

#include <sodium.h>

enum { ID_BYTES = 8, FACTS_MAX = 1024 };

static const struct notice_info infos[NOTICE_COUNT] = {
#define NOTICE(name, code, ja, en) [NOTICE_##name] = {code, ja, en},
#include "core/notice.def"
#undef NOTICE
};

const struct notice_info *notice_info(enum notice_kind k) {
    invariant(k < NOTICE_COUNT);
    return &infos[k];
}

static const char *to_name(enum notice_to to) {
    static const char *const names[] = {"resident", "member", "institution", "insurer"};
    return names[to];
}

static void put_id(struct buf *out, const struct notice *n) {
    unsigned char id[ID_BYTES];
    crypto_generichash_state hash;
    char room[FACTS_MAX];
    struct buf b = buf_over(room, sizeof room);
    buf_printf(&b, "%s/%s/", notice_info(n->kind)->code, to_name(n->to));
    for (size_t i = 0; i < n->insurer_count; i++) buf_u32(&b, n->insurers[i].n);
    buf_u32(&b, (uint32_t)n->from.n);
    buf_u64(&b, n->address.n);
    invariant(buf_ok(&b) && crypto_generichash_init(&hash, NULL, 0, crypto_generichash_BYTES_MIN) == 0);
    unsigned char digest[crypto_generichash_BYTES_MIN];
    crypto_generichash_update(&hash, (const unsigned char *)b.p, b.n);
    crypto_generichash_update(&hash, (const unsigned char *)n->address.p, n->address.n);
    crypto_generichash_update(&hash, (const unsigned char *)n->about.p, n->about.n);
    crypto_generichash_final(&hash, digest, sizeof digest);
    memcpy(id, digest, sizeof id);
    buf_hex(out, str_of(id, sizeof id));
}

static void put_day(struct buf *out, const char *name, struct day d) {
    if (!day_is(d) || d.n == DAY_END.n) return;
    buf_printf(out, ",\"%s\":\"", name), day_put_iso(out, d), buf_putc(out, '"');
}

void notice_put(struct buf *out, const struct notice *n) {
    const struct notice_info *i = notice_info(n->kind);
    buf_puts(out, "{\"notice\":\""), put_id(out, n);
    buf_printf(out, "\",\"kind\":\"%s\",\"to\":{\"%s\":", i->code, to_name(n->to)), buf_json(out, n->address);
    buf_putc(out, '}');
    if (n->about.n) buf_puts(out, ",\"about\":"), buf_json(out, n->about);
    for (size_t k = 0; k < n->insurer_count; k++) {
        buf_puts(out, k == 0 ? ",\"insurers\":[\"" : ",\""), insurer_number_put(out, n->insurers[k]);
        buf_puts(out, k + 1 == n->insurer_count ? "\"]" : "\"");
    }
    put_day(out, "from", n->from), put_day(out, "until", n->until);
    buf_puts(out, ",\"ja\":"), buf_json(out, str_c(i->ja));
    buf_puts(out, ",\"en\":"), buf_json(out, str_c(i->en));
    buf_puts(out, "}\n");
}
