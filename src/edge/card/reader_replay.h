/* reader_replay: a card that says what a transcript says, and only when it is asked what the transcript says it was asked.
 *
 *   # a comment
 *   > 00A4040C0AD392F000260100000001      sent
 *   < 9000                                answered
 *   < -                                   instead of an answer: the card was taken away
 */
#ifndef EDGE_CARD_READER_REPLAY_H
#define EDGE_CARD_READER_REPLAY_H

#include "edge/card/reader.h"

struct replay {
    struct str rest; /* borrowed */
    unsigned line;   /* read so far */
    bool left;       /* reader_leave() was called */
};

/* The transcript lives as long as the reader. Sending gives ERR_CONFLICT (d->line) when it expects another command or none, ERR_CORRUPT
 * for a line it cannot read. */
struct reader replay_open(struct replay *r, struct str transcript);
/* Whether all of it was played. */
bool replay_finished(const struct replay *r);

#endif
