#include "state/ledger/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER_CHECKED = SEGMENT_HEADER - CHAIN_SIZE, COMMIT_CHECKED = COMMIT_HEADER - 8 };
static const char segment_magic[8] = {'M', 'A', 'D', 'O', 'L', 'O', 'G', '\n'};
static const char commit_magic[4] = {'M', 'L', 'C', '1'};

enum err hash_init(struct hash *h, struct diag *d) {
    h->kind = EVP_MD_fetch(NULL, "SHA256", NULL);
    h->context = EVP_MD_CTX_new();
    if (h->kind && h->context) return ERR_OK;
    hash_fini(h);
    return diag_set(d, ERR_CRYPTO, "SHA-256", NULL);
}

void hash_fini(struct hash *h) {
    EVP_MD_CTX_free(h->context);
    EVP_MD_free(h->kind);
    *h = (struct hash){0};
}

void hash_parts(struct hash *h, struct str a, struct str b, uint8_t out[CHAIN_SIZE]) {
    invariant(EVP_DigestInit_ex(h->context, h->kind, NULL) == 1 && EVP_DigestUpdate(h->context, a.p, a.n) == 1 &&
              EVP_DigestUpdate(h->context, b.p, b.n) == 1 && EVP_DigestFinal_ex(h->context, out, NULL) == 1);
}

void chain_step(struct hash *h, uint8_t chain[CHAIN_SIZE], struct str records) {
    if (records.n) hash_parts(h, str_of(chain, CHAIN_SIZE), records, chain);
}

void chain_first(struct hash *h, const char *writer, uint8_t chain[CHAIN_SIZE]) {
    hash_parts(h, S("mado ledger 1\n"), str_c(writer), chain);
}

uint32_t get_u32(const char *p) {
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

void put_u32(char *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (char)(v >> 8 * i);
}

static uint64_t get_u64(const char *p) { return get_u32(p) | (uint64_t)get_u32(p + 4) << 32; }
static void put_u64(char *p, uint64_t v) { put_u32(p, (uint32_t)v), put_u32(p + 4, (uint32_t)(v >> 32)); }

static bool all_zero(const char *p, size_t n) { return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0); }

/* Without the zeros at its end. */
static size_t dirty_length(struct str s) {
    enum { STEP = 256 };
    while (s.n >= STEP && all_zero(s.p + s.n - STEP, STEP)) s.n -= STEP;
    while (s.n && s.p[s.n - 1] == 0) s.n--;
    return s.n;
}

/* Offsets of the fields: docs/format/ledger.md, "Segment header". */
void segment_header_put(struct hash *h, const struct segment_header *s, char out[SEGMENT_HEADER]) {
    memset(out, 0, SEGMENT_HEADER);
    memcpy(out, segment_magic, sizeof segment_magic);
    put_u32(out + 8, SEGMENT_VERSION);
    put_u64(out + 16, s->bytes);
    put_u64(out + 24, s->sequence);
    put_u64(out + 32, s->first);
    memcpy(out + 40, s->salt, SEGMENT_SALT);
    memcpy(out + 56, s->chain, CHAIN_SIZE);
    memcpy(out + 88, s->writer, strlen(s->writer));
    hash_parts(h, str_of(out, HEADER_CHECKED), S(""), (uint8_t *)out + HEADER_CHECKED);
}

enum err segment_header_read(struct hash *h, struct str bytes, struct segment_header *out, struct diag *d) {
    if (bytes.n < SEGMENT_HEADER || memcmp(bytes.p, segment_magic, sizeof segment_magic) != 0)
        return diag_set(d, ERR_CORRUPT, "segment header", "not a segment of a ledger");
    uint32_t version = get_u32(bytes.p + 8);
    uint8_t check[CHAIN_SIZE];
    hash_parts(h, str_head(bytes, HEADER_CHECKED), S(""), check);
    bool checks = memcmp(check, bytes.p + HEADER_CHECKED, CHAIN_SIZE) == 0;
    if (version > SEGMENT_VERSION)
        return diag_set(d, ERR_VERSION, "segment header", "format version %u; this program knows versions up to %d",
                        version, SEGMENT_VERSION);
    if (!checks || version != SEGMENT_VERSION)
        return diag_set(d, ERR_CORRUPT, "segment header", "its checksum does not agree");
    *out = (struct segment_header){
        .bytes = get_u64(bytes.p + 16), .sequence = get_u64(bytes.p + 24), .first = get_u64(bytes.p + 32)};
    memcpy(out->salt, bytes.p + 40, SEGMENT_SALT);
    memcpy(out->chain, bytes.p + 56, CHAIN_SIZE);
    memcpy(out->writer, bytes.p + 88, LEDGER_WRITER_MAX);
    if (out->bytes < LEDGER_SEGMENT_MIN || out->bytes > SEGMENT_BYTES_MAX || !writer_name_valid(out->writer))
        return diag_set(d, ERR_CORRUPT, "segment header", "its size or writer is impossible");
    return ERR_OK;
}

/* The check is salted, so that whoever chooses a record's body cannot write what passes for a commit. */
static uint64_t commit_check(struct hash *h, const uint8_t salt[SEGMENT_SALT], const char *header) {
    uint8_t check[CHAIN_SIZE];
    hash_parts(h, str_of(salt, SEGMENT_SALT), str_of(header, COMMIT_CHECKED), check);
    return get_u64((const char *)check);
}

void commit_header_put(struct hash *h, const uint8_t salt[SEGMENT_SALT], const struct commit_header *c,
                       char out[COMMIT_HEADER]) {
    memcpy(out, commit_magic, sizeof commit_magic);
    put_u32(out + 4, c->count);
    put_u32(out + 8, c->bytes);
    put_u32(out + 12, 0);
    put_u64(out + 16, c->first);
    put_u64(out + COMMIT_CHECKED, commit_check(h, salt, out));
}

bool commit_header_read(struct hash *h, const uint8_t salt[SEGMENT_SALT], const char in[COMMIT_HEADER],
                        struct commit_header *out) {
    if (memcmp(in, commit_magic, sizeof commit_magic) != 0) return false;
    if (get_u64(in + COMMIT_CHECKED) != commit_check(h, salt, in)) return false;
    *out = (struct commit_header){.count = get_u32(in + 4), .bytes = get_u32(in + 8), .first = get_u64(in + 16)};
    return get_u32(in + 12) == 0 && out->bytes <= COMMIT_RECORDS_MAX && (out->count == 0) == (out->bytes == 0);
}

bool writer_name_valid(const char *name) {
    size_t n = strlen(name);
    return n >= 1 && n <= LEDGER_WRITER_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

enum err segment_path(char out[SEGMENT_PATH_MAX], const char *folder, const char *writer, uint64_t sequence,
                      const char *name, struct diag *d) {
    int n = sequence ? snprintf(out, SEGMENT_PATH_MAX, "%s/%s/%08llu.seg", folder, writer, (unsigned long long)sequence)
                     : snprintf(out, SEGMENT_PATH_MAX, "%s/%s%s%s", folder, writer, name[0] ? "/" : "", name);
    return n < SEGMENT_PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

static bool count_segment(void *ctx, const char *name) {
    struct segment_range *range = ctx;
    struct str s = str_c(name);
    uint64_t sequence;
    if (s.n != 12 || !str_ends(s, S(".seg")) || !str_uint(str_head(s, 8), SEGMENT_SEQUENCE_MAX, &sequence)) return true;
    if (range->count == 0 || sequence < range->first) range->first = sequence;
    if (sequence > range->last) range->last = sequence;
    range->count++;
    return true;
}

enum err segment_list(struct world *w, const char *folder, const char *writer, struct segment_range *out,
                      struct diag *d) {
    char path[SEGMENT_PATH_MAX];
    *out = (struct segment_range){0};
    TRY(segment_path(path, folder, writer, 0, "", d));
    if (w->list(w, path, count_segment, out) != 0) return diag_errno(d, path);
    if (out->count && (out->first != 1 || out->last != out->count))
        return diag_set(d, ERR_CORRUPT, path, "a segment is missing: %llu of 1 to %llu are there",
                        (unsigned long long)out->count, (unsigned long long)out->last);
    return ERR_OK;
}

/* ---- reading one segment ---- */

enum { WINDOW_MAX = 2 * COMMIT_MAX };

enum err segment_corrupt(const struct segment *s, uint64_t offset, const char *what, struct diag *d) {
    char where[sizeof d->where];
    snprintf(where, sizeof where, "writer %s, segment %08llu, offset %llu", s->header.writer,
             (unsigned long long)s->header.sequence, (unsigned long long)offset);
    return diag_set(d, ERR_CORRUPT, where, "%s", what);
}

static enum err fill(struct segment *s, char *to, size_t n, uint64_t at, size_t *got, struct diag *d) {
    for (*got = 0; *got < n;) {
        ssize_t more = s->w->pread(s->w, s->fd, to + *got, n - *got, (off_t)(at + *got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return diag_errno(d, s->path);
        if (more == 0) break;
        *got += (size_t)more;
    }
    return ERR_OK;
}

/* n bytes at `at`, or fewer at the end of the segment; valid until the next call. `fresh`: what was read before is not believed. */
static enum err look(struct segment *s, uint64_t at, size_t n, bool fresh, struct str *out, struct diag *d) {
    if (n > s->header.bytes - at) n = s->header.bytes - at;
    invariant(n <= s->window_size);
    if (fresh || at < s->window_at || at + n > s->window_at + s->window_n) {
        s->window_at = at;
        TRY(fill(s, s->window, s->window_size, at, &s->window_n, d));
    }
    *out = str_head(str_of(s->window + (at - s->window_at), s->window_n - (at - s->window_at)), n);
    return ERR_OK;
}

static enum err check_header(struct segment *s, const char *writer, uint64_t sequence, struct diag *d) {
    char bytes[SEGMENT_HEADER], last;
    size_t n;
    struct diag inner = {0};
    TRY(fill(s, bytes, sizeof bytes, 0, &n, d));
    enum err e = segment_header_read(s->hash, str_of(bytes, n), &s->header, &inner);
    if (e != ERR_OK) return diag_set(d, e, s->path, "%s: %s", inner.where, inner.detail);
    if (s->header.sequence != sequence || strcmp(s->header.writer, writer) != 0)
        return diag_set(d, ERR_CORRUPT, s->path, "the segment belongs to another place");
    TRY(fill(s, &last, 1, s->header.bytes - 1, &n, d));
    if (n == 0) return diag_set(d, ERR_CORRUPT, s->path, "the file is shorter than its header says");
    s->window_size = s->header.bytes < WINDOW_MAX ? s->header.bytes : WINDOW_MAX;
    s->window = malloc(s->window_size);
    return s->window ? ERR_OK : diag_set(d, ERR_MEMORY, s->path, NULL);
}

enum err segment_open(struct segment *s, struct world *w, struct hash *hash, const char *folder, const char *writer,
                      uint64_t sequence, int flags, struct diag *d) {
    *s = (struct segment){.w = w, .hash = hash, .fd = -1};
    TRY(segment_path(s->path, folder, writer, sequence, "", d));
    s->fd = w->open(w, s->path, flags, 0);
    if (s->fd < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, s->path, NULL) : diag_errno(d, s->path);
    enum err e = check_header(s, writer, sequence, d);
    if (e != ERR_OK) segment_close(s);
    return e;
}

void segment_close(struct segment *s) {
    if (s->fd >= 0) s->w->close(s->w, s->fd);
    free(s->window);
    s->fd = -1, s->window = NULL;
}

struct place segment_start(const struct segment *s) {
    struct place at = {.offset = SEGMENT_HEADER, .index = s->header.first};
    memcpy(at.chain, s->header.chain, CHAIN_SIZE);
    return at;
}

/* All records of a commit, in the lengths they claim, up to the chain the commit ends with. */
static bool records_check(struct segment *s, const struct commit_header *c, struct str records, const char *trailer,
                          uint8_t chain[CHAIN_SIZE]) {
    uint32_t count = 0;
    for (size_t at = 0; at < records.n; count++) {
        if (records.n - at < RECORD_PREFIX) return false;
        uint32_t n = get_u32(records.p + at);
        if (n == 0 || n > LEDGER_RECORD_MAX || n > records.n - at - RECORD_PREFIX) return false;
        at += RECORD_PREFIX + n;
    }
    chain_step(s->hash, chain, records);
    size_t padding = commit_size(c->bytes) - COMMIT_HEADER - c->bytes - CHAIN_SIZE;
    return count == c->count && memcmp(chain, trailer, CHAIN_SIZE) == 0 && all_zero(trailer + CHAIN_SIZE, padding);
}

static enum err next(struct segment *s, struct place *at, bool fresh, enum commit_found *found, struct str *records,
                     struct diag *d) {
    struct str bytes;
    struct commit_header c;
    *found = COMMIT_NONE;
    if (at->offset + COMMIT_HEADER > s->header.bytes) return ERR_OK;
    TRY(look(s, at->offset, COMMIT_HEADER, fresh, &bytes, d));
    if (bytes.n == COMMIT_HEADER && all_zero(bytes.p, COMMIT_HEADER)) return ERR_OK;
    *found = COMMIT_BAD;
    if (bytes.n < COMMIT_HEADER || !commit_header_read(s->hash, s->header.salt, bytes.p, &c)) return ERR_OK;
    uint64_t size = commit_size(c.bytes);
    if (c.first != at->index || size > s->header.bytes - at->offset) return ERR_OK;
    TRY(look(s, at->offset, size, false, &bytes, d));
    if (bytes.n < size) return ERR_OK;
    uint8_t chain[CHAIN_SIZE];
    memcpy(chain, at->chain, CHAIN_SIZE);
    *records = str_of(bytes.p + COMMIT_HEADER, c.bytes);
    if (!records_check(s, &c, *records, bytes.p + COMMIT_HEADER + c.bytes, chain)) return ERR_OK;
    memcpy(at->chain, chain, CHAIN_SIZE);
    at->last = at->offset, at->closed = c.count == 0;
    at->offset += size, at->index += c.count;
    *found = COMMIT_WHOLE;
    return ERR_OK;
}

enum err segment_next(struct segment *s, struct place *at, enum commit_found *found, struct str *records,
                      struct diag *d) {
    TRY(next(s, at, false, found, records, d));
    if (*found == COMMIT_WHOLE) return ERR_OK;
    return next(s, at, true, found, records, d); /* a writer may have come further since the window was read */
}

enum err segment_walk(struct segment *s, struct place *at, struct diag *d) {
    enum commit_found found;
    struct str records;
    do TRY(segment_next(s, at, &found, &records, d));
    while (found == COMMIT_WHOLE);
    return ERR_OK;
}

/* Does a commit begin among the first `n` bytes? `at` is where they stand. */
static bool commit_begins(struct segment *s, struct str bytes, size_t n, uint64_t at) {
    struct commit_header c;
    struct str magic = str_of(commit_magic, sizeof commit_magic), rest = bytes;
    if (n > bytes.n) n = bytes.n;
    for (size_t i = 0; (i += str_find(rest, magic)) < n; i++) {
        if ((at + i) % COMMIT_ALIGN == 0 && bytes.n - i >= COMMIT_HEADER &&
            commit_header_read(s->hash, s->header.salt, bytes.p + i, &c))
            return true;
        rest = str_skip(bytes, i + 1);
    }
    return false;
}

enum err segment_tail(struct segment *s, const struct place *at, struct tail *out, struct diag *d) {
    enum { STEP = 1 << 20 };
    *out = (struct tail){.dirty_end = at->offset};
    for (uint64_t from = at->offset; from < s->header.bytes; from += STEP) {
        struct str bytes;
        TRY(look(s, from, STEP + COMMIT_HEADER, from == at->offset, &bytes, d));
        size_t dirty = dirty_length(bytes),
               own = from == at->offset; /* what begins at the place itself is the torn one */
        if (dirty == 0) continue;
        if (from + dirty > out->dirty_end) out->dirty_end = from + dirty;
        if (commit_begins(s, str_skip(bytes, own), STEP, from + own)) out->damaged = true;
    }
    if (out->dirty_end > at->offset + COMMIT_MAX) out->damaged = true;
    return ERR_OK;
}
