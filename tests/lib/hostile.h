/* hostile: what a stranger does to a message. Feeds a parser every truncation of a good sample and the sample with every
 * single bit flipped; the parser may refuse or accept, but must come back, and must hold its own promises (the callback
 * asserts them). Each variant stands in memory of exactly its size, so that a sanitizer sees a read past the end. */
#ifndef TESTS_LIB_HOSTILE_H
#define TESTS_LIB_HOSTILE_H

#include "base/str.h"

typedef void hostile_feed(void *context, struct str input);

/* Every length from 0 to good.n - 1. Returns how many inputs were fed. */
size_t hostile_truncations(struct str good, hostile_feed *feed, void *context);
/* Every bit of every byte. */
size_t hostile_bit_flips(struct str good, hostile_feed *feed, void *context);
/* Both. */
size_t hostile_all(struct str good, hostile_feed *feed, void *context);

#endif
