/* sealed: small values kept for a while on a disk that is not trusted with them. Each is a file of its own in one folder, whole or not there, encrypted
 * (XChaCha20-Poly1305) and bound to its name and its times, so that files cannot be swapped, changed or made to last. The name is a keyed
 * hash of the value's key: who reads the folder without the key learns how many values there are and when each was put and ends.
 *
 * For one process that puts and drops at a time; others may look at what it put (sealed_get). A value that is damaged, or was sealed with another key, is not there. */
#ifndef STATE_SEALED_SEALED_H
#define STATE_SEALED_SEALED_H

#include "base/buf.h"
#include "base/world.h"

enum {
    SEALED_KEY_BYTES = 32,
    SEALED_VALUE_MAX = 256 << 10, /* an answer with every certificate is a tenth of that */
    SEALED_COUNT_MAX = 100 * 1000 /* more than a large hospital's month: beyond it nothing is put (ERR_LIMIT) */
};

struct sealed;

/* Makes the folder; `key` is the caller's secret, of which the keys used here are derived. */
MUST_USE enum err sealed_open(struct sealed **out, struct world *w, const char *folder,
                              const uint8_t key[SEALED_KEY_BYTES], struct diag *d);
void sealed_close(struct sealed *s);

/* SEALED_DURABLE: on the disk when it returns ERR_OK. SEALED_SOON: whole there or not at all after a power cut, and hundreds of times
 * faster: for what can be asked for again. */
enum sealed_care { SEALED_SOON, SEALED_DURABLE };
/* Replaces what stood under that key. `at_us`: when the value was true; `until_us`: it is gone after that. */
MUST_USE enum err sealed_put(struct sealed *s, struct str key, struct str value, int64_t at_us, int64_t until_us,
                             enum sealed_care care, struct diag *d);
/* Appends the value. ERR_NOT_FOUND: none, over, damaged, or another key's. `at_us` may be NULL. */
MUST_USE enum err sealed_get(struct sealed *s, struct str key, int64_t now_us, struct buf *out, int64_t *at_us);
/* Not being there is fine. */
MUST_USE enum err sealed_drop(struct sealed *s, struct str key, struct diag *d);
/* Any one value that is not over; ERR_NOT_FOUND when there is none. Its key is not known to the folder: put it into the value. */
MUST_USE enum err sealed_any(struct sealed *s, int64_t now_us, struct buf *out, int64_t *at_us);
/* The value whose file's name comes after `name` in the folder, and that name: "" begins, ERR_NOT_FOUND ends the round. What is over or cannot be
 * read is passed over. */
enum { SEALED_NAME = 32 };
MUST_USE enum err sealed_next(struct sealed *s, char name[SEALED_NAME + 1], int64_t now_us, struct buf *out,
                              int64_t *at_us);
/* Removes what is over or cannot be read; returns how many. */
size_t sealed_sweep(struct sealed *s, int64_t now_us);
size_t sealed_count(const struct sealed *s);

#endif
