#include "service/reception/record.h"

#include <sodium.h>

enum err record_open(struct record *r, struct world *w, const char *folder, struct institution_code institution,
                     struct diag *d) {
    const struct ledger_settings s = {.folder = folder, .writer = "window", .segment_bytes = LEDGER_SEGMENT_SMALL};
    *r = (struct record){.world = w, .institution = institution};
    TRY(world_make_folder(folder, d));
    return ledger_open(&r->ledger, w, &s, d);
}

void record_close(struct record *r) {
    if (r->ledger) ledger_close(r->ledger);
    *r = (struct record){0};
}

static void settled(struct ledger_ticket *t) { *(bool *)t->context = true; }

static bool read_id(const char *hex, uint8_t id[AUDIT_ID_BYTES]) {
    size_t n = 0;
    return sodium_hex2bin(id, AUDIT_ID_BYTES, hex, strlen(hex), NULL, &n, NULL) == 0 && n == AUDIT_ID_BYTES;
}

enum err record_put(struct record *r, enum audit_kind kind, enum proof proof, const char *id, struct diag *d) {
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    bool done = false;
    struct ledger_ticket t = {.done = settled, .context = &done};
    struct audit_event e = {.kind = kind,
                            .at_us = r->world->now_us(r->world),
                            .door = DOOR_PAGES,
                            .purpose = PURPOSE_TREATMENT,
                            .institution = r->institution,
                            .on = DAY_NONE,
                            .ratio = RATIO_NONE,
                            .proof = (uint8_t)proof};
    if (!read_id(id, e.id)) return diag_set(d, ERR_VALUE, "id", NULL);
    audit_event_put(&b, &e);
    enum err result = ledger_append(r->ledger, &t, buf_str(&b));
    if (result != ERR_OK) return diag_set(d, result, "log", NULL);
    ledger_drain(r->ledger);
    invariant(done);
    return t.err == ERR_OK ? ERR_OK : diag_set(d, t.err, "log", NULL);
}
