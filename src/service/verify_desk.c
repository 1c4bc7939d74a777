#include "service/verify_desk.h"

#include "state/trust/attestation.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

static enum err read_key(struct verify_desk *v, struct world *w, const char *store, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    if (snprintf(path, sizeof path, "%s/unmatched.key", store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    buf_init(&b, sizeof v->unmatched_key);
    enum err e = world_read_file(w, path, &b, d);
    if (e == ERR_OK && b.n != sizeof v->unmatched_key) e = diag_set(d, ERR_CORRUPT, path, NULL);
    if (e == ERR_OK) memcpy(v->unmatched_key, b.p, b.n);
    if (e == ERR_NOT_FOUND)
        e = diag_set(
            d, ERR_NOT_FOUND, store,
            "ここに保管庫はありません。mado import で作ります / there is no store here; mado import makes one");
    buf_fini(&b);
    return e;
}

static enum err open_home(struct store **out, const char *store, enum store_home home, bool write, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", store, store_home_folder(home)) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    return store_open(out, &(struct store_settings){.home = home, .folder = path, .write = write}, d);
}

/* mado serve puts its folder of keys there; a command at the operator's screen answers without. */
static enum err open_attestor(struct verify_desk *v, struct world *w, const char *store, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/run/keys/attestation", store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    enum err e = attestation_key_open(&v->attestor, w, path, d);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err verify_desk_open(struct verify_desk *out, struct world *w, const struct verify_desk_settings *s,
                          struct diag *d) {
    char path[PATH_MAX];
    *out = (struct verify_desk){.world = w, .folder = s->store};
    TRY(read_key(out, w, s->store, d));
    TRY(open_home(&out->coverage, s->store, STORE_HOME_COVERAGE, false, d));
    enum err e = open_home(&out->desk, s->store, STORE_HOME_DESK, s->write_desk, d);
    if (e == ERR_NOT_FOUND) e = ERR_OK; /* nobody has registered anything yet */
    if (e == ERR_OK && s->attests) e = open_attestor(out, w, s->store, d);
    if (e == ERR_OK) e = open_home(&out->ways, s->store, STORE_HOME_WAYS, s->write_ways, d);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e == ERR_OK && snprintf(path, sizeof path, "%s/ledger", s->store) >= (int)sizeof path)
        e = diag_set(d, ERR_LIMIT, "path", NULL);
    if (e == ERR_OK)
        e = ledger_open(&out->ledger, w,
                        &(struct ledger_settings){.folder = path,
                                                  .writer = s->writer,
                                                  .segment_bytes = s->segment_bytes,
                                                  .wake = s->wake,
                                                  .wake_context = s->wake_context},
                        d);
    if (e != ERR_OK) verify_desk_close(out);
    return e;
}

void verify_desk_close(struct verify_desk *v) {
    if (v->ledger) ledger_close(v->ledger);
    if (v->coverage) store_close(v->coverage);
    if (v->desk) store_close(v->desk);
    attestation_key_close(v->attestor);
    if (v->ways) store_close(v->ways);
    *v = (struct verify_desk){0};
}

void verify_desk_find_ways(struct verify_desk *v, const char *store) {
    if (v->ways == NULL) (void)!open_home(&v->ways, store, STORE_HOME_WAYS, false, NULL);
}
