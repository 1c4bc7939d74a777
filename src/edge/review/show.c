/* What a reviewer is shown. */
#include "edge/review/handle.h"
#include "edge/review/marks.h"

/* ---- the list: where things stand, and nobody's name ---- */

struct filter {
    enum alarm_cause cause;        /* …_COUNT: any */
    enum review_state state;       /* …_COUNT: any */
    struct insurer_number insurer; /* n 0: any */
    bool todo;                     /* what is not settled */
};

static struct filter read_filter(struct http_exchange *x) {
    struct filter f = {.cause = alarm_cause_of(review_query(x, "cause"))};
    struct str state = review_query(x, "state"), insurer = review_query(x, "insurer");
    f.state = review_state_of(state);
    f.todo = str_eq(state, S("todo"));
    if (insurer_number_parse(insurer, &f.insurer) != ERR_OK) f.insurer.n = 0;
    return f;
}

static bool fits(const struct filter *f, const struct review_alarm *a) {
    return (f->cause == ALARM_CAUSES || f->cause == a->cause) &&
           (f->state == REVIEW_STATE_COUNT || f->state == a->state.state) &&
           (!f->insurer.n || f->insurer.n == a->insurer.n) && (!f->todo || !review_settled(&a->state));
}

/* Whether this reviewer is the one that is waited for. */
static bool waits_for(const struct review_alarm *a, const char *reviewer) {
    struct str who = str_c(reviewer);
    return (a->state.state == REVIEW_STATE_PROPOSED || a->state.state == REVIEW_STATE_SPLIT) &&
           review_may(&a->state, DECISION_UNLINK, who, S("x")) == ERR_OK;
}

static void put_word(struct buf *b, const char *name, struct review_word w) {
    buf_printf(b, ",\"%s\":{\"code\":\"%s\",\"ja\":", name, w.code);
    buf_json(b, str_c(w.ja)), buf_puts(b, ",\"en\":"), buf_json(b, str_c(w.en)), buf_putc(b, '}');
}

static void put_row(struct buf *b, const struct review_alarm *a, const char *reviewer) {
    buf_puts(b, "{\"alarm\":\""), alarm_id_put(b, a->id);
    buf_printf(b, "\",\"rank\":%u,\"wrong_ppm\":%u,\"insurer\":\"", a->rank, a->wrong_ppm);
    insurer_number_put(b, a->insurer), buf_putc(b, '"');
    put_word(b, "cause", alarm_cause_word(a->cause));
    put_word(b, "state", review_state_word(a->state.state));
    buf_printf(b, ",\"closed\":%s,\"settled\":%s,\"waits_for_you\":%s}", a->state.closed ? "true" : "false",
               review_settled(&a->state) ? "true" : "false", waits_for(a, reviewer) ? "true" : "false");
}

struct counts {
    size_t cause[ALARM_CAUSES], state[REVIEW_STATE_COUNT], fits;
};

static void put_counts(struct buf *b, const struct counts *n, size_t all) {
    const char *comma = "";
    buf_printf(b, "\"all\":%zu,\"fits\":%zu,\"causes\":[", all, n->fits);
    for (unsigned c = 0; c < ALARM_CAUSES; c++) {
        struct review_word w = alarm_cause_word(c);
        if (n->cause[c] == 0) continue;
        buf_printf(b, "%s{\"code\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\",\"n\":%zu}", comma, w.code, w.ja, w.en,
                   n->cause[c]);
        comma = ",";
    }
    buf_puts(b, "],\"states\":["), comma = "";
    for (unsigned s = 0; s < REVIEW_STATE_COUNT; s++, comma = ",") {
        struct review_word w = review_state_word(s);
        buf_printf(b, "%s{\"code\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\",\"n\":%zu}", comma, w.code, w.ja, w.en,
                   n->state[s]);
    }
    buf_putc(b, ']');
}

void review_write_list(const struct review_pages *p, struct http_exchange *x, const struct session *who) {
    const struct filter f = read_filter(x);
    struct buf *b = &x->reply.body;
    struct counts n = {0};
    uint64_t from = 0;
    size_t count = review_count(p->review);
    const char *comma = "";
    if (!str_uint(review_query(x, "from"), REVIEW_ALARMS_MAX, &from)) from = 0;
    review_reply_json(x);
    buf_printf(b, "{\"name\":\"%s\",\"alarms\":[", who->reviewer);
    for (size_t i = 0; i < count; i++) {
        const struct review_alarm *a = review_at(p->review, i);
        n.cause[a->cause]++, n.state[a->state.state]++;
        if (!fits(&f, a) || n.fits++ < from || n.fits > from + REVIEW_PAGE_ROWS) continue;
        buf_puts(b, comma), put_row(b, a, who->reviewer);
        comma = ",";
    }
    buf_puts(b, "],"), put_counts(b, &n, count);
    buf_puts(b, "}\n");
}

/* ---- one alarm ---- */

static void put_text(struct buf *b, const char *name, struct str s) { buf_printf(b, ",\"%s\":", name), buf_json(b, s); }

/* Both sides, fact by fact. A name that is also written another way stands under it. */
static void put_facts(struct buf *b, const struct alarm_side *a, const struct alarm_side *r) {
    struct str alias_a = a->other_name, alias_r = r->other_name;
    buf_puts(b, ",\"facts\":[");
    marks_put(b, FACT_NAME, a->name, r->name), buf_putc(b, ',');
    marks_put(b, FACT_KANA, a->kana, r->kana), buf_putc(b, ',');
    marks_put(b, FACT_BIRTH, a->birth, r->birth), buf_putc(b, ',');
    marks_put(b, FACT_ADDRESS, a->address, r->address);
    buf_printf(b, "],\"sex\":["), buf_json(b, a->sex), buf_putc(b, ','), buf_json(b, r->sex);
    buf_puts(b, "],\"post\":["), buf_json(b, a->post), buf_putc(b, ','), buf_json(b, r->post);
    buf_puts(b, "],\"other_name\":["), buf_json(b, alias_a), buf_putc(b, ','), buf_json(b, alias_r);
    buf_puts(b, "],\"former_name\":["), buf_json(b, a->former_name), buf_putc(b, ','), buf_json(b, r->former_name);
    buf_putc(b, ']');
}

static void put_others(struct buf *b, const struct alarm *m) {
    buf_puts(b, ",\"others\":[");
    for (size_t i = 0; i < m->other_count; i++) {
        const struct alarm_other *o = &m->others[i];
        buf_printf(b, "%s{\"resident\":", i ? "," : ""), buf_json(b, o->resident);
        put_word(b, "why", alarm_cause_word(o->why));
        put_facts(b, &m->record, &o->registry);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static void put_reasons(struct buf *b, const struct alarm *m) {
    buf_puts(b, ",\"reasons\":[");
    for (size_t i = 0; i < m->reason_count; i++) {
        const struct alarm_reason *r = &m->reasons[i];
        buf_printf(b, "%s{\"agrees\":%s,\"fact\":", i ? "," : "", r->agrees ? "true" : "false"), buf_json(b, r->fact);
        put_text(b, "a", r->a), put_text(b, "b", r->b), put_text(b, "ja", r->ja), put_text(b, "en", r->en);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static void put_history(struct buf *b, const struct review_alarm *a) {
    const char *comma = "";
    buf_puts(b, ",\"history\":[");
    for (const struct review_entry *e = a->first; e; e = e->next, comma = ",") {
        buf_printf(b, "%s{\"at\":\"", comma), time_put_japan_iso(b, e->at_us), buf_putc(b, '"');
        put_word(b, "what", review_kind_word(e->kind));
        if (e->decision) put_word(b, "decision", review_decision_word(e->decision));
        if (e->reviewer[0]) put_text(b, "by", str_c(e->reviewer));
        if (e->reason.n) put_text(b, "reason", e->reason);
        if (e->kind == REVIEW_ACCESSES_LISTED) buf_printf(b, ",\"count\":%u", e->count);
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

/* Which decisions this reviewer may take now: "" for those, the error's name for the others. */
static void put_may(struct buf *b, const struct review_alarm *a, struct str reviewer) {
    static const enum review_decision all[] = {DECISION_RIGHT, DECISION_UNLINK, DECISION_ASK_PERSON,
                                               DECISION_ASK_INSURER};
    buf_puts(b, ",\"may\":{");
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        enum err e = review_may(&a->state, all[i], reviewer, S("x"));
        buf_printf(b, "%s\"%s\":\"%s\"", i ? "," : "", review_decision_word(all[i]).code,
                   e == ERR_OK ? "" : err_info(e)->name);
    }
    buf_putc(b, '}');
}

void review_write_alarm(struct review_call *c) {
    const struct review_alarm *a = c->order.alarm;
    const struct alarm *m = &c->detail;
    struct buf *b = &c->x->reply.body;
    review_reply_json(c->x);
    buf_puts(b, "{\"alarm\":\""), alarm_id_put(b, a->id);
    buf_printf(b, "\",\"rank\":%u,\"wrong_ppm\":%u", a->rank, a->wrong_ppm);
    put_word(b, "cause", alarm_cause_word(a->cause)), put_word(b, "next", alarm_next_word(a->next));
    put_word(b, "state", review_state_word(a->state.state));
    buf_printf(b, ",\"closed\":%s,\"settled\":%s,\"listed\":%s,\"accesses\":%u", a->state.closed ? "true" : "false",
               review_settled(&a->state) ? "true" : "false", a->listed ? "true" : "false", a->accesses);
    if (a->list_err != ERR_OK) put_text(b, "list_error", str_c(err_info(a->list_err)->ja));
    buf_puts(b, ",\"insurer\":\""), insurer_number_put(b, a->insurer), buf_putc(b, '"');
    put_text(b, "symbol", m->member.symbol), put_text(b, "number", m->member.number);
    buf_puts(b, ",\"branch\":\""), branch_put(b, m->member.branch), buf_putc(b, '"');
    put_text(b, "resident", m->resident), put_text(b, "ja", m->ja), put_text(b, "en", m->en);
    put_facts(b, &m->record, &m->registry);
    put_reasons(b, m), put_others(b, m), put_history(b, a);
    put_may(b, a, c->order.reviewer);
    buf_puts(b, "}\n");
}
