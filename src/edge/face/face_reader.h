/* face_reader: asks the face reader that listens on a local socket, and believes it only by a key that is registered here. Waits; for a
 * thread of its own. One question a connection.
 *
 * The keys: FOLDER/DEVICE.pem, public keys in PEM, DEVICE the name that the device says. They are read when a question is asked, so that one that is
 * taken away counts no more. */
#ifndef EDGE_FACE_FACE_READER_H
#define EDGE_FACE_FACE_READER_H

#include "base/world.h"
#include "edge/face/face_message.h"

enum {
    FACE_WAIT_MS = 30 * 1000, /* a person looks into a camera; after that the page offers the other ways by itself */
    FACE_KEY_MAX = 4096,      /* a public key in PEM is about 200 bytes */
    FACE_SOCKET_MAX = 107,    /* what a socket's address can hold */
};

struct face_reader {
    struct world *world;
    const char *socket, *keys; /* borrowed */
    unsigned wait_ms;          /* 0: FACE_WAIT_MS */
};

/* ERR_OK with the answer. ERR_UNAVAILABLE: nobody listens there, or it hung up; ERR_TIMEOUT; ERR_UNAUTHENTICATED: the device is not
 * registered, or another signed; the faults of face_reply_read(). `visit`: FACE_VISIT digits; `certificate`: DER of the card's, empty
 * without one. */
MUST_USE enum err face_reader_ask(const struct face_reader *f, const char *visit, struct str certificate,
                                  enum face_answer *out, struct diag *d);
/* Whether at least one key is registered in the folder. */
bool face_reader_known(struct world *w, const char *keys);

#endif
