#include "state/store/store_key.h"

#include "base/scan.h"

static uint32_t birth_word(struct day d) { return (uint32_t)d.n ^ 0x80000000u; } /* days before 1970 sort first */

void buf_u32_big(struct buf *b, uint32_t v) { buf_u32(b, __builtin_bswap32(v)); }
void buf_u64_big(struct buf *b, uint64_t v) { buf_u64(b, __builtin_bswap64(v)); }

void store_key_insurer(struct buf *out, struct insurer_number insurer) { buf_u32_big(out, insurer.n); }

/* A zero ends a part, so none may stand in it: a number read from a damaged row may hold anything. */
static enum err put_part(struct buf *out, struct str part) {
    size_t from = out->n;
    TRY(insured_part_fold(part, out));
    if (out->n > from && memchr(out->p + from, 0, out->n - from)) return ERR_VALUE;
    buf_u8(out, 0);
    return ERR_OK;
}

enum err store_key_card(struct buf *out, struct insurer_number insurer, const struct insured_id *id) {
    store_key_insurer(out, insurer);
    size_t from = out->n;
    TRY(put_part(out, id->number));
    if (out->n == from + 1) return ERR_VALUE; /* spaces alone name nobody */
    TRY(put_part(out, id->symbol));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

enum err store_key_question(struct buf *out, struct insurer_number insurer, const struct insured_id *id,
                            struct day birth) {
    TRY(store_key_card(out, insurer, id));
    buf_u32_big(out, birth_word(birth));
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

enum err store_key_member(struct buf *out, struct insurer_number insurer, const struct insured_id *id,
                          struct day birth) {
    TRY(store_key_question(out, insurer, id, birth));
    buf_u8(out, (uint8_t)(id->branch + 1)); /* BRANCH_NONE is -1 */
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

bool store_key_member_read(struct str key, struct insurer_number *insurer, struct insured_id *folded,
                           struct day *birth) {
    struct scan s = scan_of(key);
    uint32_t number = 0, birth_n = 0;
    uint8_t branch = 0;
    if (!scan_u32(&s, &number)) return false;
    struct str rest = scan_rest(&s);
    folded->number = str_cut(&rest, 0);
    folded->symbol = str_cut(&rest, 0);
    s = scan_of(rest);
    if (!scan_u32(&s, &birth_n) || !scan_u8(&s, &branch) || !scan_end(&s)) return false;
    insurer->n = __builtin_bswap32(number);
    folded->branch = (int)branch - 1;
    birth->n = (int32_t)(__builtin_bswap32(birth_n) ^ 0x80000000u);
    return true;
}
