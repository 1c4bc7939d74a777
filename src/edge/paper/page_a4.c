#include "edge/paper/press_inside.h"

/* A4 is 595.28 × 841.89 points. The code is 64 mm wide: at 150 dpi a module of the usual card is three pixels. */
enum { LEFT = 64, RIGHT = 531, TOP = 62, LABEL = 118, ROW = 33, CODE = 182, CODE_TOP = 576 };

static const struct pen_style HEADING = {28, PEN_INK, false, "H1"}, UNDER = {11, PEN_GREY, false, "P"},
                              LABEL_JA = {10, PEN_BLUE, false, "P"}, LABEL_EN = {7, PEN_GREY, false, "P"},
                              VALUE = {14, PEN_INK, false, "P"}, NAME = {20, PEN_INK, false, "P"},
                              WORDS = {9.5, PEN_INK, false, "P"}, SMALL = {7.5, PEN_GREY, false, "P"};

static const char *words_ja(enum paper_kind kind) {
    return kind == PAPER_CERTIFICATE
               ? "医療機関や薬局の窓口で、この紙だけで資格を確かめられます。右の二次元コードには上と同じ内容と保険者の電子署名が入っていて、通信がなくても"
                 "確かめられます。医療の記録は入っていません。"
               : "あなたの資格の内容をお知らせします。マイナンバーカードとあわせてお持ちください。右の二次元コードには上と同じ内容と保険者の電子署名が入って"
                 "います。医療の記録は入っていません。";
}
static const char *words_en(enum paper_kind kind) {
    return kind == PAPER_CERTIFICATE
               ? "This paper alone shows your coverage at any hospital, clinic or pharmacy. The code says the same as the words above, signed "
                 "by your insurer; it can be checked with no network and holds no medical record."
               : "This tells you how you are covered. Keep it with your My Number Card. The code says the same as the words above, signed by your "
                 "insurer, and holds no medical record.";
}

static double put_field(struct pen *pen, double y, const struct field *f, bool name) {
    double row = name ? ROW + 10 : ROW;
    cairo_tag_begin(pen->cr, "TR", NULL);
    cairo_tag_begin(pen->cr, "TH", NULL);
    pen_text(pen, LEFT, y + (name ? 13 : 6), LABEL, 0, &LABEL_JA, str_c(f->ja));
    pen_text(pen, LEFT, y + (name ? 26 : 19), LABEL, 0, &LABEL_EN, str_c(f->en));
    cairo_tag_end(pen->cr, "TH");
    cairo_tag_begin(pen->cr, "TD", NULL);
    pen_text(pen, LEFT + LABEL, y + 8, RIGHT - LEFT - LABEL, row - 9, name ? &NAME : &VALUE, str_c(f->value));
    cairo_tag_end(pen->cr, "TD");
    cairo_tag_end(pen->cr, "TR");
    cairo_set_source_rgb(pen->cr, 0.84, 0.86, 0.89);
    pen_line(pen, LEFT, y + row, RIGHT, y + row, 0.6);
    return y + row;
}

static void put_words(struct pen *pen, const struct paper *p) {
    char id[64];
    struct buf b = buf_over(id, sizeof id);
    double width = RIGHT - LEFT - CODE - 22, y = CODE_TOP + 16;
    y += pen_text(pen, LEFT, y, width, 70, &WORDS, str_c(words_ja(p->kind))) + 9;
    pen_text(pen, LEFT, y, width, 60, &SMALL, str_c(words_en(p->kind)));
    buf_puts(&b, "書類番号 Paper  ");
    buf_puts(&b, p->id);
    pen_text(pen, LEFT, CODE_TOP + CODE - 24, width, 0, &SMALL, buf_str(&b));
}

void page_a4(struct pen *pen, const struct paper *p, const struct qr_code *code) {
    struct field fields[FIELDS_MAX];
    size_t n = paper_fields(p, fields);
    double y = TOP;
    cairo_tag_begin(pen->cr, "Sect", NULL);
    pen_colour(pen, PEN_BLUE);
    pen_line(pen, LEFT, TOP - 14, RIGHT, TOP - 14, 3);
    y += pen_text(pen, LEFT, y, RIGHT - LEFT, 0, &HEADING, str_c(paper_title_ja(p->kind))) + 5;
    y += pen_text(pen, LEFT, y, RIGHT - LEFT, 0, &UNDER, str_c(paper_title_en(p->kind))) + 12;
    cairo_tag_begin(pen->cr, "Table", NULL);
    for (size_t i = 0; i < n; i++) y = put_field(pen, y, &fields[i], i == 0);
    cairo_tag_end(pen->cr, "Table");
    put_words(pen, p);
    pen_qr_code(pen, RIGHT - CODE, CODE_TOP, CODE, code);
    pen_colour(pen, PEN_BLUE);
    pen_line(pen, LEFT, 786, RIGHT, 786, 0.8);
    pen_text(pen, LEFT, 792, RIGHT - LEFT, 0, &SMALL, S("窓 Mado で作成 / Made with Mado"));
    cairo_tag_end(pen->cr, "Sect");
}
