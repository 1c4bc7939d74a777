/* remind: tells each member of what ends soon (card, its certificate, a phone's, the eligibility certificate), by the channel the person
 * chose, once for each end: rules/ways says what and when. The queues are for those who send: portal, e-mail and app, letters.
 *
 *   OUT/paper-DAY/000001.pdf, 000001.ndjson    letters, and a line for each
 *   OUT/portal-DAY/000001.ndjson, OUT/app-DAY/000001.ndjson
 *
 * What is in a file is in the log before, and in the store exactly when the file is there (outbox.h): a run that was killed at any point is
 * completed by the next, which tells nobody twice. Lines are notices (core/notice.h); the form: docs/format/notices.md. */
#ifndef SERVICE_REMIND_H
#define SERVICE_REMIND_H

#include "core/notice.h"
#include "service/verify.h"
#include "service/ways.h"

enum { REMIND_PER_FILE_DEFAULT = 100, REMIND_PER_FILE_MAX = 1000, REMIND_PDF_MAX = 256 << 20 };

/* One letter. Borrowed. */
struct letter {
    enum notice_kind kind;
    const struct member *member;
    const struct coverage *coverage;
    struct str insurer_name; /* or its number */
    struct day made, ends;   /* `ends` is the last day */
    struct day usable_until; /* later than `ends` in the grace; else the same */
};

/* Who draws letters. begin … add … end make one file; `pdf` is whole after end. abandon ends a file nobody wants. */
struct letter_press {
    void *context;
    enum err (*begin)(void *context, struct buf *pdf, struct diag *d);
    /* ERR_NOT_SUPPORTED: this one cannot be printed (why is in d) and nothing was drawn; any other error ends the run. */
    enum err (*add)(void *context, const struct letter *l, struct diag *d);
    enum err (*end)(void *context, struct diag *d);
    void (*abandon)(void *context);
};

struct remind_progress {
    uint64_t seen, members;             /* looked at, in all */
    uint64_t queued[CHANNELS], refused; /* now, by channel; letters that cannot be printed */
};

struct remind_settings {
    struct world *world;      /* of the files */
    struct verify_desk *desk; /* ways/ open to write */
    struct asker asker;
    const char *out;
    struct day on;
    uint32_t per_file;
    const struct letter_press *press;
    void (*progress)(void *context, const struct remind_progress *p); /* may be NULL */
    void *context;
};

MUST_USE enum err remind_run(const struct remind_settings *s, struct remind_progress *p, struct diag *d);

#endif
