/* dirty: the same members as an insurer that makes mistakes would hold them, and for each line what is true. A member (insurer, symbol, number,
 * branch) has one line, made from its last period; where nothing is labelled, every field about the person is the registry's, letter for
 * letter. Which mistakes a member gets depends on the seed and the member alone, but for shifted rows, which follow the order of the file.
 * The forms are docs/format/people-files.md. */
#ifndef SERVICE_PEOPLE_DIRTY_H
#define SERVICE_PEOPLE_DIRTY_H

#include "service/people/mistakes.h"
#include "service/people/namesakes.h"

enum { SHIFT_LEAST = 10, SHIFT_MOST = 30 }; /* rows of one slip */

/* Where an insurer's file stands. */
struct shift {
    uint64_t above; /* ordinal of the person in the row before, plus 1; 0 before the first */
    uint32_t left;  /* rows of a slip still to come */
};
struct dirt {
    const struct nation *nation;
    const struct namesakes *shared;
    uint32_t rate[MISTAKE_COUNT];
    struct shift *shifts; /* one for each insurer */
    uint64_t members, clean, of_kind[MISTAKE_COUNT];
};

/* `shared` must stand at the block of every household that is shown afterwards. Both are borrowed. */
MUST_USE enum err dirt_init(struct dirt *x, const struct nation *n, const struct namesakes *shared, uint32_t percent,
                            struct diag *d);
void dirt_fini(struct dirt *x);

/* Whether the registry knows this person: DIR/residents.ndjson leaves the others out. */
bool dirt_registered(const struct dirt *x, uint64_t ordinal);

/* True when the next period of the household, if any, belongs to another member. */
bool is_last_of_member(const struct household *h, size_t period);
/* Appends the member's line and the line of truth.ndjson. Members of one insurer are shown in the order of its file. */
void dirt_member(struct dirt *x, const struct household *h, const struct period *last, struct buf *line,
                 struct buf *truth);

/* dirty_line.c: what stands in the line. */
struct member_line {
    const struct person *who;
    const struct period *period;
    struct str name, kana; /* kana may be empty */
    bool alias;            /* the 通称 stands as the name */
    char sex;
    struct day birth;
    struct str post, address; /* may be empty */
    const char *mynumber;     /* 12 digits or NULL */
};
void put_member_line(struct buf *b, const struct nation *n, const struct member_line *m);
/* {"insurer":…,"symbol":…,"number":…,"branch":…} */
void put_member_key(struct buf *b, const struct nation *n, const struct period *p);

#endif
