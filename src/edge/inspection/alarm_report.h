/* alarm_report: what an inspection of links found, for people: OUT/report.html, one file without a script, with plots drawn in it, and
 * OUT/alarms/<insurer number>.csv for each insurer. Nobody's name stands in either. The form: docs/format/alarm-report.md.
 *
 * Alarms go in by rank, each with where it stands and, for made-up people, what is true of its link; memory does not grow with their number. */
#ifndef EDGE_INSPECTION_ALARM_REPORT_H
#define EDGE_INSPECTION_ALARM_REPORT_H

#include "base/world.h"
#include "core/day.h"
#include "rules/review/review.h"
#include "service/review/alarm.h"
#include "state/sort/sort.h"

enum {
    ALARM_DECILES = 10,
    ALARM_INSURERS_MAX = 8192,      /* Japan has about 3,400 */
    ALARM_INSURERS_SHOWN = 40,      /* in the page; all have a file */
    ALARM_CURVE_POINTS = 200,       /* of the curve of errors found */
    ALARM_REPORT_BYTES = 4 << 20,   /* of the page */
    ALARM_CSV_BYTES = 256 << 20,    /* of one insurer's file */
    ALARM_REPORT_MEMORY = 64 << 20, /* to sort the lines in */
};

/* What is known of the link an alarm is about, from the truth or else from what was decided. */
enum alarm_known { ALARM_KNOWN_NOT, ALARM_KNOWN_RIGHT, ALARM_KNOWN_WRONG };

struct alarm_decile { /* of the probability: 0 to 10 %, … */
    uint64_t n, known, wrong;
    uint64_t ppm; /* the sum of the known ones' probabilities */
};

struct alarm_cause_row {
    uint64_t n, unlinked, right, wrong; /* wrong: by the truth */
};

struct alarm_insurer_row {
    struct insurer_number insurer;
    uint64_t n, unlinked, right;
};

struct alarm_report {
    struct world *world;
    const char *folder;
    struct day on;
    bool truth;                  /* given; then: */
    uint64_t links, wrong_links; /* all links, and the wrong ones among them */
    uint64_t n, settled, closed, true_alarms;
    struct alarm_cause_row causes[ALARM_CAUSES];
    uint64_t states[REVIEW_STATE_COUNT];
    struct alarm_decile deciles[ALARM_DECILES];
    /* Errors found when so many alarms were looked at, every `curve_step`th. */
    uint64_t curve[ALARM_CURVE_POINTS], curve_step;
    size_t curve_n;
    struct sorting *lines;
    struct alarm_insurer_row insurers[ALARM_INSURERS_MAX];
    size_t insurer_n;
};

/* Makes the folders. The caller sets truth, links and wrong_links afterwards where they are known. */
MUST_USE enum err alarm_report_open(struct alarm_report *r, struct world *w, const char *folder, struct day on,
                                    struct diag *d);
void alarm_report_close(struct alarm_report *r);
/* `c`: where it stands; NULL: nobody has decided. `known` from the truth; without one, ALARM_KNOWN_NOT: the decision counts. */
MUST_USE enum err alarm_report_take(struct alarm_report *r, const struct alarm *a, const struct review_case *c,
                                    enum alarm_known known, struct diag *d);
/* The insurers' files, then the page, each whole or not at all. Files of insurers without alarms are removed. */
MUST_USE enum err alarm_report_finish(struct alarm_report *r, struct diag *d);
/* The page alone. */
void alarm_report_put_html(struct buf *out, const struct alarm_report *r);

/* Parts of the page: alarm_plots.c. */
void alarm_plot_causes(struct buf *out, const struct alarm_report *r);
void alarm_plot_reliability(struct buf *out, const struct alarm_report *r);
void alarm_plot_found(struct buf *out, const struct alarm_report *r);

#endif
