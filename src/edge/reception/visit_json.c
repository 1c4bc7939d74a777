/* What the page is told of a visit. */
#include "edge/reception/handle.h"

void visit_put_time(struct buf *b, const char *name, int64_t us) {
    if (us == 0) return;
    buf_printf(b, ",\"%s\":\"", name), time_put_japan_iso(b, us), buf_putc(b, '"');
}

static void put_text(struct buf *b, const char *name, const char *text) {
    buf_printf(b, ",\"%s\":", name), buf_json(b, str_c(text));
}

void visit_put_why(struct buf *b, enum err why) {
    if (why == ERR_OK) return;
    const struct err_info *info = err_info(why);
    buf_printf(b, ",\"why\":{\"code\":\"MDO%sE\",\"ja\":\"%s\",\"en\":\"%s\"}", info->code, info->ja, info->en);
}

static void put_asked(struct buf *b, const struct visit *v) {
    buf_puts(b, ",\"asked_with\":{\"insurer\":\"");
    if (v->insurer.n) insurer_number_put(b, v->insurer);
    buf_putc(b, '"');
    if (day_is(v->birth)) {
        buf_puts(b, ",\"birth\":{\"iso\":\""), day_put_iso(b, v->birth), buf_puts(b, "\",\"ja\":\"");
        day_put_wareki(b, v->birth), buf_puts(b, "\"}");
    }
    buf_puts(b, ",\"branch\":\""), branch_put(b, v->branch), buf_putc(b, '"');
    put_text(b, "symbol", v->symbol), put_text(b, "number", v->insured_number);
    put_text(b, "chart", v->chart), put_text(b, "name", v->name);
    if (v->sex) buf_printf(b, ",\"sex\":\"%u\"", v->sex);
    if (v->address[0]) put_text(b, "address", v->address);
    if (v->stated[0]) put_text(b, "stated", v->stated);
    buf_printf(b, ",\"limit_consent\":%s}", v->limit_consent ? "true" : "false");
}

static const char *state_name(const struct visit *v) {
    static const char *const names[] = {[VISIT_WAITING] = "waiting",
                                        [VISIT_SILENT] = "silent",
                                        [VISIT_ANSWERED] = "answered",
                                        [VISIT_REFUSED] = "refused",
                                        [VISIT_DESK] = "desk"};
    return v->removed_us ? "removed" : names[v->state];
}

static void put_proof(struct buf *b, const struct visit *v) {
    static const char *const ways[] = {"typed", "card", "paper", "nothing"};
    const struct proof_info *p = proof_info(v->proof);
    buf_printf(b, ",\"way\":\"%s\"", ways[v->way]);
    if (p) buf_printf(b, ",\"proof\":{\"code\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\"}", p->code, p->ja, p->en);
}

void visit_put_json(struct buf *b, const struct visit *v) {
    buf_printf(b, "{\"id\":\"%s\",\"number\":%u,\"version\":%llu,\"state\":\"%s\",\"day\":\"", v->id, v->number,
               (unsigned long long)v->version, state_name(v));
    day_put_iso(b, v->day), buf_putc(b, '"');
    visit_put_time(b, "asked", v->asked_us), visit_put_time(b, "settled", v->settled_us);
    visit_put_time(b, "told", v->told_us);
    if (v->told_us) buf_printf(b, ",\"told_days\":%d", v->day.n - day_in_japan(v->told_us).n);
    visit_put_why(b, v->why);
    put_proof(b, v);
    put_asked(b, v);
    if (v->said[0]) put_text(b, "said", v->said);
    if (v->changed) buf_puts(b, ",\"changed\":true");
    if (v->answer.n && !v->removed_us) buf_puts(b, ",\"answer\":"), buf_put(b, buf_str(&v->answer));
    buf_putc(b, '}');
}
