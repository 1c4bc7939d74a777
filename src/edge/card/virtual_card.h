/* virtual_card: a made-up My Number Card, as a function from the bytes of a command to the bytes of the answer. No reader, no socket,
 * no clock: tests and fuzzers drive it directly, `mado card` puts it behind a virtual reader (vpcd.h).
 *
 * It serves the JPKI application alone, as docs/format/card.md says, with what that page names as measured on real cards and what it
 * names as our guess. The individual number is not in it: there is no application that could hold it. */
#ifndef EDGE_CARD_VIRTUAL_CARD_H
#define EDGE_CARD_VIRTUAL_CARD_H

#include "base/err.h"
#include "edge/card/apdu.h"
#include "edge/card/application.h"

#include <openssl/evp.h>

/* Bytes at the end of a certificate's file that are no certificate: a reader has to take the length from the certificate. */
enum { VIRTUAL_CARD_FILLER = 64 };

/* Borrowed for as long as the card lives. */
struct virtual_card_plan {
    struct str files
        [FILE_COUNT]; /* of the DATA files, those of the four certificates; the card writes TOKEN and PRESENT itself */
    EVP_PKEY *auth_key, *sign_key;
    struct str pin, sign_pin;
    bool locked;  /* both PINs */
    bool pinless; /* no PIN ever works, there is no signature certificate */
};

struct virtual_card {
    struct virtual_card_plan plan;
    bool selected;               /* the JPKI application */
    const struct file_row *file; /* the current file, NULL: none */
    bool verified[PIN_COUNT];    /* lost on reset and when the application is selected again */
    unsigned tries[PIN_COUNT];   /* left; they outlive a reset */
};

/* ERR_VALUE naming --pin or --sign-pin when it has not the card's form. */
MUST_USE enum err virtual_card_init(struct virtual_card *c, const struct virtual_card_plan *plan, struct diag *d);
/* What a reader does between two people: nothing stays verified. */
void virtual_card_reset(struct virtual_card *c);
/* Appends the answer (at most APDU_ANSWER_MAX bytes) to any command whatever. */
void virtual_card_answer(struct virtual_card *c, struct str command, struct buf *out);
/* The answer to reset of the plastic card's contacts (OpenSC's table has it; contactless readers make one up). */
struct str virtual_card_atr(void);

#endif
