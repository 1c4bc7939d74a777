/* Keys made at test time in a folder of their own: an authority, the server's key, one institution. */
#ifndef TESTS_LIB_TRUST_KEYS_H
#define TESTS_LIB_TRUST_KEYS_H

#include "state/trust/trust.h"

enum { KEYS_PATH_MAX = 256 };

struct trust_keys {
    char folder[KEYS_PATH_MAX];
    struct institution_code institution; /* 0110113719 */
};

void trust_keys_make(struct trust_keys *k);
void trust_keys_remove(struct trust_keys *k);
/* folder/name; `out` of KEYS_PATH_MAX bytes. */
const char *trust_keys_path(const struct trust_keys *k, const char *name, char *out);

#endif
