/* Inside service/import: what lines mean for one card (insurer, symbol, number) and the members on it. */
#ifndef SERVICE_IMPORT_CARD_H
#define SERVICE_IMPORT_CARD_H

#include "service/import_chunk.h"
#include "state/store/store.h"

/* What goes on through a file's chunks. */
struct import_writer {
    struct store_txn *txn;
    struct buf last_key; /* the greatest member key there is: a card beyond it needs no look-up and is appended */
    int64_t at_us;       /* of this transaction */
    struct arena *arena; /* for one card at a time */
    struct buf row;
};

/* Applies the lines of one card in the order of the file: sets each item's status and writes what changed. */
MUST_USE enum err import_card(struct import_writer *w, struct import_item **items, size_t count, struct diag *d);

#endif
