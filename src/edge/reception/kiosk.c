#include "edge/reception/kiosk.h"

#include "edge/reception/form.h"

#include <sodium.h>

/* ---- what is sent ---- */

static enum err read_id(struct arena *a, struct str body, struct str *id, struct diag *d) {
    static const char *const names[] = {"id"};
    struct json form;
    TRY(form_read(a, body, KIOSK_BODY_MAX, names, ARRAY_LEN(names), &form, d));
    return form_must(form, "id", id, d);
}

static enum err read_kind(struct arena *a, struct str body, enum kiosk_kind *kind, struct diag *d) {
    static const char *const names[] = {"with"};
    struct json form;
    struct str with;
    TRY(form_read(a, body, KIOSK_BODY_MAX, names, ARRAY_LEN(names), &form, d));
    TRY(form_must(form, "with", &with, d));
    *kind = str_eq(with, S("card")) ? KIOSK_CARD : str_eq(with, S("face")) ? KIOSK_FACE : KIOSK_NOTHING;
    return *kind == KIOSK_NOTHING ? diag_set(d, ERR_VALUE, "with", NULL) : ERR_OK;
}

static enum err read_way(struct json form, struct visit *v, struct diag *d) {
    static const char *const ways[] = {
        [VISIT_BY_CARD] = "card", [VISIT_BY_PAPER] = "paper", [VISIT_BY_NOTHING] = "nothing"};
    struct str way;
    TRY(form_must(form, "way", &way, d));
    for (size_t i = VISIT_BY_CARD; i < ARRAY_LEN(ways); i++)
        if (str_eq(way, str_c(ways[i]))) return v->way = (enum visit_way)i, ERR_OK;
    return diag_set(d, ERR_VALUE, "way", NULL);
}

static enum err read_person(struct arena *a, struct json form, struct visit *v, struct diag *d) {
    struct str birth, sex;
    TRY(form_keep(form, "name", NAME_CHARACTERS, v->name, sizeof v->name, d));
    TRY(form_keep(form, "address", VISIT_ADDRESS_CHARACTERS, v->address, sizeof v->address, d));
    TRY(form_keep(form, "stated", VISIT_STATED_CHARACTERS, v->stated, sizeof v->stated, d));
    TRY(form_text(form, "sex", &sex, d));
    if (!str_empty(sex) && !str_eq(sex, S("1")) && !str_eq(sex, S("2"))) return diag_set(d, ERR_VALUE, "sex", NULL);
    v->sex = str_empty(sex) ? 0 : (uint8_t)(sex.p[0] - '0');
    TRY(form_text(form, "birth", &birth, d));
    if (!str_empty(birth) && !day_parse(form_narrow(a, birth), &v->birth)) return diag_set(d, ERR_DATE, "birth", NULL);
    return ERR_OK;
}

enum err kiosk_visit_read(struct arena *a, struct str body, struct visit *v, struct diag *d) {
    static const char *const names[] = {"way", "name", "birth", "sex", "address", "stated"};
    struct json form;
    TRY(form_read(a, body, KIOSK_BODY_MAX, names, ARRAY_LEN(names), &form, d));
    TRY(read_way(form, v, d));
    TRY(read_person(a, form, v, d));
    bool says_who = v->name[0] && day_is(v->birth);
    v->proof = v->way == VISIT_BY_NOTHING && says_who ? PROOF_STATEMENT : PROOF_NONE;
    return ERR_OK;
}

/* ---- what is told ---- */

static struct buf *reply_json(struct http_exchange *x) {
    x->reply.status = 200;
    x->reply.content_type = S("application/json; charset=utf-8");
    http_reply_header(x, S("Cache-Control"), S("no-store"));
    http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
    return &x->reply.body;
}

static enum http_step refuse(struct http_exchange *x, enum err e, const struct diag *d) {
    http_reply_error(x, e, str_c(d->where));
    return HTTP_NOW;
}

static void put_card(struct buf *b, const struct card_standing *c) {
    const struct card_verdict_info *v = card_verdict_info(c->verdict);
    buf_printf(b, ",\"progress\":\"%s\"", card_progress_info(c->progress)->code);
    if (v) buf_printf(b, ",\"outcome\":\"%s\"", v->code);
    if (c->tries_left) buf_printf(b, ",\"tries_left\":%u", c->tries_left);
}

static void put_face(struct buf *b, enum kiosk_face f) {
    static const char *const outcomes[] = {[KIOSK_FACE_YES] = "face-yes",
                                           [KIOSK_FACE_NO] = "face-no",
                                           [KIOSK_FACE_GIVEN_UP] = "face-given-up",
                                           [KIOSK_FACE_OFF] = "face-off"};
    if (f == KIOSK_FACE_LOOKING) return buf_puts(b, ",\"progress\":\"looking\"");
    buf_printf(b, ",\"progress\":\"done\",\"outcome\":\"%s\"", outcomes[f]);
}

static void put_ways(struct buf *b, const struct kiosk *k) {
    buf_printf(b, "\"card\":%s,\"face\":%s", kiosk_has_card(k) ? "true" : "false",
               kiosk_has_face(k) ? "true" : "false");
}

static void put_sitting(struct http_exchange *x, const struct kiosk *k) {
    const struct kiosk_sitting *s = &k->sitting;
    struct buf *b = reply_json(x);
    buf_printf(b, "{\"id\":\"%s\",\"change\":%u,\"with\":\"%s\"", s->id, s->change,
               s->kind == KIOSK_CARD   ? "card"
               : s->kind == KIOSK_FACE ? "face"
                                       : "");
    if (s->kind == KIOSK_CARD) put_card(b, &s->card);
    if (s->kind == KIOSK_FACE) put_face(b, s->face);
    if (s->number) buf_printf(b, ",\"number\":%u", s->number);
    if (s->err != ERR_OK) buf_printf(b, ",\"fault\":\"MDO%sE\"", err_info(s->err)->code);
    buf_puts(b, ",\"ways\":{"), put_ways(b, k), buf_puts(b, "}}\n");
}

/* ---- the requests ---- */

enum http_step kiosk_ways(struct kiosk_page *p, struct http_exchange *x) {
    struct buf *b = reply_json(x);
    buf_putc(b, '{'), put_ways(b, &p->kiosk), buf_puts(b, "}\n");
    return HTTP_NOW;
}

enum http_step kiosk_begin_sitting(struct kiosk_page *p, struct http_exchange *x) {
    struct diag d = {0};
    enum kiosk_kind kind = KIOSK_NOTHING;
    enum err e = read_kind(&x->arena, x->request.body, &kind, &d);
    if (e == ERR_OK) e = kiosk_begin(&p->kiosk, kind, &d);
    if (e != ERR_OK) return refuse(x, e, &d);
    put_sitting(x, &p->kiosk);
    return HTTP_NOW;
}

/* Those are this program's own to wipe: the adapter's copy of the body, and what was read of it. */
static void wipe(struct str s) { sodium_memzero((char *)(uintptr_t)s.p, s.n); }

enum http_step kiosk_take_pin(struct kiosk_page *p, struct http_exchange *x) {
    static const char *const names[] = {"id", "pin"};
    struct diag d = {0};
    struct json form;
    struct str id, pin = S("");
    enum err e = form_read(&x->arena, x->request.body, KIOSK_BODY_MAX, names, ARRAY_LEN(names), &form, &d);
    if (e == ERR_OK) e = form_must(form, "id", &id, &d);
    if (e == ERR_OK) e = form_must(form, "pin", &pin, &d);
    if (e == ERR_OK) e = kiosk_pin(&p->kiosk, id, pin, &d);
    wipe(pin), wipe(x->request.body);
    if (e != ERR_OK) return refuse(x, e, &d);
    put_sitting(x, &p->kiosk);
    return HTTP_NOW;
}

enum http_step kiosk_stop_sitting(struct kiosk_page *p, struct http_exchange *x) {
    struct diag d = {0};
    struct str id;
    enum err e = read_id(&x->arena, x->request.body, &id, &d);
    if (e != ERR_OK) return refuse(x, e, &d);
    kiosk_stop(&p->kiosk, id);
    return kiosk_ways(p, x);
}

/* "id=0123…&change=12" of this sitting. */
static bool knows(const struct kiosk *k, struct str query, bool *mine, uint64_t *change) {
    struct str first = str_cut(&query, '&');
    *mine = str_starts(first, S("id=")) && k->sitting.id[0] && str_eq(str_skip(first, 3), str_c(k->sitting.id));
    return *mine && str_starts(query, S("change=")) && str_uint(str_skip(query, 7), UINT32_MAX, change);
}

enum http_step kiosk_give_sitting(struct kiosk_page *p, struct http_exchange *x) {
    const struct kiosk *k = &p->kiosk;
    struct world *w = k->reception->settings.world;
    struct diag d = {0};
    uint64_t change = 0;
    bool mine, may_wait = knows(k, x->request.query, &mine, &change) && change == k->sitting.change;
    if (!mine) return refuse(x, diag_set(&d, ERR_NOT_FOUND, "id", NULL), &d);
    for (size_t i = 0; i < KIOSK_PAGES_WAITING_MAX && may_wait; i++) {
        if (p->waiting[i].x) continue;
        p->waiting[i].x = x, p->waiting[i].change = k->sitting.change;
        p->waiting[i].until_us = w->steady_us(w) + KIOSK_WAIT_MS * 1000;
        return HTTP_LATER;
    }
    put_sitting(x, k);
    return HTTP_NOW;
}

enum http_step kiosk_take_visit(struct kiosk_page *p, struct http_exchange *x) {
    struct visit *v = visit_new();
    struct diag d = {0};
    if (v == NULL) return refuse(x, ERR_MEMORY, &d);
    enum err e = kiosk_visit_read(&x->arena, x->request.body, v, &d);
    if (e == ERR_OK) e = kiosk_receive(&p->kiosk, v, &d);
    if (e != ERR_OK) {
        visit_free(v);
        return refuse(x, e, &d);
    }
    buf_printf(reply_json(x), "{\"number\":%u}\n", v->number);
    return HTTP_NOW;
}

void kiosk_page_turn(struct kiosk_page *p) {
    struct world *w = p->kiosk.reception->settings.world;
    (void)kiosk_turn(&p->kiosk);
    for (size_t i = 0; i < KIOSK_PAGES_WAITING_MAX; i++) {
        struct http_exchange *x = p->waiting[i].x;
        if (x == NULL || (p->waiting[i].change == p->kiosk.sitting.change && w->steady_us(w) < p->waiting[i].until_us))
            continue;
        p->waiting[i].x = NULL;
        put_sitting(x, &p->kiosk);
        http_done(x);
    }
}
