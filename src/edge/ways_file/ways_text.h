/* ways_text: what is known of a member's ways, for a person and as JSON (docs/format/ways-file.md, "mado ways show --json"). */
#ifndef EDGE_WAYS_FILE_WAYS_TEXT_H
#define EDGE_WAYS_FILE_WAYS_TEXT_H

#include "base/buf.h"
#include "service/ways.h"

void ways_put_text(struct buf *b, const struct ways_facts *f, struct day on);
void ways_put_json(struct buf *b, const struct ways_facts *f, struct day on);

#endif
