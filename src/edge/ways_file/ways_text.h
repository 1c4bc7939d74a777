/* ways_text: what is known of a member's ways, for a person and as JSON (docs/format/ways-file.md, "mado ways show --json"). */
#ifndef EDGE_WAYS_FILE_WAYS_TEXT_H
#define EDGE_WAYS_FILE_WAYS_TEXT_H

#include "base/buf.h"
#include "service/ways_list.h"

void ways_put_text(struct buf *b, const struct ways_facts *f, struct day on);
void ways_put_json(struct buf *b, const struct ways_facts *f, struct day on);
/* A line of `mado ways due`: NDJSON, and for a person. */
void ways_put_due_json(struct buf *b, const struct member *m, const struct paper_due *due);
void ways_put_due_text(struct buf *b, const struct member *m, const struct paper_due *due);

#endif
