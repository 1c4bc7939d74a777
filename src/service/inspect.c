#include "service/inspect.h"

#include <stdlib.h>

#include "state/store/member_row.h"
#include "state/store/store_key.h"

enum {
    CARD_BYTES_MAX = MEMBERS_PER_CARD_MAX * MEMBER_ROW_MAX * 2, /* rows as stored and taken apart */
    BIRTH_AND_BRANCH = 4 + 1, /* the end of a member's key; before it stands the card */
    PROGRESS_EVERY = 1024,    /* look-ups */
};

struct run {
    struct verify_desk *desk;
    const struct inspection *i;
    struct store_find find;
    char room[STORE_KEY_MAX]; /* the last key that was read */
    size_t room_n;
    struct arena arena; /* the card's */
    struct member members[MEMBERS_PER_CARD_MAX];
    size_t count;
    struct str card; /* its key, in the arena */
    struct insurer_number insurer;
    uint64_t members_of_insurer, members_all, findings, look_ups;
};

static void found(void *context, const struct finding *f) {
    struct run *r = context;
    r->findings++;
    r->i->found.found(r->i->found.context, f);
}

static void finish_card(struct run *r) {
    const struct finding_sink sink = {found, r};
    plausibility_card(r->members, r->count, r->i->on, &sink);
    arena_reset(&r->arena);
    r->count = 0, r->card = S("");
}

static enum err finish_insurer(struct run *r, struct diag *d) {
    if (r->members_of_insurer == 0) return ERR_OK;
    finish_card(r);
    /* Whoever reads the findings learns of people: the log knows it first. */
    TRY(verify_record_now(r->desk, &r->i->asker, AUDIT_INSPECTION, r->i->on, r->findings, d));
    TRY(r->i->insurer_done(r->i->context, r->insurer, r->members_of_insurer, d));
    r->members_of_insurer = 0, r->findings = 0;
    return ERR_OK;
}

static enum err take_row(struct run *r, const struct store_row *row, struct diag *d) {
    struct insurer_number insurer;
    struct insured_id folded;
    struct day birth;
    if (row->key.n <= BIRTH_AND_BRANCH || !store_key_member_read(row->key, &insurer, &folded, &birth))
        return diag_set(d, ERR_CORRUPT, "member", "a key");
    struct str card = str_head(row->key, row->key.n - BIRTH_AND_BRANCH);
    if (r->members_of_insurer && insurer.n != r->insurer.n) TRY(finish_insurer(r, d));
    if (r->count && !str_eq(card, r->card)) finish_card(r);
    if (r->count == MEMBERS_PER_CARD_MAX)
        return diag_set(d, ERR_LIMIT, "card", "more than %d members", MEMBERS_PER_CARD_MAX);
    if (r->count == 0) r->card = arena_copy(&r->arena, card);
    enum err e = member_row_read(&r->arena, row->key, row->value, &r->members[r->count]);
    if (e != ERR_OK || r->card.p == NULL) return diag_set(d, e != ERR_OK ? e : ERR_MEMORY, "member", NULL);
    r->count++, r->members_of_insurer++, r->members_all++;
    r->insurer = insurer;
    return ERR_OK;
}

struct batch {
    struct run *r;
    enum err err;
    struct diag *d;
};

/* Rows are the store's until here: what is kept of them is copied. */
static void got_rows(struct store_read *read) {
    struct batch *b = read->context;
    struct run *r = b->r;
    b->err = read->err;
    if (read->err != ERR_OK) *b->d = read->diag;
    for (size_t i = 0; b->err == ERR_OK && i < r->find.count; i++) b->err = take_row(r, &r->find.rows[i], b->d);
    if (b->err != ERR_OK || r->find.count == 0) return;
    struct str last = r->find.rows[r->find.count - 1].key;
    invariant(last.n <= sizeof r->room);
    memcpy(r->room, last.p, last.n);
    r->room_n = last.n;
}

static enum err read_all(struct run *r, struct str prefix, struct diag *d) {
    uint64_t all = store_count(r->desk->coverage, STORE_MEMBER);
    do {
        struct batch b = {.r = r, .d = d};
        struct store_read read = {.finds = &r->find, .find_count = 1, .done = got_rows, .context = &b};
        r->find = (struct store_find){.table = STORE_MEMBER, .prefix = prefix, .after = str_of(r->room, r->room_n)};
        store_read_now(r->desk->coverage, &read);
        store_turn(r->desk->coverage); /* lets go of the view: an import beside us may reuse its pages */
        if (b.err != ERR_OK) return b.err;
        if (r->i->progress && r->look_ups++ % PROGRESS_EVERY == 0) r->i->progress(r->i->context, r->members_all, all);
    } while (r->find.more);
    return finish_insurer(r, d);
}

enum err inspect_run(struct verify_desk *desk, const struct inspection *i, struct diag *d) {
    char room[4];
    struct buf prefix = buf_over(room, sizeof room);
    struct run *r = calloc(1, sizeof *r);
    if (r == NULL) return diag_set(d, ERR_MEMORY, "inspect", NULL);
    r->desk = desk, r->i = i;
    arena_init(&r->arena, CARD_BYTES_MAX);
    if (i->only.n) buf_u32_big(&prefix, i->only.n);
    enum err e = read_all(r, buf_str(&prefix), d);
    arena_fini(&r->arena);
    free(r);
    return e;
}
