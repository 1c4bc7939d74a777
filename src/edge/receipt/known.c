#include "edge/receipt/known.h"

#include "edge/receipt/answer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_MAX = 1024, GIST_MAX = 256, DAY_US_COUNT = 24 * 60 * 60 };
#define DAY_US (DAY_US_COUNT * INT64_C(1000000))

/* ---- opening ---- */

static enum err open_one(struct sealed **out, struct world *w, const char *folder, const char *name, struct str secret,
                         struct diag *d) {
    char path[4096];
    uint8_t key[SEALED_KEY_BYTES];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "folders", NULL);
    /* The name as the hash's key: one secret gives each its own. */
    (void)crypto_generichash(key, sizeof key, (const unsigned char *)secret.p, secret.n, (const unsigned char *)name,
                             strlen(name));
    enum err e = sealed_open(out, w, path, key, d);
    sodium_memzero(key, sizeof key);
    return e;
}

#define TOLD "mado-window-told"

enum err known_open(struct known *k, const struct known_settings *s, struct diag *d) {
    *k = (struct known){.institution = s->institution};
    enum err e = open_one(&k->told, s->world, s->folder, TOLD, s->secret, d);
    if (e == ERR_OK) e = open_one(&k->later, s->world, s->folder, "mado-window-later", s->secret, d);
    if (e == ERR_OK) e = attestation_check_open(&k->check, s->world, s->ca, d);
    if (e != ERR_OK) known_close(k);
    return e;
}

enum err known_look_beside(struct known *k, struct world *w, const char *folder, struct str secret, struct diag *d) {
    return open_one(&k->beside, w, folder, TOLD, secret, d);
}

void known_close(struct known *k) {
    sealed_close(k->told), sealed_close(k->later), sealed_close(k->beside);
    attestation_check_close(k->check);
    *k = (struct known){0};
}

size_t known_sweep(struct known *k, int64_t now_us) {
    return sealed_sweep(k->told, now_us) + sealed_sweep(k->later, now_us);
}

/* ---- whom a question is about ---- */

static enum err put_key(struct buf *out, const struct unit *u) {
    const struct question *q = &u->question;
    if (u->reference_number.n) {
        buf_putc(out, 'R'), buf_put(out, u->reference_number);
    } else {
        buf_putc(out, 'N'), buf_uint(out, q->insurer.n), buf_putc(out, ' ');
        TRY(insured_part_fold(q->id.number, out));
        buf_putc(out, ' ');
        TRY(insured_part_fold(q->id.symbol, out));
        buf_printf(out, " %d %d", q->birth.n, q->id.branch);
    }
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

/* ---- trees ---- */

/* `from` with all below it, as a new last child of `parent`; it leaves its old place. */
static struct tree *graft(struct arena *a, struct tree *parent, struct tree *from) {
    struct tree *t = parent ? tree_add(a, parent, from->name) : NULL;
    if (t == NULL) return NULL;
    t->text = from->text, t->first = from->first, t->last = from->last, t->runs = from->runs;
    for (struct tree *c = t->first; c; c = c->next) c->parent = t;
    return t;
}

static struct tree *add_text(struct arena *a, struct tree *parent, const char *name, struct str text) {
    struct tree *t = parent ? tree_add(a, parent, str_c(name)) : NULL;
    if (t) t->text = text;
    return t;
}

static struct str day_text(struct arena *a, struct day d) {
    struct buf b = buf_over(arena_new(a, 8), 8);
    day_put_basic(&b, d);
    return buf_str(&b);
}

static struct tree *result_of(const struct tree *container) {
    struct tree *list = tree_child(container, S("ResultList"));
    return tree_child(list ? list : container, S("ResultOfQualificationConfirmation"));
}

static struct day day_of(const struct tree *result, const char *name) {
    struct day d;
    return day_parse_basic(str_trim(result_text(result, str_c(name))), &d) ? d : DAY_NONE;
}

/* ---- keeping ---- */

static bool confirms(struct str validity) {
    return validity.n == 1 && (validity.p[0] == '0' + VALID || validity.p[0] == '0' + VALIDITY_NO_TICKET);
}

/* What was signed must be about whom the answer is about, and be told to us. */
static enum err check_about(const struct known *k, struct arena *a, const struct attestation *t, struct str key,
                            struct diag *d) {
    char room[KEY_MAX];
    struct buf own = buf_over(room, sizeof room);
    struct str text = arena_copy(a, t->message);
    struct tree *message;
    struct request r;
    if (text.p == NULL) return diag_set(d, ERR_MEMORY, "known", NULL);
    bool same = t->institution.n == k->institution.n && tree_read_json(a, text, &message, NULL) == ERR_OK &&
                request_read(a, message, MESSAGE_SINGLE, &r, NULL) == ERR_OK && put_key(&own, &r.units[0]) == ERR_OK &&
                str_eq(buf_str(&own), key);
    return same ? ERR_OK : diag_set(d, ERR_CONFLICT, "attestation", "it is about something else");
}

static enum err keep_attestation(struct known *k, struct arena *a, struct str key, struct str jws, int64_t now_us,
                                 struct diag *d) {
    struct attestation t;
    TRY(attestation_verify(k->check, jws, now_us, &t, d));
    TRY(check_about(k, a, &t, key, d));
    int64_t most = now_us + RECALL_DAYS_MAX * DAY_US, until = t.until_us < most ? t.until_us : most;
    return sealed_put(k->told, key, jws, t.told_us, until, SEALED_SOON, d);
}

/* Stands for as long as a confirmation would, here and for who looks beside, also when its signature is over or there is none. */
static enum err keep_denial(struct known *k, struct arena *a, struct str key, struct str jws, int64_t now_us,
                            struct diag *d) {
    struct attestation t;
    struct str mark = jws.n ? jws : S("-");
    TRY(sealed_put(k->told, key, mark, now_us, now_us + RECALL_DAYS_MAX * DAY_US, SEALED_SOON, d));
    if (jws.n == 0) return ERR_OK;
    enum err e = attestation_verify(k->check, jws, now_us, &t, d);
    if (e == ERR_OK) e = check_about(k, a, &t, key, d);
    return e == ERR_TIMEOUT ? ERR_OK : e; /* about a day that has passed */
}

static enum err keep_unit(struct known *k, struct arena *a, const struct unit *u, int64_t now_us, struct diag *d) {
    char room[KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    const struct tree *container = u->as_sent->parent;
    struct str jws = tree_text(container, S("Attestation")),
               validity = tree_text(container, S("QualificationValidity"));
    if (u->err != ERR_OK || !str_eq(tree_text(container, S("ProcessingResultStatus")), S("1"))) return ERR_OK;
    enum err e = put_key(&key, u);
    if (e != ERR_OK) return diag_set(d, e, "known", NULL);
    if (validity.n && !confirms(validity)) return keep_denial(k, a, buf_str(&key), jws, now_us, d);
    return jws.n ? keep_attestation(k, a, buf_str(&key), jws, now_us, d) : ERR_OK;
}

enum err known_keep(struct known *k, enum message_kind kind, struct str reply, int64_t now_us, struct diag *d) {
    bool bulk = kind == MESSAGE_BULK_RESULT;
    struct arena a;
    struct tree *message;
    struct request r;
    if (kind != MESSAGE_SINGLE && !bulk) return ERR_OK;
    arena_init(&a, TREE_ARENA_MAX);
    /* A reply repeats its question, in the places where a request has it. What is no answer, or about nobody, is not kept. */
    enum err e = tree_read_json(&a, reply, &message, NULL);
    if (e == ERR_OK) e = request_read(&a, message, bulk ? MESSAGE_BULK : MESSAGE_SINGLE, &r, NULL);
    if (e == ERR_MEMORY) e = diag_set(d, e, "known", NULL);
    else if (e != ERR_OK) r.unit_count = 0, e = ERR_OK;
    for (size_t i = 0; i < r.unit_count; i++) {
        struct diag own = {0};
        enum err one = keep_unit(k, &a, &r.units[i], now_us, &own);
        if (e == ERR_OK && one != ERR_OK) e = diag_set(d, one, own.where, "%s", own.detail);
    }
    arena_fini(&a);
    return e;
}

/* ---- answering ---- */

static struct recall_facts facts_of(const struct known *k, const struct attestation *t, const struct tree *message,
                                    struct day on, int64_t now_us) {
    const struct tree *result = result_of(tree_child(message, S("MessageBody")));
    const struct tree *elderly = tree_child(result, S("ElderlyRecipientCertificateInfo"));
    struct recall_facts f = {.told = day_in_japan(t->told_us),
                             .on = t->on,
                             .pays_all = t->ratio == 100,
                             .denial = attestation_denial(k->check, on, now_us),
                             .elderly_from = day_of(elderly, "ElderlyRecipientValidStartDate"),
                             .elderly_until = day_of(elderly, "ElderlyRecipientValidEndDate"),
                             .start = day_of(result, "QualificationDate"),
                             .lost = day_of(result, "DisqualificationDate"),
                             .birth = day_of(result, "Birthdate")};
    struct insurer_number insurer = {0};
    bool whole = result && day_is(f.on) && day_is(f.start) && day_is(f.birth) &&
                 insurer_number_parse(result_text(result, S("InsurerNumber")), &insurer) == ERR_OK;
    f.validity = whole ? t->validity : VALIDITY_NONE;
    f.medical_aid = insurer_is_medical_aid(insurer), f.late_stage = insurer_is_elderly(insurer);
    return f;
}

/* "8月1日10時23分の確認によります（センターに接続できません）" */
static struct str note_text(struct arena *a, int64_t at_us) {
    char stamp[16];
    struct buf t = buf_over(stamp, sizeof stamp), b = buf_over(arena_new(a, 256), 256);
    time_put_field(&t, at_us);
    const char *s = stamp; /* yyyyMMddHHmmss */
    buf_printf(&b, "%d月%d日%.2s時%.2s分の確認によります（センターに接続できません）", (s[4] - '0') * 10 + s[5] - '0',
               (s[6] - '0') * 10 + s[7] - '0', s + 8, s + 10);
    return buf_str(&b);
}

static bool put_header(struct arena *a, struct tree *message, const struct request *r, struct day on, int64_t now_us) {
    struct tree *h = tree_add(a, message, S("MessageHeader"));
    struct buf code = buf_over(arena_new(a, 16), 16), now = buf_over(arena_new(a, 16), 16);
    institution_code_put(&code, r->institution);
    time_put_field(&now, now_us);
    if (r->file_identifier.n && !add_text(a, h, "ArbitraryFileIdentifier", r->file_identifier)) return false;
    return add_text(a, h, "ProcessExecutionTime", buf_str(&now)) &&
           add_text(a, h, "QualificationConfirmationDate", day_text(a, on)) &&
           add_text(a, h, "MedicalInstitutionCode", buf_str(&code)) &&
           add_text(a, h, "ReferenceClassification", S("2")) && add_text(a, h, "SegmentOfResult", S("1"));
}

/* The limit certificate is shown with consent alone, which is asked anew each time. */
static bool put_result(struct arena *a, struct tree *body, struct tree *result, bool limit_consent) {
    struct tree *list = tree_add(a, body, S("ResultList"));
    struct tree *item = list ? tree_add(a, list, result->name) : NULL;
    if (item == NULL) return false;
    for (struct tree *c = result->first; c; c = c->next) {
        bool limit = str_eq(c->name, S("LimitApplicationCertificateRelatedInfo"));
        if ((!limit || limit_consent) && graft(a, item, c) == NULL) return false;
    }
    return true;
}

/* What the answer from memory says itself. */
static bool is_replaced(const struct tree *t) {
    return str_starts(t->name, S("ProcessingResult")) || str_eq(t->name, S("QualificationConfirmSearchInfo"));
}

static bool put_body(struct arena *a, struct tree *message, const struct unit *u, const struct tree *told,
                     int64_t at_us) {
    struct tree *from = tree_child(told, S("MessageBody")), *body = tree_add(a, message, S("MessageBody"));
    if (!add_text(a, body, "ProcessingResultStatus", S("1")) ||
        !add_text(a, body, "ProcessingResultCode", S(KNOWN_NOTE_CODE)) ||
        !add_text(a, body, "ProcessingResultMessage", note_text(a, at_us)) ||
        graft(a, body, (struct tree *)(uintptr_t)u->as_sent) == NULL)
        return false;
    for (struct tree *c = from->first; c; c = c->next) {
        bool result = str_eq(c->name, S("ResultList"));
        if (is_replaced(c)) continue;
        if (result ? !put_result(a, body, result_of(from), u->question.limit_consent) : graft(a, body, c) == NULL)
            return false;
    }
    return true;
}

/* What of an answer must not have changed: validity, insurer, the shares. */
static void put_gist(struct buf *out, const struct tree *message) {
    const struct tree *body = tree_child(message, S("MessageBody")), *result = result_of(body);
    const struct tree *elderly = tree_child(result, S("ElderlyRecipientCertificateInfo"));
    buf_put(out, tree_text(body, S("QualificationValidity"))), buf_putc(out, ' ');
    buf_put(out, str_trim(result_text(result, S("InsurerNumber")))), buf_putc(out, ' ');
    buf_put(out, result_text(result, S("InsuredPartialContributionRatio"))), buf_putc(out, ' ');
    buf_put(out, result_text(elderly, S("ElderlyRecipientContributionRatio")));
}

/* The question with its day named, and what was said to it: "gist\n{JSON}". */
static enum err put_later(struct known *k, struct arena *a, struct tree *request, struct str key, struct day on,
                          const struct tree *said, int64_t now_us, struct diag *d) {
    char room[KEY_MAX];
    struct buf value, name = buf_over(room, sizeof room);
    struct tree *header = tree_child(request, S("MessageHeader"));
    struct tree *day = tree_child(header, S("QualificationConfirmationDate"));
    if (day) day->text = day_text(a, on);
    else if (!add_text(a, header, "QualificationConfirmationDate", day_text(a, on)))
        return diag_set(d, ERR_MEMORY, "known", NULL);
    buf_put(&name, key), buf_printf(&name, " %d", on.n);
    buf_init(&value, SEALED_VALUE_MAX);
    put_gist(&value, said), buf_putc(&value, '\n');
    tree_put_json(request, &value);
    enum err e = buf_ok(&value) && buf_ok(&name) ? ERR_OK : diag_set(d, ERR_LIMIT, "known", NULL);
    if (e == ERR_OK)
        e = sealed_put(k->later, buf_str(&name), buf_str(&value), now_us, now_us + RECALL_DAYS_MAX * DAY_US,
                       SEALED_DURABLE, d);
    buf_fini(&value);
    return e;
}

/* Appends the newer of what this process was told and what the other was. */
static enum err newest(struct known *k, struct str key, int64_t now_us, struct buf *value, int64_t *at_us) {
    int64_t beside_us = 0;
    enum err e = sealed_get(k->told, key, now_us, value, at_us);
    size_t own = value->n;
    if (k->beside == NULL || sealed_get(k->beside, key, now_us, value, &beside_us) != ERR_OK) return e;
    if (e == ERR_OK && beside_us <= *at_us) return buf_cut(value, own), ERR_OK;
    memmove(value->p, value->p + own, value->n - own);
    buf_cut(value, value->n - own);
    *at_us = beside_us;
    return ERR_OK;
}

/* Unsealed, its signature checked anew, and the signed message taken apart. */
static enum err read_told(struct known *k, struct arena *a, struct str key, int64_t now_us, struct attestation *t,
                          struct tree **out) {
    struct buf value;
    int64_t kept_us = 0;
    buf_init(&value, 2 * (size_t)SEALED_VALUE_MAX);
    enum err e = newest(k, key, now_us, &value, &kept_us);
    if (e == ERR_OK) e = attestation_verify(k->check, buf_str(&value), now_us, t, NULL);
    if (e == ERR_OK) e = check_about(k, a, t, key, NULL);
    struct str text = e == ERR_OK ? arena_copy(a, t->message) : S("");
    if (e == ERR_OK) e = text.p ? tree_read_json(a, text, out, NULL) : ERR_MEMORY;
    buf_fini(&value);
    return e == ERR_OK || e == ERR_MEMORY ? e : ERR_NOT_FOUND;
}

/* With its question on the list of those to ask again, or not. */
static enum err answer_from(struct known *k, struct arena *a, struct tree *request, int64_t now_us, bool again,
                            struct tree **out, int64_t *told_us, struct diag *d) {
    char room[KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct request r;
    struct tree *told;
    struct attestation t;
    if (request_read(a, request, MESSAGE_SINGLE, &r, NULL) != ERR_OK || put_key(&key, &r.units[0]) != ERR_OK)
        return diag_set(d, ERR_NOT_FOUND, "known", NULL);
    struct day today = day_in_japan(now_us), on = day_is(r.on) ? r.on : today;
    enum err e = read_told(k, a, buf_str(&key), now_us, &t, &told);
    if (e != ERR_OK) return diag_set(d, e, "known", NULL);
    const struct recall_facts facts = facts_of(k, &t, told, on, now_us);
    if (recall_decide(&facts, on, today) != RECALL_ANSWER) return diag_set(d, ERR_NOT_FOUND, "known", NULL);
    if (again) TRY(put_later(k, a, request, buf_str(&key), on, told, now_us, d));
    struct tree *message = tree_add(a, NULL, S("XmlMsg"));
    if (message == NULL || !put_header(a, message, &r, on, now_us) ||
        !put_body(a, message, &r.units[0], told, t.told_us))
        return diag_set(d, ERR_MEMORY, "known", NULL);
    *out = message, *told_us = t.told_us;
    return ERR_OK;
}

void known_share(struct known *k, struct arena *a, const struct question *q, int64_t now_us, struct share_facts *f) {
    char room[KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    const struct unit u = {.question = *q};
    struct attestation t;
    struct tree *told;
    if (put_key(&key, &u) != ERR_OK || read_told(k, a, buf_str(&key), now_us, &t, &told) != ERR_OK) return;
    const struct recall_facts facts = facts_of(k, &t, told, q->on, now_us);
    f->denial = facts.denial;
    if (recall_decide(&facts, q->on, day_in_japan(now_us)) == RECALL_ANSWER) f->told = lower_share_of(t.ratio);
}

enum err known_answer(struct known *k, struct arena *a, struct tree *request, int64_t now_us, struct tree **out,
                      struct diag *d) {
    int64_t told_us;
    return answer_from(k, a, request, now_us, true, out, &told_us, d);
}

enum err known_recall(struct known *k, struct str question, int64_t now_us, struct buf *reply, int64_t *at_us,
                      struct diag *d) {
    struct arena a;
    struct tree *request, *message;
    arena_init(&a, 2 * (size_t)TREE_ARENA_MAX); /* the question's tree and the answer's */
    enum err e = tree_read_json(&a, question, &request, d);
    if (e == ERR_OK) e = answer_from(k, &a, request, now_us, false, &message, at_us, d);
    if (e == ERR_OK) tree_put_json(message, reply);
    if (e == ERR_OK && !buf_ok(reply)) e = diag_set(d, ERR_LIMIT, "known", NULL);
    arena_fini(&a);
    return e;
}

/* ---- when the line is back ---- */

enum err known_later(struct known *k, int64_t now_us, struct buf *question, struct diag *d) {
    struct buf value;
    buf_init(&value, SEALED_VALUE_MAX);
    enum err e = sealed_any(k->later, now_us, &value, NULL);
    struct str text = buf_str(&value);
    (void)str_cut(&text, '\n');
    if (e == ERR_OK) buf_put(question, text);
    buf_fini(&value);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "known", NULL);
}

static enum err later_name(struct arena *a, struct str question, struct buf *out) {
    struct tree *request;
    struct request r;
    TRY(tree_read_json(a, question, &request, NULL));
    TRY(request_read(a, request, MESSAGE_SINGLE, &r, NULL));
    TRY(put_key(out, &r.units[0]));
    buf_printf(out, " %d", r.on.n);
    return buf_ok(out) ? ERR_OK : ERR_LIMIT;
}

bool known_differs(struct known *k, struct str question, struct str reply, int64_t now_us) {
    char room[KEY_MAX], gist_room[GIST_MAX];
    struct buf name = buf_over(room, sizeof room), gist = buf_over(gist_room, sizeof gist_room), value;
    struct arena a;
    struct tree *message;
    arena_init(&a, TREE_ARENA_MAX);
    buf_init(&value, SEALED_VALUE_MAX);
    bool read = later_name(&a, question, &name) == ERR_OK &&
                sealed_get(k->later, buf_str(&name), now_us, &value, NULL) == ERR_OK &&
                tree_read_json(&a, reply, &message, NULL) == ERR_OK;
    struct str said = buf_str(&value);
    if (read) put_gist(&gist, message);
    bool differs = !read || !buf_ok(&gist) || !str_eq(str_cut(&said, '\n'), buf_str(&gist));
    buf_fini(&value);
    arena_fini(&a);
    return differs;
}

enum err known_settled(struct known *k, struct str question, struct diag *d) {
    char room[KEY_MAX];
    struct buf name = buf_over(room, sizeof room);
    struct arena a;
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = later_name(&a, question, &name);
    arena_fini(&a);
    return e == ERR_OK ? sealed_drop(k->later, buf_str(&name), d) : diag_set(d, e, "known", NULL);
}
