#include "edge/reception/handle.h"

#include "edge/reception/answer.h"
#include "edge/reception/question.h"
#include "net/page.h"

static const struct reception_form form = {question_put_message, reception_answer_read, reception_refusal_read,
                                           reception_card_read, reception_answer_same};

static void wake(void *context) { http_wake(context); }

enum err pages_open(struct pages *p, const struct pages_settings *s, struct diag *d) {
    unsigned char run[PAGES_RUN / 2];
    struct buf b = buf_over(p->run, sizeof p->run);
    const struct reception_settings r = {.world = s->world,
                                         .folder = s->folder,
                                         .log = s->log,
                                         .memory = s->memory,
                                         .institution = s->institution,
                                         .asker = s->asker,
                                         .form = &form,
                                         .wake = wake,
                                         .context = s->loop};
    *p = (struct pages){.world = s->world, .paper = s->paper, .statements = s->statements};
    s->world->random(s->world, run, sizeof run);
    buf_hex(&b, str_of(run, sizeof run));
    if (!str_to_c(s->address, p->address, sizeof p->address) || !str_to_c(s->kiosk, p->kiosk, sizeof p->kiosk))
        return diag_set(d, ERR_LIMIT, "address", NULL);
    TRY(reception_open(&p->reception, &r, d));
    enum err e = kiosk_open(&p->kiosk_page.kiosk, &p->reception, &s->devices, s->aside, d);
    if (e != ERR_OK) reception_close(&p->reception);
    return e;
}

void pages_close(struct pages *p) {
    kiosk_close(&p->kiosk_page.kiosk);
    if (p->picture.x) p->paper.give_up(p->paper.context);
    reception_close(&p->reception);
}

/* ---- who may ask ---- */

static bool at_kiosk(const struct http_request *q) { return str_eq(q->entrance, S("kiosk")); }

/* With an address of its own the patients' page is there alone, and the reception's is not. */
static bool belongs(const struct pages *p, const struct http_request *q) {
    bool kiosk = str_starts(q->path, S("/kiosk")), reception = str_starts(q->path, S("/reception"));
    if (at_kiosk(q)) return !reception;
    return !kiosk || p->kiosk[0] == 0;
}

enum err pages_admit(const struct pages *p, const struct http_request *q) {
    struct str address = str_c(at_kiosk(q) ? p->kiosk : p->address);
    if (!str_eq(q->path, S("/reception/picture"))) return page_admit(address, q);
    TRY(page_from_here(address, q));
    return !str_eq(q->method, S("POST")) || paper_is_picture(q->content_type) ? ERR_OK : ERR_MEDIA_TYPE;
}

/* ---- what the page is shown ---- */

static void put_centre(struct buf *b, const struct reception *r) {
    buf_printf(b, ",\"centre\":{\"state\":\"%s\"", r->silent ? "silent" : r->heard ? "answers" : "unasked");
    if (r->silent) visit_put_time(b, "since", r->silent_since_us), visit_put_why(b, r->why);
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

static enum http_step refuse(struct http_exchange *x, enum err why, struct str where) {
    http_reply_error(x, why, where);
    return HTTP_NOW;
}

static enum http_step give_visit(struct http_exchange *x, const struct visit *v) {
    reply_json(x);
    visit_put_json(&x->reply.body, v);
    return HTTP_NOW;
}

static enum http_step ask(struct pages *p, struct http_exchange *x) {
    struct visit *typed = visit_new(), *v = typed;
    struct diag d = {0};
    struct str waiting = S("");
    if (typed == NULL) return refuse(x, ERR_MEMORY, S(""));
    enum err e = question_read(&x->arena, x->request.body, typed, &waiting, &d);
    if (e == ERR_OK && waiting.n) {
        e = reception_complete(&p->reception, waiting, typed, &v, &d);
        visit_free(typed);
    } else {
        if (e == ERR_OK) e = reception_ask(&p->reception, typed, &d);
        if (e != ERR_OK) visit_free(typed);
    }
    return e == ERR_OK ? give_visit(x, v) : refuse(x, e, str_c(d.where));
}

static enum http_step put_aside(struct pages *p, struct http_exchange *x) {
    struct visit *v;
    struct diag d = {0};
    struct str id;
    bool back = str_eq(x->request.path, S("/reception/restore"));
    enum err e = question_read_id(&x->arena, x->request.body, &id, &d);
    if (e == ERR_OK)
        e = back ? reception_restore(&p->reception, id, &v, &d) : reception_remove(&p->reception, id, &v, &d);
    return e == ERR_OK ? give_visit(x, v) : refuse(x, e, str_c(d.where));
}

static enum http_step take_statement(struct pages *p, struct http_exchange *x) {
    char room[64];
    struct buf id = buf_over(room, sizeof room);
    struct diag d = {0};
    if (p->statements.put == NULL) return refuse(x, ERR_PATH, S(""));
    if (p->statements.put(p->statements.context, x->request.body, &id, &d) != ERR_OK)
        return refuse(x, d.err, str_c(d.where));
    reply_json(x);
    buf_printf(&x->reply.body, "{\"id\":\"%.*s\"}\n", (int)id.n, id.p);
    return HTTP_NOW;
}

static enum http_step statement_answer(struct pages *p, struct http_exchange *x) {
    struct diag d = {0};
    if (p->statements.put == NULL) return refuse(x, ERR_PATH, S(""));
    enum err e = p->statements.answer(p->statements.context, x->request.query, &x->reply.body, &d);
    if (e != ERR_OK) return refuse(x, e, S(""));
    reply_json(x);
    return HTTP_NOW;
}

static enum http_step page(struct pages *p, struct http_exchange *x) {
    (void)p;
    return reception_page(x);
}

#define KIOSK(name)                                                                                                    \
    static enum http_step at_##name(struct pages *p, struct http_exchange *x) { return name(&p->kiosk_page, x); }
KIOSK(kiosk_ways)
KIOSK(kiosk_begin_sitting)
KIOSK(kiosk_give_sitting)
KIOSK(kiosk_take_pin)
KIOSK(kiosk_stop_sitting)
KIOSK(kiosk_take_visit)
#undef KIOSK

/* What is not here is a file of a page. */
static const struct route {
    const char *path;
    bool posts;
    enum http_step (*handle)(struct pages *p, struct http_exchange *x);
} routes[] = {
    {"/reception/ask", true, ask},
    {"/reception/scan", true, paper_scan},
    {"/reception/picture", true, paper_picture},
    {"/reception/remove", true, put_aside},
    {"/reception/restore", true, put_aside},
    {"/reception/visits", false, give_visits},
    {"/kiosk/ways", false, at_kiosk_ways},
    {"/kiosk/begin", true, at_kiosk_begin_sitting},
    {"/kiosk/sitting", false, at_kiosk_give_sitting},
    {"/kiosk/pin", true, at_kiosk_take_pin},
    {"/kiosk/stop", true, at_kiosk_stop_sitting},
    {"/kiosk/receive", true, at_kiosk_take_visit},
    {"/reception/statement/take", true, take_statement},
    {"/reception/statement/answer", false, statement_answer},
};

static const struct route *route_of(struct str path) {
    static const struct route file = {"", false, page};
    for (size_t i = 0; i < ARRAY_LEN(routes); i++)
        if (str_eq(path, str_c(routes[i].path))) return &routes[i];
    return &file;
}

enum http_step pages_handle(struct pages *p, struct http_exchange *x) {
    const struct http_request *q = &x->request;
    const struct route *r = route_of(q->path);
    enum err e = pages_admit(p, q);
    if (e == ERR_OK && !belongs(p, q)) e = ERR_PATH;
    if (e != ERR_OK) return refuse(x, e, S(""));
    if (str_eq(q->method, r->posts ? S("POST") : S("GET"))) return r->handle(p, x);
    http_reply_error(x, ERR_METHOD, S(""));
    http_reply_header(x, S("Allow"), r->posts ? S("POST") : S("GET, HEAD"));
    return HTTP_NOW;
}

void pages_turn(struct pages *p) {
    kiosk_page_turn(&p->kiosk_page);
    (void)reception_turn(&p->reception);
    paper_turn(p);
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
