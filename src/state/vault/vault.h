/* vault: the sealed room. A process of its own holds keys (all from DIR/key): they make pseudonyms of members and of cards, seal My Numbers,
 * and make tokens by which two numbers are compared. Others talk to it over a socket and get pseudonyms and tokens back, never a number.
 * Purposes and a log of its own come later.
 *
 * Messages, both ways: u32 length of what follows (little-endian), then u8 what
 *   1 introduce  varint count, count × bytes member key     reply u8 error (enum err), count × 16 bytes of pseudonym
 *   2 seal       varint count, count × (bytes member key, 12 digits)     no reply: a fault is told at the next 3
 *   3 keep       what was sealed since the last 3 or 4 is durable        reply u8 error
 *   4 drop       what was sealed since the last 3 or 4 never was         reply u8 error
 *   5 cards      varint count, count × bytes card name                   reply u8 error, count × 16 bytes of pseudonym
 *   6 tokens     varint count, count × 12 digits     reply u8 error, count × 16 bytes of token
 *
 * A room for cards alone (the desk's own) answers 5 and refuses the rest (ERR_FORBIDDEN): it has opened no store and kept no other key. */
#ifndef STATE_VAULT_VAULT_H
#define STATE_VAULT_VAULT_H

#include "base/buf.h"
#include "base/err.h"
#include "core/digits.h"

#include <sys/types.h>

enum {
    VAULT_PSEUDONYM_BYTES = 16,
    VAULT_TOKEN_BYTES = 16,
    VAULT_MESSAGE_MAX = 64 << 20,
    VAULT_INTRODUCE_MAX = 1 << 20
};

/* ---- the side of whoever needs it ---- */

struct vault_client {
    int fd;
    pid_t process; /* the vault's; ended by vault_close() */
};

struct vault_entry {
    struct str member_key;
    uint8_t pseudonym[VAULT_PSEUDONYM_BYTES]; /* out */
};

/* Starts the vault's process (this program again, as `program vault --store STORE`) and waits until it is ready. */
MUST_USE enum err vault_start(struct vault_client *c, const char *program, const char *store, struct diag *d);
/* The same for cards alone (`program vault --store STORE --cards`). ERR_NOT_FOUND when the store has no vault yet. */
MUST_USE enum err vault_start_cards(struct vault_client *c, const char *program, const char *store, struct diag *d);
void vault_close(struct vault_client *c);
/* After ERR_OK every pseudonym is filled in. Nothing is stored. */
MUST_USE enum err vault_introduce(struct vault_client *c, struct vault_entry *entries, size_t count, struct diag *d);
/* The keyed pseudonym of one certificate, from what names it (state/trust/card_check.h), which is wiped from the message. Under a key of its
 * own: no pseudonym of a card says anything about one of a member. Nothing is stored. */
MUST_USE enum err vault_name_card(struct vault_client *c, struct str card_name,
                                  uint8_t pseudonym[VAULT_PSEUDONYM_BYTES], struct diag *d);

struct vault_number {
    struct str member_key;
    const struct mynumber *mynumber;
};
/* Hands numbers over without waiting for them to be sealed, any number of times; then vault_keep(): after its ERR_OK they are on
 * the disk; or vault_drop(), and they never were. */
MUST_USE enum err vault_seal(struct vault_client *c, const struct vault_number *numbers, size_t count, struct diag *d);
MUST_USE enum err vault_keep(struct vault_client *c, struct diag *d);
MUST_USE enum err vault_drop(struct vault_client *c, struct diag *d);

/* A token for each number: the same number, the same token, as long as the vault's key lives; without the key it says nothing of the
 * number. For linking (rules/identity): numbers are compared by their tokens alone, and tokens are never written down. A number whose
 * digits are all 0 (mynumber_forget()) gets a token like any other; the caller leaves blanks out. */
MUST_USE enum err vault_tokens(struct vault_client *c, const struct mynumber *numbers, size_t count,
                               uint8_t (*tokens)[VAULT_TOKEN_BYTES], struct diag *d);

/* ---- the process itself ---- */

struct vault_room;
MUST_USE enum err vault_room_open(struct vault_room **out, const char *folder, struct diag *d);
/* Cards alone. Makes nothing: ERR_NOT_FOUND without a key. */
MUST_USE enum err vault_room_open_cards(struct vault_room **out, const char *folder, struct diag *d);
void vault_room_close(struct vault_room *v);
/* One request's body in, one reply's body out, empty when none is due. What is not a whole request is answered with an error. */
void vault_room_answer(struct vault_room *v, struct str request, struct buf *reply);
/* For a room that could not be opened: tells whoever started the process why. */
void vault_room_refuse(int fd, enum err why);
/* Gives up every power the room does not need (no new files, programs or connections), then answers on fd until it closes. */
MUST_USE enum err vault_room_serve(struct vault_room *v, int fd, struct diag *d);

#endif
