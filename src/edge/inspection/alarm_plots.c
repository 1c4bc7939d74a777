/* The plots of the page, as SVG in it. Whole numbers throughout. */
#include "edge/inspection/alarm_report.h"

enum { BAR_H = 22, BAR_GAP = 10, LABEL_W = 250, BARS_W = 420, PLOT = 300, MARGIN = 46, TICKS = 5 };

static unsigned long long u(uint64_t n) { return (unsigned long long)n; }

static uint64_t largest(const struct alarm_report *r) {
    uint64_t most = 1;
    for (size_t c = 0; c < ALARM_CAUSES; c++)
        if (r->causes[c].n > most) most = r->causes[c].n;
    return most;
}

static void bar(struct buf *b, const char *kind, uint64_t from, uint64_t n, uint64_t most, int y) {
    if (n == 0) return;
    uint64_t x = LABEL_W + from * BARS_W / most, w = n * BARS_W / most;
    buf_printf(b, "<rect class=\"%s\" x=\"%llu\" y=\"%d\" width=\"%llu\" height=\"%d\"/>", kind, u(x), y, u(w ? w : 1),
               BAR_H);
}

void alarm_plot_causes(struct buf *b, const struct alarm_report *r) {
    uint64_t most = largest(r);
    int rows = 0, y = 0;
    for (size_t c = 0; c < ALARM_CAUSES; c++) rows += r->causes[c].n > 0;
    buf_printf(b, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"原因ごとの警告 / alarms by cause\">",
               LABEL_W + BARS_W + 70, rows * (BAR_H + BAR_GAP) + 4);
    for (unsigned c = 0; c < ALARM_CAUSES; c++) {
        const struct alarm_cause_row *n = &r->causes[c];
        struct review_word w = alarm_cause_word(c);
        if (n->n == 0) continue;
        buf_printf(b, "<text x=\"%d\" y=\"%d\" class=\"end\">%s</text>", LABEL_W - 8, y + 16, w.ja);
        bar(b, "unlinked", 0, n->unlinked, most, y);
        bar(b, "right", n->unlinked, n->right, most, y);
        bar(b, "open", n->unlinked + n->right, n->n - n->unlinked - n->right, most, y);
        buf_printf(b, "<text x=\"%llu\" y=\"%d\">%llu</text>", u(LABEL_W + 6 + n->n * BARS_W / most), y + 16, u(n->n));
        y += BAR_H + BAR_GAP;
    }
    buf_puts(b, "</svg>\n");
}

/* Axes from 0 to 100 % both ways, or with `x_most` along the bottom. */
static void axes(struct buf *b, const char *label, const char *x_title, const char *y_title, uint64_t x_most) {
    buf_printf(b, "<svg viewBox=\"0 0 %d %d\" class=\"square\" role=\"img\" aria-label=\"%s\">", PLOT + 2 * MARGIN,
               PLOT + 2 * MARGIN, label);
    for (int i = 0; i <= TICKS; i++) {
        int at = PLOT * i / TICKS;
        buf_printf(b, "<path class=\"grid\" d=\"M%d %dH%dM%d %dV%d\"/>", MARGIN, MARGIN + at, MARGIN + PLOT,
                   MARGIN + at, MARGIN, MARGIN + PLOT);
        buf_printf(b, "<text class=\"end small\" x=\"%d\" y=\"%d\">%d %%</text>", MARGIN - 6, MARGIN + at + 4,
                   100 - 100 * i / TICKS);
        buf_printf(b,
                   x_most ? "<text class=\"mid small\" x=\"%d\" y=\"%d\">%llu</text>"
                          : "<text class=\"mid small\" x=\"%d\" y=\"%d\">%llu %%</text>",
                   MARGIN + at, MARGIN + PLOT + 18,
                   u(x_most ? x_most * (unsigned)i / TICKS : 100u * (unsigned)i / TICKS));
    }
    buf_printf(b, "<text class=\"mid small\" x=\"%d\" y=\"%d\">%s</text>", MARGIN + PLOT / 2, PLOT + 2 * MARGIN - 8,
               x_title);
    buf_printf(b, "<text class=\"small\" x=\"%d\" y=\"%d\">%s</text>", 4, MARGIN - 16, y_title);
}

void alarm_plot_reliability(struct buf *b, const struct alarm_report *r) {
    axes(b, "信頼度図 / reliability", "言った見込み / what was said", "実際に誤り / really wrong", 0);
    buf_printf(b, "<path class=\"ideal\" d=\"M%d %dL%d %d\"/>", MARGIN, MARGIN + PLOT, MARGIN + PLOT, MARGIN);
    for (size_t i = 0; i < ALARM_DECILES; i++) {
        const struct alarm_decile *d = &r->deciles[i];
        if (d->known == 0) continue;
        uint64_t said = d->ppm / d->known, was = d->wrong * ALARM_CERTAIN / d->known;
        uint64_t radius = d->known >= 1000 ? 9 : d->known >= 100 ? 7 : d->known >= 10 ? 5 : 3;
        buf_printf(b, "<circle class=\"point\" cx=\"%llu\" cy=\"%llu\" r=\"%llu\"/>",
                   u(MARGIN + said * PLOT / ALARM_CERTAIN), u(MARGIN + PLOT - was * PLOT / ALARM_CERTAIN), u(radius));
    }
    buf_puts(b, "</svg>\n");
}

void alarm_plot_found(struct buf *b, const struct alarm_report *r) {
    uint64_t all = r->wrong_links ? r->wrong_links : 1;
    axes(b, "見つかった誤り / errors found", "見た警告 / alarms looked at", "見つかった誤り / errors found",
         r->n ? r->n : 1);
    buf_printf(b, "<path class=\"curve\" d=\"M%d %d", MARGIN, MARGIN + PLOT);
    for (size_t i = 0; i < r->curve_n; i++) {
        uint64_t x = (i + 1) * r->curve_step * PLOT / r->n, y = r->curve[i] * PLOT / all;
        buf_printf(b, "L%llu %llu", u(MARGIN + x), u(MARGIN + PLOT - (y < PLOT ? y : PLOT)));
    }
    buf_puts(b, "\"/></svg>\n");
}
