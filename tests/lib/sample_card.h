/* A virtual card for tests, with keys made when the test runs: PIN 1234, signature password ABC123. */
#ifndef TESTS_LIB_SAMPLE_CARD_H
#define TESTS_LIB_SAMPLE_CARD_H

#include "edge/card/reader.h"
#include "edge/card/virtual_card.h"
#include "state/trust/jpki.h"

struct sample_card {
    struct jpki_card keys;
    struct buf der[JPKI_KINDS], authority[JPKI_KINDS];
    struct virtual_card_plan plan; /* change it, then sample_card_renew() */
    struct virtual_card card;
    unsigned commands;   /* sent to the reader so far */
    unsigned removed_at; /* the card is taken away before that command; 0: never */
    bool left;           /* reader_leave() was called */
};

void sample_card_make(struct sample_card *s);
/* A new card of the same keys, nothing spent. */
void sample_card_renew(struct sample_card *s);
/* The card on a reader of its own, in this process. */
struct reader sample_card_reader(struct sample_card *s);
void sample_card_free(struct sample_card *s);

#endif
