#include "service/one_member.h"

#include "state/store/member_row.h"
#include "state/store/store_key.h"

struct found {
    const struct insured_id *id; /* NULL: whoever the key names */
    struct arena *arena;
    const struct member *member; /* the one meant, NULL when none or several */
    size_t matches;
    enum err err;
};

static void got(struct store_read *r) {
    struct found *f = r->context;
    f->err = r->err;
    size_t count = f->err == ERR_OK ? r->finds[0].count : 0;
    struct member *members = arena_new(f->arena, (count ? count : 1) * sizeof *members);
    if (members == NULL) f->err = ERR_MEMORY;
    for (size_t i = 0; f->err == ERR_OK && i < count; i++)
        f->err = member_row_read(f->arena, r->finds[0].rows[i].key, r->finds[0].rows[i].value, &members[i]);
    if (f->err != ERR_OK) return;
    f->matches = count;
    f->member = count == 1 ? &members[0] : NULL;
    /* A branch narrows as in a question (docs/format/answer.md, 1). */
    if (f->id) f->member = eligibility_member(&(struct question){.id = *f->id}, members, count, &f->matches);
    if (r->finds[0].more) f->matches = 2; /* a card with more members than a look-up gives: not one */
}

static enum err look(struct store *coverage, struct str key, bool exact, struct found *f, struct diag *d) {
    struct store_find find = {.table = STORE_MEMBER, .exact = exact, .prefix = key};
    struct store_read r = {.finds = &find, .find_count = 1, .done = got, .context = f};
    store_read_now(coverage, &r);
    store_turn(coverage);
    return f->err == ERR_OK ? ERR_OK : diag_set(d, f->err, "store", NULL);
}

enum err one_member_find(struct store *coverage, struct arena *arena, struct insurer_number insurer,
                         const struct insured_id *id, const struct member **out, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct found f = {.id = id, .arena = arena};
    enum err e = store_key_card(&key, insurer, id);
    if (e != ERR_OK) return diag_set(d, e, "InsuredIdentificationNumber", NULL);
    TRY(look(coverage, buf_str(&key), false, &f, d));
    if (f.matches == 0) return diag_set(d, ERR_NOT_FOUND, "InsuredIdentificationNumber", NULL);
    if (f.matches > 1) return diag_set(d, ERR_SEVERAL, "InsuredBranchNumber", NULL);
    *out = f.member;
    return ERR_OK;
}

enum err one_member_read(struct store *coverage, struct arena *arena, struct str member_key, const struct member **out,
                         struct diag *d) {
    struct found f = {.arena = arena};
    TRY(look(coverage, member_key, true, &f, d));
    *out = f.member;
    return f.member ? ERR_OK : diag_set(d, ERR_NOT_FOUND, "member", NULL);
}
