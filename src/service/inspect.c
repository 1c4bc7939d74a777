#include "service/inspect.h"

#include "service/cards.h"

struct run {
    struct verify_desk *desk;
    const struct inspection *i;
    struct insurer_number insurer;
    uint64_t members, findings; /* of the insurer */
};

static void found(void *context, const struct finding *f) {
    struct run *r = context;
    r->findings++;
    r->i->found.found(r->i->found.context, f);
}

static enum err finish_insurer(struct run *r, struct diag *d) {
    const struct finding_sink sink = {found, r};
    if (r->members == 0) return ERR_OK;
    if (r->i->changes) TRY(changes_insurer(r->i->changes, r->insurer, &sink, d));
    /* Whoever reads the findings learns of people: the log knows it first. */
    TRY(verify_record_now(r->desk, &r->i->asker, AUDIT_INSPECTION, r->i->on, r->findings, d));
    TRY(r->i->insurer_done(r->i->context, r->insurer, r->members, d));
    r->members = r->findings = 0;
    return ERR_OK;
}

static enum err take_card(void *context, const struct card *c, struct diag *d) {
    struct run *r = context;
    const struct finding_sink sink = {found, r};
    if (c->insurer.n != r->insurer.n) TRY(finish_insurer(r, d));
    r->insurer = c->insurer, r->members += c->count;
    plausibility_card(c->members, c->count, r->i->on, &sink);
    return ERR_OK;
}

static void progress(void *context, uint64_t members, uint64_t all) {
    const struct run *r = context;
    r->i->progress(r->i->context, members, all);
}

enum err inspect_run(struct verify_desk *desk, const struct inspection *i, struct diag *d) {
    struct run r = {.desk = desk, .i = i};
    const struct cards c = {.store = desk->coverage,
                            .only = i->only,
                            .card = take_card,
                            .progress = i->progress ? progress : NULL,
                            .context = &r};
    TRY(cards_walk(&c, d));
    return finish_insurer(&r, d);
}
