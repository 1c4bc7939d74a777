#include "edge/web/status.h"

#include "core/codes.h"
#include "edge/web/later.h"

/* What the page shows, as JSON. Counts are since the server started; the page makes "a second" of two of them. */

static void put_number(struct buf *b, const char *name, uint64_t v, bool last) {
    buf_printf(b, "\"%s\":%llu%s", name, (unsigned long long)v, last ? "" : ",");
}

static void put_doors(struct buf *b, const struct figures_sum *s) {
    bool first = true;
    buf_puts(b, "\"questions\":{");
    for (size_t i = 0; i < FIGURES_DOORS; i++) {
        const char *label = figures_label(FIGURES_BY_DOOR, i);
        if (label == NULL) continue;
        buf_printf(b, "%s\"%s\":%llu", first ? "" : ",", label, (unsigned long long)s->questions[i]);
        first = false;
    }
    buf_puts(b, "},");
}

static void put_answers(struct buf *b, const struct figures_sum *s) {
    buf_puts(b, "\"answers\":[");
    for (size_t i = VALID; i < FIGURES_VALIDITIES; i++) {
        const char *value = figures_label(FIGURES_BY_VALIDITY, i);
        const struct code *c = code_find(CODES_VALIDITY, str_c(value));
        buf_printf(b, "%s{\"code\":\"%s\",\"count\":%llu,\"ja\":", i > VALID ? "," : "", value,
                   (unsigned long long)s->answers[i]);
        buf_json(b, str_c(c ? c->ja : ""));
        buf_puts(b, ",\"en\":");
        buf_json(b, str_c(c ? c->en : ""));
        buf_putc(b, '}');
    }
    buf_puts(b, "],");
}

static void put_refusals(struct buf *b, const struct figures_sum *s) {
    bool first = true;
    buf_puts(b, "\"refusals\":[");
    for (size_t i = 1; i < ERR_COUNT; i++) {
        const struct err_info *info = err_info((enum err)i);
        if (s->refusals[i] == 0) continue;
        buf_printf(b, "%s{\"code\":\"MDO%sE\",\"count\":%llu,\"ja\":", first ? "" : ",", info->code,
                   (unsigned long long)s->refusals[i]);
        buf_json(b, str_c(info->ja));
        buf_puts(b, ",\"en\":");
        buf_json(b, str_c(info->en));
        buf_putc(b, '}');
        first = false;
    }
    buf_puts(b, "],");
}

/* "steps" lets the page find percentiles of the last minute: [upper bound in microseconds, answers], where there are any. */
static void put_durations(struct buf *b, const struct figures_sum *s) {
    bool first = true;
    buf_puts(b, "\"duration_us\":{");
    put_number(b, "p50", figures_percentile_us(s, 500), false);
    put_number(b, "p90", figures_percentile_us(s, 900), false);
    put_number(b, "p99", figures_percentile_us(s, 990), false);
    put_number(b, "p999", figures_percentile_us(s, 999), false);
    buf_puts(b, "\"steps\":[");
    for (size_t i = 0; i < FIGURES_STEPS; i++) {
        if (s->steps[i] == 0) continue;
        buf_printf(b, "%s[%llu,%llu]", first ? "" : ",", (unsigned long long)figures_step_from_us(i + 1) - 1,
                   (unsigned long long)s->steps[i]);
        first = false;
    }
    buf_puts(b, "]},");
}

static void put_log(struct buf *b, const struct figures_sum *s) {
    buf_puts(b, "\"log\":{");
    put_number(b, "records", s->ledger_records[0], false);
    put_number(b, "commits", s->ledger_commits[0], false);
    put_number(b, "bytes", s->ledger_bytes[0], false);
    put_number(b, "failed", s->ledger_failed[0], false);
    put_number(b, "waiting", s->ledger_waiting[0], true);
    buf_puts(b, "},");
}

static void write_status(struct later *l) {
    struct door *d = l->look.door;
    struct buf *b = &l->x->reply.body;
    struct figures_sum s;
    figures_sum(&d->figures, &s);
    buf_puts(b, "{\"version\":\"" MADO_VERSION "\",");
    put_number(b, "now_us", (uint64_t)d->world->now_us(d->world), false);
    put_number(b, "started_us", (uint64_t)s.started_us, false);
    put_number(b, "workers", s.workers[0], false);
    put_number(b, "members", store_count(d->desk.coverage, STORE_MEMBER), false);
    put_number(b, "owed", s.owed[0], false);
    put_doors(b, &s);
    put_answers(b, &s);
    put_refusals(b, &s);
    put_durations(b, &s);
    put_log(b, &s);
    buf_puts(b, "\"health\":{");
    health_put(b, &l->look.report);
    buf_puts(b, "}}\n");
    l->x->reply.status = 200;
    l->x->reply.content_type = S("application/json; charset=utf-8");
    http_reply_header(l->x, S("Cache-Control"), S("no-store"));
}

enum http_step web_status(struct door *d, struct http_exchange *x) { return later_look(d, x, write_status); }
