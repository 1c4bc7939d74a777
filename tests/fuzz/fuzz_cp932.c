/* Any bytes as CP932: refused, or UTF-8 that goes back into CP932 and comes out the same; any UTF-8 made to fit: it fits. */
#include "base/cp932.h"
#include "base/utf8.h"
#include "edge/receipt/substitute.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_fit(const struct substitutes *s, struct str text) {
    struct buf fits, note, encoded;
    buf_init(&fits, 1 << 22), buf_init(&note, 1 << 22), buf_init(&encoded, 1 << 22);
    (void)substitute_text(s, text, &fits, &note);
    invariant(buf_ok(&fits) && utf8_valid(buf_str(&fits)) && substitute_encode(s, buf_str(&fits), &encoded));
    buf_fini(&fits), buf_fini(&note), buf_fini(&encoded);
}

static void check_bytes(const struct cp932 *c, struct str bytes) {
    struct buf utf8, again, twice;
    struct diag d = {0};
    buf_init(&utf8, 1 << 22), buf_init(&again, 1 << 22), buf_init(&twice, 1 << 22);
    if (cp932_decode(c, bytes, &utf8, &d) == ERR_OK) {
        invariant(utf8_valid(buf_str(&utf8)) && cp932_encode(c, buf_str(&utf8), &again) == utf8.n);
        invariant(cp932_decode(c, buf_str(&again), &twice, NULL) == ERR_OK && str_eq(buf_str(&utf8), buf_str(&twice)));
    } else {
        invariant(d.err == ERR_CP932 && d.line > 0 && d.column > 0);
    }
    buf_fini(&utf8), buf_fini(&again), buf_fini(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static struct substitutes s;
    static bool open;
    if (!open) open = substitutes_open(&s, world_real(), NULL, NULL) == ERR_OK;
    invariant(open);
    check_bytes(&s.cp932, str_of(data, n));
    if (utf8_valid(str_of(data, n))) check_fit(&s, str_of(data, n));
    return 0;
}
