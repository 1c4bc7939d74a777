#include "service/ways_list.h"

#include "service/member_walk.h"

struct list {
    struct verify_desk *v;
    const struct asker *asker;
    struct ways_list *l;
    struct buf batch;
    uint64_t in_batch;
};

static enum err show(struct list *x, struct diag *d) {
    if (x->in_batch == 0) return ERR_OK;
    if (!buf_ok(&x->batch)) return diag_set(d, ERR_LIMIT, "list", NULL);
    TRY(verify_record_now(x->v, x->asker, AUDIT_WAYS_SHOWN, x->l->on, x->in_batch, d));
    x->l->show(x->l->context, buf_str(&x->batch));
    buf_reset(&x->batch);
    x->in_batch = 0;
    return ERR_OK;
}

static enum err look(struct list *x, const struct member *m, struct str key, struct diag *d) {
    struct ways_facts f;
    struct paper_due due;
    TRY(ways_of(x->v->ways, key, &f, d));
    if (!paper_due(m, &f, PAPER_CERTIFICATE, x->l->on, &due)) return ERR_OK;
    x->l->put(&x->batch, m, &due);
    x->l->count++;
    return ++x->in_batch == WAYS_LIST_BATCH ? show(x, d) : ERR_OK;
}

enum err ways_list_due(struct verify_desk *v, const struct asker *asker, struct ways_list *l, struct diag *d) {
    struct list x = {.v = v, .asker = asker, .l = l};
    struct member_walk walk;
    struct member m;
    struct str key;
    bool found = true;
    l->count = 0;
    buf_init(&x.batch, WAYS_LIST_BYTES);
    member_walk_begin(&walk, v->coverage, l->insurer, S(""));
    enum err e = member_walk_next(&walk, &m, &key, &found, d);
    while (e == ERR_OK && found) {
        e = look(&x, &m, key, d);
        if (e == ERR_OK) e = member_walk_next(&walk, &m, &key, &found, d);
    }
    if (e == ERR_OK) e = show(&x, d);
    member_walk_end(&walk);
    buf_fini(&x.batch);
    return e;
}
