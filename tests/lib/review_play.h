/* A store with three made-up members and a file of alarms about their links, on a real disk, for tests of the review. */
#ifndef TESTS_LIB_REVIEW_PLAY_H
#define TESTS_LIB_REVIEW_PLAY_H

#include "lib/scratch.h"
#include "service/review/review.h"

struct review_play {
    struct scratch scratch;
    char store[SCRATCH_PATH_MAX], alarms[SCRATCH_PATH_MAX], decisions[SCRATCH_PATH_MAX];
};

/* Members 1 (branch 2), 2 and 3 of 06139448, 12-34, with the pseudonyms 16 × 1, 2, 3. */
void review_play_begin(struct review_play *p);
void review_play_end(struct review_play *p);
/* Alarms a1 (close-records), a2 and a3 about members 1, 2, 3; `from` 2 leaves the first out. */
void review_play_alarms(struct review_play *p, unsigned from);
struct review_settings review_play_settings(struct review_play *p, struct world *w);
/* The institution's question about member 1, in the store's log. */
void review_play_ask(struct review_play *p, const char *institution);
/* Alarm a<n>. */
struct review_alarm *review_play_alarm(struct review *r, unsigned n);
/* Opens it first, then decides; and waits. What it came to. */
enum err review_play_decide(struct review *r, unsigned n, enum review_decision d, const char *reviewer);

#endif
