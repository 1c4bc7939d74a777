/* paper_void: a paper stops counting: made void, or replaced by a new one in the same step. What always holds:
 * - The log has it before anything shows it.
 * - One record, written whole or not at all, makes the old paper void and names the new one: at no moment are both valid, and a kill at any
 *   point loses neither. The same command again completes what was begun and doubles nothing.
 * - The store (ways/) no longer takes it for held: the next run that prints makes another one where it is needed.
 * - The insurer's list of void papers (void_list.h) is published at once; if that fails the paper is void all the same, and the next
 *   publication has it.
 * One process at a time works on an insurer's void papers (OUT/INSURER/void/lock); a run that prints does not hold them up. */
#ifndef SERVICE_PAPER_VOID_H
#define SERVICE_PAPER_VOID_H

#include "core/audit_event.h"
#include "service/paper_queue.h"

#include <limits.h>

struct paper_void_settings {
    struct world *world;
    const char *store, *out, *keys;
    uint32_t only_insurer; /* 0: the paper is looked for with all, lists of all are published */
    struct str issuer;     /* as printed in the papers' codes */
    unsigned hours;        /* how long a list is current, 1 to VOID_LIST_HOURS_MAX */
    struct day on;
    const struct issue_press *press; /* for paper_replace() */
    struct store *ways;              /* open to write; NULL: nothing is known of who holds papers */
    /* To the log, durable when it returns ERR_OK. pseudonym: of the member, NULL when not known. */
    enum err (*record)(void *context, enum audit_kind kind, const uint8_t *pseudonym, uint64_t count, struct diag *d);
    void *context;
};

struct paper_void_result {
    bool already; /* it was done before; nothing new was made */
    struct insurer_number insurer;
    char replacement[PAPER_ID_CHARACTERS + 1]; /* "" when there is none */
    char file[PATH_MAX];                       /* its PDF */
    uint64_t insurers, listed;                 /* lists published, and papers in them */
    uint64_t damaged;                          /* records that cannot be read: listed as void all the same */
};

/* ERR_NOT_FOUND: no such paper. ERR_LOCKED. */
MUST_USE enum err paper_void(const struct paper_void_settings *s, struct str id, enum void_reason reason,
                             struct paper_void_result *r, struct diag *d);
/* Of a paper that is void already without a replacement: makes one. ERR_CONFLICT when its member is not covered on the day (then nothing
 * changes: paper_void() is for that), ERR_SEVERAL when an old queue does not tell which member, ERR_NOT_SUPPORTED when it cannot be printed. */
MUST_USE enum err paper_replace(const struct paper_void_settings *s, struct str id, enum void_reason reason,
                                struct paper_void_result *r, struct diag *d);
/* The lists of every insurer whose key is in `keys`, also those without a void paper: a list that is empty and current says something. The
 * first error of an insurer is given when all have been tried. */
MUST_USE enum err paper_void_lists(const struct paper_void_settings *s, struct paper_void_result *r, struct diag *d);

#endif
