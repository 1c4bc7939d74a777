/* address: a Japanese address as it is written, taken apart. Without a list of towns (official.h) the shape of the text decides, with the municipalities
 * whose own names hold 市, 郡, 町 or 村 in a table (municipality.def). What could not be read is kept and said.
 *
 * 1丁目2番3号, 1丁目2番地3, 一丁目二番三号 and 1-2-3 give the same block "1-2-3": people write one for the other, so block says nothing of
 * 住居表示 or 地番. */
#ifndef RULES_IDENTITY_ADDRESS_H
#define RULES_IDENTITY_ADDRESS_H

#include "base/buf.h"
#include "rules/identity/text.h"

struct official; /* official.h */

enum { ADDRESS_BLOCK_MAX = 64 };

struct address {
    struct str postcode, prefecture, city, town; /* as written, borrowed from the text; empty when not there */
    struct str rest;                             /* building, room, what stands behind the block */
    struct str unread;                           /* from where no municipality could be found */
    size_t block_n;
    char block_room[ADDRESS_BLOCK_MAX]; /* "1-2-3" */
};

static inline struct str address_block(const struct address *a) { return str_of(a->block_room, a->block_n); }

/* official: with its list of towns a municipality or town that the list knows is taken as it stands there; NULL, or what it does not know: the shape.
 * ERR_UTF8 or ERR_LIMIT; text that is no address is no error but unread. */
MUST_USE enum err address_parse(const struct official *official, struct str s, struct address *out, const char *where,
                                struct diag *d);
/* {"prefecture","city","town","block","rest","unread"}, and "postcode" when there was one. */
/* 1 北海道 to 47 沖縄県; 0 for anything else. */
uint8_t address_prefecture(struct str name);
void address_put_json(struct buf *b, const struct address *a);
void address_put_text(struct buf *b, const struct address *a);

#endif
