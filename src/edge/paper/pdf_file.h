/* pdf_file: a PDF being drawn into a buffer, page after page, tagged. */
#ifndef EDGE_PAPER_PDF_FILE_H
#define EDGE_PAPER_PDF_FILE_H

#include "edge/paper/press_inside.h"

struct pdf_file {
    struct buf *pdf;
    cairo_surface_t *surface; /* NULL: none is open */
    struct pen pen;
};

/* Lengths are points; the buffer is borrowed until the end. */
MUST_USE enum err pdf_begin(struct pdf_file *s, struct buf *pdf, double width, double height, struct diag *d);
/* The page is done. */
MUST_USE enum err pdf_page(struct pdf_file *s, struct diag *d);
/* The buffer holds the whole file. */
MUST_USE enum err pdf_end(struct pdf_file *s, struct diag *d);
void pdf_abandon(struct pdf_file *s);

#endif
