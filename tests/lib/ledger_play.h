/* What the tests of the ledger share: records whose content follows from their number, and a log that is checked against them. */
#ifndef TESTS_LIB_LEDGER_PLAY_H
#define TESTS_LIB_LEDGER_PLAY_H

#include "state/ledger/ledger.h"

enum { PLAY_RECORDS_MAX = 20000 };

/* Record number i: from a few bytes to some hundreds. */
struct str play_record(uint64_t i, char room[LEDGER_RECORD_MAX]);

/* One writer at work: which records were handed over, which of them acknowledged, which refused or failed. */
struct play {
    struct ledger *ledger;
    uint64_t next; /* number of the next record */
    size_t acknowledged, failed;
    enum err last_err;
    bool acked[PLAY_RECORDS_MAX];
    struct ledger_ticket tickets[PLAY_RECORDS_MAX];
    void (*on_ack)(struct play *p, uint64_t record); /* may be NULL */
    void *context;
};
/* Appends n records and flushes; returns how many were taken. A refused number is not used again. */
size_t play_append(struct play *p, size_t n);

/* What a log holds against what was handed over, in the order of numbers. */
struct play_check {
    const struct play *play; /* who handed over what */
    uint64_t next, records;
    bool wrong; /* a record that is not one, twice, out of order, or an acknowledged one left out */
    char why[128];
};
/* Reads the whole log: every acknowledged record is there, in order, and nothing that is half. */
MUST_USE enum err play_check(struct play_check *c, struct world *w, const char *folder, const struct play *play,
                             struct diag *d);

#endif
