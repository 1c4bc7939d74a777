#include "service/card_person.h"

#include "service/one_member.h"
#include "service/ways.h"

#include <limits.h>
#include <stdio.h>

enum { REGISTRATIONS_MAX = 256 }; /* of one certificate: insurers change a few times in five years */

/* ---- the room ---- */

static enum err open_cards(struct card_room *r, bool write, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/cards", r->store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    enum err e =
        store_open(&r->cards, &(struct store_settings){.home = STORE_HOME_CARDS, .folder = path, .write = write}, d);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err open_trust(struct card_room *r, const struct card_room_settings *s, struct diag *d) {
    char fetched[PATH_MAX], sources[PATH_MAX];
    if (snprintf(fetched, sizeof fetched, "%s/crls", s->store) >= (int)sizeof fetched ||
        snprintf(sources, sizeof sources, "%s/cards/sources", s->keys) >= (int)sizeof sources)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    TRY(card_trust_open(&r->trust, r->world, s->keys, fetched, d));
    return s->watch ? card_watch_open(&r->watch, r->world, r->trust, sources, d) : ERR_OK;
}

enum err card_room_open(struct card_room *out, struct world *w, const struct card_room_settings *s, struct diag *d) {
    *out = (struct card_room){.world = w, .vault = {.fd = -1}};
    if (!str_to_c(str_c(s->store), out->store, sizeof out->store)) return diag_set(d, ERR_LIMIT, "--store", NULL);
    enum err e = open_trust(out, s, d);
    if (e == ERR_OK && card_trust_empty(out->trust))
        e = diag_set(d, ERR_NOT_SUPPORTED, "cards",
                     "信じる認証局がありません。mado keys trust / no authority of cards is believed; mado keys trust");
    if (e == ERR_OK) e = open_cards(out, s->write, d);
    if (e == ERR_OK) e = vault_start_cards(&out->vault, s->program, s->store, d);
    if (e != ERR_OK) card_room_close(out);
    return e;
}

void card_room_close(struct card_room *r) {
    vault_close(&r->vault);
    card_watch_close(r->watch);
    if (r->cards) store_close(r->cards);
    card_trust_close(r->trust);
    *r = (struct card_room){.vault = {.fd = -1}};
}

void card_room_tick(struct card_room *r) {
    card_trust_refresh(r->trust);
    if (r->watch) card_watch_tick(r->watch);
}

void card_room_find_cards(struct card_room *r) {
    if (r->cards == NULL) (void)!open_cards(r, false, NULL); /* tried again at the next question */
}

/* ---- the certificate ---- */

/* A certificate, also a stranger's, may name any year to 9999; our calendar ends before (core/day.h). */
static struct day in_calendar(struct day d) {
    struct day first, last;
    invariant(day_from_civil(1800, 1, 1, &first) && day_from_civil(2999, 12, 31, &last));
    return day_before(d, first) ? first : day_before(last, d) ? last : d;
}

static bool trusted(enum card_fault f) {
    return f == CARD_FAULT_NONE || f == CARD_FAULT_EXPIRED || f == CARD_FAULT_SIGNATURE;
}

static enum err check(struct card_room *r, const struct card_claim *claim, struct card_person *out,
                      struct card_checked *checked, struct diag *d) {
    const struct card_anchors anchors = card_trust_anchors(r->trust);
    TRY(card_check(&anchors, claim, r->world->now_us(r->world) / 1000000, checked, d));
    enum err e = ERR_OK;
    if (checked->name.n) e = vault_name_card(&r->vault, card_name_view(&checked->name), out->certificate, d);
    card_name_forget(&checked->name);
    out->revocation = checked->revocation;
    if (e == ERR_OK && r->watch && trusted(checked->fault)) {
        out->revocation = revocation_both(checked->revocation, card_watch_state(r->watch, out->certificate));
        /* For the next time, should nobody have shown it before. */
        if (out->revocation == REVOCATION_NOT_CHECKED || out->revocation == REVOCATION_STALE)
            card_watch_ask(r->watch, out->certificate, claim->certificate);
    }
    /* The day of its last second: real ones end at 23:59:59 in Japan. */
    out->until = checked->not_after_s ? in_calendar(day_in_japan(checked->not_after_s * 1000000)) : DAY_NONE;
    return e;
}

enum err card_person_name(struct card_room *r, struct str certificate, struct card_person *out, enum card_fault *fault,
                          struct diag *d) {
    const struct card_claim claim = {.kind = JPKI_AUTH, .certificate = certificate, .certificate_only = true};
    struct card_checked checked;
    *out = (struct card_person){.until = DAY_NONE};
    TRY(check(r, &claim, out, &checked, d));
    *fault = checked.fault;
    return ERR_OK;
}

void card_person_expect(struct card_room *r, struct str certificate) {
    struct card_person p;
    enum card_fault fault;
    if (r->watch == NULL || card_person_name(r, certificate, &p, &fault, NULL) != ERR_OK || !trusted(fault)) return;
    if (card_watch_state(r->watch, p.certificate) == REVOCATION_NOT_CHECKED)
        card_watch_ask(r->watch, p.certificate, certificate);
}

/* ---- whom it stands for ---- */

struct registrations {
    struct arena *arena;
    struct card_registration *all;
    size_t count;
    struct str last; /* key of the last one read */
    enum err err;
};

static void got_some(struct store_read *r) {
    struct registrations *g = r->context;
    g->err = r->err;
    for (size_t i = 0; g->err == ERR_OK && i < r->finds[0].count && g->count < REGISTRATIONS_MAX; i++) {
        struct str key = arena_copy(g->arena, r->finds[0].rows[i].key);
        if (key.p == NULL) g->err = ERR_MEMORY;
        else if (!card_row_read(key, r->finds[0].rows[i].value, &g->all[g->count++])) g->err = ERR_CORRUPT;
        g->last = key;
    }
}

static enum err read_registrations(struct card_room *r, const uint8_t certificate[CARD_NAME_BYTES],
                                   struct registrations *g, struct diag *d) {
    struct store_find find = {.table = STORE_CARD, .prefix = str_of(certificate, CARD_NAME_BYTES)};
    struct store_read read = {.finds = &find, .find_count = 1, .done = got_some, .context = g};
    if (r->cards == NULL) return ERR_OK;
    g->all = arena_new(g->arena, REGISTRATIONS_MAX * sizeof *g->all);
    if (g->all == NULL) return diag_set(d, ERR_MEMORY, "cards", NULL);
    do {
        find.after = g->last;
        store_read_now(r->cards, &read);
        if (g->err != ERR_OK) return store_turn(r->cards), diag_set(d, g->err, "cards", NULL);
    } while (find.more && g->count < REGISTRATIONS_MAX);
    store_turn(r->cards);
    return ERR_OK;
}

/* A registration that a counter or a list has ended since counts as ended; *revoked: one of them was revoked there. */
static enum err hear_ways(struct store *ways, struct registrations *g, bool *revoked, struct diag *d) {
    for (size_t i = 0; i < g->count; i++) {
        struct card_registration *c = &g->all[i];
        struct ways_facts f;
        if (c->ended_us) continue;
        TRY(ways_of(ways, c->member_key, &f, d));
        const struct way *w = &f.ways.of[c->holder == HOLDER_PHONE ? WAY_PHONE : WAY_CARD];
        enum card_said said = f.known ? card_said(w, day_in_japan(c->at_us)) : CARD_SAID_NOTHING;
        if (said == CARD_SAID_ENDED) c->ended_us = c->at_us;
        *revoked |= said == CARD_SAID_REVOKED;
    }
    return ERR_OK;
}

/* Members of registrations in force; of ended ones when none is, so that the log knows whom it was about. */
static enum err read_members(struct store *coverage, const struct registrations *g, bool in_force,
                             struct member *members, struct str keys[CARD_MEMBERS_MAX], size_t *count, struct diag *d) {
    *count = 0;
    for (size_t i = 0; i < g->count && *count < CARD_MEMBERS_MAX; i++) {
        const struct member *m = NULL;
        if ((g->all[i].ended_us == 0) != in_force) continue;
        enum err e = one_member_read(coverage, g->arena, g->all[i].member_key, &m, d);
        if (e == ERR_NOT_FOUND) continue;
        if (e != ERR_OK) return e;
        keys[*count] = g->all[i].member_key;
        members[(*count)++] = *m;
    }
    return ERR_OK;
}

static enum err find_member(struct store *coverage, const struct registrations *g, bool in_force, struct day on,
                            struct card_person *out, struct diag *d) {
    struct member *members = arena_new(g->arena, CARD_MEMBERS_MAX * sizeof *members);
    struct str keys[CARD_MEMBERS_MAX];
    size_t count = 0;
    if (members == NULL) return diag_set(d, ERR_MEMORY, "cards", NULL);
    TRY(read_members(coverage, g, in_force, members, keys, &count, d));
    out->member = card_member_on(members, count, on);
    if (out->member) out->member_key = keys[out->member - members];
    return ERR_OK;
}

static enum card_revoked revoked(enum revocation_state s) {
    switch (s) {
    case REVOCATION_GOOD: return CARD_NOT_REVOKED;
    case REVOCATION_REVOKED: return CARD_IS_REVOKED;
    case REVOCATION_UNKNOWN: return CARD_NOBODY_KNOWS_IT;
    default: return CARD_NOT_LEARNT;
    }
}

static struct card_facts facts_of(const struct card_checked *c, const struct card_person *p,
                                  const struct registrations *g) {
    struct card_facts f = {.revoked = revoked(p->revocation), .until = p->until, .is_signed = c->is_signed};
    f.trusted = trusted(c->fault);
    f.registered = g->count > 0;
    for (size_t i = 0; i < g->count; i++) {
        f.in_use |= g->all[i].ended_us == 0;
        f.on_phone |= g->all[i].holder == HOLDER_PHONE;
    }
    return f;
}

enum err card_person_find(struct card_room *r, struct store *coverage, struct store *ways, struct arena *arena,
                          const struct card_claim *claim, struct day on, struct card_person *out, struct diag *d) {
    static const uint8_t nobody[CARD_NAME_BYTES];
    struct registrations g = {.arena = arena};
    struct card_checked checked;
    bool revoked_there = false;
    struct day today = day_in_japan(r->world->now_us(r->world));
    *out = (struct card_person){.until = DAY_NONE};
    TRY(check(r, claim, out, &checked, d));
    if (memcmp(out->certificate, nobody, sizeof nobody) != 0) TRY(read_registrations(r, out->certificate, &g, d));
    TRY(hear_ways(ways, &g, &revoked_there, d));
    struct card_facts f = facts_of(&checked, out, &g);
    if (revoked_there) f.revoked = CARD_IS_REVOKED;
    TRY(find_member(coverage, &g, f.in_use, day_is(on) ? on : today, out, d));
    /* A registration whose member the insurer has taken back stands for nobody. */
    if (out->member == NULL) f.registered = f.in_use = false;
    out->decision = card_decide(&f, today);
    return ERR_OK;
}
