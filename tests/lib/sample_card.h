/* A virtual card for tests, with keys made when the test runs: PIN 1234, signature password ABC123. */
#ifndef TESTS_LIB_SAMPLE_CARD_H
#define TESTS_LIB_SAMPLE_CARD_H

#include "edge/card/virtual_card.h"
#include "state/trust/jpki.h"

struct sample_card {
    struct jpki_card keys;
    struct buf der[JPKI_KINDS], authority[JPKI_KINDS];
    struct virtual_card_plan plan; /* change it, then sample_card_renew() */
    struct virtual_card card;
};

void sample_card_make(struct sample_card *s);
/* A new card of the same keys, nothing spent. */
void sample_card_renew(struct sample_card *s);
void sample_card_free(struct sample_card *s);

#endif
