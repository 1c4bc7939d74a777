/* serve: GET /papers/insurers?after=NUMBER at the centre's door: what a window needs to check papers with no line, a part at a time:
 * {"insurers":[{"insurer":"06139448","jwks":{…},"status":"…"}],"more":true}, in the order of the insurers' numbers. docs/format/paper.md. */
#ifndef EDGE_PAPER_SERVE_H
#define EDGE_PAPER_SERVE_H

#include "service/door.h"
#include "service/paper_lists.h"

enum { PAPER_PART_BYTES = 1 << 20 }; /* a part ends behind the insurer that passes it */

enum http_step paper_insurers(struct door *d, struct http_exchange *x);

/* The part after `after` (0: from the first). */
void paper_insurers_put(struct buf *out, const struct paper_lists_entry *entries, size_t count, uint32_t after);

#endif
