/* alarm_line: a line of alarms.ndjson as an alarm. The file may come from anywhere: what is too long, of another type or out of range is refused with
 * the field's name; unknown fields are left alone. Form: docs/format/alarms.md. */
#ifndef EDGE_REVIEW_ALARM_LINE_H
#define EDGE_REVIEW_ALARM_LINE_H

#include "base/arena.h"
#include "base/err.h"
#include "service/review/alarm.h"

enum { ALARM_LINE_MAX = 128 << 10, ALARM_TEXT_MAX = 1024, ALARM_LINE_ARENA = 4 << 20 };

/* Texts live as long as the arena. d->where is the path of the field: "others[2].registry.name". */
MUST_USE enum err alarm_line_read(struct arena *a, struct str line, struct alarm *out, struct diag *d);

#endif
