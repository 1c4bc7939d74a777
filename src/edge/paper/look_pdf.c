/* Pages of a PDF by poppler, which is loaded when it is needed: no other process of Mado has its thirty libraries in it. */
#include "edge/paper/look.h"

#include <cairo.h>
#include <dlfcn.h>
#include <poppler.h>

enum { SIDE_PIXELS = 2400, SCALE_MAX = 10 }; /* an A4 at 200 dpi; a card at 720 */
#define POPPLER_LIBRARY "libpoppler-glib.so.8"

#define FUNCTIONS(F)                                                                                                   \
    F(poppler_document_new_from_bytes)                                                                                 \
    F(poppler_document_get_n_pages)                                                                                    \
    F(poppler_document_get_page)                                                                                       \
    F(poppler_page_get_size)                                                                                           \
    F(poppler_page_render)

#define FIELD(name) __typeof__(name) *name;
struct poppler {
    FUNCTIONS(FIELD)
};
#undef FIELD

/* POSIX lets dlsym() give a function as an object's pointer; C wants the copy. */
static bool load(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static bool find(struct poppler *p) {
    void *library = dlopen(POPPLER_LIBRARY, RTLD_NOW | RTLD_LOCAL); /* the same one each time */
#define LOAD(name) load(library, #name, &p->name) &&
    return library && FUNCTIONS(LOAD) true;
#undef LOAD
}

enum err look_pdf_prepare(struct diag *d) {
    struct poppler p;
    return find(&p) ? ERR_OK
                    : diag_set(d, ERR_NOT_SUPPORTED, POPPLER_LIBRARY,
                               "PDF を読むには libpoppler-glib8 が必要です / libpoppler-glib8 is needed to read a PDF");
}

static enum err draw(const struct poppler *p, PopplerPage *page, struct grey *out, struct diag *d) {
    double width = 0, height = 0;
    p->poppler_page_get_size(page, &width, &height);
    if (!(width >= 1 && height >= 1 && width < 1e6 && height < 1e6))
        return diag_set(d, ERR_SYNTAX, "picture", "a page of no size");
    double scale = SIDE_PIXELS / (width > height ? width : height);
    if (scale > SCALE_MAX) scale = SCALE_MAX;
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * scale) + 1, (int)(height * scale) + 1);
    cairo_t *cr = cairo_create(s);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    p->poppler_page_render(page, cr);
    cairo_destroy(cr);
    enum err e = cairo_surface_status(s) == CAIRO_STATUS_SUCCESS ? grey_of_surface(s, out, d)
                                                                 : diag_set(d, ERR_MEMORY, "picture", NULL);
    cairo_surface_destroy(s);
    return e;
}

static enum err each_page(const struct poppler *p, PopplerDocument *doc, unsigned pages, const struct look_each *each,
                          struct diag *d) {
    int count = p->poppler_document_get_n_pages(doc);
    enum err e = ERR_OK;
    for (int i = 0; e == ERR_OK && i < count && i < (int)pages; i++) {
        struct grey g = {0};
        PopplerPage *page = p->poppler_document_get_page(doc, i);
        if (page == NULL) return diag_set(d, ERR_SYNTAX, "picture", "a damaged page %d", i + 1);
        e = draw(p, page, &g, d);
        g_object_unref(page);
        if (e == ERR_OK) e = each->page(each->context, &g, d);
        grey_fini(&g);
    }
    return e;
}

enum err look_pdf(struct str file, unsigned pages, const struct look_each *each, struct diag *d) {
    struct poppler p;
    GError *fault = NULL;
    if (!find(&p)) return diag_set(d, ERR_NOT_SUPPORTED, POPPLER_LIBRARY, NULL);
    GBytes *bytes = g_bytes_new_static(file.p, file.n);
    PopplerDocument *doc = p.poppler_document_new_from_bytes(bytes, NULL, &fault);
    enum err e =
        doc ? each_page(&p, doc, pages, each, d) : diag_set(d, ERR_SYNTAX, "picture", "a damaged or locked PDF");
    g_clear_error(&fault);
    if (doc) g_object_unref(doc);
    g_bytes_unref(bytes);
    return e;
}
