/* Opening what answering needs from a store's folder: coverage/, desk/ and ways/ to read, ledger/<writer>/ to append, and the key for
 * questions that matched nobody (made by the first `mado import`). */
#ifndef SERVICE_VERIFY_DESK_H
#define SERVICE_VERIFY_DESK_H

#include "service/verify.h"

struct verify_desk_settings {
    const char *store;      /* the folder given as --store */
    const char *writer;     /* of the ledger: "door-0", "operator", "desk" */
    bool write_desk;        /* the desk's own process: opens desk/ to write, and makes it */
    bool attests;           /* opens the key that signs answers, where there is one */
    bool write_ways;        /* `mado ways` and those who print: opens ways/ to write, and makes it */
    uint64_t segment_bytes; /* of the ledger; 0: default */
    void (*wake)(void *context);
    void *wake_context;
};
MUST_USE enum err verify_desk_open(struct verify_desk *out, struct world *w, const struct verify_desk_settings *s,
                                   struct diag *d);
void verify_desk_close(struct verify_desk *v);
/* ways/ may be made after a long-lived process began: opens it to read when it is not open and is there by now. */
void verify_desk_find_ways(struct verify_desk *v, const char *store);

#endif
