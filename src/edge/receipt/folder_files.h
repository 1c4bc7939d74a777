/* folder_files: the steps by which an answer is delivered, each of which may be the last before a power cut. See folders.h. */
#ifndef EDGE_RECEIPT_FOLDER_FILES_H
#define EDGE_RECEIPT_FOLDER_FILES_H

#include "base/world.h"
#include "edge/receipt/folders.h"

#include <limits.h>

struct folder_files {
    struct world *world;
    char root[PATH_MAX];
    int lock; /* fd */
};

/* "root/sub/file". */
MUST_USE enum err folder_path(const struct folder_files *f, const char *sub, const char *file, char out[PATH_MAX],
                              struct diag *d);

MUST_USE enum err folder_files_open(struct folder_files *f, struct world *w, const char *root, struct diag *d);
void folder_files_close(struct folder_files *f);

/* Delivers `bytes` as res/<response><".xml" or ".zip"> for req/<request>, which then goes: away, or aside into trash/. */
MUST_USE enum err folder_deliver(struct folder_files *f, const char *request, const char *response, struct str bytes,
                                 bool zip, bool aside, struct diag *d);
/* What an earlier window kept and did not finish. */
MUST_USE enum err folder_recover(struct folder_files *f, struct diag *d);

/* Clears from `sub` (res or face) what nobody fetched for so long; returns how many files. */
size_t folder_clear_old(struct folder_files *f, const char *sub, int64_t older_than_us);

#endif
