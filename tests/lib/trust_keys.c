#include "lib/trust_keys.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void trust_keys_make(struct trust_keys *k) {
    struct trust_made made;
    *k = (struct trust_keys){.folder = "/tmp/mado-keys-XXXXXX"};
    invariant(mkdtemp(k->folder) != NULL);
    invariant(institution_code_parse(S("0110113719"), &k->institution) == ERR_OK);
    invariant(trust_init(world_real(), k->folder, NULL, 0, &made, NULL) == ERR_OK);
    invariant(trust_institution(world_real(), k->folder, k->institution, 30, &made, NULL) == ERR_OK);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st, (void)type, (void)at;
    return remove(path);
}

void trust_keys_remove(struct trust_keys *k) { (void)nftw(k->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

const char *trust_keys_path(const struct trust_keys *k, const char *name, char *out) {
    int n = snprintf(out, KEYS_PATH_MAX, "%s/%s", k->folder, name);
    invariant(n > 0 && n < KEYS_PATH_MAX);
    return out;
}
