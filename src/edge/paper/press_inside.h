/* The press's own: one page's pen, and what the two sizes share. */
#ifndef EDGE_PAPER_PRESS_INSIDE_H
#define EDGE_PAPER_PRESS_INSIDE_H

#include "base/buf.h"
#include "edge/paper/press.h"

#include <cairo.h>
#include <pango/pangocairo.h>

enum pen_colour { PEN_INK, PEN_GREY, PEN_BLUE };
enum { FIELD_TEXT = 768, FIELDS_MAX = 13, CODE_SIDE_MAX = 177 };

/* Lengths are points (1/72 inch). */
struct pen {
    cairo_t *cr;
    PangoLayout *layout;
};

struct pen_style {
    double size;
    enum pen_colour colour;
    bool bold;
    const char *tag; /* of PDF's structure: "P", "H1", "TH", "TD" */
};

MUST_USE bool pen_open(struct pen *pen, cairo_surface_t *surface);
void pen_close(struct pen *pen);
/* Draws, wrapped to width, with (x, y) the upper left; smaller when it would be higher than `height` (0: any). Returns its height. */
double pen_text(struct pen *pen, double x, double y, double width, double height, const struct pen_style *style,
                struct str text);
void pen_colour(struct pen *pen, enum pen_colour colour);
void pen_line(struct pen *pen, double x0, double y0, double x1, double y1, double width);
/* Whether some font has every character. */
bool pen_can(struct pen *pen, struct str text);

/* One thing the paper says. */
struct field {
    const char *ja, *en;
    char value[FIELD_TEXT];
};
/* In the order in which they are read; returns how many. */
size_t paper_fields(const struct paper *p, struct field fields[FIELDS_MAX]);
/* "資格確認書", "Eligibility certificate" */
const char *paper_title_ja(enum paper_kind kind);
const char *paper_title_en(enum paper_kind kind);

struct qr_code {
    unsigned side; /* modules */
    uint8_t dark[CODE_SIDE_MAX * CODE_SIDE_MAX];
};
/* "shc:/" as bytes and the digits as digits: two segments (SMART Health Cards, "Encoding Chunks as QR Codes"). ERR_LIMIT: too long. */
MUST_USE enum err qr_code_make(struct qr_code *out, struct str digits, struct diag *d);
/* With a quiet zone of four modules inside `size`. */
void pen_qr_code(struct pen *pen, double x, double y, double size, const struct qr_code *code);

void page_a4(struct pen *pen, const struct paper *p, const struct qr_code *code);
void page_card(struct pen *pen, const struct paper *p, const struct qr_code *code);

#endif
