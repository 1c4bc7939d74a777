/* read: lines of links.ndjson (`mado link`) and residents.ndjson (the registry), as far as an inspection between insurers needs them. Unknown fields are
 * left alone. Forms: docs/format/people-files.md, docs/format/insurer-file.md. */
#ifndef EDGE_LINKS_READ_H
#define EDGE_LINKS_READ_H

#include "base/arena.h"
#include "rules/identity/person.h"
#include "service/changes.h"

enum { LINKS_LINE_MAX = 64 << 10, LINKS_ARENA = 4 << 20 };

/* Texts live as long as the arena. *linked: the outcome is "linked", and *out holds; else only the outcome was looked at. A birth
 * date in the record that is none is DAY_END, which no member has. d->where is the
 * field. ERR_MISSING, ERR_VALUE, ERR_CODE (of an outcome that is none of the four), ERR_CHECK_DIGIT, ERR_DATE, and those of base/json.h. */
MUST_USE enum err link_line_read(struct arena *a, struct str line, struct person_link *out, bool *linked,
                                 struct diag *d);
/* Also the record as compared, for looking at the link again: ERR_MISSING without one, or without a name in it. */
MUST_USE enum err link_record_read(struct arena *a, struct str line, struct person_link *out, struct person *record,
                                   bool *linked, struct diag *d);
/* `died` DAY_NONE: alive. */
MUST_USE enum err resident_line_read(struct arena *a, struct str line, struct str *id, struct day *died,
                                     struct diag *d);

#endif
