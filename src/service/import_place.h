/* Inside service/import: how far a file came, as it is kept in the store beside what the file brought. */
#ifndef SERVICE_IMPORT_PLACE_H
#define SERVICE_IMPORT_PLACE_H

#include "service/import_chunk.h"
#include "state/store/store.h"

enum { IMPORT_FILE_KEY_BYTES = 32 }; /* keyed by the file's whole path, hashed */

struct import_place {
    bool done;
    struct insurer_number insurer;
    uint64_t offset, lines, results; /* bytes of the file, its lines, bytes of the results */
    uint64_t accepted, refused, unchanged;
    uint8_t digest[IMPORT_DIGEST_BYTES]; /* of the bytes before offset: the file's own SHA-256 when done */
};

/* What an earlier run left behind when it was stopped; ERR_NOT_FOUND when there is nothing to go on from. */
MUST_USE enum err import_place_find(struct store *s, const uint8_t key[IMPORT_FILE_KEY_BYTES], struct import_place *out,
                                    struct diag *d);
MUST_USE enum err import_place_write(struct store_txn *t, const uint8_t key[IMPORT_FILE_KEY_BYTES],
                                     const struct import_place *p, struct diag *d);
/* Whether the file still begins with the bytes that were taken in. `md` is an EVP_MD_CTX: afterwards it stands behind them. */
MUST_USE enum err import_place_same(const struct import_place *p, struct world *w, int fd, void *md, bool *same,
                                    struct diag *d);

#endif
