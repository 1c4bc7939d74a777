#include "service/outbox.h"

#include "base/scan.h"

#include <sodium.h>

enum {
    NOTE_VERSION = 1,
    SUM_BYTES = crypto_hash_sha256_BYTES,
    NOTE_MAX = OUTBOX_ENTRIES_MAX + OUTBOX_PATH_MAX + 256,
    FILE_MAX = 64 << 20, /* a queue of a thousand lines is under four */
};

static void sum_of(struct str bytes, unsigned char sum[SUM_BYTES]) {
    crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
}

void outbox_add(struct buf *entries, struct str entry) { buf_bytes(entries, entry); }

/* ---- the note ---- */

static enum err put_note(const struct outbox *o, const char *path, struct str bytes, struct str entries,
                         struct diag *d) {
    unsigned char sum[SUM_BYTES];
    struct store_txn *t = NULL;
    struct buf note;
    sum_of(bytes, sum);
    buf_init(&note, NOTE_MAX);
    buf_u8(&note, NOTE_VERSION);
    buf_bytes(&note, str_c(path));
    buf_put(&note, str_of(sum, sizeof sum));
    buf_bytes(&note, entries);
    enum err e = buf_ok(&note) ? store_begin(o->ways, &t, d) : diag_set(d, ERR_LIMIT, "outbox", NULL);
    if (e == ERR_OK) {
        e = store_put(t, STORE_WAYS_META, str_c(o->name), buf_str(&note), d);
        if (e == ERR_OK) e = store_commit(t, d);
        else store_abort(t);
    }
    buf_fini(&note);
    return e;
}

/* With nothing to make true, the note alone goes. */
static enum err settle(const struct outbox *o, struct str entries, struct diag *d) {
    struct store_txn *t = NULL;
    struct scan s = scan_of(entries);
    struct str entry;
    enum err e = ERR_OK;
    TRY(store_begin(o->ways, &t, d));
    while (e == ERR_OK && !scan_end(&s))
        e = scan_bytes(&s, &entry) ? o->apply(t, entry, d) : diag_set(d, ERR_CORRUPT, "outbox", NULL);
    if (e == ERR_OK) e = store_del(t, STORE_WAYS_META, str_c(o->name), d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

/* ---- what was left ---- */

static enum err there(const struct outbox *o, struct str path, struct str sum, bool *whole, struct diag *d) {
    char name[OUTBOX_PATH_MAX];
    unsigned char found[SUM_BYTES];
    struct buf bytes;
    *whole = false;
    if (!str_to_c(path, name, sizeof name)) return diag_set(d, ERR_CORRUPT, "outbox", NULL);
    buf_init(&bytes, FILE_MAX);
    enum err e = world_read_file(o->world, name, &bytes, d);
    sum_of(buf_str(&bytes), found);
    *whole = e == ERR_OK && str_eq(str_of(found, sizeof found), sum);
    buf_fini(&bytes);
    return e == ERR_NOT_FOUND || e == ERR_LIMIT ? ERR_OK : e; /* another file by that name is not the one noted */
}

static enum err settle_note(const struct outbox *o, struct str note, struct diag *d) {
    struct scan s = scan_of(note);
    struct str path, sum, entries;
    uint8_t version = 0;
    bool whole = false;
    if (!scan_u8(&s, &version) || version != NOTE_VERSION || !scan_bytes(&s, &path) ||
        !scan_take(&s, SUM_BYTES, &sum) || !scan_bytes(&s, &entries) || !scan_end(&s))
        return diag_set(d, ERR_CORRUPT, "outbox", NULL);
    TRY(there(o, path, sum, &whole, d));
    return settle(o, whole ? entries : S(""), d);
}

enum err outbox_settle(const struct outbox *o, struct diag *d) {
    struct buf note;
    buf_init(&note, NOTE_MAX);
    enum err e = store_get(o->ways, STORE_WAYS_META, str_c(o->name), &note, d);
    if (e == ERR_OK) e = settle_note(o, buf_str(&note), d);
    buf_fini(&note);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err outbox_send(const struct outbox *o, const char *path, struct str bytes, struct str entries, struct diag *d) {
    invariant(bytes.n <= FILE_MAX && strlen(path) < OUTBOX_PATH_MAX);
    TRY(put_note(o, path, bytes, entries, d));
    TRY(world_replace_file(o->world, path, bytes, 0600, d));
    return settle(o, entries, d);
}
