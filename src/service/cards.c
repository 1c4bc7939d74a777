#include "service/cards.h"

#include <stdlib.h>

#include "state/store/member_row.h"
#include "state/store/store_key.h"

enum {
    CARD_BYTES_MAX = MEMBERS_PER_CARD_MAX * MEMBER_ROW_MAX * 2, /* rows as stored and taken apart */
    BIRTH_AND_BRANCH = 4 + 1, /* the end of a member's key; before it stands the card */
    PROGRESS_EVERY = 1024,    /* look-ups */
};

struct walk {
    const struct cards *c;
    struct store_find find;
    char room[STORE_KEY_MAX]; /* the last key that was read */
    size_t room_n;
    struct arena arena; /* the card's */
    struct member members[MEMBERS_PER_CARD_MAX];
    struct card card;
    uint64_t read, look_ups;
};

static enum err finish_card(struct walk *w, struct diag *d) {
    if (w->card.count == 0) return ERR_OK;
    enum err e = w->c->card(w->c->context, &w->card, d);
    arena_reset(&w->arena);
    w->card = (struct card){.members = w->members};
    return e;
}

static enum err take_row(struct walk *w, const struct store_row *row, struct diag *d) {
    struct insurer_number insurer;
    struct insured_id folded;
    struct day birth;
    if (row->key.n <= BIRTH_AND_BRANCH || !store_key_member_read(row->key, &insurer, &folded, &birth))
        return diag_set(d, ERR_CORRUPT, "member", "a key");
    struct str key = str_head(row->key, row->key.n - BIRTH_AND_BRANCH);
    if (!str_eq(key, w->card.key)) TRY(finish_card(w, d));
    if (w->card.count == MEMBERS_PER_CARD_MAX)
        return diag_set(d, ERR_LIMIT, "card", "more than %d members", MEMBERS_PER_CARD_MAX);
    if (w->card.count == 0) w->card.key = arena_copy(&w->arena, key), w->card.insurer = insurer;
    enum err e = member_row_read(&w->arena, row->key, row->value, &w->members[w->card.count]);
    if (e != ERR_OK || w->card.key.p == NULL) return diag_set(d, e != ERR_OK ? e : ERR_MEMORY, "member", NULL);
    w->card.count++, w->read++;
    return ERR_OK;
}

struct batch {
    struct walk *w;
    enum err err;
    struct diag *d;
};

/* Rows are the store's until here: what is kept of them is copied. */
static void got_rows(struct store_read *read) {
    struct batch *b = read->context;
    struct walk *w = b->w;
    b->err = read->err;
    if (read->err != ERR_OK && b->d) *b->d = read->diag;
    for (size_t i = 0; b->err == ERR_OK && i < w->find.count; i++) b->err = take_row(w, &w->find.rows[i], b->d);
    if (b->err != ERR_OK || w->find.count == 0) return;
    struct str last = w->find.rows[w->find.count - 1].key;
    invariant(last.n <= sizeof w->room);
    memcpy(w->room, last.p, last.n);
    w->room_n = last.n;
}

static enum err read_all(struct walk *w, struct str prefix, struct diag *d) {
    struct store *store = w->c->store;
    uint64_t all = store_count(store, STORE_MEMBER);
    do {
        struct batch b = {.w = w, .d = d};
        struct store_read read = {.finds = &w->find, .find_count = 1, .done = got_rows, .context = &b};
        w->find = (struct store_find){.table = STORE_MEMBER, .prefix = prefix, .after = str_of(w->room, w->room_n)};
        store_read_now(store, &read);
        store_turn(store); /* lets go of the view: an import beside us may reuse its pages */
        if (b.err != ERR_OK) return b.err;
        if (w->c->progress && w->look_ups++ % PROGRESS_EVERY == 0) w->c->progress(w->c->context, w->read, all);
    } while (w->find.more);
    return finish_card(w, d);
}

enum err cards_walk(const struct cards *c, struct diag *d) {
    char room[4];
    struct buf prefix = buf_over(room, sizeof room);
    struct walk *w = calloc(1, sizeof *w);
    if (w == NULL) return diag_set(d, ERR_MEMORY, "cards", NULL);
    w->c = c, w->card.members = w->members;
    arena_init(&w->arena, CARD_BYTES_MAX);
    if (c->only.n) buf_u32_big(&prefix, c->only.n);
    enum err e = read_all(w, buf_str(&prefix), d);
    arena_fini(&w->arena);
    free(w);
    return e;
}
