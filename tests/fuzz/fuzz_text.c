/* Any bytes as UTF-8, as a stored row and as text to cut: readers stop inside the bytes, a failed step leaves the place
 * where it was, and what was read can be written again to the same bytes. */
#include "base/scan.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_utf8(struct str all) {
    struct str rest = all;
    struct buf back;
    buf_init(&back, all.n);
    size_t valid = utf8_valid_length(all), count = 0;
    for (uint32_t c; (c = utf8_next(&rest)) != UTF8_BAD; count++) utf8_put(&back, c);
    invariant(buf_ok(&back) && back.n == valid && str_eq(buf_str(&back), str_head(all, valid)));
    invariant(utf8_length(str_head(all, valid)) == count);
    buf_fini(&back);
}

static bool step(struct scan *s, unsigned kind, struct buf *back) {
    uint8_t u8 = 0;
    uint16_t u16 = 0;
    uint32_t u32 = 0;
    uint64_t u64 = 0;
    struct str bytes = S("");
    switch (kind % 6) {
    case 0: return scan_u8(s, &u8) && (buf_u8(back, u8), true);
    case 1: return scan_u16(s, &u16) && (buf_u16(back, u16), true);
    case 2: return scan_u32(s, &u32) && (buf_u32(back, u32), true);
    case 3: return scan_u64(s, &u64) && (buf_u64(back, u64), true);
    case 4: return scan_digits(s, 2, &u32) && (buf_uint_pad(back, u32, 2), true);
    default: return scan_bytes(s, &bytes) && (buf_bytes(back, bytes), true);
    }
}

/* The shortest form of a length is the one we write; a longer one is read too, so only those rows are compared. */
static void check_scan(struct str all) {
    struct scan s = scan_of(all);
    struct buf back;
    buf_init(&back, all.n);
    for (unsigned kind = 0; kind < 64; kind++) {
        size_t before = scan_offset(&s), written = back.n;
        if (!step(&s, kind, &back)) {
            invariant(scan_offset(&s) == before && back.n == written);
            continue;
        }
        invariant(scan_offset(&s) <= all.n && buf_ok(&back));
        struct str read = str_head(str_skip(all, before), scan_offset(&s) - before);
        if (kind % 6 != 5) invariant(str_eq(read, str_skip(buf_str(&back), written)));
    }
    buf_fini(&back);
}

static void check_str(struct str all) {
    struct str rest = all, first = str_cut(&rest, ','), trimmed = str_trim(all);
    uint64_t v = 0;
    invariant(first.n + rest.n == all.n || first.n + rest.n + 1 == all.n);
    invariant(str_find(all, trimmed) <= all.n && str_cmp(all, all) == 0 && str_eq_ascii_case(all, all));
    if (str_uint(all, UINT64_MAX, &v)) invariant(all.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct str all = str_of(data, n);
    check_utf8(all);
    check_scan(all);
    check_str(all);
    return 0;
}
