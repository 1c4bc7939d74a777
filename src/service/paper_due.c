#include "service/paper_due.h"

#include "rules/eligibility/eligibility.h"

#include <sodium.h>

bool paper_due(const struct member *m, const struct ways_facts *f, enum paper_kind kind, struct day on,
               struct paper_due *out) {
    struct day from = kind == PAPER_CERTIFICATE ? certificate_due(&f->ways, &f->certificates, on)
                                                : notice_due(&f->ways, &f->notices, on);
    if (!day_is(from)) return false;
    struct question q = {.insurer = m->insurer, .id = m->id, .birth = m->birth, .on = from};
    struct eligibility_facts facts = {.members = m, .member_count = 1};
    out->verdict = eligibility_decide(&q, &facts);
    if (!verdict_covered(&out->verdict)) return false;
    out->span = paper_span_decide(&out->verdict, from);
    out->why = certificate_why(&f->ways, &f->certificates, on);
    return true;
}

/* ---- what the store remembers ---- */

/* u8 kind ‖ id ‖ u32 made ‖ u32 from ‖ u32 until ‖ member key */
void paper_outbox_add(struct buf *entries, struct str member_key, enum paper_kind kind, const struct paper_made *made) {
    char room[WAYS_KEY_MAX + WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    buf_u8(&b, (uint8_t)kind);
    buf_put(&b, str_of(made->id, sizeof made->id));
    buf_u32(&b, (uint32_t)made->made.n);
    buf_u32(&b, (uint32_t)made->from.n);
    buf_u32(&b, (uint32_t)made->until.n);
    buf_put(&b, member_key);
    invariant(buf_ok(&b));
    outbox_add(entries, buf_str(&b));
}

static bool read_entry(struct str entry, enum paper_kind *kind, struct paper_made *made, struct str *member_key) {
    struct scan s = scan_of(entry);
    uint8_t k = 0;
    uint32_t day[3] = {0};
    struct str id;
    if (!scan_u8(&s, &k) || k > PAPER_NOTICE || !scan_take(&s, PAPER_ID_BYTES, &id)) return false;
    for (size_t i = 0; i < ARRAY_LEN(day); i++)
        if (!scan_u32(&s, &day[i])) return false;
    memcpy(made->id, id.p, id.n);
    made->made.n = (int32_t)day[0], made->from.n = (int32_t)day[1], made->until.n = (int32_t)day[2];
    *kind = k, *member_key = scan_rest(&s);
    return member_key->n > 0 && member_key->n <= STORE_MEMBER_KEY_MAX;
}

bool paper_id_read(struct str printed, uint8_t out[PAPER_ID_BYTES]) {
    size_t n = 0;
    return sodium_base642bin(out, PAPER_ID_BYTES, printed.p, printed.n, NULL, &n, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           n == PAPER_ID_BYTES;
}

static void papers_drop(struct papers *p, const uint8_t id[PAPER_ID_BYTES]) {
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++)
        if (memcmp(p->list[i].id, id, PAPER_ID_BYTES) != 0) p->list[kept++] = p->list[i];
    p->count = kept;
}

/* In a member's papers of a kind, `drop` (NULL: none) goes and `add` (likewise) is there, once. */
static enum err change(struct store_txn *t, struct str member_key, enum paper_kind kind, const uint8_t *drop,
                       const struct paper_made *add, struct diag *d) {
    char key_room[WAYS_KEY_MAX], row_room[WAYS_ROW_MAX];
    struct buf key = buf_over(key_room, sizeof key_room), row = buf_over(row_room, sizeof row_room);
    struct store_row found;
    struct papers papers = {0};
    paper_key(&key, member_key, kind);
    enum err e = store_seek(t, STORE_PAPER, buf_str(&key), false, &found, d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && str_eq(found.key, buf_str(&key)) && !papers_row_read(found.value, &papers))
        return diag_set(d, ERR_CORRUPT, "paper", NULL);
    if (drop) papers_drop(&papers, drop);
    if (add) papers_drop(&papers, add->id), papers_add(&papers, add);
    papers_row_put(&row, &papers);
    invariant(buf_ok(&row) && buf_ok(&key));
    return store_put(t, STORE_PAPER, buf_str(&key), buf_str(&row), d);
}

static enum err apply(struct store_txn *t, struct str entry, struct diag *d) {
    struct paper_made made;
    enum paper_kind kind;
    struct str member_key;
    if (!read_entry(entry, &kind, &made, &member_key)) return diag_set(d, ERR_CORRUPT, "outbox", NULL);
    return change(t, member_key, kind, NULL, &made, d);
}

enum err paper_stopped(struct store *ways, struct str member_key, enum paper_kind kind,
                       const uint8_t id[PAPER_ID_BYTES], const struct paper_made *made, struct diag *d) {
    struct store_txn *t = NULL;
    TRY(store_begin(ways, &t, d));
    enum err e = change(t, member_key, kind, id, made, d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

struct outbox paper_outbox(struct world *w, struct store *ways) {
    return (struct outbox){.world = w, .ways = ways, .name = "papers", .apply = apply};
}
