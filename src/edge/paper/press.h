/* press: papers as PDF, by cairo and pango: A4 (one page) or card size (85.6 × 54 mm, ISO/IEC 7810 ID-1; words on the first page, the
 * code on the second). Text is real text in reading order with its fonts embedded, and tagged (title, heading, table, figure). The 2D code
 * is a stencil of one cell a module, which viewers and printers keep sharp at any size.
 *
 * A paper with a character that no font of this machine has is refused whole (ERR_NOT_SUPPORTED): nobody's name is printed with a box.
 * Not for threads: fonts are the process's own. */
#ifndef EDGE_PAPER_PRESS_H
#define EDGE_PAPER_PRESS_H

#include "service/issue.h"

enum paper_size { PAPER_A4, PAPER_CARD };

struct press;
struct press_settings {
    struct world *world;
    const char *keys;  /* the folder of insurer_key.h */
    struct str issuer; /* health_card.h; borrowed */
    enum paper_size size;
};

/* What issue_run() works with; the press outlives it. */
MUST_USE enum err press_open(struct press **out, const struct press_settings *s, struct issue_press *face,
                             struct diag *d);
void press_close(struct press *p);

#endif
