#include "edge/paper/press_inside.h"

/* 85.6 × 53.98 mm is 242.65 × 153.01 points. */
enum { LEFT = 12, RIGHT = 231, TOP = 9, LABEL = 50, ROWS_TOP = 32, ROWS_HEIGHT = 113, CODE = 146 };

static const struct pen_style HEADING = {12, PEN_BLUE, false, "H1"}, UNDER = {5.5, PEN_GREY, false, "P"},
                              LABEL_JA = {6, PEN_BLUE, false, "P"}, VALUE = {7.5, PEN_INK, false, "P"},
                              NAME = {11, PEN_INK, false, "P"}, SMALL = {5.5, PEN_GREY, false, "P"};

static double put_field(struct pen *pen, double y, double row, const struct field *f, bool name) {
    if (name) row += 4;
    cairo_tag_begin(pen->cr, "TR", NULL);
    cairo_tag_begin(pen->cr, "TH", NULL);
    pen_text(pen, LEFT, y + (name ? 4 : 1), LABEL, 0, &LABEL_JA, str_c(f->ja));
    cairo_tag_end(pen->cr, "TH");
    cairo_tag_begin(pen->cr, "TD", NULL);
    pen_text(pen, LEFT + LABEL, y, RIGHT - LEFT - LABEL, row, name ? &NAME : &VALUE, str_c(f->value));
    cairo_tag_end(pen->cr, "TD");
    cairo_tag_end(pen->cr, "TR");
    return y + row;
}

static void put_front(struct pen *pen, const struct paper *p) {
    struct field fields[FIELDS_MAX];
    size_t n = paper_fields(p, fields);
    double y = ROWS_TOP, row = (ROWS_HEIGHT - 4.0) / (double)n;
    cairo_tag_begin(pen->cr, "Sect", NULL);
    pen_text(pen, LEFT, TOP, 130, 0, &HEADING, str_c(paper_title_ja(p->kind)));
    pen_text(pen, LEFT + 140, TOP + 6, RIGHT - LEFT - 140, 0, &UNDER, str_c(paper_title_en(p->kind)));
    pen_colour(pen, PEN_BLUE);
    pen_line(pen, LEFT, ROWS_TOP - 5, RIGHT, ROWS_TOP - 5, 1.2);
    cairo_tag_begin(pen->cr, "Table", NULL);
    for (size_t i = 0; i < n; i++) y = put_field(pen, y, row, &fields[i], i == 0);
    cairo_tag_end(pen->cr, "Table");
    cairo_tag_end(pen->cr, "Sect");
}

static void put_back(struct pen *pen, const struct paper *p, const struct qr_code *code) {
    double x = LEFT + CODE, width = RIGHT - x;
    cairo_tag_begin(pen->cr, "Sect", NULL);
    pen_qr_code(pen, 4, 3.5, CODE, code);
    pen_text(pen, x, 18, width, 60, &SMALL,
             S("表と同じ内容と保険者の電子署名が入っています。医療の記録は入っていません。"));
    pen_text(pen, x, 76, width, 40, &SMALL, S("The same words, signed by the insurer. No medical record."));
    pen_text(pen, x, 116, width, 18, &SMALL, str_c(p->id));
    pen_text(pen, x, 138, width, 0, &SMALL, S("窓 Mado"));
    cairo_tag_end(pen->cr, "Sect");
}

void page_card(struct pen *pen, const struct paper *p, const struct qr_code *code) {
    put_front(pen, p);
    cairo_show_page(pen->cr);
    put_back(pen, p, code);
}
