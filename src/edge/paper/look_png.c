#include "edge/paper/look.h"

#include <cairo.h>
#include <stdlib.h>

enum { PNG_HEAD = 24 }; /* signature, IHDR's length and name, width, height */

void grey_fini(struct grey *g) {
    free(g->pixels);
    *g = (struct grey){0};
}

/* Premultiplied, so what is not covered is filled up with white: paper. */
static uint8_t grey_of(uint32_t argb, bool opaque) {
    unsigned a = opaque ? 255 : argb >> 24, r = argb >> 16 & 255, g = argb >> 8 & 255, b = argb & 255;
    unsigned light = (r * 299 + g * 587 + b * 114) / 1000 + (255 - a);
    return (uint8_t)(light > 255 ? 255 : light);
}

enum err grey_of_surface(cairo_surface_t *s, struct grey *out, struct diag *d) {
    cairo_format_t format = cairo_image_surface_get_format(s);
    bool one_byte = format == CAIRO_FORMAT_A8;
    if (!one_byte && format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24)
        return diag_set(d, ERR_NOT_SUPPORTED, "picture", "this form of PNG");
    cairo_surface_flush(s);
    const unsigned char *data = cairo_image_surface_get_data(s);
    size_t width = (size_t)cairo_image_surface_get_width(s), height = (size_t)cairo_image_surface_get_height(s),
           stride = (size_t)cairo_image_surface_get_stride(s);
    *out = (struct grey){(unsigned)width, (unsigned)height, data ? malloc(width * height + 1) : NULL};
    if (out->pixels == NULL) return diag_set(d, ERR_MEMORY, "picture", NULL);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            uint32_t pixel = 0;
            if (!one_byte) memcpy(&pixel, data + y * stride + 4 * x, sizeof pixel);
            out->pixels[y * width + x] =
                one_byte ? (uint8_t)(255 - data[y * stride + x]) : grey_of(pixel, format == CAIRO_FORMAT_RGB24);
        }
    return ERR_OK;
}

static uint32_t big(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum err check_size(struct str file, struct diag *d) {
    const unsigned char *p = (const unsigned char *)file.p;
    if (file.n < PNG_HEAD || memcmp(p + 12, "IHDR", 4) != 0)
        return diag_set(d, ERR_SYNTAX, "picture", "not a whole PNG");
    uint64_t width = big(p + 16), height = big(p + 20);
    if (width == 0 || height == 0) return diag_set(d, ERR_SYNTAX, "picture", "a PNG of no size");
    if (width > LOOK_SIDE_MAX || height > LOOK_SIDE_MAX || width * height > LOOK_PIXELS_MAX)
        return diag_set(d, ERR_LIMIT, "picture", "%llu × %llu pixels", (unsigned long long)width,
                        (unsigned long long)height);
    return ERR_OK;
}

static cairo_status_t give(void *context, unsigned char *to, unsigned n) {
    struct str *rest = context;
    if (rest->n < n) return CAIRO_STATUS_READ_ERROR;
    memcpy(to, rest->p, n);
    *rest = str_skip(*rest, n);
    return CAIRO_STATUS_SUCCESS;
}

enum err look_png(struct str file, struct grey *out, struct diag *d) {
    struct str rest = file;
    *out = (struct grey){0};
    TRY(check_size(file, d));
    cairo_surface_t *s = cairo_image_surface_create_from_png_stream(give, &rest);
    cairo_status_t status = cairo_surface_status(s);
    enum err e = status == CAIRO_STATUS_SUCCESS     ? grey_of_surface(s, out, d)
                 : status == CAIRO_STATUS_NO_MEMORY ? diag_set(d, ERR_MEMORY, "picture", NULL)
                                                    : diag_set(d, ERR_SYNTAX, "picture", "a damaged PNG");
    cairo_surface_destroy(s);
    return e;
}
