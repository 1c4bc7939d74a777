/* report: an inspection's findings as files for insurers to correct, one folder a run: FOLDER/<insurer number>.ndjson, a finding a line in the
 * order of rank (the rows of finding.def), and FOLDER/summary.json. A finding names the period by its business key and no person
 * by name. The form: docs/format/findings.md. */
#ifndef EDGE_INSPECTION_REPORT_H
#define EDGE_INSPECTION_REPORT_H

#include "base/buf.h"
#include "base/world.h"
#include "rules/plausibility/plausibility.h"

enum {
    REPORT_LINES_MAX =
        5000, /* of one kind and insurer; the rest is counted: so many have one cause, to be mended first */
    REPORT_KIND_BYTES = 8 << 20 /* and their bytes */
};

struct report {
    struct world *world;
    const char *folder;
    struct day on;
    struct {
        struct buf lines; /* of the insurer being inspected */
        uint64_t listed, found, found_in_all;
    } kinds[FINDING_COUNT];
    uint64_t insurers, insurers_with_findings, members;
};

/* Makes the folder; it must be empty or hold an earlier report. */
MUST_USE enum err report_open(struct report *r, struct world *w, const char *folder, struct day on, struct diag *d);
void report_close(struct report *r);
void report_take(struct report *r, const struct finding *f);
/* Writes the insurer's file, whole or not at all, and removes an older one when nothing was found. */
MUST_USE enum err report_insurer(struct report *r, struct insurer_number insurer, uint64_t members, struct diag *d);
/* summary.json; written last, so that a folder with one is whole. */
MUST_USE enum err report_finish(struct report *r, struct diag *d);
/* For a person: a line for each kind that was found. */
void report_put_text(struct buf *out, const struct report *r);

#endif
