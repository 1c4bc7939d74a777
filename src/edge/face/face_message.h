/* face_message: what the window and a face reader say to each other: one line each, JSON, and a signature (docs/format/face-reader.md).
 * The reader says yes or no. There is no member in which an image, a template or a score could cross: every member is text of a closed form, a
 * member of another name is refused, and so is a number wherever it stands. */
#ifndef EDGE_FACE_FACE_MESSAGE_H
#define EDGE_FACE_FACE_MESSAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/face_answer.h"

#include <openssl/evp.h>

#define FACE_FORM "mado-face-1"

enum {
    FACE_NONCE = 64,           /* hexadecimal digits: 256 random bits, of one question alone */
    FACE_VISIT = 32,           /* the visit's id */
    FACE_CARD = 64,            /* SHA-256 of the nonce's digits and the card's certificate: another value each time */
    FACE_DEVICE_MAX = 32,      /* a-z 0-9 -: the name of a key that is registered here */
    FACE_SIGNATURE_MAX = 160,  /* hexadecimal digits: Ed25519 has 128, ES256 in DER at most 144 */
    FACE_LINE_MAX = 1024,      /* either line; a reply is about 470 bytes */
    FACE_ARENA_MAX = 64 << 10, /* a reply read */
};

struct face_question {
    char nonce[FACE_NONCE + 1], visit[FACE_VISIT + 1];
    char card[FACE_CARD + 1]; /* "": no card is on the reader */
};
struct face_reply {
    enum face_answer answer;
    char device[FACE_DEVICE_MAX + 1];
    uint8_t signature[FACE_SIGNATURE_MAX / 2];
    size_t signature_bytes;
};

/* The question's line, with its line feed. */
void face_question_put(struct buf *out, const struct face_question *q);
/* A reply's line, with or without a line feed. ERR_UNKNOWN: another member; ERR_VALUE: a number, or text that is none of the form;
 * ERR_CONFLICT: nonce, visit or card of another question; ERR_MISSING, ERR_LIMIT, ERR_DUPLICATE, ERR_SYNTAX. d->where names the member. */
MUST_USE enum err face_reply_read(struct str line, const struct face_question *q, struct face_reply *out,
                                  struct diag *d);
/* What a device signs: form, nonce, visit, card, answer and device, each with a line feed behind it. */
void face_signed_put(struct buf *out, const struct face_question *q, enum face_answer answer, const char *device);
/* ERR_UNAUTHENTICATED: not signed by that key. Ed25519, or P-256 with SHA-256 in DER; ERR_NOT_SUPPORTED: another kind of key. */
MUST_USE enum err face_reply_verify(const struct face_reply *r, const struct face_question *q, EVP_PKEY *key,
                                    struct diag *d);
/* Whether it may name a device: also what a file may be named after. */
bool face_device_name(struct str name);

#endif
