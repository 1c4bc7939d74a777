#include "edge/paper/press_inside.h"

#include <errno.h>
#include <qrencode.h>

enum { QUIET = 4 };

static enum err take(struct qr_code *out, const QRcode *made) {
    out->side = (unsigned)made->width;
    if (out->side > CODE_SIDE_MAX) return ERR_LIMIT;
    for (size_t i = 0; i < (size_t)out->side * out->side; i++) out->dark[i] = made->data[i] & 1;
    return ERR_OK;
}

enum err qr_code_make(struct qr_code *out, struct str digits, struct diag *d) {
    static const unsigned char prefix[] = "shc:/";
    /* Level L: the size of a module, not the redundancy, is what a hand-held camera lacks; and the standard's choice. */
    QRinput *in = QRinput_new2(0, QR_ECLEVEL_L);
    if (in == NULL) return diag_set(d, ERR_MEMORY, "code", NULL);
    errno = 0;
    bool fed = QRinput_append(in, QR_MODE_8, sizeof prefix - 1, prefix) == 0 &&
               QRinput_append(in, QR_MODE_NUM, (int)digits.n, (const unsigned char *)digits.p) == 0;
    QRcode *made = fed ? QRcode_encodeInput(in) : NULL;
    enum err e = made ? take(out, made) : errno == ERANGE ? ERR_LIMIT : ERR_MEMORY;
    QRcode_free(made);
    QRinput_free(in);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "code", NULL);
}

/* A stencil of one bit a module, unsmoothed: as sharp as squares of its own, and a hundredth of their bytes and time. */
static cairo_surface_t *stencil(const struct qr_code *code) {
    cairo_surface_t *made = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)code->side, (int)code->side);
    unsigned char *to = cairo_image_surface_get_data(made);
    size_t stride = (size_t)cairo_image_surface_get_stride(made);
    if (to == NULL) return made;
    for (size_t row = 0; row < code->side; row++)
        for (size_t i = 0; i < code->side; i++) to[row * stride + i] = code->dark[row * code->side + i] ? 255 : 0;
    cairo_surface_mark_dirty(made);
    return made;
}

void pen_qr_code(struct pen *pen, double x, double y, double size, const struct qr_code *code) {
    double module = size / (code->side + 2 * QUIET);
    cairo_surface_t *dark = stencil(code);
    cairo_pattern_t *mask = cairo_pattern_create_for_surface(dark);
    cairo_pattern_set_filter(mask, CAIRO_FILTER_NEAREST);
    cairo_tag_begin(pen->cr, "Figure", NULL);
    cairo_save(pen->cr);
    cairo_translate(pen->cr, x + QUIET * module, y + QUIET * module);
    cairo_scale(pen->cr, module, module);
    cairo_set_source_rgb(pen->cr, 0, 0, 0);
    cairo_mask(pen->cr, mask);
    cairo_restore(pen->cr);
    cairo_tag_end(pen->cr, "Figure");
    cairo_pattern_destroy(mask);
    cairo_surface_destroy(dark);
}
