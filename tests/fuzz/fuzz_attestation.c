/* Any bytes as an attestation (first byte 0), or as the payload of one that is signed well (1): nothing unsigned is believed, and what is believed says so in
 * whole; a denial is one by its own claims alone. */
#include "lib/attested.h"

#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define NOON 1780282800000000 /* 2026-06-01 12:00 in Japan */

static struct attested centre;
static struct attestation_check *check;

static void tidy_up(void) {
    attestation_check_close(check);
    attested_remove(&centre);
}

static void start(void) {
    invariant(sodium_init() >= 0);
    attested_make(&centre, NOON);
    invariant(attestation_check_open(&check, world_real(), centre.ca, NULL) == ERR_OK && atexit(tidy_up) == 0);
}

/* The message is not looked at by the signer: with it any end of a payload can be written. */
static enum err as_payload(struct str input, struct attestation *got) {
    struct buf jws;
    const struct attestation t = {
        .institution = {110113719}, .until_us = NOON + 1000000, .on = {20000}, .validity = VALID, .message = input};
    buf_init(&jws, ATTESTATION_MAX);
    enum err e = attestation_sign(centre.key, &t, &jws, NULL);
    if (e == ERR_OK) e = attestation_verify(check, buf_str(&jws), NOON, got, NULL);
    buf_fini(&jws);
    return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct attestation got = {.on = DAY_NONE};
    if (n == 0) return 0;
    if (check == NULL) start();
    struct str input = str_of(data + 1, n - 1);
    bool signed_well = data[0] == 1;
    enum err e = signed_well ? as_payload(input, &got) : attestation_verify(check, input, NOON, &got, NULL);
    if (e == ERR_OK) {
        invariant(signed_well && got.validity >= VALID && got.validity <= VALIDITY_NO_TICKET && day_is(got.on));
        invariant(got.message.n >= 2 && got.message.p[0] == '{');
    }
    const struct signed_denial *d = attestation_denial(check, got.on, NOON);
    invariant(d == NULL || (e == ERR_OK && (got.validity == VALIDITY_NOT || got.ratio == 100)));
    return 0;
}
