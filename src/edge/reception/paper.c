#include "edge/reception/paper.h"

#include "edge/reception/answer.h"
#include "edge/reception/handle.h"
#include "edge/reception/question.h"

bool paper_is_picture(struct str type) {
    struct str s = str_trim(str_cut(&type, ';'));
    return str_eq_ascii_case(s, S("image/png")) || str_eq_ascii_case(s, S("application/pdf"));
}

static enum http_step refuse(struct http_exchange *x, enum err why, const char *where) {
    http_reply_error(x, why, str_c(where));
    return HTTP_NOW;
}

static void reply_json(struct http_exchange *x, int status) {
    buf_reset(&x->reply.body);
    x->reply.status = status;
    x->reply.content_type = S("application/json; charset=utf-8");
    http_reply_header(x, S("Cache-Control"), S("no-store"));
    http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
}

/* Not good: nobody is known, so there is no visit; the page says why below the field. */
static enum http_step say_not_good(struct http_exchange *x, const struct paper_said *said) {
    struct buf *b = &x->reply.body;
    reply_json(x, 422);
    buf_printf(b, "{\"error\":{\"code\":\"MDO%sE\",\"ja\":", err_info(ERR_VALUE)->code);
    buf_json(b, str_c(said->ja)), buf_puts(b, ",\"en\":"), buf_json(b, str_c(said->en));
    buf_puts(b, ",\"detail\":\"code\",\"paper\":"), buf_put(b, said->json), buf_puts(b, "}}\n");
    return HTTP_NOW;
}

/* ---- a code ---- */

static enum err fill(struct visit *v, const struct paper_said *said, struct diag *d) {
    v->insurer = said->insurer, v->birth = said->birth, v->branch = said->insured.branch;
    v->proof = PROOF_PAPER;
    if (!str_to_c(said->insured.symbol, v->symbol, sizeof v->symbol) ||
        !str_to_c(said->insured.number, v->insured_number, sizeof v->insured_number))
        return diag_set(d, ERR_VALUE, "code", NULL);
    /* Without an answer, the row has a name all the same. */
    bool nameless = str_empty(said->message) && v->name[0] == 0;
    return !nameless || str_to_c(said->name, v->name, sizeof v->name) ? ERR_OK : diag_set(d, ERR_VALUE, "code", NULL);
}

/* As the centre's answer, through the same reader, with the paper beside it: shown until the centre has answered. A paper that is not valid
 * says so in words and leaves the coverage to the centre. */
static enum err take_answer(struct visit *v, const struct paper_said *said, struct diag *d) {
    struct buf words = buf_over(v->said, VISIT_SAID_BYTES);
    if (str_empty(said->message)) {
        buf_puts(&words, said->ja), buf_puts(&words, " / "), buf_puts(&words, said->en);
        if (!buf_ok(&words)) return diag_set(d, ERR_LIMIT, "code", NULL);
        return v->said[words.n] = 0, ERR_OK;
    }
    TRY(reception_answer_read(said->message, v, &v->answer, d));
    buf_cut(&v->answer, v->answer.n - 1);
    buf_puts(&v->answer, ",\"paper\":"), buf_put(&v->answer, said->json), buf_putc(&v->answer, '}');
    v->told_us = said->issued_us;
    return buf_ok(&v->answer) ? ERR_OK : diag_set(d, ERR_LIMIT, "code", NULL);
}

/* The visit with its answer on the list: a new one, or the one that waited for these numbers. */
static enum err put_on_list(struct pages *p, struct visit *scanned, struct str waiting, struct visit **out,
                            struct diag *d) {
    enum err e = str_empty(waiting) ? reception_ask(&p->reception, scanned, d)
                                    : reception_complete(&p->reception, waiting, scanned, out, d);
    if (e == ERR_OK && str_empty(waiting)) *out = scanned;
    return e;
}

enum http_step paper_scan(struct pages *p, struct http_exchange *x) {
    struct visit *scanned = visit_new(), *v = NULL;
    struct paper_said said = {0};
    struct diag d = {0};
    struct str code, waiting;
    if (scanned == NULL) return refuse(x, ERR_MEMORY, "");
    enum err e =
        p->paper.check ? question_read_scan(&x->arena, x->request.body, scanned, &code, &waiting, &d) : ERR_PATH;
    if (e == ERR_OK) e = p->paper.check(p->paper.context, &x->arena, code, &said, &d);
    if (e == ERR_OK && said.good) {
        e = fill(scanned, &said, &d);
        if (e == ERR_OK) e = take_answer(scanned, &said, &d);
        if (e == ERR_OK) e = put_on_list(p, scanned, waiting, &v, &d);
    }
    if (v != scanned) visit_free(scanned);
    if (e != ERR_OK) return refuse(x, e, d.where);
    if (!said.good) return say_not_good(x, &said);
    reply_json(x, 200);
    visit_put_json(&x->reply.body, v);
    return HTTP_NOW;
}

/* ---- a picture ---- */

enum http_step paper_picture(struct pages *p, struct http_exchange *x) {
    struct diag d = {0};
    if (p->paper.look == NULL) return refuse(x, ERR_PATH, "");
    if (p->picture.x) return refuse(x, ERR_BUSY, "picture");
    enum err e = p->paper.look(p->paper.context, x->request.body, &d);
    if (e != ERR_OK) return refuse(x, e, "picture");
    p->picture = (struct paper_picture){x, p->world->steady_us(p->world) + PAPER_PICTURE_WAIT_US};
    return HTTP_LATER;
}

/* One code: two papers in one picture would leave it to chance whose answer is shown. */
static enum err put_code(struct http_exchange *x, struct str lines, struct diag *d) {
    struct str rest = lines, code = str_cut(&rest, '\n');
    if (str_empty(code)) return diag_set(d, ERR_NOT_FOUND, "picture", NULL);
    if (!str_empty(rest)) return diag_set(d, ERR_SEVERAL, "picture", NULL);
    reply_json(x, 200);
    buf_puts(&x->reply.body, "{\"code\":"), buf_json(&x->reply.body, code), buf_puts(&x->reply.body, "}\n");
    return ERR_OK;
}

void paper_turn(struct pages *p) {
    struct http_exchange *x = p->picture.x;
    struct diag d = {0};
    struct str lines = S("");
    enum err e = ERR_OK;
    if (x == NULL) return;
    bool late = p->world->steady_us(p->world) >= p->picture.until_us;
    if (!p->paper.looked(p->paper.context, &x->arena, &lines, &e, &d)) {
        if (!late) return;
        p->paper.give_up(p->paper.context);
        e = ERR_TIMEOUT;
    }
    p->picture.x = NULL;
    if (e == ERR_OK) e = put_code(x, lines, &d);
    if (e != ERR_OK) (void)refuse(x, e, "picture");
    http_done(x);
}
