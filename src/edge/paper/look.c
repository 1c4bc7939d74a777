#include "edge/paper/look.h"

#include <stdlib.h>
#include <zbar.h>

#define PNG_SIGNATURE S("\x89PNG\r\n\x1a\n")

struct looking {
    zbar_image_scanner_t *scanner;
    struct buf *lines;
    unsigned codes;
};

/* A reader that works on bytes of an unknown past must not be handed what it never gives: a line's end inside. */
static bool fits_a_line(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n' || s.p[i] == 0) return false;
    return s.n > 0 && s.n <= LOOK_TEXT_MAX;
}

static bool seen(struct str lines, struct str text) {
    while (!str_empty(lines))
        if (str_eq(str_cut(&lines, '\n'), text)) return true;
    return false;
}

static enum err take(struct looking *l, struct str text, struct diag *d) {
    if (!fits_a_line(text) || seen(buf_str(l->lines), text)) return ERR_OK;
    if (++l->codes > LOOK_CODES_MAX) return diag_set(d, ERR_LIMIT, "picture", "more than %d codes", LOOK_CODES_MAX);
    buf_put(l->lines, text);
    buf_putc(l->lines, '\n');
    return buf_ok(l->lines) ? ERR_OK : diag_set(d, ERR_LIMIT, "picture", NULL);
}

static enum err scan(struct looking *l, const struct grey *g, struct diag *d) {
    enum err e = ERR_OK;
    zbar_image_t *image = zbar_image_create();
    if (image == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, g->width, g->height);
    zbar_image_set_data(image, g->pixels, (unsigned long)g->width * g->height, NULL);
    if (zbar_scan_image(l->scanner, image) < 0) e = diag_set(d, ERR_MEMORY, "picture", NULL);
    for (const zbar_symbol_t *s = zbar_image_first_symbol(image); e == ERR_OK && s; s = zbar_symbol_next(s))
        e = take(l, str_of(zbar_symbol_get_data(s), zbar_symbol_get_data_length(s)), d);
    zbar_image_destroy(image);
    return e;
}

/* Half as large, each pixel the mean of four: what a camera took too close or too noisy. */
static enum err halved(const struct grey *g, struct grey *out, struct diag *d) {
    size_t width = g->width / 2, height = g->height / 2;
    *out = (struct grey){(unsigned)width, (unsigned)height, malloc(width * height + 1)};
    if (out->pixels == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const uint8_t *p = g->pixels + 2 * y * g->width + 2 * x;
            out->pixels[y * width + x] = (uint8_t)((p[0] + p[1] + p[g->width] + p[g->width + 1]) / 4);
        }
    return ERR_OK;
}

/* Twice as large, with the mean of neighbours between them: where modules are under three pixels and soft, the scanner's own rounding
 * matters (measured: one picture in 24 of a card at 150 dpi, blurred and turned by 4 degrees, is read only so). */
static enum err doubled(const struct grey *g, struct grey *out, struct diag *d) {
    size_t width = g->width, height = g->height;
    *out = (struct grey){2 * g->width, 2 * g->height, malloc(4 * width * height + 1)};
    if (out->pixels == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const uint8_t *p = g->pixels + y * width + x;
            size_t right = x + 1 < width, down = y + 1 < height ? width : 0;
            uint8_t *to = out->pixels + 4 * y * width + 2 * x;
            to[0] = p[0], to[1] = (uint8_t)((p[0] + p[right]) / 2);
            to[2 * width] = (uint8_t)((p[0] + p[down]) / 2);
            to[2 * width + 1] = (uint8_t)((p[0] + p[right] + p[down] + p[down + right]) / 4);
        }
    return ERR_OK;
}

static enum err scan_other(struct looking *l, const struct grey *g, struct diag *d,
                           enum err (*sized)(const struct grey *g, struct grey *out, struct diag *d)) {
    struct grey other = {0};
    enum err e = sized(g, &other, d);
    if (e == ERR_OK) e = scan(l, &other, d);
    grey_fini(&other);
    return e;
}

static enum err page(void *context, const struct grey *g, struct diag *d) {
    enum { ENOUGH_TO_HALVE = 600, SMALL_ENOUGH_TO_DOUBLE = 2500 };
    struct looking *l = context;
    unsigned before = l->codes;
    TRY(scan(l, g, d));
    if (l->codes == before && g->width <= SMALL_ENOUGH_TO_DOUBLE && g->height <= SMALL_ENOUGH_TO_DOUBLE)
        TRY(scan_other(l, g, d, doubled));
    if (l->codes == before && g->width >= ENOUGH_TO_HALVE && g->height >= ENOUGH_TO_HALVE)
        TRY(scan_other(l, g, d, halved));
    return ERR_OK;
}

static enum err look_into(struct looking *l, struct str file, unsigned pages, struct diag *d) {
    struct grey g = {0};
    if (look_is_pdf(file)) return look_pdf(file, pages, &(struct look_each){page, l}, d);
    if (!look_is_png(file))
        return diag_set(d, ERR_NOT_SUPPORTED, "picture", "PNG か PDF を渡してください / PNG and PDF alone");
    enum err e = look_png(file, &g, d);
    if (e == ERR_OK) e = page(l, &g, d);
    grey_fini(&g);
    return e;
}

bool look_is_png(struct str file) { return str_starts(file, PNG_SIGNATURE); }
bool look_is_pdf(struct str file) { return str_starts(file, S("%PDF-")); }

enum err look_prepare(bool pdf, struct diag *d) { return pdf ? look_pdf_prepare(d) : ERR_OK; }

enum err look_at(struct str file, unsigned pages, struct buf *lines, struct diag *d) {
    if (file.n > LOOK_FILE_MAX) return diag_set(d, ERR_LIMIT, "picture", "more than %d MB", LOOK_FILE_MAX >> 20);
    struct looking l = {.scanner = zbar_image_scanner_create(), .lines = lines};
    if (l.scanner == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
    zbar_image_scanner_set_config(l.scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(l.scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    enum err e = look_into(&l, file, pages, d);
    zbar_image_scanner_destroy(l.scanner);
    return e;
}
