/* links: what became of each member, one line of links.ndjson (docs/format/links.md). Never holds a My Number: there is no way for one to
 * get here. */
#ifndef EDGE_LINKS_LINKS_H
#define EDGE_LINKS_LINKS_H

#include "base/buf.h"
#include "service/link/linking.h"

/* The line with its end. ERR_UTF8 and ERR_LIMIT of a text that is no text. */
MUST_USE enum err links_put(struct buf *b, const struct link_result *r, struct diag *d);
/* {"insurer","symbol","number","branch"} and {"name",…}: also in alarms. */
void links_put_member(struct buf *b, const struct link_member *m);
void links_put_person(struct buf *b, const struct person *p);
/* [{"fact","level","why":[…]}…] of a member and one resident; `number` whether the number agrees, or NULL to leave it out. */
MUST_USE enum err links_put_reasons(struct buf *b, const struct person *member, const struct person *resident,
                                    const struct likeness *l, const char *number, struct diag *d);

#endif
