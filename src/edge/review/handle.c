#include "edge/review/handle.h"

#include "edge/review/wish.h"
#include "net/page.h"

#include <limits.h>
#include <stdio.h>

static void wake(void *context) { http_wake(context); }

enum err review_pages_open(struct review_pages *p, const struct review_pages_settings *s, struct diag *d) {
    struct review_settings r = s->review;
    *p = (struct review_pages){.world = r.world, .keys = s->keys, .sessions.world = r.world};
    r.wake = wake, r.context = s->loop;
    if (!str_to_c(s->address, p->address, sizeof p->address)) return diag_set(d, ERR_LIMIT, "address", NULL);
    return review_open(&p->review, &r, d);
}

void review_pages_close(struct review_pages *p) { review_close(p->review); }
void review_pages_turn(struct review_pages *p) { review_turn(p->review); }
void review_pages_woken(struct review_pages *p) { review_woken(p->review); }

void review_reply_json(struct http_exchange *x) {
    x->reply.status = 200;
    x->reply.content_type = S("application/json; charset=utf-8");
    http_reply_header(x, S("Cache-Control"), S("no-store"));
    http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
}

/* ---- the query ---- */

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str review_query(struct http_exchange *x, const char *name) {
    struct str rest = x->request.query;
    while (rest.n) {
        struct str value = str_cut(&rest, '&'), key = str_cut(&value, '=');
        if (!str_eq(key, str_c(name))) continue;
        struct buf b = buf_over(arena_new(&x->arena, value.n + 1), value.n + 1);
        for (size_t i = 0; i < value.n; i++) {
            bool coded = value.p[i] == '%' && i + 2 < value.n && hex(value.p[i + 1]) >= 0 && hex(value.p[i + 2]) >= 0;
            buf_putc(&b, coded ? (char)(hex(value.p[i + 1]) << 4 | hex(value.p[i + 2])) : value.p[i]);
            i += coded ? 2 : 0;
        }
        return buf_ok(&b) ? buf_str(&b) : S("");
    }
    return S("");
}

/* ---- answered when the logs have it ---- */

static void done(struct review_order *o) {
    struct review_call *c = o->context;
    if (o->err != ERR_OK) http_reply_error(c->x, o->err, S(""));
    else review_write_alarm(c);
    c->finished = true;
    if (!c->inside) http_done(c->x);
}

static enum http_step start(struct review_call *c) {
    c->order.done = done, c->order.context = c, c->order.detail = &c->detail;
    c->inside = true;
    review_record(c->pages->review, &c->order);
    c->inside = false;
    return c->finished ? HTTP_NOW : HTTP_LATER;
}

static enum http_step refuse(struct http_exchange *x, enum err e, const char *where) {
    http_reply_error(x, e, str_c(where));
    return HTTP_NOW;
}

static enum err new_call(struct review_pages *p, struct http_exchange *x, struct str id, const struct session *who,
                         struct review_call **out) {
    uint8_t bytes[ALARM_ID_BYTES];
    struct diag d;
    struct review_call *c = arena_new(&x->arena, sizeof *c);
    if (c == NULL) return ERR_MEMORY;
    if (!alarm_id_parse(id, bytes)) return ERR_VALUE;
    c->pages = p, c->x = x;
    c->order.alarm = review_find(p->review, bytes);
    if (c->order.alarm == NULL) return ERR_NOT_FOUND;
    TRY(review_read(p->review, c->order.alarm, &x->arena, &c->detail, &d));
    c->order.reviewer = arena_copy(&x->arena, str_c(who->reviewer)); /* a session may end before it is recorded */
    return *out = c, c->order.reviewer.p ? ERR_OK : ERR_MEMORY;
}

static enum http_step see(struct review_pages *p, struct http_exchange *x, const struct session *who) {
    struct review_call *c = NULL;
    enum err e = new_call(p, x, review_query(x, "id"), who, &c);
    if (e != ERR_OK) return refuse(x, e, "id");
    c->order.kind = REVIEW_SEEN;
    return start(c);
}

/* ---- deciding ---- */

/* Whoever decides has opened the alarm since somebody else last decided about it. */
static bool has_looked(const struct review_alarm *a, struct str reviewer) {
    bool looked = false;
    for (const struct review_entry *e = a->first; e; e = e->next) {
        bool own = str_eq(str_c(e->reviewer), reviewer);
        if (e->kind == REVIEW_SEEN && own) looked = true;
        if (e->kind == REVIEW_DECIDED && !own) looked = false;
    }
    return looked;
}

static enum http_step decide(struct review_pages *p, struct http_exchange *x, const struct session *who) {
    struct review_wish w;
    struct review_call *c = NULL;
    enum err e = review_wish_read(&x->arena, x->request.body, &w);
    if (e == ERR_OK) e = new_call(p, x, w.alarm, who, &c);
    if (e != ERR_OK) return refuse(x, e, "");
    c->order.kind = REVIEW_DECIDED, c->order.reason = w.reason;
    c->order.decision = w.decision;
    if (!has_looked(c->order.alarm, c->order.reviewer)) return refuse(x, ERR_CONFLICT, "seen");
    return start(c);
}

/* ---- who looked under a link that was undone ---- */

static enum http_step give_unlinked(struct review_pages *p, struct http_exchange *x) {
    char path[PATH_MAX];
    uint8_t id[ALARM_ID_BYTES];
    struct diag d;
    if (!alarm_id_parse(review_query(x, "id"), id)) return refuse(x, ERR_VALUE, "id");
    const struct review_alarm *a = review_find(p->review, id);
    if (a == NULL || !a->listed) return refuse(x, ERR_NOT_FOUND, "id");
    if (!review_list_path(p->review, id, path, sizeof path)) return refuse(x, ERR_LIMIT, "id");
    struct buf text;
    buf_init(&text, REVIEW_LIST_FILE_MAX);
    enum err e = world_read_file(p->world, path, &text, &d);
    if (e == ERR_OK) review_reply_json(x), buf_put(&x->reply.body, buf_str(&text));
    x->reply.content_type = S("application/x-ndjson; charset=utf-8");
    buf_fini(&text);
    return e == ERR_OK ? HTTP_NOW : refuse(x, e, "");
}

/* ---- the requests ---- */

static struct str token_of(const struct http_request *q) {
    struct str kind = S("Bearer ");
    return str_starts(q->authorization, kind) ? str_skip(q->authorization, kind.n) : S("");
}

static enum http_step sign_out(struct review_pages *p, struct http_exchange *x) {
    session_end(&p->sessions, token_of(&x->request));
    review_reply_json(x);
    buf_puts(&x->reply.body, "{}\n");
    return HTTP_NOW;
}

enum action { PAGE_ITSELF, SIGN_IN, SIGN_OUT, LIST, SEE, DECIDE, UNLINKED };

static enum action action_of(struct str path, bool *posts) {
    static const struct {
        const char *path;
        enum action action;
        bool posts;
    } routes[] = {{"/review/sign-in", SIGN_IN, true}, {"/review/sign-out", SIGN_OUT, true},
                  {"/review/list", LIST, false},      {"/review/alarm", SEE, false},
                  {"/review/decide", DECIDE, true},   {"/review/unlinked", UNLINKED, false}};
    *posts = false;
    for (size_t i = 0; i < ARRAY_LEN(routes); i++)
        if (str_eq(path, str_c(routes[i].path))) return *posts = routes[i].posts, routes[i].action;
    return PAGE_ITSELF;
}

enum http_step review_pages_handle(struct review_pages *p, struct http_exchange *x) {
    const struct http_request *q = &x->request;
    bool posts;
    enum action action = action_of(q->path, &posts);
    enum err e = page_admit(str_c(p->address), q);
    if (e != ERR_OK) return refuse(x, e, "");
    if (!str_eq(q->method, posts ? S("POST") : S("GET"))) {
        http_reply_error(x, ERR_METHOD, S(""));
        http_reply_header(x, S("Allow"), posts ? S("POST") : S("GET, HEAD"));
        return HTTP_NOW;
    }
    if (action == PAGE_ITSELF) return review_page(x);
    if (action == SIGN_IN) return review_sign_in(p, x);
    const struct session *who = session_of(&p->sessions, token_of(q));
    if (who == NULL) return refuse(x, ERR_UNAUTHENTICATED, "");
    switch (action) {
    case SIGN_OUT: return sign_out(p, x);
    case LIST: return review_write_list(p, x, who), HTTP_NOW;
    case SEE: return see(p, x, who);
    case DECIDE: return decide(p, x, who);
    default: return give_unlinked(p, x);
    }
}
