/* A centre that knows cards: keys/ with test authorities and the cards of hanako (made once a program), the authority believed, its CRL in place, a
 * vault's process (the test program itself, started again: see import_play.h), and a desk in memory whose clock is that of the keys. */
#ifndef TESTS_LIB_CARD_PLAY_H
#define TESTS_LIB_CARD_PLAY_H

#include "lib/desk_play.h"
#include "lib/scratch.h"
#include "service/card_desk.h"
#include "service/card_register.h"

struct card_play {
    struct scratch scratch; /* keys/ and store/ below it; store/run/keys leads to keys/ */
    char keys[SCRATCH_PATH_MAX], store[SCRATCH_PATH_MAX];
    struct desk_play play;
    struct world world;             /* the real disk, the play's clock */
    struct buf der[JPKI_STANDINGS]; /* hanako's authentication certificates */
    EVP_PKEY *key;
    struct buf signature;
};
void card_play_begin(struct card_play *p);
void card_play_end(struct card_play *p);
/* "06139448", 12-34, 1001, branch 1, covered since 2020; the log knows it by 16 times 7. */
void card_play_member(struct card_play *p);
/* By the card's key; holds until the next one. */
struct str card_play_sign(struct card_play *p, struct str message);
/* {"act":"register",…} for that certificate; `more` goes into the object. In the play's arena. */
struct str card_play_line(struct card_play *p, enum jpki_standing of, const char *more);
/* Registers (or ends) in store/cards, with the room opened to write and closed again. */
MUST_USE enum err card_play_act(struct card_play *p, struct str line, enum card_done *done, struct diag *d);

#endif
