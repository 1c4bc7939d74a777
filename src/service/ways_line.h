/* ways_line: one line of a list of ways as values, whoever carried it (docs/format/ways-file.md). */
#ifndef SERVICE_WAYS_LINE_H
#define SERVICE_WAYS_LINE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/digits.h"
#include "core/insured_id.h"
#include "core/ways.h"

enum { WAYS_LINE_BYTES_MAX = 4096 };

struct ways_line {
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth; /* DAY_NONE: not said */
    struct day on;    /* the day the list speaks of */
    struct ways ways; /* everything the list knows of the member's ways: one that is not there is no way */
    bool says_channel, says_paper;
};

/* What a carrier provides. Texts in *out live as long as the arena. On an error d->where is the field. */
typedef enum err ways_line_read(struct arena *a, struct str line, struct ways_line *out, struct diag *d);

#endif
