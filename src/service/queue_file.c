#include "service/queue_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static bool highest(void *context, const char *name) {
    uint32_t *file = context;
    uint64_t n;
    struct str s = str_c(name);
    if (str_ends(s, S(".ndjson")) && str_uint(str_head(s, s.n - 7), QUEUE_FILES_MAX, &n) && n > *file)
        *file = (uint32_t)n;
    return true;
}

enum err queue_highest(struct world *w, const char *folder, uint32_t *file, struct diag *d) {
    *file = 0;
    return w->list(w, folder, highest, file) < 0 ? diag_errno(d, folder) : ERR_OK;
}

enum err queue_path(const char *folder, uint32_t file, char out[OUTBOX_PATH_MAX], struct diag *d) {
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL) return diag_errno(d, folder);
    return snprintf(out, OUTBOX_PATH_MAX, "%s/%06u.ndjson", whole, file) < OUTBOX_PATH_MAX
               ? ERR_OK
               : diag_set(d, ERR_LIMIT, "--out", NULL);
}
