#include "edge/paper/pdf_file.h"

#include <cairo-pdf.h>

static cairo_status_t write_pdf(void *context, const unsigned char *bytes, unsigned n) {
    buf_put(context, str_of(bytes, n));
    return buf_ok(context) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

void pdf_abandon(struct pdf_file *s) {
    pen_close(&s->pen);
    if (s->surface) cairo_surface_destroy(s->surface);
    s->surface = NULL;
}

enum err pdf_begin(struct pdf_file *s, struct buf *pdf, double width, double height, struct diag *d) {
    pdf_abandon(s);
    s->pdf = pdf;
    s->surface = cairo_pdf_surface_create_for_stream(write_pdf, pdf, width, height);
    if (!pen_open(&s->pen, s->surface)) return diag_set(d, ERR_MEMORY, "pdf", NULL);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, "Mado " MADO_VERSION);
    cairo_tag_begin(s->pen.cr, "Document", NULL);
    return ERR_OK;
}

enum err pdf_page(struct pdf_file *s, struct diag *d) {
    cairo_show_page(s->pen.cr);
    cairo_status_t status = cairo_status(s->pen.cr);
    return status == CAIRO_STATUS_SUCCESS ? ERR_OK : diag_set(d, ERR_IO, "pdf", "%s", cairo_status_to_string(status));
}

enum err pdf_end(struct pdf_file *s, struct diag *d) {
    cairo_tag_end(s->pen.cr, "Document");
    cairo_surface_finish(s->surface);
    cairo_status_t status = cairo_surface_status(s->surface);
    pdf_abandon(s);
    if (!buf_ok(s->pdf)) return diag_set(d, ERR_LIMIT, "pdf", "--per-file");
    return status == CAIRO_STATUS_SUCCESS ? ERR_OK : diag_set(d, ERR_IO, "pdf", "%s", cairo_status_to_string(status));
}
