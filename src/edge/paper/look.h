/* look: the 2D codes in a picture (PNG) or a PDF, by cairo, poppler and zbar: large libraries over a stranger's bytes. So this runs in a
 * process of its own, `mado look`, which has given up every power but computing (base/powers.h); looker.h is the side of whoever asks.
 *
 * Both sides agree on one message, written by the child: "OK\n" and each distinct text found, a line each; or "E<enum err> detail\n". */
#ifndef EDGE_PAPER_LOOK_H
#define EDGE_PAPER_LOOK_H

#include "base/buf.h"
#include "base/err.h"

enum {
    LOOK_FILE_MAX = 32 << 20,           /* a page scanned at 600 dpi in colour is 20 MB */
    LOOK_PIXELS_MAX = 48 * 1000 * 1000, /* a telephone's largest picture */
    LOOK_SIDE_MAX = 16 * 1000,
    LOOK_PAGES_MAX = 200,
    LOOK_CODES_MAX = 200,
    LOOK_TEXT_MAX = 8 << 10, /* of one code: the largest holds 7,089 digits */
    LOOK_REPLY_MAX = LOOK_CODES_MAX * (LOOK_TEXT_MAX + 1) + 256,
    LOOK_MEMORY_MB = 1024,
    LOOK_CPU_S = 60,
};

/* 8 bits a pixel, 0 is black. */
struct grey {
    unsigned width, height;
    uint8_t *pixels; /* malloc */
};
void grey_fini(struct grey *g);

/* Loads what looking needs, while files can still be opened. `pdf`: poppler too; ERR_NOT_SUPPORTED when it is not on this machine. */
MUST_USE enum err look_prepare(bool pdf, struct diag *d);
bool look_is_pdf(struct str file);
bool look_is_png(struct str file);
/* Appends each distinct text found, ended by a newline; a PDF's first `pages` pages are looked at. Finding none is no error. ERR_NOT_SUPPORTED
 * for another kind of file, ERR_SYNTAX for a damaged one, ERR_LIMIT for one too large. */
MUST_USE enum err look_at(struct str file, unsigned pages, struct buf *lines, struct diag *d);

/* The message, from a result of look_at(). */
void look_put_reply(struct buf *out, enum err e, const struct diag *d, struct str lines);
/* And back: the lines in `reply`, or the child's error. ERR_CORRUPT for no such message (it died). */
MUST_USE enum err look_reply_read(struct str reply, struct str *lines, struct diag *d);

/* ---- inside ---- */

/* ERR_LIMIT is told from the first bytes, before anything is unpacked. */
MUST_USE enum err look_png(struct str file, struct grey *out, struct diag *d);
struct look_each {
    enum err (*page)(void *context, const struct grey *g, struct diag *d);
    void *context;
};
MUST_USE enum err look_pdf_prepare(struct diag *d);
MUST_USE enum err look_pdf(struct str file, unsigned pages, const struct look_each *each, struct diag *d);
/* A cairo surface's pixels as grey on white; ERR_MEMORY. */
struct _cairo_surface;
MUST_USE enum err grey_of_surface(struct _cairo_surface *s, struct grey *out, struct diag *d);

#endif
