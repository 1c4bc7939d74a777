/* changes: everyone's coverage at all insurers, brought together by confirmed links and by nothing else, looked at by rules/plausibility/changes.h.
 *
 * A nation does not fit in memory: links are sorted by card and met by one walk over the store; the periods found are sorted by person; what is found
 * is sorted by insurer. Memory is the setting's and does not grow; what is beyond it waits in files without a name.
 *
 *     changes_open(), changes_link() for every link, changes_resident() for those who died, changes_decide(), then changes_insurer() for insurers
 *     in rising order (service/inspect.h does), changes_close() */
#ifndef SERVICE_CHANGES_H
#define SERVICE_CHANGES_H

#include "base/world.h"
#include "core/notice.h"
#include "rules/plausibility/changes.h"
#include "state/store/store.h"

struct changes;

enum { CHANGES_RESIDENT_MAX = 64 }; /* bytes of a resident's id */

/* One confirmed link: this member is that resident. */
struct person_link {
    struct insurer_number insurer;
    struct insured_id id;
    struct day
        birth; /* as the insurer registered it; DAY_NONE: not said, then the branch alone must tell members apart */
    struct str resident;
};

struct changes_settings {
    struct world *world;
    const char *folder; /* for files without a name */
    uint64_t memory;    /* bytes */
    struct day on;
    /* For the person. An error ends the run. */
    enum err (*notice)(void *context, const struct notice *n, struct diag *d);
    void (*progress)(void *context, uint64_t members, uint64_t all); /* may be NULL */
    void *context;
};

struct changes_figures {
    uint64_t links, unmatched; /* unmatched: no such member, or more than one */
    uint64_t people, left_out; /* left_out: with more than CHANGE_PERIODS_MAX periods */
    uint64_t gaps, open_gaps, overlaps;
};

MUST_USE enum err changes_open(struct changes **out, const struct changes_settings *s, struct diag *d);
void changes_close(struct changes *c);
/* ERR_VALUE for an id that is empty or too long. */
MUST_USE enum err changes_link(struct changes *c, const struct person_link *link, struct diag *d);
MUST_USE enum err changes_resident(struct changes *c, struct str resident, struct day died, struct diag *d);
/* Walks the store once and decides. ERR_CONFLICT when one member is linked to two residents. */
MUST_USE enum err changes_decide(struct changes *c, struct store *coverage, struct diag *d);
/* The findings of this insurer; those of insurers before it that were not asked for are left out. */
MUST_USE enum err changes_insurer(struct changes *c, struct insurer_number insurer, const struct finding_sink *out,
                                  struct diag *d);
struct changes_figures changes_figures(const struct changes *c);

#endif
