/* Makes a log to check with other software: make_log FOLDER WRITER RECORDS SEGMENT_BYTES [crash]. Synthetic audit events; with
 * `crash` the process ends without closing. */
#include "core/audit_event.h"
#include "state/ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void done(struct ledger_ticket *t) { invariant(t->err == ERR_OK); }

static void append(struct ledger *l, struct ledger_ticket *t, uint64_t i) {
    struct audit_event e = {.kind = AUDIT_QUESTION,
                            .at_us = 1790000000000000 + (int64_t)i * 1000,
                            .door = DOOR_JSON,
                            .purpose = PURPOSE_TREATMENT,
                            .institution = {1311234567},
                            .subject_kind = SUBJECT_MEMBER,
                            .on = {20000},
                            .validity = 1 + i % 6,
                            .ratio = 30};
    for (size_t k = 0; k < sizeof e.subject; k++) e.subject[k] = (uint8_t)(i * 131 + k * 7);
    for (size_t k = 0; k < sizeof e.id; k++) e.id[k] = (uint8_t)(i * 37 + k * 11);
    struct buf b;
    buf_init(&b, AUDIT_EVENT_BYTES_MAX);
    audit_event_put(&b, &e);
    *t = (struct ledger_ticket){.done = done};
    invariant(ledger_append(l, t, buf_str(&b)) == ERR_OK);
    buf_fini(&b);
}

int main(int argc, char **argv) {
    uint64_t records, segment;
    if (argc < 5 || !str_uint(str_c(argv[3]), 10000000, &records) || !str_uint(str_c(argv[4]), 1 << 30, &segment))
        return fprintf(stderr, "usage: make_log FOLDER WRITER RECORDS SEGMENT_BYTES [crash]\n"), 2;
    struct ledger_settings s = {.folder = argv[1], .writer = argv[2], .segment_bytes = segment};
    struct ledger *l;
    struct diag d;
    enum { GROUP = 50 };
    struct ledger_ticket tickets[GROUP];
    if (ledger_open(&l, world_real(), &s, &d) != ERR_OK)
        return fprintf(stderr, "make_log: %s %s\n", d.where, d.detail), 1;
    for (uint64_t i = 0; i < records;) {
        for (uint64_t k = 0; k < GROUP && i < records; k++) append(l, &tickets[k], i++);
        ledger_drain(l);
    }
    if (argc > 5) _exit(0);
    ledger_close(l);
    return 0;
}
