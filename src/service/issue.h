/* issue: papers for the members whom an insurer covers: an eligibility certificate (資格確認書) for everyone without a card way that can be used,
 * before it is needed and before the last one ends; a notice of coverage (資格情報のお知らせ) for everyone with one. Nobody applies and nobody
 * gets two. Gathers and decides; how a paper looks is the press's business (edge/paper).
 *
 *   OUT/INSURER/certificates-DAY/000001.pdf      one or more papers, in the order of the store
 *   OUT/INSURER/certificates-DAY/000001.ndjson   the print queue: a line for each paper, and a last line that closes the file
 *
 * A file counts when its .ndjson is there: it is written after the .pdf and in one piece, and the store knows its papers if and only if it is
 * there (outbox.h). So a run that was killed at any point goes on behind the last closed file, loses nothing and makes nothing twice; a run on
 * a day whose folder is whole looks at everyone anew and makes what became due since. The form: docs/format/paper.md. */
#ifndef SERVICE_ISSUE_H
#define SERVICE_ISSUE_H

#include "base/world.h"
#include "core/verdict.h"
#include "core/ways.h"
#include "rules/eligibility/paper_span.h"

enum {
    PAPER_ID_CHARACTERS = 22,     /* 16 random bytes, base64url: fits a health card's rid of 24 */
    ISSUE_PER_FILE_DEFAULT = 100, /* fonts are embedded once a file; what a kill can cost stays under a second */
    ISSUE_PER_FILE_MAX = 1000,
    ISSUE_PDF_MAX = 256 << 20,
};

struct paper {
    enum paper_kind kind;
    char id[PAPER_ID_CHARACTERS + 1];
    struct insurer_number insurer;
    struct str insurer_name;
    const struct member *member;
    const struct coverage *coverage;
    uint8_t ratio;   /* percent on the first day, or RATIO_NONE */
    struct day made; /* 交付日; the span of one that follows another begins later */
    struct paper_span span;
};

/* Who draws and signs. begin … add … end make one file; `pdf` is whole after end. abandon ends a file nobody wants. */
struct issue_press {
    void *context;
    enum err (*insurer)(void *context, struct insurer_number insurer,
                        struct diag *d); /* the next papers are this one's */
    enum err (*begin)(void *context, struct buf *pdf, struct diag *d);
    /* ERR_NOT_SUPPORTED: this one cannot be printed (why is in d) and nothing was drawn; any other error ends the run. */
    enum err (*add)(void *context, const struct paper *p, struct diag *d);
    enum err (*end)(void *context, struct diag *d);
    void (*abandon)(void *context);
};

struct issue_progress {
    uint64_t seen, members;             /* of the store: looked at, in all */
    uint64_t papers, refused;           /* made now, not printable */
    uint64_t insurers, insurers_before; /* insurers worked now; of them whole that day already, and nothing was due */
};

struct issue_settings {
    struct world *world;
    const char *store, *out;
    enum paper_kind kind;
    struct day on;
    uint32_t only_insurer; /* 0: all */
    uint32_t per_file;
    const struct issue_press *press;
    struct store *ways; /* open to write */
    /* So many papers of an insurer are about to be in a file: whoever has that learns of people, so the log knows it first. */
    enum err (*record)(void *context, uint64_t papers, struct diag *d);
    void *record_context;
    void (*progress)(void *context, const struct issue_progress *p); /* may be NULL */
    void *context;
};

/* ERR_LOCKED when another run works in OUT. */
MUST_USE enum err issue_run(const struct issue_settings *s, struct issue_progress *p, struct diag *d);

#endif
