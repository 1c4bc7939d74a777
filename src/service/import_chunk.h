/* Inside service/import: from bytes of a file to chunks of parsed lines, in order, several threads at work. */
#ifndef SERVICE_IMPORT_CHUNK_H
#define SERVICE_IMPORT_CHUNK_H

#include "base/world.h"
#include "service/insurer_line.h"
#include "service/line_result.h"
#include "state/vault/vault.h"

enum { IMPORT_DIGEST_BYTES = 32, IMPORT_FIELD_BYTES = 48, IMPORT_DETAIL_BYTES = 128 };

struct import_item {
    uint64_t line_number;
    enum line_status status;
    enum err why; /* of a refusal; ERR_OK: not refused (yet) */
    char field[IMPORT_FIELD_BYTES], detail[IMPORT_DETAIL_BYTES];
    struct insurer_line line;
    struct str card_key, member_key;
    uint8_t pseudonym[VAULT_PSEUDONYM_BYTES];
};

struct import_chunk {
    uint64_t sequence;
    uint64_t from, to;   /* bytes of the file */
    uint64_t first_line; /* its number, from 1 */
    struct import_item *items;
    size_t item_count, line_count;       /* the same, once it was parsed */
    uint8_t digest[IMPORT_DIGEST_BYTES]; /* SHA-256 of the file's bytes up to `to` */
    struct arena arena;                  /* of the items */
    struct buf bytes;
    bool ready;
    enum err err;
    struct diag diag;
};

struct import_reader;

struct import_reader_settings {
    struct world *world;
    int fd;
    uint64_t from, first_line; /* where to begin */
    void *digest_so_far;       /* EVP_MD_CTX over the bytes before `from`; the reader takes it */
    const struct insurer_file_format *format;
    struct vault_client *vault;
    uint64_t memory_bytes;
    unsigned threads;
};

MUST_USE enum err import_reader_start(struct import_reader **out, const struct import_reader_settings *s,
                                      struct diag *d);
/* The next chunk in order, to be given back; *out NULL at the end of the file. An error ends everything. */
MUST_USE enum err import_reader_next(struct import_reader *r, struct import_chunk **out, struct diag *d);
void import_reader_give_back(struct import_reader *r, struct import_chunk *c);
/* Hands the My Numbers of lines that were taken in to the vault, without waiting; then settles them: kept, and durable when it
 * returns, or dropped. */
enum { IMPORT_SEAL_MAX = 1024 };
MUST_USE enum err import_reader_seal(struct import_reader *r, struct import_item *const *items, size_t count,
                                     struct diag *d);
MUST_USE enum err import_reader_settle(struct import_reader *r, bool keep, struct diag *d);
/* Stops the threads, also in the middle. */
void import_reader_stop(struct import_reader *r);

void import_refuse(struct import_item *i, enum err why, const char *field, const char *detail);

#endif
