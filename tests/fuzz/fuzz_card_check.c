/* Any bytes as a certificate (first byte 0), as an OCSP answer (1), or as edits of a good certificate (2): nothing is proved by either, and the answer is always one of
 * the table's. */
#include "lib/sample_card.h"
#include "state/trust/card_check.h"

#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct sample_card s;
static void tidy_up(void) { sample_card_free(&s); }

/* Three bytes an edit: where, high byte first, and what. */
static void edit(struct buf *der, struct str edits) {
    buf_put(der, buf_str(&s.der[JPKI_AUTH]));
    for (; edits.n >= 3; edits = str_skip(edits, 3)) {
        const unsigned char *e = (const unsigned char *)edits.p;
        der->p[(size_t)(e[0] << 8 | e[1]) % der->n] = edits.p[2];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct card_checked got;
    if (n == 0) return 0;
    if (s.keys.key[JPKI_AUTH] == NULL) {
        invariant(sodium_init() >= 0);
        sample_card_make(&s);
        invariant(atexit(tidy_up) == 0);
    }
    struct str input = str_of(data + 1, n - 1);
    bool online = data[0] == 1;
    struct buf edited;
    buf_init(&edited, CARD_CERTIFICATE_MAX);
    if (data[0] == 2) edit(&edited, input), input = buf_str(&edited);
    const struct card_anchors a = {s.keys.authority, JPKI_KINDS, NULL, 0};
    const struct card_claim c = {.kind = JPKI_AUTH,
                                 .certificate = online ? buf_str(&s.der[JPKI_AUTH]) : input,
                                 .challenge = S("challenge"),
                                 .signature = S("no signature"),
                                 .ocsp = online ? input : S("")};
    invariant(card_check(&a, &c, world_real()->now_us(world_real()) / 1000000, &got, NULL) == ERR_OK);
    invariant(got.fault > CARD_FAULT_NONE && got.fault < CARD_FAULTS && !card_proved(&got));
    invariant(got.revocation == REVOCATION_NOT_CHECKED); /* it has no key of the authority */
    buf_fini(&edited);
    return 0;
}
