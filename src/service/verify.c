#include "service/verify.h"

#include "state/store/member_row.h"
#include "state/store/rows.h"
#include "state/store/store_key.h"

#include <sodium.h>

static void finish(struct verify_call *c, enum err e) {
    c->err = e;
    c->desk->owed--;
    c->done(c);
}

static void fail(struct verify_call *c, enum err e, const char *where) {
    finish(c, diag_set(&c->diag, e, where, NULL));
}

/* ---- what the log gets ---- */

static void event_id(struct verify_desk *desk, uint8_t id[AUDIT_ID_BYTES]) {
    if (desk->random_left < AUDIT_ID_BYTES) {
        desk->world->random(desk->world, desk->random, sizeof desk->random);
        desk->random_left = sizeof desk->random;
    }
    desk->random_left -= AUDIT_ID_BYTES;
    memcpy(id, desk->random + desk->random_left, AUDIT_ID_BYTES);
    sodium_memzero(desk->random + desk->random_left, AUDIT_ID_BYTES);
}

static void set_asker(struct audit_event *e, const struct asker *a) {
    e->door = a->door, e->purpose = a->purpose, e->institution = a->institution, e->user = a->user;
}

static void set_subject(struct audit_event *e, const struct verify_call *c) {
    const struct member *m = c->answer.verdict.member;
    if (m) {
        e->subject_kind = SUBJECT_MEMBER;
        memcpy(e->subject, m->pseudonym, sizeof e->subject);
    } else if (c->key.n) {
        e->subject_kind = SUBJECT_UNMATCHED;
        (void)crypto_generichash(e->subject, sizeof e->subject, (const unsigned char *)c->key.p, c->key.n,
                                 c->desk->unmatched_key, sizeof c->desk->unmatched_key);
    }
}

static enum err append(struct verify_desk *desk, struct ledger_ticket *t, const struct audit_event *e) {
    char room[AUDIT_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    audit_event_put(&b, e);
    invariant(buf_ok(&b));
    return ledger_append(desk->ledger, t, buf_str(&b));
}

static void durable(struct ledger_ticket *t) {
    struct verify_call *c = t->context;
    if (t->err == ERR_OK) finish(c, ERR_OK);
    else fail(c, t->err, "ledger");
}

static enum proof proof_of(const struct verify_call *c) {
    if (c->proof != PROOF_NONE) return c->proof;
    return c->reference_number.n ? PROOF_REFERENCE : PROOF_NUMBER;
}

static void record(struct verify_call *c) {
    struct answer *a = &c->answer;
    static const uint8_t none[AUDIT_ID_BYTES];
    event_id(c->desk, a->event_id);
    struct audit_event e = {
        .kind = c->kind,
        .at_us = a->answered_us,
        .on = a->question.on,
        .validity = (uint8_t)a->verdict.validity,
        .ratio = a->verdict.ratio,
        .warnings = a->verdict.warnings,
        .count = 1,
        .proof = (uint8_t)proof_of(c),
        .card = (uint8_t)c->card,
    };
    set_asker(&e, &c->asker);
    set_subject(&e, c);
    memcpy(e.id, memcmp(c->job_id, none, sizeof none) ? c->job_id : a->event_id, sizeof e.id);
    c->ticket = (struct ledger_ticket){.done = durable, .context = c};
    enum err result = append(c->desk, &c->ticket, &e);
    if (result != ERR_OK) fail(c, result, "ledger");
    else if (c->decided) c->decided(c);
}

/* ---- gathering and deciding ---- */

static void decide(struct verify_call *c) {
    struct verdict *v = &c->answer.verdict;
    *v = eligibility_decide(&c->answer.question, &c->facts);
    if (verdict_covered(v)) {
        struct day on = c->answer.question.on;
        bool other = certificate_on(v->coverage->card_from, v->coverage->card_until, on);
        v->warnings =
            ways_warnings(v->warnings, c->ways.known ? &c->ways.ways : NULL, &c->ways.certificates, other, on);
    }
    record(c);
}

/* The rows are the store's to fill: half a kilobyte that need not be cleared each time. */
static void set_find(struct store_find *f, enum store_table table, bool exact, struct str prefix) {
    f->table = table, f->exact = exact, f->prefix = prefix, f->after = S("");
}

/* Members alone: the diag is large, and set by an error only. */
static void look_up(struct verify_call *c, struct store *s, size_t count, void (*done)(struct store_read *)) {
    c->read.finds = c->finds, c->read.find_count = count;
    c->read.done = done, c->read.context = c;
    store_read(s, &c->read);
}

static void number_as_name(struct verify_call *c, const struct member *m) {
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    insurer_number_put(&b, m->insurer);
    c->answer.insurer_name = arena_copy(c->arena, buf_str(&b));
}

static void got_reference(struct store_read *r) {
    struct verify_call *c = r->context;
    if (r->err != ERR_OK) return fail(c, r->err, "desk");
    if (r->finds[0].count) c->answer.reference_number = arena_copy(c->arena, r->finds[0].rows[0].value);
    decide(c);
}

/* The number the asking institution itself knows the member by. */
static void find_reference(struct verify_call *c, const struct member *m) {
    if (c->desk->desk == NULL || c->asker.institution.n == 0 || m == NULL) return decide(c);
    struct buf b = buf_over(arena_new(c->arena, REFERENCE_KEY_MAX), REFERENCE_KEY_MAX);
    if (!buf_ok(&b)) return fail(c, ERR_MEMORY, "verify");
    reference_key_put(&b, c->asker.institution, S(""));
    if (store_key_member(&b, m->insurer, &m->id, m->birth) != ERR_OK) return fail(c, ERR_LIMIT, "verify");
    set_find(&c->finds[0], STORE_REFERENCE_OF, true, buf_str(&b));
    look_up(c, c->desk->desk, 1, got_reference);
}

static void got_ways(struct store_read *r) {
    struct verify_call *c = r->context;
    size_t matches = 0;
    /* Warnings are help. A row that cannot be read costs them, never the answer; `mado ways show` says what is damaged. */
    if (r->err != ERR_OK || !ways_facts_take(r->finds, &c->ways)) c->ways = (struct ways_facts){.known = false};
    find_reference(c, eligibility_member(&c->answer.question, c->facts.members, c->facts.member_count, &matches));
}

/* How the member can prove being insured, and which certificates were made: what there is to warn of. */
static void find_ways(struct verify_call *c, const struct member *m) {
    if (c->desk->ways == NULL) return find_reference(c, m);
    struct buf key = buf_over(arena_new(c->arena, c->key.n + 1), c->key.n + 1);
    if (!buf_ok(&key)) return fail(c, ERR_MEMORY, "verify");
    buf_put(&key, c->key);
    buf_u8(&key, (uint8_t)(m->id.branch + 1));
    ways_facts_find(c->finds, buf_str(&key));
    look_up(c, c->desk->ways, WAYS_FINDS, got_ways);
}

static bool take_spans(struct verify_call *c, const struct member *m, const struct store_find *f) {
    struct coverage_span *spans = arena_new(c->arena, ELIGIBILITY_SPANS_MAX * sizeof *spans);
    if (spans == NULL) return false;
    for (size_t i = 0; i < f->count; i++) {
        struct insurer_number insurer;
        struct insured_id folded;
        struct day birth;
        struct scan s = scan_of(f->rows[i].value);
        struct str key = str_skip(f->rows[i].key, LINK_ID_BYTES);
        if (!store_key_member_read(key, &insurer, &folded, &birth)) return false;
        if (str_starts(key, c->key) && folded.branch == m->id.branch) continue; /* the member's own */
        while (!scan_end(&s) && c->facts.linked_count < ELIGIBILITY_SPANS_MAX) {
            struct coverage_span *span = &spans[c->facts.linked_count++];
            span->insurer = insurer;
            if (!link_span_read(&s, &span->start, &span->lost)) return false;
        }
    }
    c->facts.linked = spans;
    return true;
}

static void got_around(struct store_read *r) {
    struct verify_call *c = r->context;
    size_t matches = 0;
    if (r->err != ERR_OK) return fail(c, r->err, "store");
    const struct member *m = eligibility_member(&c->answer.question, c->facts.members, c->facts.member_count, &matches);
    struct str name;
    invariant(m != NULL);
    if (r->finds[0].count && insurer_row_read(r->finds[0].rows[0].value, &name))
        c->answer.insurer_name = arena_copy(c->arena, name);
    else number_as_name(c, m);
    if (r->find_count > 1 && !take_spans(c, m, &r->finds[1])) return fail(c, ERR_CORRUPT, "link");
    find_ways(c, m);
}

/* The insurer's name, and what a confirmed link joins: one more batch, whoever is asked about. */
static void find_around(struct verify_call *c) {
    size_t matches = 0;
    const struct member *m = eligibility_member(&c->answer.question, c->facts.members, c->facts.member_count, &matches);
    if (m == NULL) return decide(c);
    set_find(&c->finds[0], STORE_INSURER, true, str_head(c->key, 4));
    set_find(&c->finds[1], STORE_LINK, false, str_of(m->link, sizeof m->link));
    look_up(c, c->desk->coverage, member_linked(m) ? 2 : 1, got_around);
}

static void got_members(struct store_read *r);

/* More members with one number and one birth date than a look-up gives: the branch asked for, and the one without any. */
static void find_by_branch(struct verify_call *c) {
    const int branches[] = {c->answer.question.id.branch, BRANCH_NONE};
    for (size_t i = 0; i < ARRAY_LEN(branches); i++) {
        struct buf key = buf_over(arena_new(c->arena, c->key.n + 1), c->key.n + 1);
        if (!buf_ok(&key)) return fail(c, ERR_MEMORY, "verify");
        buf_put(&key, c->key);
        buf_u8(&key, (uint8_t)(branches[i] + 1));
        c->finds[i] = (struct store_find){.table = STORE_MEMBER, .exact = true, .prefix = buf_str(&key)};
    }
    look_up(c, c->desk->coverage, 2, got_members);
}

static void got_members(struct store_read *r) {
    struct verify_call *c = r->context;
    if (r->err != ERR_OK) return fail(c, r->err, "store");
    if (r->finds[0].more && c->answer.question.id.branch != BRANCH_NONE) return find_by_branch(c);
    size_t count = r->finds[0].count + (r->find_count > 1 ? r->finds[1].count : 0);
    struct member *members = arena_new(c->arena, count * sizeof *members);
    if (members == NULL) return fail(c, ERR_MEMORY, "verify");
    c->facts.members = members;
    for (size_t i = 0; i < count; i++) {
        size_t first = r->finds[0].count;
        const struct store_row *row = i < first ? &r->finds[0].rows[i] : &r->finds[1].rows[i - first];
        enum err e = member_row_read(c->arena, row->key, row->value, &members[i]);
        if (e != ERR_OK) return fail(c, e, "member");
        c->facts.member_count++;
    }
    find_around(c);
}

static void find_members(struct verify_call *c) {
    _Static_assert((int)ELIGIBILITY_MEMBERS_MAX >= (int)STORE_ROWS_MAX, "a look-up fits");
    set_find(&c->finds[0], STORE_MEMBER, false, c->key);
    look_up(c, c->desk->coverage, 1, got_members);
}

/* ---- starting: by insurer and number, or by what the institution registered ---- */

static void start_by_number(struct verify_call *c) {
    const struct question *q = &c->answer.question;
    struct buf b = buf_over(arena_new(c->arena, STORE_MEMBER_KEY_MAX), STORE_MEMBER_KEY_MAX);
    if (!buf_ok(&b)) return fail(c, ERR_MEMORY, "verify");
    enum err e = store_key_question(&b, q->insurer, &q->id, q->birth);
    if (e != ERR_OK) return fail(c, e, "number");
    c->key = buf_str(&b);
    find_members(c);
}

static void got_registered(struct store_read *r) {
    struct verify_call *c = r->context;
    struct question *q = &c->answer.question;
    struct str member_key;
    int64_t at = 0;
    if (r->err != ERR_OK) return fail(c, r->err, "desk");
    if (r->finds[0].count == 0) return decide(c);
    if (!reference_row_read(r->finds[0].rows[0].value, &at, &member_key)) return fail(c, ERR_CORRUPT, "desk");
    /* Good for the rest of the month in which the card was last seen, as a card shown once a month was. */
    if (!day_same_month(day_in_japan(at), day_in_japan(c->answer.answered_us))) return decide(c);
    member_key = arena_copy(c->arena, member_key);
    if (member_key.p == NULL) return fail(c, ERR_MEMORY, "verify");
    if (!store_key_member_read(member_key, &q->insurer, &q->id, &q->birth)) return fail(c, ERR_CORRUPT, "desk");
    c->key = str_head(member_key, member_key.n - 1);
    find_members(c);
}

static void start_by_reference(struct verify_call *c) {
    struct buf b = buf_over(arena_new(c->arena, REFERENCE_KEY_MAX), REFERENCE_KEY_MAX);
    if (!buf_ok(&b)) return fail(c, ERR_MEMORY, "verify");
    reference_key_put(&b, c->asker.institution, c->reference_number);
    if (!buf_ok(&b)) return fail(c, ERR_LIMIT, "ReferenceNumber");
    c->key = buf_str(&b); /* what the log hashes when nothing is registered */
    if (c->desk->desk == NULL) return decide(c);
    set_find(&c->finds[0], STORE_REFERENCE, true, c->key);
    look_up(c, c->desk->desk, 1, got_registered);
}

void verify_start(struct verify_desk *desk, struct verify_call *c) {
    c->desk = desk;
    desk->owed++;
    c->facts = (struct eligibility_facts){0};
    c->ways.known = false, c->ways.certificates.count = 0;
    c->key = S("");
    c->answer = (struct answer){.question = c->question, .answered_us = desk->world->now_us(desk->world)};
    c->answer.question.institution = c->asker.institution;
    if (!day_is(c->question.on)) c->answer.question.on = day_in_japan(c->answer.answered_us);
    if (c->reference_number.n) start_by_reference(c);
    else start_by_number(c);
}

void verify_settle(struct verify_desk *desk) {
    while (desk->owed) {
        store_turn(desk->coverage);
        if (desk->desk) store_turn(desk->desk);
        if (desk->ways) store_turn(desk->ways);
        ledger_drain(desk->ledger);
    }
}

/* ---- refused attempts ---- */

static void ignore(struct ledger_ticket *t) { (void)t; }

void verify_refused(struct verify_desk *desk, const struct asker *asker, enum err why, struct ledger_ticket *t) {
    struct audit_event e = {.kind = AUDIT_REFUSED,
                            .at_us = desk->world->now_us(desk->world),
                            .on = DAY_NONE,
                            .ratio = RATIO_NONE,
                            .refusal = err_number(why)};
    if (t->done == NULL) t->done = ignore;
    enum err result = verify_record(desk, asker, t, &e);
    if (result == ERR_OK) return;
    t->err = result;
    t->done(t);
}

enum err verify_record(struct verify_desk *desk, const struct asker *asker, struct ledger_ticket *t,
                       struct audit_event *e) {
    static const uint8_t none[AUDIT_ID_BYTES];
    set_asker(e, asker);
    if (memcmp(e->id, none, sizeof none) == 0) event_id(desk, e->id);
    return append(desk, t, e);
}

enum err verify_record_now(struct verify_desk *desk, const struct asker *asker, enum audit_kind kind, struct day on,
                           uint64_t count, struct diag *d) {
    return verify_record_about_now(desk, asker, kind, on, NULL, count, d);
}

enum err verify_record_about_now(struct verify_desk *desk, const struct asker *asker, enum audit_kind kind,
                                 struct day on, const uint8_t *pseudonym, uint64_t count, struct diag *d) {
    struct ledger_ticket ticket = {.done = ignore};
    struct audit_event e = {.kind = kind,
                            .at_us = desk->world->now_us(desk->world),
                            .on = on,
                            .ratio = RATIO_NONE,
                            .count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX};
    if (pseudonym) {
        e.subject_kind = SUBJECT_MEMBER;
        memcpy(e.subject, pseudonym, sizeof e.subject);
    }
    enum err result = verify_record(desk, asker, &ticket, &e);
    if (result == ERR_OK) ledger_drain(desk->ledger), result = ticket.err;
    return result == ERR_OK ? ERR_OK : diag_set(d, result, "ledger", NULL);
}
