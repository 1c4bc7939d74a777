/* segment: the bytes of one segment file (docs/format/ledger.md) and a reader over them. Private to the ledger and its tests.
 *
 *   header 256 | commit | commit | … | zeros
 *   commit:      header 32 | (u32 length, body)… | chain 32 | zeros to a multiple of 8
 *
 * One commit is in flight at a time: it is written, synced, and only then does the next one begin. From this follows how a
 * torn end is told from damage: a commit that does not check is torn if nothing whole begins behind it, else damaged. */
#ifndef STATE_LEDGER_SEGMENT_H
#define STATE_LEDGER_SEGMENT_H

#include "base/world.h"
#include "state/ledger/ledger.h"

#include <limits.h>
#include <openssl/evp.h>

enum {
    SEGMENT_VERSION = 1,
    SEGMENT_HEADER = 256,
    SEGMENT_SALT = 16,
    CHAIN_SIZE = 32,
    COMMIT_HEADER = 32,
    COMMIT_ALIGN = 8,
    COMMIT_TRAILER_MAX = CHAIN_SIZE + COMMIT_ALIGN, /* chain and padding */
    COMMIT_RECORDS_MAX = 1 << 20, /* bytes: what one sync carries; bounds recovery and a reader's memory */
    COMMIT_MAX = COMMIT_HEADER + COMMIT_RECORDS_MAX + COMMIT_TRAILER_MAX,
    RECORD_PREFIX = 4,
    SEGMENT_SEQUENCE_MAX = 99999999, /* eight digits */
    SEGMENT_BYTES_MAX = 1 << 30,     /* a header that claims more is not believed */
    SEGMENT_PATH_MAX = PATH_MAX,
};

/* SHA-256 with its context kept: OpenSSL's EVP uses the processor's SHA instructions, 0.17 µs for a 100-byte record where
 * libsodium takes 0.58 (Zen 4). */
struct hash {
    EVP_MD *kind;
    EVP_MD_CTX *context;
};
MUST_USE enum err hash_init(struct hash *h, struct diag *d);
void hash_fini(struct hash *h);
/* SHA-256(a ‖ b). `out` may be where a points to. */
void hash_parts(struct hash *h, struct str a, struct str b, uint8_t out[CHAIN_SIZE]);
/* chain = SHA-256(chain ‖ records), the records of one commit with their lengths before them; none leave it as it is. Once for
 * a commit, not for each record: 3 µs instead of 10 for 64 records, in the one place all of them wait for. */
void chain_step(struct hash *h, uint8_t chain[CHAIN_SIZE], struct str records);
/* The chain before a writer's first commit: SHA-256("mado ledger 1\n" ‖ writer). */
void chain_first(struct hash *h, const char *writer, uint8_t chain[CHAIN_SIZE]);

uint32_t get_u32(const char *p);
void put_u32(char *p, uint32_t v);

struct segment_header {
    uint64_t bytes, sequence, first; /* size of the file; number of the segment; index of the first record in it */
    char writer[LEDGER_WRITER_MAX + 1];
    uint8_t salt[SEGMENT_SALT]; /* random: no record's body can hold what passes for a commit */
    uint8_t chain[CHAIN_SIZE];  /* before the first commit */
};
void segment_header_put(struct hash *h, const struct segment_header *s, char out[SEGMENT_HEADER]);
/* ERR_VERSION for another format version, ERR_CORRUPT for anything that is not a header. */
MUST_USE enum err segment_header_read(struct hash *h, struct str bytes, struct segment_header *out, struct diag *d);

struct commit_header {
    uint32_t count, bytes; /* records; their bytes with prefixes. count 0 (and bytes 0): the mark of a clean close */
    uint64_t first;        /* index of the first record */
};
void commit_header_put(struct hash *h, const uint8_t salt[SEGMENT_SALT], const struct commit_header *c,
                       char out[COMMIT_HEADER]);
MUST_USE bool commit_header_read(struct hash *h, const uint8_t salt[SEGMENT_SALT], const char in[COMMIT_HEADER],
                                 struct commit_header *out);
/* With header, chain and padding. */
static inline uint64_t commit_size(uint64_t records_bytes) {
    return (COMMIT_HEADER + records_bytes + CHAIN_SIZE + COMMIT_ALIGN - 1) / COMMIT_ALIGN * COMMIT_ALIGN;
}

/* a-z 0-9 -, 1 to LEDGER_WRITER_MAX. */
bool writer_name_valid(const char *name);
/* FOLDER/WRITER/00000001.seg; sequence 0: FOLDER/WRITER/NAME. */
MUST_USE enum err segment_path(char out[SEGMENT_PATH_MAX], const char *folder, const char *writer, uint64_t sequence,
                               const char *name, struct diag *d);
/* Which segments a writer has; all zero when none. ERR_CORRUPT when one in between is missing. */
struct segment_range {
    uint64_t first, last, count;
};
MUST_USE enum err segment_list(struct world *w, const char *folder, const char *writer, struct segment_range *out,
                               struct diag *d);

/* ---- reading one segment ---- */

struct segment {
    struct world *w;
    struct hash *hash;
    int fd;
    char path[SEGMENT_PATH_MAX];
    struct segment_header header;
    char *window; /* what was read of the file from window_at on */
    uint64_t window_at;
    size_t window_n, window_size;
};
/* `flags` of open(). Checks the header, that it belongs where it stands, and that the file is as long as it says. */
MUST_USE enum err segment_open(struct segment *s, struct world *w, struct hash *hash, const char *folder,
                               const char *writer, uint64_t sequence, int flags, struct diag *d);
void segment_close(struct segment *s);

/* How far a reader has come: everything before `offset` checked. */
struct place {
    uint64_t offset, index;
    uint8_t chain[CHAIN_SIZE];
    uint64_t last; /* offset of the last commit before, 0: none in this segment */
    bool closed;   /* that commit marks a clean close */
};
struct place segment_start(const struct segment *s);

enum commit_found { COMMIT_WHOLE, COMMIT_NONE, COMMIT_BAD };
/* The commit at `at`. WHOLE: it checks, *records (valid until the next call) holds it and *at stands behind it. NONE: zeros,
 * or no room. BAD: anything else. *at is moved for WHOLE only. ERR_IO alone is an error. */
MUST_USE enum err segment_next(struct segment *s, struct place *at, enum commit_found *found, struct str *records,
                               struct diag *d);
/* Moves `at` behind the last whole commit. */
MUST_USE enum err segment_walk(struct segment *s, struct place *at, struct diag *d);

/* What stands behind the last whole commit. */
struct tail {
    uint64_t dirty_end; /* behind the last byte that is not zero; the place itself when all are */
    bool damaged;       /* not what one torn commit can leave: a later commit, or bytes too far away */
};
MUST_USE enum err segment_tail(struct segment *s, const struct place *at, struct tail *out, struct diag *d);
/* ERR_CORRUPT at this place of this segment. */
MUST_USE enum err segment_corrupt(const struct segment *s, uint64_t offset, const char *what, struct diag *d);

#endif
