/* report: an inspection's findings as files for insurers to correct, one folder a run: FOLDER/<insurer number>.ndjson, a finding a line in the
 * order of rank (the rows of finding.def), and FOLDER/summary.json. A finding names the period by its business key and no person
 * by name, and of another insurer its number and days alone. With links also FOLDER/notices.ndjson, for the people themselves. The
 * form: docs/format/findings.md, docs/format/notices.md. */
#ifndef EDGE_INSPECTION_REPORT_H
#define EDGE_INSPECTION_REPORT_H

#include "base/buf.h"
#include "base/world.h"
#include "service/changes.h"

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
    bool between; /* links were given: the figures below, and notices.ndjson */
    struct changes_figures changes;
    struct buf notices; /* not written yet */
    int notices_fd;     /* of notices.ndjson.new; -1: none */
    off_t notices_at;
    uint64_t notice_count;
};

/* Makes the folder; it must be empty or hold an earlier report, whose summary and notices go now. */
MUST_USE enum err report_open(struct report *r, struct world *w, const char *folder, struct day on, struct diag *d);
void report_close(struct report *r);
void report_take(struct report *r, const struct finding *f);
/* Writes the insurer's file, whole or not at all, and removes an older one when nothing was found. */
MUST_USE enum err report_insurer(struct report *r, struct insurer_number insurer, uint64_t members, struct diag *d);
/* With links: begins notices.ndjson, one line a notice; the file appears with report_finish(), whole. */
MUST_USE enum err report_begin_notices(struct report *r, struct diag *d);
MUST_USE enum err report_notice(struct report *r, const struct notice *n, struct diag *d);
/* summary.json; written last, so that a folder with one is whole. */
MUST_USE enum err report_finish(struct report *r, struct diag *d);
/* For a person: a line for each kind that was found. */
void report_put_text(struct buf *out, const struct report *r);

#endif
