/* quality: how good links are, judged by the truth of made-up people. Lines of truth.ndjson (docs/format/people-files.md) go in first,
 * then lines of links.ndjson: {"member":{"insurer","symbol","number","branch"},"resident":"…",
 * "outcome":"linked|not-linked|needs-person|contradicted", …}. Then it counts. It knows the kinds of mistakes, and nothing of how links are
 * made. Members are known by a keyed hash: 53 to 107 bytes each, 160 while the table grows. */
#ifndef SERVICE_QUALITY_QUALITY_H
#define SERVICE_QUALITY_QUALITY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/world.h"
#include "service/people/mistakes.h"

enum {
    QUALITY_LINE_MAX = 64 << 10,   /* a line with all its reasons */
    QUALITY_MEMBERS_MAX = 1 << 29, /* a nation of 125 million has about 230 million */
};

enum outcome { OUTCOME_NONE, OUTCOME_LINKED, OUTCOME_NOT_LINKED, OUTCOME_NEEDS_PERSON, OUTCOME_CONTRADICTED, OUTCOMES };

struct quality_member;
struct quality {
    struct quality_member *table; /* open addressing */
    size_t members, size;
    uint8_t key[16];
    struct arena arena; /* of one line */
};

void quality_init(struct quality *q, struct world *w);
void quality_fini(struct quality *q);

/* Both: ERR_SYNTAX and the like of base/json.h; ERR_MISSING, ERR_VALUE with the field in d->where; ERR_LIMIT; ERR_MEMORY. Unknown fields are
 * left alone. A member that stands in the truth twice, or is linked twice: ERR_DUPLICATE. An error of no kind: ERR_CODE. */
MUST_USE enum err quality_truth_line(struct quality *q, struct str line, struct diag *d);
/* Also: an outcome that is none of the four, ERR_CODE; linked to nobody, ERR_MISSING; a member of whom the truth knows nothing,
 * ERR_NOT_FOUND. `resident` counts where the outcome is linked. */
MUST_USE enum err quality_link_line(struct quality *q, struct str line, struct diag *d);

/* What the truth says of the link of one member, named as in the lines (`branch` of two figures, or empty). */
enum quality_link { QUALITY_UNKNOWN, QUALITY_RIGHT, QUALITY_WRONG }; /* unknown: no such member, or it is not linked */
enum quality_link quality_link_of(const struct quality *q, struct str insurer, struct str symbol, struct str number,
                                  struct str branch);

/* Members in one group of the table. */
struct quality_row {
    uint64_t members, of[OUTCOMES]; /* by outcome; OUTCOME_NONE: no line of links names the member */
    uint64_t wrong;                 /* linked to someone else, or to anyone where the registry has nobody */
    uint64_t right;                 /* as it should be, see enum quality_group */
};
/* What should come: who can be linked is linked to the right resident; where another's number stands there is an alarm (needs-person,
 * contradicted); who has no number or is in no registry is not linked (a blank number links nothing). Each member is in one group of
 * clean to nobody. */
enum quality_group {
    QUALITY_ALL,
    QUALITY_CLEAN,    /* no errors */
    QUALITY_HONEST,   /* errors, but the own number, and a resident */
    QUALITY_BLANK,    /* no number, and a resident */
    QUALITY_OTHERS,   /* another person's number */
    QUALITY_NOBODY,   /* no resident, own number or none */
    QUALITY_TWIN,     /* a twin near, whatever else */
    QUALITY_NAMESAKE, /* a stranger alike near */
    QUALITY_GROUPS
};
struct quality_count {
    struct quality_row group[QUALITY_GROUPS], kind[MISTAKE_COUNT];
};
void quality_count(const struct quality *q, struct quality_count *out);

/* Wrong links in 100 million of the linked that 95 % of samples would stay below: for none seen the rule of three, 3 / n (Hanley and
 * Lippman-Hand, JAMA 1983); for 1 to 10 the upper limit of Poisson's distribution; UINT64_MAX where neither says anything. */
uint64_t quality_bound(uint64_t wrong, uint64_t linked);
/* The tables, as Markdown, Japanese and English. */
void quality_put(const struct quality_count *c, struct buf *out);

#endif
