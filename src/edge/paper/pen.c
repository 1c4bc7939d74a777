#include "edge/paper/press_inside.h"

enum { SMALLEST_STEPS = 12 };

/* Of the font's own height. */
#define LINE_SPACING 1.3F
/* The second has what the registries write and the first lacks, as 𠮷. */
#define FONT "IPAexGothic, IPAmjMincho"

void pen_colour(struct pen *pen, enum pen_colour colour) {
    static const double rgb[][3] = {
        [PEN_INK] = {0.10, 0.11, 0.13}, [PEN_GREY] = {0.36, 0.39, 0.43}, [PEN_BLUE] = {0.10, 0.25, 0.44}};
    cairo_set_source_rgb(pen->cr, rgb[colour][0], rgb[colour][1], rgb[colour][2]);
}

void pen_line(struct pen *pen, double x0, double y0, double x1, double y1, double width) {
    cairo_set_line_width(pen->cr, width);
    cairo_move_to(pen->cr, x0, y0);
    cairo_line_to(pen->cr, x1, y1);
    cairo_stroke(pen->cr);
}

static void set_size(struct pen *pen, double size, bool bold) {
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
}

static double layout_height(struct pen *pen) {
    int height = 0;
    pango_layout_get_size(pen->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double pen_text(struct pen *pen, double x, double y, double width, double height, const struct pen_style *style,
                struct str text) {
    pango_layout_set_text(pen->layout, text.p, (int)text.n);
    pango_layout_set_width(pen->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(pen->layout, PANGO_WRAP_WORD_CHAR);
    double size = style->size;
    set_size(pen, size, style->bold);
    /* A name of a hundred characters gets smaller rather than cut. */
    for (int step = 0; height > 0 && layout_height(pen) > height && step < SMALLEST_STEPS; step++)
        set_size(pen, size *= 0.88, style->bold);
    pen_colour(pen, style->colour);
    cairo_tag_begin(pen->cr, style->tag, NULL);
    cairo_move_to(pen->cr, x, y);
    pango_cairo_show_layout(pen->cr, pen->layout);
    cairo_tag_end(pen->cr, style->tag);
    return layout_height(pen);
}

bool pen_open(struct pen *pen, cairo_surface_t *surface) {
    pen->cr = cairo_create(surface);
    if (cairo_status(pen->cr) != CAIRO_STATUS_SUCCESS) return false;
    /* Paper has no pixels: widths are not rounded to any. */
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pen->layout = pango_cairo_create_layout(pen->cr);
    pango_cairo_context_set_font_options(pango_layout_get_context(pen->layout), options);
    pango_layout_set_line_spacing(pen->layout, LINE_SPACING);
    cairo_font_options_destroy(options);
    return true;
}

void pen_close(struct pen *pen) {
    if (pen->layout) g_object_unref(pen->layout);
    if (pen->cr) cairo_destroy(pen->cr);
    *pen = (struct pen){0};
}

bool pen_can(struct pen *pen, struct str text) {
    pango_layout_set_text(pen->layout, text.p, (int)text.n);
    set_size(pen, 10, false);
    return pango_layout_get_unknown_glyphs_count(pen->layout) == 0;
}
