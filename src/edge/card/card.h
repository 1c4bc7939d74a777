/* card: the steps of a session with a My Number Card on any reader. Every status word has its own outcome (status_word.def): an outcome is
 * an answer; an error is a card that is gone or does not speak as cards do. What has the form of no PIN is never sent, and tries left are
 * asked for without spending one.
 *
 * The individual number is never read: files are named by enum application_file, which holds none that has it. */
#ifndef EDGE_CARD_CARD_H
#define EDGE_CARD_CARD_H

#include "edge/card/application.h"
#include "edge/card/reader.h"

#include <openssl/evp.h>

#define STATUS_WORD(value, mask, outcome, ja, en) CARD_##outcome,
enum card_outcome {
#include "edge/card/status_word.def"
    CARD_UNKNOWN_STATUS,
    CARD_OUTCOMES,
};
#undef STATUS_WORD

#define TOKEN(name, text, ja, en) TOKEN_##name,
enum card_token {
#include "edge/card/token.def"
    TOKEN_UNKNOWN,
};
#undef TOKEN

enum {
    CARD_FILE_MAX = 8192, /* a certificate is about 1,600 bytes; the next card's will not be five times as long */
    CARD_ROUNDS_MAX = 64, /* commands for one file or one answer: 8192 / 256 and as many again */
};

struct card_result {
    enum card_outcome outcome;
    uint16_t status;
    unsigned tries_left; /* with PIN_WRONG */
};
enum card_outcome card_outcome(uint16_t status);
/* For people; "" when nothing is said of it. */
struct str card_outcome_ja(enum card_outcome o);
struct str card_outcome_en(enum card_outcome o);

/* Forgets every verified PIN. */
MUST_USE enum err card_select(struct reader *r, enum application a, struct card_result *result, struct diag *d);
/* Appends a DATA file without its filler. ERR_SYNTAX when it is no DER object of at most CARD_FILE_MAX bytes, or shorter than it says. */
MUST_USE enum err card_read(struct reader *r, enum application_file f, struct buf *out, struct card_result *result,
                            struct diag *d);
/* TOKEN_UNKNOWN for a name nobody told us of. */
MUST_USE enum err card_read_token(struct reader *r, enum card_token *out, struct card_result *result, struct diag *d);
/* DONE: verified already; PIN_WRONG with tries_left; LAST_TRY_SPENT, PIN_LOCKED: locked; NO_LIMIT. */
MUST_USE enum err card_tries(struct reader *r, enum pin p, struct card_result *result, struct diag *d);
/* ERR_VALUE, and nothing sent, for what has not the form of that PIN; a password's small letters are sent as capitals. */
MUST_USE enum err card_verify(struct reader *r, enum pin p, struct str pin, struct card_result *result, struct diag *d);
/* Appends the signature over message by the key behind the PIN, hashed and sized as the public key of its certificate wants.
 * ERR_NOT_SUPPORTED for a kind of key that no card had so far, ERR_SYNTAX for a signature of another size. */
MUST_USE enum err card_sign(struct reader *r, enum pin p, EVP_PKEY *public_key, struct str message,
                            struct buf *signature, struct card_result *result, struct diag *d);

/* ---- a whole session: the holder of the card answers a challenge with the authentication key ---- */

enum card_step {
    CARD_STEP_SELECT,
    CARD_STEP_TOKEN,
    CARD_STEP_TRIES,
    CARD_STEP_PIN,
    CARD_STEP_CERTIFICATE,
    CARD_STEP_SIGN
};
struct card_proof {
    enum card_step step;       /* the last one tried */
    struct card_result result; /* its outcome: CARD_DONE only when all is there */
    enum card_token token;
    struct buf certificate, signature; /* DER */
};
void card_proof_init(struct card_proof *p);
void card_proof_fini(struct card_proof *p);
/* Nothing is spent on a locked PIN. Leave the reader afterwards, whatever came of it. */
MUST_USE enum err card_prove(struct reader *r, struct str pin, struct str challenge, struct card_proof *out,
                             struct diag *d);

#endif
