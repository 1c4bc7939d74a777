/* What stands beside the patients' page, for tests: a card whose PIN is 1234, a centre, and a face reader, each doing what the test says. */
#ifndef TESTS_LIB_KIOSK_PLAY_H
#define TESTS_LIB_KIOSK_PLAY_H

#include "service/reception/kiosk.h"

#include <stdatomic.h>

struct kiosk_play {
    /* enum card_verdict; NONE: it goes well. Of the reader, the card, and the centre. */
    atomic_int take, look, challenge, question;
    atomic_uint tries; /* left of three */
    atomic_int taken, left;
    /* enum err and enum face_answer */
    atomic_int face_err, face_answer;
    atomic_int faces;       /* how often it looked */
    atomic_bool face_waits; /* it looks on until this is false */
    atomic_size_t face_certificate_bytes;
    const char *proof; /* of the centre's reply: "card-pin" */
    unsigned answered; /* how often the receipt computer was told */
};
/* All three there, in order. */
struct kiosk_devices kiosk_play(struct kiosk_play *p);
/* The centre's reply to a card: the person of put_sample_reply(), proven as `proof`. */
void put_card_reply(struct buf *out, const char *proof);

#endif
