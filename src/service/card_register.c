#include "service/card_register.h"

#include "base/json.h"
#include "service/one_member.h"
#include "state/store/store_key.h"

#include <sodium.h>

/* ---- a line ---- */

static enum err text_of(struct json object, const char *name, bool needed, struct str *out, struct diag *d) {
    struct json v = json_get(object, name);
    *out = S("");
    if (json_none(v)) return needed ? diag_set(d, ERR_MISSING, name, NULL) : ERR_OK;
    return json_str(v, out) ? ERR_OK : diag_set(d, ERR_VALUE, name, "text");
}

static enum err only_known(struct json object, struct diag *d) {
    static const char *const names[] = {"act", "certificate", "held", "insurer", "symbol", "number", "branch"};
    for (struct json m = json_first(object); !json_none(m); m = json_next(m)) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(names); i++) known |= str_eq(json_name(m), str_c(names[i]));
        if (!known) return diag_set(d, ERR_UNKNOWN, "line", "act, certificate, held, insurer, symbol, number, branch");
    }
    return ERR_OK;
}

static enum err read_id(struct json object, struct card_line *out, struct diag *d) {
    struct str insurer, branch;
    enum err e;
    TRY(text_of(object, "insurer", true, &insurer, d));
    TRY(text_of(object, "symbol", false, &out->id.symbol, d));
    TRY(text_of(object, "number", true, &out->id.number, d));
    TRY(text_of(object, "branch", false, &branch, d));
    if ((e = insurer_number_parse(insurer, &out->insurer)) != ERR_OK) return diag_set(d, e, "insurer", NULL);
    if ((e = insured_part_check(out->id.symbol)) != ERR_OK) return diag_set(d, e, "symbol", NULL);
    if ((e = insured_part_check(out->id.number)) != ERR_OK) return diag_set(d, e, "number", NULL);
    if ((e = branch_parse(branch, &out->id.branch)) != ERR_OK) return diag_set(d, e, "branch", NULL);
    return ERR_OK;
}

static enum err read_certificate(struct arena *arena, struct str base64, struct card_line *out, struct diag *d) {
    size_t room = base64.n / 4 * 3 + 3, n = 0;
    unsigned char *der = arena_new(arena, room);
    if (der == NULL) return diag_set(d, ERR_MEMORY, "certificate", NULL);
    if (sodium_base642bin(der, room, base64.p, base64.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 || n == 0)
        return diag_set(d, ERR_VALUE, "certificate", "base64 of the DER");
    out->certificate = str_of(der, n);
    return ERR_OK;
}

static enum err read_act(struct arena *arena, struct json object, struct card_line *out, struct diag *d) {
    struct str act, certificate, held;
    TRY(text_of(object, "act", true, &act, d));
    out->act = str_eq(act, S("register")) ? CARD_ACT_REGISTER : CARD_ACT_END;
    if (out->act == CARD_ACT_END && !str_eq(act, S("end"))) return diag_set(d, ERR_VALUE, "act", "register or end");
    TRY(text_of(object, "certificate", out->act == CARD_ACT_REGISTER, &certificate, d));
    TRY(text_of(object, "held", false, &held, d));
    if (out->act == CARD_ACT_END && (certificate.n || held.n))
        return diag_set(d, ERR_VALUE, "certificate", "end is for all certificates of the member");
    if (!str_eq(held, S("phone")) && !str_eq(held, S("card")) && held.n)
        return diag_set(d, ERR_VALUE, "held", "card or phone");
    out->holder = str_eq(held, S("phone")) ? HOLDER_PHONE : HOLDER_CARD;
    return out->act == CARD_ACT_END ? ERR_OK : read_certificate(arena, certificate, out, d);
}

enum err card_line_read(struct arena *arena, struct str line, struct card_line *out, struct diag *d) {
    struct json object;
    *out = (struct card_line){.id.branch = BRANCH_NONE};
    if (line.n > CARD_LINE_MAX) return diag_set(d, ERR_LIMIT, "line", NULL);
    TRY(json_read(arena, line, &object, d));
    if (json_kind(object) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "line", "a JSON object");
    TRY(only_known(object, d));
    TRY(read_id(object, out, d));
    return read_act(arena, object, out, d);
}

/* ---- the store ---- */

static void ignore(struct ledger_ticket *t) { (void)t; }

static enum err record(struct verify_desk *desk, const struct asker *asker, const struct member *m, struct diag *d) {
    struct ledger_ticket t = {.done = ignore};
    struct audit_event e = {.kind = AUDIT_CARDS,
                            .at_us = desk->world->now_us(desk->world),
                            .on = DAY_NONE,
                            .ratio = RATIO_NONE,
                            .count = 1,
                            .subject_kind = SUBJECT_MEMBER};
    memcpy(e.subject, m->pseudonym, sizeof e.subject);
    enum err result = verify_record(desk, asker, &t, &e);
    if (result == ERR_OK) ledger_drain(desk->ledger), result = t.err;
    return result == ERR_OK ? ERR_OK : diag_set(d, result, "ledger", NULL);
}

static enum err write_both(struct store_txn *t, const struct card_registration *c, struct diag *d) {
    char by_card[CARD_KEY_MAX], by_member[CARD_KEY_MAX], row[32];
    struct buf k = buf_over(by_card, sizeof by_card), m = buf_over(by_member, sizeof by_member),
               v = buf_over(row, sizeof row);
    card_key_put(&k, c), card_of_key_put(&m, c), card_row_put(&v, c);
    if (!buf_ok(&k) || !buf_ok(&m) || !buf_ok(&v)) return diag_set(d, ERR_LIMIT, "cards", NULL);
    TRY(store_put(t, STORE_CARD, buf_str(&k), buf_str(&v), d));
    return store_put(t, STORE_CARD_OF, buf_str(&m), buf_str(&v), d);
}

/* Walks the rows of CARD_OF with the prefix. `each` may write; false ends the walk. */
struct walk {
    bool (*each)(struct walk *w, struct card_registration *c);
    struct store_txn *t;
    struct diag *d;
    int64_t now_us;
    unsigned count;
    enum err err;
};

static enum err walk_of(struct walk *w, struct str prefix) {
    char room[CARD_KEY_MAX];
    struct buf from = buf_over(room, sizeof room);
    struct store_row row;
    enum err e = ERR_OK;
    buf_put(&from, prefix);
    for (bool after = false;; after = true) {
        struct card_registration of, c;
        e = store_seek(w->t, STORE_CARD_OF, buf_str(&from), after, &row, w->d);
        if (e != ERR_OK || !str_starts(row.key, prefix)) break;
        buf_reset(&from), buf_put(&from, row.key);
        char key_room[CARD_KEY_MAX];
        struct buf key = buf_over(key_room, sizeof key_room);
        if (!card_of_key_read(buf_str(&from), &of)) return diag_set(w->d, ERR_CORRUPT, "cards", NULL);
        card_key_put(&key, &of);
        if (!card_row_read(buf_str(&key), row.value, &c)) return diag_set(w->d, ERR_CORRUPT, "cards", NULL);
        if (!w->each(w, &c)) return w->err;
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool end_one(struct walk *w, struct card_registration *c) {
    if (c->ended_us) return true;
    c->ended_us = w->now_us;
    w->count++;
    w->err = write_both(w->t, c, w->d);
    return w->err == ERR_OK;
}

static bool is_in_force(struct walk *w, struct card_registration *c) {
    w->count += c->ended_us == 0;
    return true;
}

static enum err settle(struct verify_desk *desk, const struct asker *asker, const struct member *m, struct store_txn *t,
                       bool changed, enum err e, struct diag *d) {
    if (e == ERR_OK && changed) e = record(desk, asker, m, d); /* nothing is done that the log does not know of */
    if (e == ERR_OK && changed) return store_commit(t, d);
    store_abort(t);
    return e;
}

static enum err end_all(struct card_room *r, struct verify_desk *desk, const struct asker *asker,
                        const struct member *m, struct str member_key, enum card_done *done, struct diag *d) {
    struct walk w = {.each = end_one, .d = d, .now_us = r->world->now_us(r->world)};
    TRY(store_begin(r->cards, &w.t, d));
    enum err e = walk_of(&w, member_key);
    *done = w.count ? CARD_ENDED : CARD_NOTHING_TO_END;
    return settle(desk, asker, m, w.t, w.count > 0, e, d);
}

static enum err check_certificate(struct card_room *r, const struct card_line *line, struct card_person *p,
                                  struct diag *d) {
    enum card_fault fault;
    TRY(card_person_name(r, line->certificate, p, &fault, d));
    /* One that has ended may be brought along from elsewhere: card_decide() knows its months of grace. */
    if (fault != CARD_FAULT_NONE && fault != CARD_FAULT_EXPIRED)
        return diag_set(d, ERR_VALUE, "certificate", "%s / %s", card_fault_ja(fault).p, card_fault_en(fault).p);
    if (p->revocation == REVOCATION_REVOKED)
        return diag_set(d, ERR_CONFLICT, "certificate", "失効しています / it is revoked");
    return ERR_OK;
}

static enum err add_one(struct card_room *r, struct verify_desk *desk, const struct asker *asker,
                        const struct card_line *line, const struct member *m, struct str member_key,
                        enum card_done *done, struct diag *d) {
    char room[CARD_KEY_MAX];
    struct buf prefix = buf_over(room, sizeof room);
    struct card_person p;
    TRY(check_certificate(r, line, &p, d));
    struct card_registration c = {
        .member_key = member_key, .at_us = r->world->now_us(r->world), .until = p.until, .holder = line->holder};
    memcpy(c.certificate, p.certificate, sizeof c.certificate);
    buf_put(&prefix, member_key), buf_put(&prefix, str_of(c.certificate, sizeof c.certificate));
    struct walk w = {.each = is_in_force, .d = d};
    TRY(store_begin(r->cards, &w.t, d));
    enum err e = walk_of(&w, buf_str(&prefix));
    *done = w.count ? CARD_REGISTERED_BEFORE : CARD_REGISTERED;
    if (e == ERR_OK && w.count == 0) e = write_both(w.t, &c, d);
    return settle(desk, asker, m, w.t, w.count == 0, e, d);
}

enum err card_register(struct card_room *r, struct verify_desk *desk, const struct asker *asker, struct arena *arena,
                       const struct card_line *line, enum card_done *done, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    const struct member *m = NULL;
    TRY(one_member_find(desk->coverage, arena, line->insurer, &line->id, &m, d));
    enum err e = store_key_member(&key, m->insurer, &m->id, m->birth);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    if (line->act == CARD_ACT_END) return end_all(r, desk, asker, m, buf_str(&key), done, d);
    return add_one(r, desk, asker, line, m, buf_str(&key), done, d);
}
