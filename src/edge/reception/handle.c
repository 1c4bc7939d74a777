#include "edge/reception/handle.h"

#include "edge/reception/answer.h"
#include "edge/reception/question.h"

static const struct reception_form form = {question_put_message, reception_answer_read, reception_refusal_read};

static void wake(void *context) { http_wake(context); }

enum err pages_open(struct pages *p, const struct pages_settings *s, struct diag *d) {
    unsigned char run[PAGES_RUN / 2];
    struct buf b = buf_over(p->run, sizeof p->run);
    const struct reception_settings r = {.world = s->world,
                                         .folder = s->folder,
                                         .institution = s->institution,
                                         .asker = s->asker,
                                         .form = &form,
                                         .wake = wake,
                                         .context = s->loop};
    *p = (struct pages){.world = s->world, .statements = s->statements};
    s->world->random(s->world, run, sizeof run);
    buf_hex(&b, str_of(run, sizeof run));
    if (!str_to_c(s->address, p->address, sizeof p->address)) return diag_set(d, ERR_LIMIT, "address", NULL);
    return reception_open(&p->reception, &r, d);
}

void pages_close(struct pages *p) { reception_close(&p->reception); }

/* ---- who may ask ---- */

static struct str port_of(struct str address) {
    size_t colon = address.n;
    while (colon > 0 && address.p[colon - 1] != ':') colon--;
    return str_skip(address, colon);
}

static bool is_here(const struct pages *p, struct str host) {
    struct str address = str_c(p->address), rest = host;
    if (str_eq(host, address)) return true;
    return str_starts(rest, S("localhost:")) && str_eq(str_skip(rest, sizeof "localhost:" - 1), port_of(address));
}

static bool is_json(struct str type) { return str_eq_ascii_case(str_trim(str_cut(&type, ';')), S("application/json")); }

enum err pages_admit(const struct pages *p, const struct http_request *q) {
    struct str origin = q->origin;
    if (!is_here(p, q->host)) return ERR_FORBIDDEN;
    if (!str_empty(origin) && (!str_starts(origin, S("http://")) || !str_eq(str_skip(origin, 7), q->host)))
        return ERR_FORBIDDEN;
    if (!str_eq(q->method, S("POST"))) return ERR_OK;
    if (str_empty(origin)) return ERR_FORBIDDEN; /* every browser says it of a POST */
    return is_json(q->content_type) ? ERR_OK : ERR_MEDIA_TYPE;
}

/* ---- what the page is shown ---- */

static void put_time(struct buf *b, const char *name, int64_t us) {
    if (us == 0) return;
    buf_printf(b, ",\"%s\":\"", name), time_put_japan_iso(b, us), buf_putc(b, '"');
}

static void put_text(struct buf *b, const char *name, const char *text) {
    buf_printf(b, ",\"%s\":", name), buf_json(b, str_c(text));
}

static void put_why(struct buf *b, enum err why) {
    if (why == ERR_OK) return;
    const struct err_info *info = err_info(why);
    buf_printf(b, ",\"why\":{\"code\":\"MDO%sE\",\"ja\":\"%s\",\"en\":\"%s\"}", info->code, info->ja, info->en);
}

static void put_asked(struct buf *b, const struct visit *v) {
    buf_puts(b, ",\"asked_with\":{\"insurer\":\""), insurer_number_put(b, v->insurer), buf_putc(b, '"');
    buf_puts(b, ",\"birth\":{\"iso\":\""), day_put_iso(b, v->birth), buf_puts(b, "\",\"ja\":\"");
    day_put_wareki(b, v->birth), buf_puts(b, "\"},\"branch\":\""), branch_put(b, v->branch), buf_putc(b, '"');
    put_text(b, "symbol", v->symbol), put_text(b, "number", v->insured_number);
    put_text(b, "chart", v->chart), put_text(b, "name", v->name);
    buf_printf(b, ",\"limit_consent\":%s}", v->limit_consent ? "true" : "false");
}

void visit_put_json(struct buf *b, const struct visit *v) {
    static const char *const states[] = {[VISIT_WAITING] = "waiting",
                                         [VISIT_SILENT] = "silent",
                                         [VISIT_ANSWERED] = "answered",
                                         [VISIT_REFUSED] = "refused"};
    buf_printf(b, "{\"id\":\"%s\",\"number\":%u,\"version\":%llu,\"state\":\"%s\",\"day\":\"", v->id, v->number,
               (unsigned long long)v->version, states[v->state]);
    day_put_iso(b, v->day), buf_putc(b, '"');
    put_time(b, "asked", v->asked_us), put_time(b, "settled", v->settled_us);
    put_why(b, v->why);
    put_asked(b, v);
    if (v->said[0]) put_text(b, "said", v->said);
    if (v->state == VISIT_ANSWERED) buf_puts(b, ",\"answer\":"), buf_put(b, buf_str(&v->answer));
    buf_putc(b, '}');
}

static void put_centre(struct buf *b, const struct reception *r) {
    buf_printf(b, ",\"centre\":{\"state\":\"%s\"", r->silent ? "silent" : r->heard ? "answers" : "unasked");
    if (r->silent) put_time(b, "since", r->silent_since_us), put_why(b, r->why);
    buf_putc(b, '}');
}

static void reply_json(struct http_exchange *x) {
    x->reply.status = 200;
    x->reply.content_type = S("application/json; charset=utf-8");
    http_reply_header(x, S("Cache-Control"), S("no-store"));
    http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
}

static void put_visits(const struct pages *p, struct http_exchange *x, uint64_t since) {
    const struct reception *r = &p->reception;
    struct buf *b = &x->reply.body;
    bool first = true;
    reply_json(x);
    buf_printf(b, "{\"run\":\"%s\",\"version\":%llu,\"day\":\"", p->run, (unsigned long long)r->visits.version);
    day_put_iso(b, r->visits.today), buf_puts(b, "\",\"institution\":\"");
    institution_code_put(b, r->settings.institution), buf_putc(b, '"');
    put_centre(b, r);
    buf_printf(b, ",\"damaged\":%zu,\"kept\":%s,\"visits\":[", r->visits.damaged, r->kept_badly ? "false" : "true");
    for (size_t i = 0; i < r->visits.count; i++) {
        if (r->visits.list[i]->version <= since) continue;
        if (!first) buf_putc(b, ',');
        first = false;
        visit_put_json(b, r->visits.list[i]);
    }
    buf_puts(b, "]}\n");
}

/* ---- the requests ---- */

/* "since=12&run=0123456789abcdef" of this run; anything else comes from a page that knows nothing yet. */
static bool knows(const struct pages *p, struct str query, uint64_t *since) {
    struct str first = str_cut(&query, '&');
    *since = 0;
    if (!str_starts(first, S("since=")) || !str_starts(query, S("run="))) return false;
    return str_eq(str_skip(query, 4), str_c(p->run)) && str_uint(str_skip(first, 6), UINT64_MAX, since);
}

static enum http_step give_visits(struct pages *p, struct http_exchange *x) {
    struct pages_waiting *place = NULL;
    uint64_t since;
    bool may_wait = knows(p, x->request.query, &since) && since == p->reception.visits.version;
    for (size_t i = 0; i < PAGES_WAITING_MAX && place == NULL; i++)
        if (p->waiting[i].x == NULL) place = &p->waiting[i];
    if (!may_wait || place == NULL) return put_visits(p, x, since), HTTP_NOW;
    *place = (struct pages_waiting){x, since, p->world->steady_us(p->world) + PAGES_WAIT_MS * 1000};
    return HTTP_LATER;
}

static enum http_step ask(struct pages *p, struct http_exchange *x) {
    struct visit *v = visit_new();
    struct diag d = {0};
    if (v == NULL) return http_reply_error(x, ERR_MEMORY, S("")), HTTP_NOW;
    enum err e = question_read(&x->arena, x->request.body, v, &d);
    if (e == ERR_OK) e = reception_ask(&p->reception, v, &d);
    if (e != ERR_OK) {
        visit_free(v);
        return http_reply_error(x, e, str_c(d.where)), HTTP_NOW;
    }
    reply_json(x);
    visit_put_json(&x->reply.body, v);
    return HTTP_NOW;
}

static enum http_step refuse(struct http_exchange *x, enum err why) {
    http_reply_error(x, why, S(""));
    return HTTP_NOW;
}

static enum http_step take_statement(struct pages *p, struct http_exchange *x) {
    char room[64];
    struct buf id = buf_over(room, sizeof room);
    struct diag d = {0};
    if (p->statements.put == NULL) return refuse(x, ERR_PATH);
    if (p->statements.put(p->statements.context, x->request.body, &id, &d) != ERR_OK) {
        http_reply_error(x, d.err, str_c(d.where));
        return HTTP_NOW;
    }
    reply_json(x);
    buf_printf(&x->reply.body, "{\"id\":\"%.*s\"}\n", (int)id.n, id.p);
    return HTTP_NOW;
}

static enum http_step statement_answer(struct pages *p, struct http_exchange *x) {
    struct diag d = {0};
    if (p->statements.put == NULL) return refuse(x, ERR_PATH);
    enum err e = p->statements.answer(p->statements.context, x->request.query, &x->reply.body, &d);
    if (e != ERR_OK) return refuse(x, e);
    reply_json(x);
    return HTTP_NOW;
}

enum http_step pages_handle(struct pages *p, struct http_exchange *x) {
    const struct http_request *q = &x->request;
    enum err e = pages_admit(p, q);
    if (e != ERR_OK) return refuse(x, e);
    bool asks = str_eq(q->path, S("/reception/ask")), states = str_eq(q->path, S("/reception/statement"));
    if (states && str_eq(q->method, S("POST"))) return take_statement(p, x);
    if (str_eq(q->path, S("/reception/statement/answer")) && str_eq(q->method, S("GET"))) return statement_answer(p, x);
    if (!str_eq(q->method, asks ? S("POST") : S("GET"))) {
        http_reply_error(x, ERR_METHOD, S(""));
        http_reply_header(x, S("Allow"), asks ? S("POST") : S("GET, HEAD"));
        return HTTP_NOW;
    }
    if (asks) return ask(p, x);
    return str_eq(q->path, S("/reception/visits")) ? give_visits(p, x) : reception_page(x);
}

void pages_turn(struct pages *p) {
    (void)reception_turn(&p->reception);
    int64_t now_us = p->world->steady_us(p->world);
    for (size_t i = 0; i < PAGES_WAITING_MAX; i++) {
        struct pages_waiting *w = &p->waiting[i];
        if (w->x == NULL || (w->since == p->reception.visits.version && now_us < w->until_us)) continue;
        struct http_exchange *x = w->x;
        w->x = NULL;
        put_visits(p, x, w->since);
        http_done(x);
    }
}
