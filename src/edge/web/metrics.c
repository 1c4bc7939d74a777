#include "edge/web/later.h"
#include "edge/web/status.h"

/* Prometheus' own rules: HELP and TYPE once before a family; a histogram's buckets count everything up to their bound and end
 * with +Inf; seconds, not micro. https://prometheus.io/docs/instrumenting/exposition_formats/ */

static void put_head(struct buf *b, const char *metric, const char *type, const char *help) {
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

static void put_family(struct buf *b, const struct figures_family *f, const uint64_t *cells) {
    put_head(b, f->metric, f->kind == FIGURES_COUNTER ? "counter" : "gauge", f->en);
    for (size_t i = 0; i < f->cells; i++) {
        const char *label = figures_label(f->by, i);
        if (label == NULL) continue;
        buf_puts(b, f->metric);
        if (f->by != FIGURES_BY_NOTHING)
            buf_printf(b, "{%s=\"%s%s%s\"}", figures_label_name(f->by), f->by == FIGURES_BY_ERROR ? "MDO" : "", label,
                       f->by == FIGURES_BY_ERROR ? "E" : "");
        buf_printf(b, " %llu\n", (unsigned long long)cells[f->at + i]);
    }
}

static void put_seconds(struct buf *b, uint64_t us) {
    buf_printf(b, "%llu.%06llu", (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
}

/* A bound at every doubling from 64 us to 16.8 s: twenty lines. A step begins at each, so the counts are exact. */
static void put_histogram(struct buf *b, const struct figures_sum *s) {
    enum { FROM_BIT = 6, TO_BIT = 24 };
    static const char metric[] = "mado_answer_duration_seconds";
    uint64_t count = 0;
    size_t step = 0;
    put_head(b, metric, "histogram", "Single questions: from a whole request to the answer whose record is durable.");
    for (unsigned bit = FROM_BIT; bit <= TO_BIT; bit++) {
        for (; step < FIGURES_STEPS && figures_step_from_us(step) < 1ull << bit; step++) count += s->steps[step];
        buf_printf(b, "%s_bucket{le=\"", metric);
        put_seconds(b, 1ull << bit);
        buf_printf(b, "\"} %llu\n", (unsigned long long)count);
    }
    for (; step < FIGURES_STEPS; step++) count += s->steps[step];
    buf_printf(b, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum ", metric, (unsigned long long)count, metric);
    put_seconds(b, s->duration_us);
    buf_printf(b, "\n%s_count %llu\n", metric, (unsigned long long)count);
}

static void put_gauge(struct buf *b, const char *metric, const char *help, uint64_t v) {
    put_head(b, metric, "gauge", help);
    buf_printf(b, "%s %llu\n", metric, (unsigned long long)v);
}

static void put_health(struct buf *b, const struct health_report *r) {
    static const char metric[] = "mado_health";
    put_head(b, metric, "gauge", "How the worker that was asked stands: 1 pass, 0.5 warn, 0 fail.");
    for (size_t i = 0; i < HEALTH_CHECKS; i++) {
        static const char *const values[] = {"1", "0.5", "0"};
        buf_printf(b, "%s{check=\"%s\"} %s\n", metric, r->checks[i].name, values[r->checks[i].health]);
    }
}

static void write_metrics(struct later *l) {
    struct door *d = l->look.door;
    struct buf *b = &l->x->reply.body;
    struct figures_sum s;
    size_t families;
    const struct figures_family *f = figures_families(&families);
    figures_sum(&d->figures, &s);
    for (size_t i = 0; i < families; i++) put_family(b, &f[i], (const uint64_t *)&s);
    put_histogram(b, &s);
    put_gauge(b, "mado_members", "Members whose coverage is in the store.",
              store_count(d->desk.coverage, STORE_MEMBER));
    put_gauge(b, "mado_revoked_certificates", "Certificates of institutions that were revoked.",
              standing_figures(d->standing).revoked);
    put_gauge(b, "mado_start_time_seconds", "When the server started, in Unix time.",
              (uint64_t)(s.started_us / 1000000));
    put_health(b, &l->look.report);
    put_head(b, "mado_info", "gauge", "The version that answers.");
    buf_puts(b, "mado_info{version=\"" MADO_VERSION "\"} 1\n");
    l->x->reply.status = 200;
    l->x->reply.content_type = S("text/plain; version=0.0.4; charset=utf-8");
    http_reply_header(l->x, S("Cache-Control"), S("no-store"));
}

enum http_step web_metrics(struct door *d, struct http_exchange *x) { return later_look(d, x, write_metrics); }
