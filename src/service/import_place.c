#include "service/import_place.h"

#include "base/scan.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>

enum { FILE_ROW_VERSION = 1, FILE_ROW_MAX = 256, HASH_BLOCK = 1 << 20 };

static void place_put(struct buf *b, const struct import_place *p) {
    buf_u8(b, FILE_ROW_VERSION);
    buf_u8(b, p->done);
    buf_u32(b, p->insurer.n);
    buf_u64(b, p->offset), buf_u64(b, p->lines), buf_u64(b, p->results);
    buf_u64(b, p->accepted), buf_u64(b, p->refused), buf_u64(b, p->unchanged);
    buf_put(b, str_of(p->digest, sizeof p->digest));
}

static bool place_read(struct str value, struct import_place *p) {
    struct scan s = scan_of(value);
    uint8_t version = 0, done = 0;
    struct str digest;
    if (!scan_u8(&s, &version) || version != FILE_ROW_VERSION || !scan_u8(&s, &done) || !scan_u32(&s, &p->insurer.n) ||
        !scan_u64(&s, &p->offset) || !scan_u64(&s, &p->lines) || !scan_u64(&s, &p->results) ||
        !scan_u64(&s, &p->accepted) || !scan_u64(&s, &p->refused) || !scan_u64(&s, &p->unchanged) ||
        !scan_take(&s, sizeof p->digest, &digest) || !scan_end(&s))
        return false;
    p->done = done != 0;
    memcpy(p->digest, digest.p, digest.n);
    return true;
}

enum err import_place_find(struct store *s, const uint8_t key[IMPORT_FILE_KEY_BYTES], struct import_place *out,
                           struct diag *d) {
    struct buf b;
    buf_init(&b, FILE_ROW_MAX);
    enum err e = store_get(s, STORE_FILE, str_of(key, IMPORT_FILE_KEY_BYTES), &b, d);
    bool stopped = e == ERR_OK && place_read(buf_str(&b), out) && !out->done;
    buf_fini(&b);
    return e == ERR_OK && !stopped ? ERR_NOT_FOUND : e;
}

enum err import_place_write(struct store_txn *t, const uint8_t key[IMPORT_FILE_KEY_BYTES], const struct import_place *p,
                            struct diag *d) {
    char room[FILE_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    place_put(&b, p);
    return store_put(t, STORE_FILE, str_of(key, IMPORT_FILE_KEY_BYTES), buf_str(&b), d);
}

static enum err hash_prefix(struct world *w, int fd, EVP_MD_CTX *md, uint64_t to, struct diag *d) {
    char *block = malloc(HASH_BLOCK);
    if (block == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    enum err e = ERR_OK;
    for (uint64_t at = 0; e == ERR_OK && at < to;) {
        size_t want = to - at < HASH_BLOCK ? (size_t)(to - at) : HASH_BLOCK;
        ssize_t n = w->pread(w, fd, block, want, (off_t)at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) e = diag_errno(d, "read");
        if (n == 0) break; /* shorter than it was: its digest will differ */
        if (n > 0) invariant(EVP_DigestUpdate(md, block, (size_t)n) == 1), at += (uint64_t)n;
    }
    explicit_bzero(block, HASH_BLOCK);
    free(block);
    return e;
}

enum err import_place_same(const struct import_place *p, struct world *w, int fd, void *md, bool *same,
                           struct diag *d) {
    uint8_t digest[IMPORT_DIGEST_BYTES];
    TRY(hash_prefix(w, fd, md, p->offset, d));
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    if (copy == NULL) return diag_set(d, ERR_MEMORY, "import", NULL);
    invariant(EVP_MD_CTX_copy_ex(copy, md) == 1 && EVP_DigestFinal_ex(copy, digest, NULL) == 1);
    EVP_MD_CTX_free(copy);
    *same = memcmp(digest, p->digest, sizeof digest) == 0;
    return ERR_OK;
}
