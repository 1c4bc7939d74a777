/* A desk that answers, all in memory: the stores, and a log on a simulated disk whose clock stands still. */
#ifndef TESTS_LIB_DESK_PLAY_H
#define TESTS_LIB_DESK_PLAY_H

#include "lib/sim_disk.h"
#include "service/verify.h"

struct desk_play {
    struct verify_desk desk;
    struct store *cards;
    struct sim_disk *disk;
    struct arena arena;
};

extern int64_t desk_play_now_us; /* what every desk_play's clock says */

void desk_play_begin(struct desk_play *p);
void desk_play_end(struct desk_play *p);
/* A member of 06139448 with one period from 2020-04-01 on; the pseudonym is 16 times `mark`. */
struct member desk_play_member(struct coverage *period, const char *number, int branch, const char *birth,
                               uint8_t mark);
void desk_play_store(struct desk_play *p, const struct member *m);
void desk_play_put(struct desk_play *p, enum store_table table, struct str key, struct str value);
/* Asks and waits; the call lives in the play's arena. */
struct verify_call *desk_play_ask(struct desk_play *p, const struct verify_call *call);
/* The nth record of the log from 0; false when there are fewer. */
bool desk_play_event(struct desk_play *p, size_t nth, struct audit_event *out);
size_t desk_play_events(struct desk_play *p);

#endif
