#include "rules/identity/comparison.h"

#define LEVEL(name, code, ja, en) {code, ja, en},
static const struct level_info levels[] = {
#include "rules/identity/level.def"
};
#undef LEVEL

#define REASON(name, agrees, best, ja, en) {#name, agrees, LEVEL_##best, ja, en},
static const struct reason_info reasons[] = {
#include "rules/identity/reason.def"
};
#undef REASON

#define WEIGHT(fact, same, variant, near, part, unknown, different)                                                    \
    [FACT_##fact] = {same, variant, near, part, unknown, different},
static const int weights[FACT_COUNT][LEVEL_COUNT] = {
#include "rules/identity/weight.def"
};
#undef WEIGHT

const struct level_info *level_info(enum level l) {
    invariant(l < LEVEL_COUNT);
    return &levels[l];
}

const struct reason_info *reason_info(enum reason r) {
    invariant(r < REASON_COUNT);
    return &reasons[r];
}

struct comparison comparison_of(enum fact fact) {
    return (struct comparison){.fact = fact, .level = LEVEL_DIFFERENT};
}

void comparison_find(struct comparison *c, enum reason r, struct str a, struct str b) {
    if (c->finding_count == FINDINGS_MAX) return;
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->findings[i].reason == r && str_eq(c->findings[i].a, a) && str_eq(c->findings[i].b, b)) return;
    c->findings[c->finding_count++] = (struct remark){r, a, b};
}

bool comparison_has(const struct comparison *c, enum reason r) {
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->findings[i].reason == r) return true;
    return false;
}

int level_weight(enum fact fact, enum level level) {
    invariant(fact < FACT_COUNT && level < LEVEL_COUNT);
    return weights[fact][level];
}

int comparison_weight(const struct comparison *c) { return level_weight(c->fact, c->level); }

void comparison_put_json(struct buf *b, const struct comparison *c) {
    buf_printf(b, "{\"level\":\"%s\",\"weight\":%d,\"why\":[", level_info(c->level)->code, comparison_weight(c));
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct remark *f = &c->findings[i];
        const struct reason_info *r = reason_info(f->reason);
        buf_printf(b, "%s{\"agrees\":%s,\"reason\":\"%s\"", i ? "," : "", r->agrees ? "true" : "false", r->name);
        if (f->a.n || f->b.n) buf_puts(b, ",\"a\":"), buf_json(b, f->a), buf_puts(b, ",\"b\":"), buf_json(b, f->b);
        buf_puts(b, ",\"ja\":"), buf_json(b, str_c(r->ja));
        buf_puts(b, ",\"en\":"), buf_json(b, str_c(r->en));
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

void comparison_put_text(struct buf *b, const struct comparison *c) {
    const struct level_info *l = level_info(c->level);
    int w = comparison_weight(c);
    buf_printf(b, "%s — %s / %s (%s%d.%02d bit)\n", l->code, l->ja, l->en, w < 0 ? "-" : "+", (w < 0 ? -w : w) / 100,
               (w < 0 ? -w : w) % 100);
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct remark *f = &c->findings[i];
        const struct reason_info *r = reason_info(f->reason);
        buf_puts(b, r->agrees ? "  = " : "  ≠ ");
        if (f->a.n || f->b.n) buf_put(b, f->a), buf_puts(b, " | "), buf_put(b, f->b), buf_puts(b, ": ");
        buf_printf(b, "%s / %s\n", r->ja, r->en);
    }
}
