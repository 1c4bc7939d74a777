/* The desk's half of what is asked about a person without a number: statements and disaster mode. */
#include "edge/receipt/desk.h"
#include "edge/receipt/statement.h"
#include "service/disaster_book.h"
#include "service/notice_queue.h"
#include "service/person_search.h"
#include "service/statement_book.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static void nothing(struct verify_call *c) { (void)c; } /* it is read when all is settled */

static enum err ask(struct person_desk *p, const struct question *q, enum audit_kind kind, enum proof proof,
                    struct verify_call *c, struct diag *d) {
    *c = (struct verify_call){
        .kind = kind, .proof = proof, .arena = p->arena, .done = nothing, .asker = p->asker, .question = *q};
    verify_start(p->v, c);
    verify_settle(p->v);
    store_turn(p->v->coverage);
    return c->err == ERR_OK ? ERR_OK : diag_set(d, c->err, c->diag.where, NULL);
}

static enum err open_people(struct person_desk *p, struct diag *d) {
    char path[PATH_MAX];
    if (p->people) return ERR_OK;
    if (p->v->folder == NULL || snprintf(path, sizeof path, "%s/people", p->v->folder) >= (int)sizeof path)
        return diag_set(d, ERR_NOT_FOUND, "people", NULL);
    return store_open(&p->people, &(struct store_settings){.home = STORE_HOME_PEOPLE, .folder = path}, d);
}

static enum err search(struct person_desk *p, const struct statement *s, struct person_found *found, struct diag *d) {
    const struct person_sought sought = {.kana = s->kana,
                                         .name = s->name,
                                         .address = s->address,
                                         .birth = s->birth,
                                         .on = s->on,
                                         .sex = s->sex,
                                         .insurer = s->insurer};
    TRY(open_people(p, d));
    return person_search(p->v->coverage, p->people, p->arena, &sought, found, d);
}

static struct question question_of(const struct person_desk *p, const struct person_found *found,
                                   const struct statement *s) {
    return (struct question){.insurer = found->insurer,
                             .id = found->id,
                             .birth = s->birth,
                             .on = s->on,
                             .institution = p->asker.institution};
}

static enum err begin(struct person_desk *p, const struct statement_message *m, enum err e, struct diag *d) {
    p->request.on = m->request.on, p->request.institution = m->request.institution;
    if (e != ERR_OK) return e;
    if (m->request.institution.n == p->asker.institution.n) return ERR_OK;
    return diag_set(d, ERR_INSTITUTION, "XmlMsg/MessageHeader/MedicalInstitutionCode", NULL);
}

/* ---- statements ---- */

/* By the numbers that the person remembers; else, where there is an index, by who they are. False: nobody, or nobody covered. */
static bool find_stated(struct person_desk *p, const struct statement_message *m, struct verify_call *c) {
    struct person_found found;
    struct statement s = m->said;
    struct diag d;
    if (m->request.unit_count) m->request.units[0].question.limit_consent = m->limit_consent;
    if (m->request.unit_count &&
        ask(p, &m->request.units[0].question, AUDIT_QUESTION, PROOF_STATEMENT, c, &d) == ERR_OK &&
        verdict_covered(&c->answer.verdict))
        return true;
    s.insurer.n = 0; /* it may be the one they have left */
    if (s.address.n == 0 || search(p, &s, &found, &d) != ERR_OK || found.outcome != PERSON_ONE) return false;
    struct question q = question_of(p, &found, &s);
    q.limit_consent = m->limit_consent;
    return ask(p, &q, AUDIT_QUESTION, PROOF_STATEMENT, c, &d) == ERR_OK && verdict_covered(&c->answer.verdict);
}

/* The request that the answer is an answer to: one unit, given back as it was sent. */
static enum err as_request(struct person_desk *p, struct statement_message *m, const struct question *q,
                           struct diag *d) {
    struct unit *u = arena_new(p->arena, sizeof *u);
    if (u == NULL) return diag_set(d, ERR_MEMORY, "desk", NULL);
    *u = (struct unit){.question = *q, .identifier = m->identifier, .as_sent = m->as_sent};
    m->request.units = u, m->request.unit_count = 1, m->request.kind = MESSAGE_SINGLE;
    return ERR_OK;
}

enum err person_take_statement(struct person_desk *p, struct tree *t, struct str body, struct diag *d) {
    struct statement_message m;
    struct verify_call c;
    bool known = false;
    struct writer w = writer_of(p->reply, CARRIER_JSON);
    TRY(begin(p, &m, statement_read(p->arena, t, day_in_japan(p->now_us), &m, d), d));
    if (m.number.n == 0) return diag_set(d, ERR_MISSING, "XmlMsg/MessageBody/StatementNumber", NULL);
    TRY(statement_book_take(p->v, &p->asker, m.number, body, &known, d));
    if (!find_stated(p, &m, &c)) return statement_write_kept(&w, &m, p->now_us), ERR_OK;
    TRY(statement_book_settle(p->v, p->asker.institution, m.number, d));
    TRY(as_request(p, &m, &c.answer.question, d));
    answer_write(&w, &m.request, &c.answer);
    return ERR_OK;
}

/* ---- disaster mode ---- */

/* Opened by the operator for that institution today, and about a day of the opening. */
static enum err check_open(struct person_desk *p, struct day on, struct diag *d) {
    struct disaster_book *book = calloc(1, sizeof *book);
    if (book == NULL) return diag_set(d, ERR_MEMORY, "disaster", NULL);
    enum err e = p->v->folder ? disaster_book_read(p->v->world, p->v->folder, p->arena, book, d) : ERR_OK;
    const struct disaster *open =
        e == ERR_OK ? disaster_for(book->list, book->count, p->asker.institution, day_in_japan(p->now_us)) : NULL;
    if (e == ERR_OK && (open == NULL || day_before(on, open->from) || day_before(open->until, on)))
        e = diag_set(
            d, ERR_FORBIDDEN, "disaster",
            "この医療機関と日には災害時の確認が開かれていません / disaster mode is not open for this institution and day");
    free(book);
    return e;
}

static void recorded(struct ledger_ticket *t) { *(bool *)t->context = true; }

/* Nobody, or several: a use all the same. */
static enum err record_unclear(struct person_desk *p, const struct statement_message *m, bool several, struct diag *d) {
    bool done = false;
    struct ledger_ticket t = {.done = recorded, .context = &done};
    struct audit_event e = {.kind = AUDIT_DISASTER_QUESTION,
                            .at_us = p->now_us,
                            .on = m->said.on,
                            .validity = several ? VALIDITY_SEVERAL : VALIDITY_NONE,
                            .ratio = RATIO_NONE,
                            .proof = PROOF_DISASTER,
                            .count = 1};
    enum err result = verify_record(p->v, &p->asker, &t, &e);
    if (result == ERR_OK) ledger_drain(p->v->ledger), result = done ? t.err : ERR_IO;
    return result == ERR_OK ? ERR_OK : diag_set(d, result, "ledger", NULL);
}

static enum err tell_person(struct person_desk *p, const struct verify_call *c, struct diag *d) {
    struct use_notice n = {
        .at_us = c->answer.answered_us, .institution = p->asker.institution, .kind = AUDIT_DISASTER_QUESTION};
    if (c->answer.verdict.member == NULL) return ERR_OK;
    memcpy(n.person, c->answer.verdict.member->pseudonym, sizeof n.person);
    memcpy(n.event, c->answer.event_id, sizeof n.event);
    return use_notice_put(p->v->desk, &n, d);
}

enum err person_ask_disaster(struct person_desk *p, struct tree *t, struct diag *d) {
    struct statement_message m;
    struct person_found found;
    struct verify_call c;
    struct writer w = writer_of(p->reply, CARRIER_JSON);
    TRY(begin(p, &m, disaster_read(t, day_in_japan(p->now_us), &m, d), d));
    TRY(check_open(p, m.said.on, d));
    enum err e = search(p, &m.said, &found, d);
    if (e == ERR_LIMIT) found.outcome = PERSON_SEVERAL;
    else if (e == ERR_NOT_FOUND)
        return diag_set(d, ERR_UNAVAILABLE, "people", "人の索引がありません / no index of people: mado disaster index");
    else if (e != ERR_OK) return e;
    if (found.outcome != PERSON_ONE) {
        TRY(record_unclear(p, &m, found.outcome == PERSON_SEVERAL, d));
        disaster_write_unclear(&w, &m, p->now_us, found.outcome == PERSON_SEVERAL);
        return ERR_OK;
    }
    struct question q = question_of(p, &found, &m.said);
    q.limit_consent = m.limit_consent;
    TRY(ask(p, &q, AUDIT_DISASTER_QUESTION, PROOF_DISASTER, &c, d));
    TRY(tell_person(p, &c, d));
    TRY(as_request(p, &m, &c.answer.question, d));
    answer_write(&w, &m.request, &c.answer);
    return ERR_OK;
}
