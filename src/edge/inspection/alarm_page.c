/* The page: Japanese first, English second, no script, nothing loaded from elsewhere. */
#include "edge/inspection/alarm_report.h"

#include <stdlib.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<title>ひも付けの点検の報告 / Report on an inspection of links</title>\n<style>\n"
    "body{margin:0 auto;padding:1.5rem;max-width:66rem;color:#1a1a1a;background:#fff;line-height:1.6;"
    "font-family:\"Noto Sans JP\",\"Noto Sans CJK JP\",\"Hiragino Sans\",\"Yu Gothic UI\",Meiryo,IPAexGothic,sans-serif}\n"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.125rem;margin:2rem 0 .5rem;padding-top:.75rem;border-top:1px solid #d8d8db}\n"
    "[lang=en]{color:#595959;font-size:.875rem}p{margin:.25rem 0}\n"
    ".figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.75rem;margin:1rem 0;padding:0;list-style:none}\n"
    ".figures li{padding:.6rem .9rem;border:1px solid #d8d8db;border-radius:10px}\n"
    ".figures b{display:block;font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}\n"
    ".figures span{display:block;font-size:.875rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.9375rem}caption{text-align:left;font-size:.875rem;color:#595959}\n"
    "th,td{padding:.35rem .6rem;border-bottom:1px solid #d8d8db;text-align:left;vertical-align:top}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}thead th{border-bottom:2px solid #767676;font-size:.875rem}\n"
    ".two{display:grid;grid-template-columns:minmax(0,24rem) minmax(0,1fr);gap:1.5rem;align-items:start}\n"
    "@media(max-width:50rem){.two{grid-template-columns:minmax(0,1fr)}}\n"
    "svg{width:100%;height:auto;max-width:46rem;font-size:13px}svg.square{max-width:24rem}svg text{fill:#1a1a1a}\n"
    ".end{text-anchor:end}.mid{text-anchor:middle}.small{font-size:11px}\n"
    ".unlinked{fill:#a90000}.right{fill:#115a36}.open{fill:#8a9bd8}.grid{stroke:#e3e3e6;fill:none}\n"
    ".ideal{stroke:#767676;stroke-dasharray:5 4;fill:none}.point{fill:#0017c1;fill-opacity:.75}.curve{stroke:#0017c1;stroke-width:2.5;fill:none}\n"
    ".legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.875rem}"
    ".legend i{display:inline-block;width:.8rem;height:.8rem;margin-right:.35rem;border-radius:2px}\n"
    ".legend .unlinked{background:#a90000}.legend .right{background:#115a36}.legend .open{background:#8a9bd8}\n"
    "</style>\n</head>\n<body>\n";

static unsigned long long u(uint64_t n) { return (unsigned long long)n; }

static void both(struct buf *b, const char *tag, const char *ja, const char *en) {
    buf_printf(b, "<%s>%s <span lang=\"en\">%s</span></%s>\n", tag, ja, en, tag);
}

/* Tenths of a percent of a whole; "–" of nothing. */
static void put_share(struct buf *b, uint64_t part, uint64_t whole) {
    if (whole == 0) return buf_puts(b, "–");
    uint64_t tenths = part * 1000 / whole;
    buf_printf(b, "%llu.%llu %%", u(tenths / 10), u(tenths % 10));
}

static void figure(struct buf *b, uint64_t n, const char *ja, const char *en) {
    buf_printf(b, "<li><b>%llu</b><span>%s</span><span lang=\"en\">%s</span></li>", u(n), ja, en);
}

static void share_figure(struct buf *b, uint64_t part, uint64_t whole, const char *ja, const char *en) {
    buf_puts(b, "<li><b>"), put_share(b, part, whole);
    buf_printf(b, "</b><span>%s</span><span lang=\"en\">%s</span></li>", ja, en);
}

static void put_figures(struct buf *b, const struct alarm_report *r) {
    buf_puts(b, "<ul class=\"figures\">");
    figure(b, r->n, "警告", "alarms");
    figure(b, r->settled, "決着した", "settled");
    figure(b, r->states[REVIEW_STATE_UNLINKED], "解いたひも付け", "links undone");
    figure(b, r->closed, "診療情報を閉じている", "records closed");
    if (r->truth) {
        share_figure(b, r->true_alarms, r->n, "適合率（警告のうち誤り）", "precision");
        share_figure(b, r->true_alarms, r->wrong_links, "再現率（誤りのうち警告）", "recall");
        buf_puts(b, "<li><b>");
        if (r->true_alarms) buf_printf(b, "%llu.%llu", u(r->n / r->true_alarms), u(r->n * 10 / r->true_alarms % 10));
        else buf_puts(b, "–");
        buf_puts(b, "</b><span>誤り一件あたりの警告</span><span lang=\"en\">alarms for each error found</span></li>");
    }
    buf_puts(b, "</ul>\n");
}

/* ---- causes ---- */

static void put_causes(struct buf *b, const struct alarm_report *r) {
    both(b, "h2", "原因ごとの警告", "Alarms by cause");
    if (r->n == 0) return both(b, "p", "警告はありません。", "There is no alarm.");
    buf_puts(
        b,
        "<p class=\"legend\"><span><i class=\"unlinked\"></i>解いた undone</span><span><i class=\"right\"></i>正しい right</span>"
        "<span><i class=\"open\"></i>未決着 not settled</span></p>\n");
    alarm_plot_causes(b, r);
    buf_puts(
        b,
        "<table><thead><tr><th>原因 <span lang=\"en\">cause</span></th><th class=\"n\">警告 <span lang=\"en\">alarms</span></th>"
        "<th class=\"n\">解いた <span lang=\"en\">undone</span></th><th class=\"n\">正しい <span lang=\"en\">right</span></th>");
    if (r->truth) buf_puts(b, "<th class=\"n\">実際に誤り <span lang=\"en\">really wrong</span></th>");
    buf_puts(b, "</tr></thead><tbody>\n");
    for (unsigned c = 0; c < ALARM_CAUSES; c++) {
        const struct alarm_cause_row *n = &r->causes[c];
        struct review_word w = alarm_cause_word(c);
        if (n->n == 0) continue;
        buf_printf(
            b,
            "<tr><td>%s <span lang=\"en\">%s</span></td><td class=\"n\">%llu</td><td class=\"n\">%llu</td><td class=\"n\">%llu</td>",
            w.ja, w.en, u(n->n), u(n->unlinked), u(n->right));
        if (r->truth)
            buf_printf(b, "<td class=\"n\">%llu (", u(n->wrong)), put_share(b, n->wrong, n->n), buf_puts(b, ")</td>");
        buf_puts(b, "</tr>\n");
    }
    buf_puts(b, "</tbody></table>\n");
}

/* ---- calibration ---- */

static void put_decile(struct buf *b, size_t i, const struct alarm_decile *d) {
    buf_printf(b, "<tr><td>%zu–%zu&nbsp;%%</td><td class=\"n\">%llu</td><td class=\"n\">%llu</td><td class=\"n\">",
               i * 10, i * 10 + 10, u(d->n), u(d->known));
    put_share(b, d->ppm, d->known * ALARM_CERTAIN);
    buf_puts(b, "</td><td class=\"n\">"), put_share(b, d->wrong, d->known);
    buf_puts(b, "</td></tr>\n");
}

static void put_calibration(struct buf *b, const struct alarm_report *r) {
    both(b, "h2", "見込みは当たっているか（信頼度）", "Do the probabilities hold (reliability)");
    if (r->truth) both(b, "p", "架空の人々の真実とくらべました。", "Compared with what is true of the made-up people.");
    else
        both(b, "p", "決着した警告だけをくらべました。人が見たものだけなので、全体とは偏りがあります。",
             "Only alarms that people settled: not a fair sample of all.");
    buf_puts(b, "<div class=\"two\">");
    alarm_plot_reliability(b, r);
    buf_puts(
        b,
        "<table><caption>点が破線に乗れば、言った見込みのとおり / on the dashed line: as was said</caption><thead><tr><th>見込み <span lang=\"en\">said</span></th>"
        "<th class=\"n\">警告 <span lang=\"en\">alarms</span></th><th class=\"n\">わかったもの <span lang=\"en\">known</span></th>"
        "<th class=\"n\">平均の見込み <span lang=\"en\">mean said</span></th><th class=\"n\">実際に誤り <span lang=\"en\">really wrong</span></th></tr></thead><tbody>\n");
    for (size_t i = 0; i < ALARM_DECILES; i++) put_decile(b, i, &r->deciles[i]);
    buf_puts(b, "</tbody></table></div>\n");
}

static void put_found(struct buf *b, const struct alarm_report *r) {
    if (!r->truth) return;
    both(b, "h2", "上から見ていくと、誤りがどれだけ見つかるか", "How many errors are found from the top");
    buf_puts(b, "<div class=\"two\">");
    alarm_plot_found(b, r);
    buf_printf(
        b,
        "<table><tbody><tr><td>ひも付け <span lang=\"en\">links</span></td><td class=\"n\">%llu</td></tr>"
        "<tr><td>そのうち誤り <span lang=\"en\">wrong ones</span></td><td class=\"n\">%llu</td></tr>"
        "<tr><td>警告された誤り <span lang=\"en\">wrong ones with an alarm</span></td><td class=\"n\">%llu</td></tr>"
        "<tr><td>警告のない誤り <span lang=\"en\">wrong ones without</span></td><td class=\"n\">%llu</td></tr></tbody></table></div>\n",
        u(r->links), u(r->wrong_links), u(r->true_alarms),
        u(r->wrong_links - (r->true_alarms < r->wrong_links ? r->true_alarms : r->wrong_links)));
}

/* ---- decisions, insurers ---- */

static void put_decided(struct buf *b, const struct alarm_report *r) {
    both(b, "h2", "人の判断", "What people decided");
    buf_puts(
        b,
        "<table><thead><tr><th>状態 <span lang=\"en\">state</span></th><th class=\"n\">警告 <span lang=\"en\">alarms</span></th></tr></thead><tbody>\n");
    for (unsigned s = 0; s < REVIEW_STATE_COUNT; s++) {
        struct review_word w = review_state_word(s);
        buf_printf(b, "<tr><td>%s <span lang=\"en\">%s</span></td><td class=\"n\">%llu</td></tr>\n", w.ja, w.en,
                   u(r->states[s]));
    }
    buf_puts(b, "</tbody></table>\n");
}

static int more_first(const void *a, const void *b) {
    const struct alarm_insurer_row *x = a, *y = b;
    if (x->n != y->n) return x->n < y->n ? 1 : -1;
    return x->insurer.n < y->insurer.n ? -1 : x->insurer.n > y->insurer.n;
}

static void put_insurers(struct buf *b, const struct alarm_report *r) {
    struct alarm_insurer_row *rows = malloc((r->insurer_n + 1) * sizeof *rows);
    if (rows == NULL) return (void)(b->broken = true);
    memcpy(rows, r->insurers, r->insurer_n * sizeof *rows);
    qsort(rows, r->insurer_n, sizeof *rows, more_first);
    both(b, "h2", "保険者ごと", "By insurer");
    buf_printf(
        b,
        "<p>%zu 保険者。警告の多い順に %d まで。全部は alarms/ の中に。 <span lang=\"en\">%zu insurers, the %d with most alarms; all have a file in alarms/.</span></p>\n",
        r->insurer_n, ALARM_INSURERS_SHOWN, r->insurer_n, ALARM_INSURERS_SHOWN);
    buf_puts(
        b,
        "<table><thead><tr><th>保険者番号 <span lang=\"en\">insurer</span></th><th>制度 <span lang=\"en\">scheme</span></th><th class=\"n\">警告 <span lang=\"en\">alarms</span></th>"
        "<th class=\"n\">解いた <span lang=\"en\">undone</span></th><th class=\"n\">正しい <span lang=\"en\">right</span></th></tr></thead><tbody>\n");
    for (size_t i = 0; i < r->insurer_n && i < ALARM_INSURERS_SHOWN; i++) {
        buf_puts(b, "<tr><td><a href=\"alarms/"), insurer_number_put(b, rows[i].insurer), buf_puts(b, ".csv\">");
        insurer_number_put(b, rows[i].insurer);
        buf_printf(
            b, "</a></td><td>%s</td><td class=\"n\">%llu</td><td class=\"n\">%llu</td><td class=\"n\">%llu</td></tr>\n",
            insurer_scheme_ja(rows[i].insurer), u(rows[i].n), u(rows[i].unlinked), u(rows[i].right));
    }
    buf_puts(b, "</tbody></table>\n");
    free(rows);
}

void alarm_report_put_html(struct buf *b, const struct alarm_report *r) {
    buf_puts(b, head);
    buf_puts(b, "<main>\n<h1>ひも付けの点検の報告 <span lang=\"en\">Report on an inspection of links</span></h1>\n<p>");
    day_put_wareki(b, r->on), buf_puts(b, " <span lang=\"en\">"), day_put_iso(b, r->on), buf_puts(b, "</span></p>\n");
    put_figures(b, r);
    put_causes(b, r);
    put_calibration(b, r);
    put_found(b, r);
    put_decided(b, r);
    put_insurers(b, r);
    both(b, "p", "氏名も住民の記録もこの報告にはありません。",
         "Nobody's name and no registry record stands in this report.");
    buf_puts(b, "</main>\n</body>\n</html>\n");
}
